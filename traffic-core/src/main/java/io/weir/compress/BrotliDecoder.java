package io.weir.compress;

import com.aayushatharva.brotli4j.decoder.DecoderJNI;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.function.Consumer;

/** br (RFC 7932) by Google's library. */
final class BrotliDecoder implements Decoder {

    private static final int STEP = 16 * 1024;

    private final DecoderJNI.Wrapper wrapper;
    private final Expansion expansion = new Expansion();
    private boolean closed;

    BrotliDecoder() {
        try {
            wrapper = new DecoderJNI.Wrapper(STEP);
        } catch (IOException e) {
            throw new IllegalStateException("the library for br does not begin", e);
        }
    }

    @Override
    public void write(ByteBuf piece, Consumer<ByteBuf> out) throws CorruptException {
        int from = piece.readerIndex();
        int left = piece.readableBytes();
        expansion.took(left);
        while (left > 0) {
            if (wrapper.getStatus() == DecoderJNI.Status.DONE) {
                throw new CorruptException("there are bytes behind the end");
            }
            ByteBuffer in = wrapper.getInputBuffer();
            in.clear();
            int n = Math.min(left, in.remaining());
            in.limit(n);
            piece.getBytes(from, in);
            wrapper.push(n);
            drain(out);
            from += n;
            left -= n;
        }
    }

    private void drain(Consumer<ByteBuf> out) throws CorruptException {
        while (true) {
            switch (wrapper.getStatus()) {
                case NEEDS_MORE_OUTPUT -> give(out);
                case OK -> wrapper.push(0);
                case NEEDS_MORE_INPUT, DONE -> {
                    if (!wrapper.hasOutput()) {
                        return;
                    }
                    give(out);
                }
                case ERROR -> throw new CorruptException("br cannot decode it");
            }
        }
    }

    private void give(Consumer<ByteBuf> out) throws CorruptException {
        ByteBuffer ready = wrapper.pull();
        ByteBuf buffer = PooledByteBufAllocator.DEFAULT.directBuffer(ready.remaining());
        buffer.writeBytes(ready);
        expansion.give(buffer, out);
    }

    @Override
    public void finish() throws CorruptException {
        if (wrapper.getStatus() != DecoderJNI.Status.DONE) {
            throw new CorruptException("it breaks off");
        }
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            wrapper.destroy();
        }
    }
}
