package io.weir.http;

import io.netty.buffer.ByteBuf;

import org.jspecify.annotations.Nullable;

/**
 * Receives one message body, without its framing, in order. Every body ends with {@link #end},
 * unless its source reports a failure by other means. Confined to one event loop.
 */
public interface BodySink {

    /** The next piece, which is not empty; the sink becomes its owner. */
    void data(ByteBuf piece);

    /**
     * The body is complete.
     *
     * @param trailers fields that came behind a chunked body; null or empty for none; lent for the
     *     call only
     */
    void end(@Nullable Fields trailers);
}
