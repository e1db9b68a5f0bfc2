package io.weir.exchange;

import io.weir.http.BodySink;

/**
 * Changes, copies or measures a response body on its way to the client; it hands what comes out of
 * it to the sink that it was made with. Made for one exchange and confined to its event loop.
 */
public interface ResponseFilter extends BodySink {

    /** The node has nothing more for now: what may leave without more data should leave. */
    default void flush() {}

    /** The exchange is over, whether or not the body came to its end; frees what is held. */
    default void release() {}
}
