package io.weir.compress;

import com.github.luben.zstd.EndDirective;
import com.github.luben.zstd.ZstdCompressCtx;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;

import java.nio.ByteBuffer;
import java.util.function.Consumer;

/**
 * zstd (RFC 8878) by its own library; the window stays within what RFC 9659 lets clients expect.
 */
final class ZstdEncoder implements Encoder {

    private static final int STEP = 16 * 1024;
    private static final int WINDOW_BITS = 19;
    private static final ByteBuffer NOTHING = ByteBuffer.allocateDirect(0);

    private final ZstdCompressCtx context = new ZstdCompressCtx();

    private final int level;

    ZstdEncoder(int level) {
        this.level = level;
        context.setLevel(level);
        context.setWindowLog(WINDOW_BITS);
    }

    @Override
    public void write(ByteBuf piece, Consumer<ByteBuf> out) {
        if (piece.isDirect() && piece.nioBufferCount() == 1) {
            stream(piece.nioBuffer(), EndDirective.CONTINUE, out);
            return;
        }
        ByteBuf direct = PooledByteBufAllocator.DEFAULT.directBuffer(piece.readableBytes());
        try {
            direct.writeBytes(piece, piece.readerIndex(), piece.readableBytes());
            stream(direct.nioBuffer(), EndDirective.CONTINUE, out);
        } finally {
            direct.release();
        }
    }

    private void stream(ByteBuffer in, EndDirective end, Consumer<ByteBuf> out) {
        boolean done = false;
        while (!done) {
            ByteBuf buffer = PooledByteBufAllocator.DEFAULT.directBuffer(STEP);
            boolean flushed;
            boolean filled = false;
            try {
                ByteBuffer room = buffer.nioBuffer(0, buffer.writableBytes());
                flushed = context.compressDirectByteBufferStream(room, in, end);
                buffer.writerIndex(room.position());
                filled = buffer.isReadable();
            } finally {
                if (!filled) {
                    buffer.release();
                }
            }
            if (filled) {
                out.accept(buffer);
            }
            done = end == EndDirective.CONTINUE ? !in.hasRemaining() : flushed;
        }
    }

    @Override
    public void flush(Consumer<ByteBuf> out) {
        stream(NOTHING.duplicate(), EndDirective.FLUSH, out);
    }

    @Override
    public void finish(Consumer<ByteBuf> out) {
        stream(NOTHING.duplicate(), EndDirective.END, out);
        reset();
    }

    @Override
    public void reset() {
        context.reset();
        // A reset of the library forgets its parameters too.
        context.setLevel(level);
        context.setWindowLog(WINDOW_BITS);
    }

    @Override
    public void close() {
        context.close();
    }
}
