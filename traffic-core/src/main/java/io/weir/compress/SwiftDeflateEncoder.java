package io.weir.compress;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.Consumer;
import java.util.zip.Adler32;
import java.util.zip.CRC32;
import java.util.zip.Checksum;

/**
 * gzip (RFC 1952) or deflate (RFC 1950) about as small as zlib's first level makes it, in less than
 * two thirds of the time. What comes is kept until it is a block, a flush or the end.
 */
final class SwiftDeflateEncoder implements Encoder {

    private static final byte[] ZLIB_HEADER = {0x78, 0x01};

    /** Most bytes of a block. */
    static final int BLOCK = 64 * 1024;

    /** What matches may reach back to, and a block. */
    private static final int BUFFER = DeflateSymbols.WINDOW + BLOCK;

    private final boolean gzip;
    private final Checksum checksum;
    private final byte[] in = new byte[BUFFER + MatchFinder.SLACK];
    private final MatchFinder finder = new MatchFinder();
    private final DeflateBlock block = new DeflateBlock(BLOCK);

    /** Where the block begins that is not written yet, and where it ends so far. */
    private int from;

    private int end;
    private long length;
    private boolean begun;

    SwiftDeflateEncoder(boolean gzip) {
        this.gzip = gzip;
        this.checksum = gzip ? new CRC32() : new Adler32();
    }

    @Override
    public void write(ByteBuf piece, Consumer<ByteBuf> out) {
        int at = piece.readerIndex();
        int left = piece.readableBytes();
        length += left;
        while (left > 0) {
            int n = Math.min(left, Math.min(BLOCK - (end - from), BUFFER - end));
            piece.getBytes(at, in, end, n);
            checksum.update(in, end, n);
            end += n;
            at += n;
            left -= n;
            if (end - from == BLOCK || end == BUFFER) {
                block();
                hand(out);
                slide();
            }
        }
    }

    private void block() {
        header();
        while (from < end) {
            int to = finder.find(in, from, end);
            block.write(in, from, to, finder);
            from = to;
        }
    }

    private void header() {
        if (!begun) {
            begun = true;
            block.raw(gzip ? DeflateEncoder.GZIP_HEADER : ZLIB_HEADER);
        }
    }

    private void slide() {
        if (end == BUFFER) {
            System.arraycopy(in, BLOCK, in, 0, DeflateSymbols.WINDOW);
            finder.advance(BLOCK);
            from = DeflateSymbols.WINDOW;
            end = from;
        }
    }

    private void hand(Consumer<ByteBuf> out) {
        int n = block.length();
        if (n > 0) {
            ByteBuf buffer = PooledByteBufAllocator.DEFAULT.directBuffer(n);
            buffer.writeBytes(block.bytes(), 0, n);
            block.taken();
            out.accept(buffer);
        }
    }

    @Override
    public void flush(Consumer<ByteBuf> out) {
        block();
        block.empty(false);
        hand(out);
        slide();
    }

    @Override
    public void finish(Consumer<ByteBuf> out) {
        block();
        block.empty(true);
        ByteBuffer trailer = ByteBuffer.allocate(gzip ? 8 : 4);
        if (gzip) {
            trailer.order(ByteOrder.LITTLE_ENDIAN).putInt((int) checksum.getValue());
            trailer.putInt((int) length);
        } else {
            trailer.putInt((int) checksum.getValue());
        }
        block.raw(trailer.array());
        hand(out);
        reset();
    }

    @Override
    public void reset() {
        finder.advance(end);
        block.reset();
        checksum.reset();
        from = 0;
        end = 0;
        length = 0;
        begun = false;
    }

    @Override
    public void close() {}
}
