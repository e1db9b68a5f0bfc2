package io.weir.compress;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.function.Consumer;
import java.util.zip.CRC32;

/**
 * gzip in one pass: matches are looked for in the piece at hand only, by one look into a small
 * table, and written with the fixed Huffman codes (RFC 1951 section 3.2.6).
 */
final class FastGzipEncoder implements Encoder {

    private static final VarHandle INTS =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONGS =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private static final int HASH_BITS = 13;
    private static final int WINDOW = 32 * 1024;
    private static final int LONGEST = 258;

    /** Bytes compressed as one block. */
    private static final int BLOCK = 64 * 1024;

    /**
     * Codes of literals, then of lengths with their extra bits: value in the high bits, width
     * below.
     */
    private static final int[] LITERALS = new int[256];

    private static final int[] LENGTHS = new int[LONGEST + 1];

    private static final int[] LENGTH_BASE = {
        3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115,
        131, 163, 195, 227, 258
    };
    private static final int[] LENGTH_EXTRA = {
        0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0
    };

    static {
        for (int i = 0; i < 256; i++) {
            LITERALS[i] = code(i);
        }
        for (int length = 3; length <= LONGEST; length++) {
            int k = LENGTH_BASE.length - 1;
            while (LENGTH_BASE[k] > length) {
                k--;
            }
            int code = code(257 + k);
            int width = code & 31;
            int bits = code >>> 5 | (length - LENGTH_BASE[k]) << width;
            LENGTHS[length] = bits << 5 | width + LENGTH_EXTRA[k];
        }
    }

    private static int code(int symbol) {
        int bits;
        int width;
        if (symbol < 144) {
            bits = 0x30 + symbol;
            width = 8;
        } else if (symbol < 256) {
            bits = 0x190 + symbol - 144;
            width = 9;
        } else if (symbol < 280) {
            bits = symbol - 256;
            width = 7;
        } else {
            bits = 0xc0 + symbol - 280;
            width = 8;
        }
        return Integer.reverse(bits) >>> 32 - width << 5 | width;
    }

    private final int[] table = new int[1 << HASH_BITS];
    private final byte[] in = new byte[BLOCK + 8];
    private final byte[] out = new byte[BLOCK + BLOCK / 8 + 64];
    private final CRC32 crc = new CRC32();

    /** Added to positions, so that entries of earlier blocks lie before the present one. */
    private int base = 1;

    private long bits;
    private int width;
    private int at;
    private long length;
    private boolean begun;

    @Override
    public void write(ByteBuf piece, Consumer<ByteBuf> taker) {
        int from = piece.readerIndex();
        int left = piece.readableBytes();
        while (left > 0) {
            int n = Math.min(left, BLOCK);
            piece.getBytes(from, in, 0, n);
            crc.update(in, 0, n);
            length += n;
            header();
            block(n);
            hand(taker);
            from += n;
            left -= n;
        }
    }

    private void header() {
        if (!begun) {
            begun = true;
            System.arraycopy(DeflateEncoder.GZIP_HEADER, 0, out, 0, 10);
            at = 10;
        }
    }

    private void block(int n) {
        if (base > 1 << 30) {
            java.util.Arrays.fill(table, 0);
            base = 1;
        }
        put(0b010, 3);
        int i = 0;
        int last = n - 8;
        while (i < last) {
            int four = (int) INTS.get(in, i);
            int slot = four * 0x9E3779B1 >>> 32 - HASH_BITS;
            int before = table[slot] - base;
            table[slot] = i + base;
            if (before >= 0 && i - before <= WINDOW && (int) INTS.get(in, before) == four) {
                int match = match(before, i, n);
                put(LENGTHS[match] >>> 5, LENGTHS[match] & 31);
                distance(i - before);
                i += match;
            } else {
                int literal = LITERALS[in[i] & 0xff];
                put(literal >>> 5, literal & 31);
                i++;
            }
        }
        for (; i < n; i++) {
            int literal = LITERALS[in[i] & 0xff];
            put(literal >>> 5, literal & 31);
        }
        put(0, 7);
        base += n;
    }

    private int match(int a, int b, int n) {
        int most = Math.min(LONGEST, n - b);
        int m = 4;
        while (m + 8 <= most) {
            long x = (long) LONGS.get(in, a + m) ^ (long) LONGS.get(in, b + m);
            if (x != 0) {
                return m + (Long.numberOfTrailingZeros(x) >>> 3);
            }
            m += 8;
        }
        while (m < most && in[a + m] == in[b + m]) {
            m++;
        }
        return m;
    }

    private void distance(int distance) {
        int d = distance - 1;
        int symbol;
        int extra = 0;
        if (d < 4) {
            symbol = d;
        } else {
            extra = 30 - Integer.numberOfLeadingZeros(d);
            symbol = extra * 2 + 2 + (d >>> extra & 1);
        }
        int code = Integer.reverse(symbol) >>> 27;
        put(code | (d & (1 << extra) - 1) << 5, 5 + extra);
    }

    private void put(int value, int n) {
        bits |= (long) value << width;
        width += n;
        if (width >= 32) {
            INTS.set(out, at, (int) bits);
            at += 4;
            bits >>>= 32;
            width -= 32;
        }
    }

    private void align() {
        while (width > 0) {
            out[at++] = (byte) bits;
            bits >>>= 8;
            width -= 8;
        }
        bits = 0;
        width = 0;
    }

    private void hand(Consumer<ByteBuf> taker) {
        if (at > 0) {
            ByteBuf buffer = PooledByteBufAllocator.DEFAULT.directBuffer(at);
            buffer.writeBytes(out, 0, at);
            at = 0;
            taker.accept(buffer);
        }
    }

    @Override
    public void flush(Consumer<ByteBuf> taker) {
        header();
        put(0, 3);
        align();
        out[at++] = 0;
        out[at++] = 0;
        out[at++] = (byte) 0xff;
        out[at++] = (byte) 0xff;
        hand(taker);
    }

    @Override
    public void finish(Consumer<ByteBuf> taker) {
        header();
        put(0b011, 3);
        put(0, 7);
        align();
        INTS.set(out, at, (int) crc.getValue());
        INTS.set(out, at + 4, (int) length);
        at += 8;
        hand(taker);
        reset();
    }

    @Override
    public void reset() {
        crc.reset();
        bits = 0;
        width = 0;
        at = 0;
        length = 0;
        begun = false;
    }

    @Override
    public void close() {}
}
