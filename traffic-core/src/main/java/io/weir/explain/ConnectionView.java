package io.weir.explain;

import org.jspecify.annotations.Nullable;

import java.time.Instant;

/**
 * A client connection, a stream of an HTTP/2 connection with its request, or a session of
 * datagrams, as it was for a moment; or an exchange that has just ended.
 *
 * @param id unique among those that are open
 * @param kind {@code http}, {@code h2}, {@code tcp} or {@code udp}
 * @param client {@code address:port}
 * @param listener {@code address:port} that the client connected to
 * @param node that the present exchange is on, {@code host:port}; null for none
 * @param pool of that node; null for none
 * @param since when it was opened; of an exchange that has ended when it began
 * @param idleMillis since something last came or went, or it ended
 * @param bytesIn that came from the client
 * @param bytesOut that were written to the client
 * @param requests begun on it
 * @param exchange id of the present exchange; null for none
 * @param url of the present request, without values of its query; null for none
 * @param status of the present answer; 0 for none yet
 * @param retries of the present request
 * @param rule that is running, or the last one that ran when it has ended; null for none
 */
public record ConnectionView(
        String id,
        String kind,
        ConnectionState state,
        String virtualServer,
        String client,
        String listener,
        @Nullable String node,
        @Nullable String pool,
        Instant since,
        long idleMillis,
        long bytesIn,
        long bytesOut,
        long requests,
        @Nullable String exchange,
        @Nullable String url,
        int status,
        int retries,
        @Nullable String rule) {

    /** The same, idle for so long. */
    public ConnectionView idleFor(long millis) {
        return new ConnectionView(
                id,
                kind,
                state,
                virtualServer,
                client,
                listener,
                node,
                pool,
                since,
                millis,
                bytesIn,
                bytesOut,
                requests,
                exchange,
                url,
                status,
                retries,
                rule);
    }
}
