package io.weir.compress;

import io.netty.buffer.ByteBuf;

import java.util.function.Consumer;

/**
 * Compresses one body after the other. Used by one thread at a time; what it holds outside the heap
 * is freed by {@link #close}.
 */
public interface Encoder extends AutoCloseable {

    /**
     * Takes the readable bytes of {@code piece}, which it borrows; the receiver owns what comes
     * out.
     */
    void write(ByteBuf piece, Consumer<ByteBuf> out);

    /** Lets everything that was taken come out, so that it can be decoded. */
    void flush(Consumer<ByteBuf> out);

    /** Ends the body; the encoder is ready for another one afterwards. */
    void finish(Consumer<ByteBuf> out);

    /** Forgets a body that was begun. */
    void reset();

    @Override
    void close();
}
