package io.weir.exchange;

import io.weir.bandwidth.BandwidthClass;

import org.jspecify.annotations.Nullable;

import java.net.InetSocketAddress;

/**
 * A connection that an exchange which has it for itself may have treated otherwise than the
 * configuration says. Confined to one event loop.
 */
public interface Tunable {

    /**
     * Says how what is written from now on is sent.
     *
     * @param bandwidth class to share; null for that of the configuration
     * @param traffic octet that marks the packets (RFC 2474)
     */
    default void tune(@Nullable BandwidthClass bandwidth, int traffic) {}

    /** The address of the connection at our end; null when it is not known. */
    default @Nullable InetSocketAddress localAddress() {
        return null;
    }
}
