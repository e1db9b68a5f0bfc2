package io.weir.wire.h2;

import io.netty.buffer.ByteBuf;
import io.weir.exchange.Held;
import io.weir.http.Fields;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.function.Consumer;

/**
 * What has come of a body before anybody was there to take it. The window of its stream bounds it.
 * Confined to one event loop.
 */
final class EarlyBody {

    private @Nullable ArrayDeque<ByteBuf> pieces;
    private @Nullable Fields trailers;
    private boolean ended;

    /** Keeps {@code piece}; becomes its owner. */
    void add(ByteBuf piece) {
        ArrayDeque<ByteBuf> all = pieces;
        if (all == null) {
            all = new ArrayDeque<>();
            pieces = all;
        }
        Held.add(all, piece);
    }

    /** Nothing more will come. */
    void end(@Nullable Fields last) {
        ended = true;
        trailers = last;
    }

    boolean ended() {
        return ended;
    }

    /** The trailers of a body that has ended; null for none. */
    @Nullable Fields trailers() {
        return trailers;
    }

    /** Whether no bytes wait. */
    boolean isEmpty() {
        return pieces == null;
    }

    /** Hands all that waits to {@code taker}, who becomes the owner. */
    void giveTo(Consumer<ByteBuf> taker) {
        ArrayDeque<ByteBuf> all = pieces;
        pieces = null;
        if (all != null) {
            all.forEach(taker);
        }
    }

    /** Releases everything. */
    void drop() {
        giveTo(ByteBuf::release);
    }
}
