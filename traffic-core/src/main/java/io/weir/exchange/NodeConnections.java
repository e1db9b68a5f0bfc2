package io.weir.exchange;

import io.weir.pool.Lease;

/** Where node connections come from: kept ones first, else new ones. Confined to one event loop. */
public interface NodeConnections {

    /**
     * Gets a connection for {@code x}, which hears through {@link Attempts#nodeReady} or {@link
     * Attempts#nodeFailed}, possibly before this returns.
     *
     * @param fresh never to take a kept connection
     */
    void connect(Attempts x, Lease lease, boolean fresh);
}
