package io.weir.config;

import java.time.Duration;

/**
 * HTTP/2 towards clients. Keys and defaults follow ZXTM's {@code http2} keys; the last two are
 * limits against abuse, on by default.
 *
 * @param enabled whether it is offered over TLS, and accepted on a plain connection that opens with
 *     its preface
 * @param maxConcurrentStreams requests at once on one connection
 * @param headerTableSize bytes of the client's compression table
 * @param maxFrameSize largest frame accepted
 * @param streamWindow bytes of request body that may come ahead on one stream
 * @param idleTimeout of a connection without streams; zero for no limit
 * @param maxResets streams that may be given up before they are answered, within ten seconds
 * @param maxControlFrames frames that move nothing, within ten seconds
 */
public record Http2Config(
        boolean enabled,
        int maxConcurrentStreams,
        int headerTableSize,
        int maxFrameSize,
        int streamWindow,
        Duration idleTimeout,
        int maxResets,
        int maxControlFrames) {}
