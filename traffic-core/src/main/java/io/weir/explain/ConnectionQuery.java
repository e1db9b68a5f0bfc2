package io.weir.explain;

import io.weir.config.NodeAddress;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;

/**
 * Which connections somebody wants to see; null for any.
 *
 * @param client the client's address
 * @param max how many at most; the others are only counted
 */
public record ConnectionQuery(
        @Nullable String virtualServer,
        @Nullable NodeAddress node,
        @Nullable InetAddress client,
        @Nullable ConnectionState state,
        int max) {

    /** Every connection. */
    public static ConnectionQuery all(int max) {
        return new ConnectionQuery(null, null, null, null, max);
    }
}
