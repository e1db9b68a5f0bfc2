package io.weir.exchange;

import io.netty.buffer.ByteBuf;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;

/** Pieces of a body that wait. */
final class Held {

    private Held() {}

    /** A copy of all {@code pieces}, which stay as they are. */
    static byte[] copy(@Nullable ArrayDeque<ByteBuf> pieces, int length) {
        byte[] all = new byte[length];
        int at = 0;
        if (pieces != null) {
            for (ByteBuf piece : pieces) {
                int size = piece.readableBytes();
                piece.getBytes(piece.readerIndex(), all, at, size);
                at += size;
            }
        }
        return all;
    }
}
