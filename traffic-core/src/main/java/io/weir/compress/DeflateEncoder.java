package io.weir.compress;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;

import java.nio.ByteBuffer;
import java.util.function.Consumer;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/** gzip (RFC 1952) or deflate (RFC 1950) by the JDK's zlib. */
final class DeflateEncoder implements Encoder {

    static final byte[] GZIP_HEADER = {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, (byte) 0xff};

    private static final int STEP = 16 * 1024;

    private final Deflater deflater;
    private final boolean gzip;
    private final CRC32 crc = new CRC32();
    private long length;
    private boolean begun;

    DeflateEncoder(int level, boolean gzip) {
        this.deflater = new Deflater(level, gzip);
        this.gzip = gzip;
    }

    @Override
    public void write(ByteBuf piece, Consumer<ByteBuf> out) {
        ByteBuffer in = piece.nioBuffer();
        if (gzip) {
            crc.update(in.duplicate());
            length += in.remaining();
        }
        deflater.setInput(in);
        drain(Deflater.NO_FLUSH, out);
    }

    @Override
    public void flush(Consumer<ByteBuf> out) {
        drain(Deflater.SYNC_FLUSH, out);
    }

    @Override
    public void finish(Consumer<ByteBuf> out) {
        deflater.finish();
        drain(Deflater.NO_FLUSH, out);
        if (gzip) {
            ByteBuf trailer = PooledByteBufAllocator.DEFAULT.directBuffer(8);
            trailer.writeIntLE((int) crc.getValue()).writeIntLE((int) length);
            out.accept(trailer);
        }
        reset();
    }

    private void drain(int mode, Consumer<ByteBuf> out) {
        while (true) {
            ByteBuf buffer = PooledByteBufAllocator.DEFAULT.directBuffer(STEP);
            if (gzip && !begun) {
                buffer.writeBytes(GZIP_HEADER);
            }
            ByteBuffer room = buffer.nioBuffer(buffer.writerIndex(), buffer.writableBytes());
            int n = deflater.deflate(room, mode);
            buffer.writerIndex(buffer.writerIndex() + n);
            boolean full = !room.hasRemaining();
            boolean header = gzip && !begun;
            if (n > 0) {
                begun = true;
            }
            if (n > 0 || header && mode != Deflater.NO_FLUSH) {
                begun = true;
                out.accept(buffer);
            } else {
                buffer.release();
            }
            if (!full) {
                return;
            }
        }
    }

    @Override
    public void reset() {
        deflater.reset();
        crc.reset();
        length = 0;
        begun = false;
    }

    @Override
    public void close() {
        deflater.end();
    }
}
