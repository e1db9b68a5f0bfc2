package io.weir.exchange;

import io.weir.pool.Lease;

/** Where the node connections of streams come from. Confined to one event loop. */
public interface StreamConnections {

    /**
     * Opens a connection for {@code x}, which hears through {@link StreamExchange#nodeReady} or
     * {@link StreamExchange#nodeFailed}, possibly before this returns.
     */
    void connect(StreamExchange x, Lease lease);
}
