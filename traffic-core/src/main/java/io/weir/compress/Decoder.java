package io.weir.compress;

import io.netty.buffer.ByteBuf;

import java.util.function.Consumer;

/**
 * Decodes one body. Used by one thread at a time; what it holds outside the heap is freed by {@link
 * #close}.
 */
public interface Decoder extends AutoCloseable {

    /**
     * Takes the readable bytes of {@code piece}, which it borrows; the receiver owns what comes
     * out.
     *
     * @throws CorruptException when they cannot be decoded, or become too many
     */
    void write(ByteBuf piece, Consumer<ByteBuf> out) throws CorruptException;

    /**
     * Says that nothing more comes.
     *
     * @throws CorruptException when the body is not complete
     */
    void finish() throws CorruptException;

    @Override
    void close();
}
