package io.weir.exchange;

/**
 * One step of the path of the streams of a virtual server; see {@link Step}. A step that waits for
 * more bytes of the client runs again when they have come.
 */
interface StreamStep {

    /** Does its part for {@code x} on the event loop of {@code x}. */
    Next run(StreamExchange x);
}
