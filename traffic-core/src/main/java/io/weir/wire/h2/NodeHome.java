package io.weir.wire.h2;

import io.weir.exchange.Attempts;
import io.weir.pool.Lease;

/** Where a connection to a node came from. Confined to one event loop. */
public interface NodeHome {

    /** Gets a stream for {@code x} on this connection or another one. */
    void connect(Attempts x, Lease lease);

    /** The connection has gone. */
    void closed(H2NodeConnection connection);
}
