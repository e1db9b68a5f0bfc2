package io.weir.wire;

import io.netty.channel.unix.Socket;

import java.io.IOException;

/**
 * The handler of a TCP connection that can have what comes go on to another connection unread,
 * through a {@link KernelPipe}. {@link StraightReads} asks it, when it is the first one of its
 * pipeline, before each read. Confined to one event loop.
 */
public interface PassingOn {

    /** How many of the bytes that come next may go on unread now; 0 when they have to be read. */
    int passable();

    /**
     * Passes on what has come.
     *
     * @param from the socket of the connection
     * @param most bytes, as {@link #passable} has just said
     * @return bytes that went on; 0 when nothing is there, or the input has ended; {@link
     *     KernelPipe#REFUSED} when it has to be read
     * @throws IOException if the connection is broken
     */
    int passOn(Socket from, int most) throws IOException;

    /** Whether there may be more than went on with the last call. */
    boolean maybeMore();
}
