package io.weir.exchange;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;

import org.jspecify.annotations.Nullable;

/**
 * The first bytes of a stream, kept as one buffer until there is a node for them. Confined to one
 * event loop.
 */
final class Opening {

    private @Nullable ByteBuf bytes;
    private boolean own;

    /** Adds a piece, of which this becomes the owner. */
    void add(ByteBuf piece) {
        ByteBuf have = bytes;
        if (have == null) {
            bytes = piece;
            own = false;
            return;
        }
        int more = piece.readableBytes();
        if (!own || have.writableBytes() < more) {
            // Doubling: bytes that come one by one are not copied again for each.
            ByteBuf wider =
                    PooledByteBufAllocator.DEFAULT.directBuffer(2 * (have.readableBytes() + more));
            wider.writeBytes(have, have.readerIndex(), have.readableBytes());
            have.release();
            bytes = wider;
            own = true;
            have = wider;
        }
        have.writeBytes(piece);
        piece.release();
    }

    int length() {
        ByteBuf have = bytes;
        return have == null ? 0 : have.readableBytes();
    }

    /** All that has come; lent, and null when that is nothing. */
    @Nullable ByteBuf bytes() {
        return bytes;
    }

    /** Hands all over to the caller. */
    @Nullable ByteBuf take() {
        ByteBuf have = bytes;
        bytes = null;
        return have;
    }

    void drop() {
        ByteBuf have = take();
        if (have != null) {
            have.release();
        }
    }
}
