package io.weir.compress;

import com.aayushatharva.brotli4j.encoder.Encoder.Mode;
import com.aayushatharva.brotli4j.encoder.EncoderJNI;
import com.aayushatharva.brotli4j.encoder.EncoderJNI.Operation;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.function.Consumer;

/** br (RFC 7932) by Google's library. */
final class BrotliEncoder implements Encoder {

    private static final int STEP = 32 * 1024;
    private static final int WINDOW_BITS = 18;

    private final int quality;
    private EncoderJNI.@Nullable Wrapper wrapper;

    BrotliEncoder(int quality) {
        this.quality = quality;
    }

    private EncoderJNI.Wrapper wrapper() {
        EncoderJNI.Wrapper w = wrapper;
        if (w == null) {
            try {
                w = new EncoderJNI.Wrapper(STEP, quality, WINDOW_BITS, Mode.TEXT);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            wrapper = w;
        }
        return w;
    }

    @Override
    public void write(ByteBuf piece, Consumer<ByteBuf> out) {
        EncoderJNI.Wrapper w = wrapper();
        int from = piece.readerIndex();
        int left = piece.readableBytes();
        while (left > 0) {
            ByteBuffer in = w.getInputBuffer();
            in.clear();
            int n = Math.min(left, in.remaining());
            in.limit(n);
            piece.getBytes(from, in);
            from += n;
            left -= n;
            push(w, Operation.PROCESS, n, out);
        }
    }

    private static void push(
            EncoderJNI.Wrapper w, Operation operation, int length, Consumer<ByteBuf> out) {
        w.push(operation, length);
        while (true) {
            if (!w.isSuccess()) {
                throw new IllegalStateException("the brotli library failed");
            }
            if (w.hasMoreOutput()) {
                ByteBuffer come = w.pull();
                out.accept(
                        PooledByteBufAllocator.DEFAULT
                                .directBuffer(come.remaining())
                                .writeBytes(come));
            } else if (w.hasRemainingInput()) {
                w.push(operation, 0);
            } else {
                return;
            }
        }
    }

    @Override
    public void flush(Consumer<ByteBuf> out) {
        push(wrapper(), Operation.FLUSH, 0, out);
    }

    @Override
    public void finish(Consumer<ByteBuf> out) {
        push(wrapper(), Operation.FINISH, 0, out);
        reset();
    }

    @Override
    public void reset() {
        EncoderJNI.Wrapper w = wrapper;
        wrapper = null;
        if (w != null) {
            w.destroy();
        }
    }

    @Override
    public void close() {
        reset();
    }
}
