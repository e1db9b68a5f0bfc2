package io.weir.compress;

import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;

import java.nio.ByteBuffer;
import java.util.function.Consumer;

/** zstd (RFC 8878) by its own library, which refuses windows above 128 MiB. */
final class ZstdDecoder implements Decoder {

    private static final int STEP = 16 * 1024;

    private final ZstdDecompressCtx context = new ZstdDecompressCtx();
    private final Expansion expansion = new Expansion();
    private boolean whole;

    @Override
    public void write(ByteBuf piece, Consumer<ByteBuf> out) throws CorruptException {
        ByteBuf direct = PooledByteBufAllocator.DEFAULT.directBuffer(piece.readableBytes());
        try {
            direct.writeBytes(piece, piece.readerIndex(), piece.readableBytes());
            decode(direct.nioBuffer(), out);
        } finally {
            direct.release();
        }
    }

    private void decode(ByteBuffer in, Consumer<ByteBuf> out) throws CorruptException {
        expansion.took(in.remaining());
        boolean more = in.hasRemaining();
        while (more) {
            ByteBuf buffer = PooledByteBufAllocator.DEFAULT.directBuffer(STEP);
            ByteBuffer room = buffer.nioBuffer(0, STEP);
            try {
                whole = context.decompressDirectByteBufferStream(room, in);
            } catch (ZstdException e) {
                buffer.release();
                throw new CorruptException("zstd cannot decode it: " + e.getMessage());
            }
            buffer.writerIndex(room.position());
            more = in.hasRemaining() || !whole && !room.hasRemaining();
            if (buffer.isReadable()) {
                expansion.give(buffer, out);
            } else {
                buffer.release();
            }
        }
    }

    @Override
    public void finish() throws CorruptException {
        if (!whole) {
            throw new CorruptException("it breaks off");
        }
    }

    @Override
    public void close() {
        context.close();
    }
}
