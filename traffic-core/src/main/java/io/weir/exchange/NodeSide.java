package io.weir.exchange;

import io.weir.http.BodySink;
import io.weir.http.RequestHead;

/**
 * The node's end of one exchange. It takes the request and hands the response to the {@link
 * Attempts}. Confined to one event loop.
 */
public interface NodeSide extends BodySink, Tunable {

    /**
     * Sends the request head; the body follows through {@link BodySink}.
     *
     * @param head lent for the call only
     * @param bodyLength as {@link io.weir.http.Framing} decided
     * @param keep whether the connection may serve another exchange afterwards
     */
    void request(RequestHead head, long bodyLength, boolean keep);

    /** Bytes written for this exchange, heads and framing included. */
    long bytesWritten();

    /** Sends what has been written so far. */
    void flush();

    /** As {@link #flush}, when the event loop has handled what is ready now. */
    void flushSoon();

    /** Whether the node takes more without more than {@code max-client-buffer} being held. */
    boolean writable();

    /** Stops or resumes reading the response. */
    void pauseResponse(boolean paused);

    /** From now on bytes go both ways unchanged. */
    void tunnel();

    /** Whether other exchanges may be on the connection at the same time. */
    default boolean multiplexed() {
        return false;
    }

    /** Whether the connection had served other exchanges before this one. */
    boolean reused();

    /**
     * The exchange is over. A connection whose request and response are both complete is kept when
     * {@code reusable}; any other is closed.
     */
    void release(boolean reusable);
}
