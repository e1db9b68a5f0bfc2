package io.weir.wire;

import io.netty.channel.unix.Socket;

import java.io.IOException;

/**
 * Whether what comes to one connection is worth passing on unread, and how it gets into the {@link
 * KernelPipe} of the event loop: it is while it comes in large pieces and memory is plenty. What
 * the kernel holds on its way may be looked at by nobody. Confined to one event loop.
 */
public final class UnreadPieces {

    private final WireLoop loop;
    private boolean large;

    /** Nothing is worth it before something large has come. */
    public UnreadPieces(WireLoop loop) {
        this.loop = loop;
    }

    /** Something begins that is tried unread as soon as enough of it is to come. */
    void expectLarge() {
        large = true;
    }

    /** So many bytes have been read at once. */
    public void read(int bytes) {
        large |= bytes >= KernelPipe.LEAST;
    }

    /** Whether the next piece is worth it. */
    public boolean worthIt() {
        return large && loop.plenty();
    }

    /**
     * Takes what has come to {@code from} into the pipe; see {@link KernelPipe#fill}.
     *
     * @throws IOException if the connection is broken
     */
    public int take(Socket from, int most) throws IOException {
        int came = loop.pipe().fill(from, most);
        if (came > 0) {
            large = came >= KernelPipe.LEAST;
        }
        return came;
    }

    /** Throws away what nobody took of the last piece. */
    void clear() {
        loop.pipe().clear();
    }
}
