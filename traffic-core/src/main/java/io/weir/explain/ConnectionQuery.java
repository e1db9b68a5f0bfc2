package io.weir.explain;

import io.weir.config.NodeAddress;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;

/**
 * Which connections somebody wants to see; null for any.
 *
 * @param client the client's address
 * @param max how many at most of each, of those that are open and of those that have ended; the
 *     others are only counted
 * @param ended whether exchanges that have just ended are wanted, too; those alone are when {@code
 *     state} says so
 */
public record ConnectionQuery(
        @Nullable String virtualServer,
        @Nullable NodeAddress node,
        @Nullable InetAddress client,
        @Nullable ConnectionState state,
        int max,
        boolean ended) {

    public ConnectionQuery {
        ended = ended || state == ConnectionState.ENDED;
    }

    /** Those that are open, or those that have ended when {@code state} says so. */
    public ConnectionQuery(
            @Nullable String virtualServer,
            @Nullable NodeAddress node,
            @Nullable InetAddress client,
            @Nullable ConnectionState state,
            int max) {
        this(virtualServer, node, client, state, max, false);
    }

    /** Every connection that is open. */
    public static ConnectionQuery all(int max) {
        return new ConnectionQuery(null, null, null, null, max);
    }
}
