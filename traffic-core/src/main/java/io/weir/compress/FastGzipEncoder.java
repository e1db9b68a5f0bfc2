package io.weir.compress;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;

import java.util.function.Consumer;
import java.util.zip.CRC32;

/**
 * gzip in one pass: matches are looked for in the piece at hand only, by one look into a small
 * table, and written with the fixed Huffman codes (RFC 1951 section 3.2.6).
 */
final class FastGzipEncoder implements Encoder {

    private static final int HASH_BITS = 13;

    /** Bytes compressed as one block. */
    private static final int BLOCK = 64 * 1024;

    /** A match never needs more bits than these leave in a long. */
    private static final int FULL = 32;

    private static final int[] LITERALS = DeflateSymbols.FIXED_LITERALS;
    private static final int[] DISTANCES = DeflateSymbols.FIXED_DISTANCES;

    /** Codes of lengths with their extra bits. */
    private static final int[] LENGTHS = new int[DeflateSymbols.LONGEST + 1];

    static {
        DeflateSymbols.lengthCodes(LITERALS, LENGTHS);
    }

    private final int[] table = new int[1 << HASH_BITS];
    private final byte[] in = new byte[BLOCK + MatchFinder.SLACK];
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
        byte[] from = in;
        byte[] to = out;
        int[] places = table;
        int shift = base;
        long waiting = bits | 0b010L << width;
        int have = width + 3;
        int end = at;
        int i = 0;
        int last = n - MatchFinder.SLACK;
        while (i < n) {
            if (have > FULL) {
                MatchFinder.LONGS.set(to, end, waiting);
                end += have >>> 3;
                waiting >>>= have & ~7;
                have &= 7;
            }
            if (i < last) {
                long here = (long) MatchFinder.LONGS.get(from, i);
                int slot = (int) here * 0x9E3779B1 >>> 32 - HASH_BITS;
                int before = places[slot] - shift;
                places[slot] = i + shift;
                if (before >= 0 && i - before <= DeflateSymbols.WINDOW) {
                    long x = here ^ (long) MatchFinder.LONGS.get(from, before);
                    if ((int) x == 0) {
                        int match = MatchFinder.length(from, before, i, n, x);
                        int code = LENGTHS[match];
                        waiting |= (long) (code >>> 5) << have;
                        have += code & 31;
                        int less = i - before - 1;
                        int symbol = DeflateSymbols.ofDistance(less);
                        int extra = DeflateSymbols.distanceExtra(symbol);
                        waiting |= (long) (DISTANCES[symbol] >>> 5) << have;
                        have += 5;
                        waiting |= (long) (less & (1 << extra) - 1) << have;
                        have += extra;
                        i += match;
                        continue;
                    }
                }
            }
            int literal = LITERALS[from[i] & 0xff];
            waiting |= (long) (literal >>> 5) << have;
            have += literal & 31;
            i++;
        }
        MatchFinder.LONGS.set(to, end, waiting);
        at = end + (have >>> 3);
        bits = waiting >>> (have & ~7);
        width = have & 7;
        put(0, 7); // the end of the block
        base += n;
    }

    private void put(int value, int n) {
        bits |= (long) value << width;
        width += n;
        MatchFinder.LONGS.set(out, at, bits);
        at += width >>> 3;
        bits >>>= width & ~7;
        width &= 7;
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
        MatchFinder.LONGS.set(out, at, length << 32 | crc.getValue());
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
