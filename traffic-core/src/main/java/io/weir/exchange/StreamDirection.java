package io.weir.exchange;

/**
 * One of the two directions of a stream: held back while its taker is full, ended when its sender
 * ends it. Confined to one event loop.
 */
final class StreamDirection {

    private boolean held;
    private boolean ended;
    private boolean closing;
    private boolean closed;

    /** Reads no more from {@code sender}. */
    void hold(StreamEnd sender) {
        if (!held) {
            held = true;
            sender.pause(true);
        }
    }

    /** Reads from {@code sender} again. */
    void letGo(StreamEnd sender) {
        if (held) {
            held = false;
            sender.pause(false);
        }
    }

    /** The sender has sent everything. */
    void end() {
        ended = true;
    }

    boolean ended() {
        return ended;
    }

    /** Has {@code taker} told that nothing more comes. */
    void close(StreamEnd taker) {
        if (!closing) {
            closing = true;
            taker.closeOutput();
        }
    }

    /** The taker has got everything, its end included. */
    void closed() {
        closed = true;
    }

    boolean isClosed() {
        return closed;
    }

    /** Another taker takes the place of the one before, which has got nothing. */
    void changeTaker() {
        closing = false;
        closed = false;
    }
}
