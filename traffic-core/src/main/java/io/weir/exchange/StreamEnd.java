package io.weir.exchange;

import io.netty.buffer.ByteBuf;

/** One of the two connections of a {@link StreamExchange}. Confined to one event loop. */
public interface StreamEnd extends UnreadTaker, Tunable {

    /** Sends {@code piece}, of which it becomes the owner, with the next {@link #flush}. */
    void write(ByteBuf piece);

    /** Hands to the kernel what has been written so far. */
    void flush();

    /** Whether more may be written without more being held than the buffer of the direction. */
    boolean writable();

    /** Bytes that the kernel has not taken yet, or a bandwidth class holds back. */
    long pendingBytes();

    /** Stops or resumes reading. */
    void pause(boolean paused);

    /**
     * Ends our direction behind what has been written; {@link StreamRelay#clientOutputClosed} or
     * {@link StreamRelay#nodeOutputClosed} tells when that is done.
     */
    void closeOutput();

    /**
     * Closes at once, or as soon as the kernel has what was written: with FIN, or with RST where
     * the configuration says so and the peer has taken everything.
     */
    void close();

    /** Closes at once with RST, so that nobody takes what was sent for the whole. */
    void reset();
}
