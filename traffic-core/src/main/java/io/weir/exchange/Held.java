package io.weir.exchange;

import io.netty.buffer.ByteBuf;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;

/** Pieces of a body that wait. */
public final class Held {

    /** Pieces up to this size are put together, for each would keep the whole of what was read. */
    private static final int SMALL = 512;

    /** Room for small pieces; no other buffer has just this bound, by which it is known again. */
    private static final int JOINED = 2047;

    private Held() {}

    /** Adds {@code piece} behind the others; {@code pieces} becomes its owner. */
    public static void add(ArrayDeque<ByteBuf> pieces, ByteBuf piece) {
        int length = piece.readableBytes();
        if (length > SMALL) {
            pieces.add(piece);
            return;
        }
        ByteBuf last = pieces.peekLast();
        if (last == null || last.maxCapacity() != JOINED || last.writableBytes() < length) {
            last = piece.alloc().directBuffer(JOINED, JOINED);
            pieces.add(last);
        }
        last.writeBytes(piece);
        piece.release();
    }

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
