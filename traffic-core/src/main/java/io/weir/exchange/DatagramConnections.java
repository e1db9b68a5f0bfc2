package io.weir.exchange;

import io.weir.pool.Lease;

/** Where the sockets towards nodes come from. Confined to one event loop. */
@FunctionalInterface
public interface DatagramConnections {

    /**
     * Opens a socket for {@code x}, which hears of answers and failures through {@link
     * DatagramExchange#nodeDatagram} and {@link DatagramExchange#nodeRefused}.
     */
    DatagramEnd open(DatagramExchange x, Lease lease);
}
