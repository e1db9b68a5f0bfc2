package io.weir.wire.h2;

/** Where a connection to a node came from. Confined to one event loop. */
public interface NodeHome {

    /** The connection has gone. */
    void closed(H2NodeConnection connection);
}
