package io.weir.exchange;

import io.weir.pool.Lease;

import org.jspecify.annotations.Nullable;

/** Where the sockets towards nodes come from. Confined to one event loop. */
@FunctionalInterface
public interface DatagramConnections {

    /**
     * Opens a socket for {@code x}, which hears of answers and failures through {@link
     * DatagramExchange#nodeDatagram} and {@link DatagramExchange#nodeRefused}, never before this
     * returns. Null when this machine has no socket for it.
     */
    @Nullable DatagramEnd open(DatagramExchange x, Lease lease);
}
