package io.weir.compress;

import io.netty.buffer.ByteBuf;

import java.util.function.Consumer;

/** Keeps what comes out of a decoder in proportion to what went in. Used by one thread. */
final class Expansion {

    /** Bytes that may always come out. */
    private static final long FREE = 1 << 20;

    /** Bytes that may come out for each byte that went in; text seldom passes thirty. */
    private static final long MOST = 100;

    private long in;
    private long out;

    void took(int bytes) {
        in += bytes;
    }

    /** Hands {@code piece} on, of which it is the owner. */
    void give(ByteBuf piece, Consumer<ByteBuf> taker) throws CorruptException {
        out += piece.readableBytes();
        if (out > FREE && out > in * MOST) {
            piece.release();
            throw new CorruptException(
                    "more than "
                            + FREE
                            + " bytes came out of "
                            + in
                            + ", expected at most "
                            + MOST
                            + " times as many");
        }
        taker.accept(piece);
    }
}
