package io.weir.exchange;

import io.weir.pool.Lease;

/** Where node connections come from: kept ones first, else new ones. Confined to one event loop. */
public interface NodeConnections {

    /**
     * Gets a connection for {@code x}, which hears through {@link Exchange#nodeReady} or {@link
     * Exchange#nodeFailed}, possibly before this returns.
     *
     * @param fresh never to take a kept connection
     */
    void connect(Exchange x, Lease lease, boolean fresh);
}
