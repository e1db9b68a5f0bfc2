package io.weir.compress;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;

import java.nio.ByteBuffer;
import java.util.function.Consumer;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * gzip (RFC 1952), its members one after the other, or deflate (RFC 1950, and the bare RFC 1951
 * that some servers send) by the JDK's zlib.
 */
final class InflateDecoder implements Decoder {

    private static final int STEP = 16 * 1024;

    /** Where in a gzip member the next byte belongs. */
    private enum Part {
        HEAD,
        EXTRA_LENGTH,
        EXTRA,
        NAME,
        COMMENT,
        HEAD_CRC,
        BODY,
        TRAILER,
        /** A member is complete; another one may follow. */
        BETWEEN,
        END
    }

    private static final int F_HEAD_CRC = 2;
    private static final int F_EXTRA = 4;
    private static final int F_NAME = 8;
    private static final int F_COMMENT = 16;

    private final boolean gzip;
    private final Expansion expansion = new Expansion();
    private final CRC32 crc = new CRC32();
    private Inflater inflater;
    private Part part;
    private int flags;
    private int index;
    private long number;
    private int extra;
    private boolean begun;

    InflateDecoder(boolean gzip) {
        this.gzip = gzip;
        this.inflater = new Inflater(gzip);
        this.part = gzip ? Part.HEAD : Part.BODY;
    }

    @Override
    public void write(ByteBuf piece, Consumer<ByteBuf> out) throws CorruptException {
        ByteBuffer in = piece.nioBuffer();
        expansion.took(in.remaining());
        while (in.hasRemaining()) {
            if (part == Part.BODY) {
                body(in, out);
            } else if (part == Part.END) {
                throw new CorruptException("there are bytes behind the end");
            } else {
                octet(in.get() & 0xff);
            }
        }
    }

    private void octet(int b) throws CorruptException {
        switch (part) {
            case BETWEEN -> {
                part = Part.HEAD;
                head(b);
            }
            case HEAD -> head(b);
            case EXTRA_LENGTH -> {
                extra |= b << 8 * index++;
                if (index == 2) {
                    index = 0;
                    part = Part.EXTRA;
                    skipEmptyExtra();
                }
            }
            case EXTRA -> {
                extra--;
                skipEmptyExtra();
            }
            case NAME -> {
                if (b == 0) {
                    after(Part.NAME);
                }
            }
            case COMMENT -> {
                if (b == 0) {
                    after(Part.COMMENT);
                }
            }
            case HEAD_CRC -> {
                if (++index == 2) {
                    after(Part.HEAD_CRC);
                }
            }
            case TRAILER -> trailer(b);
            default -> throw new CorruptException("there are bytes behind the end");
        }
    }

    private void skipEmptyExtra() {
        if (extra == 0) {
            after(Part.EXTRA);
        }
    }

    private void head(int b) throws CorruptException {
        int expected = index == 0 ? 0x1f : index == 1 ? 0x8b : index == 2 ? 8 : -1;
        if (expected >= 0 && b != expected) {
            throw new CorruptException("it does not begin like gzip");
        }
        if (index == 3) {
            flags = b;
        }
        if (++index == 10) {
            extra = 0;
            after(Part.HEAD);
        }
    }

    /** Goes to the next part that the flags announce. */
    private void after(Part done) {
        index = 0;
        Part next = done;
        do {
            next = Part.values()[next.ordinal() + 1];
            if (next == Part.EXTRA) {
                next = Part.NAME;
            }
        } while (next != Part.BODY && (flags & flag(next)) == 0);
        part = next;
    }

    private static int flag(Part part) {
        return switch (part) {
            case EXTRA_LENGTH -> F_EXTRA;
            case NAME -> F_NAME;
            case COMMENT -> F_COMMENT;
            case HEAD_CRC -> F_HEAD_CRC;
            default -> 0;
        };
    }

    private void body(ByteBuffer in, Consumer<ByteBuf> out) throws CorruptException {
        if (!gzip && !begun) {
            begun = true;
            if ((in.get(in.position()) & 0x0f) != 8) {
                // No head of RFC 1950: some servers have always sent the bare format.
                inflater.end();
                inflater = new Inflater(true);
            }
        }
        inflater.setInput(in);
        while (true) {
            ByteBuf buffer = PooledByteBufAllocator.DEFAULT.directBuffer(STEP);
            int n;
            try {
                n = inflater.inflate(buffer.nioBuffer(0, STEP));
            } catch (DataFormatException e) {
                buffer.release();
                throw new CorruptException("it cannot be inflated: " + e.getMessage());
            }
            if (n > 0) {
                buffer.writerIndex(n);
                if (gzip) {
                    crc.update(buffer.nioBuffer());
                }
                expansion.give(buffer, out);
            } else {
                buffer.release();
            }
            if (inflater.finished()) {
                index = 0;
                number = 0;
                part = gzip ? Part.TRAILER : Part.END;
                return;
            }
            if (inflater.needsDictionary()) {
                throw new CorruptException("it needs a dictionary");
            }
            if (n == 0 && inflater.needsInput()) {
                return;
            }
        }
    }

    private void trailer(int b) throws CorruptException {
        number |= (long) b << 8 * index++;
        if (index == 8) {
            boolean good =
                    (number & 0xffff_ffffL) == crc.getValue()
                            && number >>> 32 == (inflater.getBytesWritten() & 0xffff_ffffL);
            if (!good) {
                throw new CorruptException("its checksum or length is wrong");
            }
            crc.reset();
            inflater.reset();
            index = 0;
            part = Part.BETWEEN;
        }
    }

    @Override
    public void finish() throws CorruptException {
        if (part != Part.BETWEEN && part != Part.END) {
            throw new CorruptException("it breaks off");
        }
    }

    @Override
    public void close() {
        inflater.end();
    }
}
