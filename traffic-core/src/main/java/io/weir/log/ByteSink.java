package io.weir.log;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The line being written: takes the bytes of a field and escapes what could forge a line, a field
 * or a terminal command. Confined to one thread, used again for every line, bounded in memory.
 *
 * <p>Bytes in a network buffer are copied once, straight into the line:
 *
 * <pre>{@code
 * int n = out.room(length);
 * buffer.getBytes(index, out.array(), out.position(), n);
 * out.filled(n);
 * }</pre>
 */
public final class ByteSink {

    /** How the bytes of a field are made harmless. */
    enum Escaping {
        /**
         * Between quotes: quote and backslash with a backslash before them; control bytes, DEL and
         * everything above as {@code \xNN}.
         */
        QUOTED,
        /** As quoted, and the space as {@code \x20}, because it would end the field. */
        BARE,
        /** A JSON string of ASCII characters; invalid UTF-8 becomes U+FFFD. */
        JSON
    }

    /** Bytes of one field in the line; the rest is cut off and shown as dots. */
    static final int MAX_FIELD = 16 * 1024;

    /** Bytes of a line beyond which further fields are cut off. */
    static final int MAX_FIELDS = 48 * 1024;

    /** Bytes of the longest line, with room for the text between the fields. */
    static final int MAX_LINE = 128 * 1024;

    private static final VarHandle LONG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] DOTS = "...".getBytes(StandardCharsets.US_ASCII);

    private static final long ONES = 0x0101010101010101L;
    private static final long HIGHS = 0x8080808080808080L;

    private byte[] line = new byte[1024];
    private byte[] spare = new byte[256];
    private int position;
    private int fieldEnd;
    private boolean cut;
    private Escaping escaping = Escaping.QUOTED;

    ByteSink() {}

    // --- for records ------------------------------------------------------------------------

    /** Puts bytes that came from outside, in whatever encoding. */
    public void put(byte[] bytes) {
        put(bytes, 0, bytes.length);
    }

    /** Puts a part of {@code bytes}. */
    public void put(byte[] bytes, int offset, int length) {
        int n = room(length);
        System.arraycopy(bytes, offset, line, position, n);
        filled(n);
    }

    /** Puts text, as UTF-8. */
    public void put(CharSequence text) {
        int length = text.length();
        int n = room(length);
        int at = position;
        for (int i = 0; i < n; i++) {
            char c = text.charAt(i);
            if (c >= 0x80) {
                put(text.toString().getBytes(StandardCharsets.UTF_8));
                return;
            }
            line[at + i] = (byte) c;
        }
        filled(n);
    }

    /**
     * Makes room for at most {@code length} bytes at {@link #position} of {@link #array}.
     *
     * @return how many bytes may be filled in; fewer than asked when the field gets too long
     */
    public int room(int length) {
        // Escaping never shortens, so bytes beyond the end of the field would be cut off anyway.
        int n = Math.min(length, fieldEnd - position);
        if (n < length) {
            cut = true;
        }
        // The search for bytes to escape reads whole words, also at the end.
        ensure(n + Long.BYTES);
        return n;
    }

    /** The array to fill; another one after every call of a method that takes bytes. */
    public byte[] array() {
        return line;
    }

    /** Where in the array the next byte goes. */
    public int position() {
        return position;
    }

    /** Takes the {@code n} bytes that were filled in after {@link #room}, and escapes them. */
    public void filled(int n) {
        int end = position + n;
        int dirty = firstDirty(position, end);
        if (dirty == end) {
            position = end;
        } else {
            escape(dirty, end);
        }
    }

    // --- for formats ------------------------------------------------------------------------

    void reset() {
        position = 0;
    }

    /** Begins a field. Between fields only literals and numbers may be put. */
    void begin(Escaping how) {
        escaping = how;
        cut = false;
        fieldEnd = Math.min(position + MAX_FIELD, Math.max(position, MAX_FIELDS));
    }

    /** Ends a field; one that was cut off ends in dots. */
    void end() {
        if (cut) {
            literal(DOTS);
        }
    }

    /** Goes back to {@code to}, which an earlier {@link #position} gave. */
    void rewind(int to) {
        position = to;
    }

    /** Puts bytes of the format itself, as they are. */
    void literal(byte[] bytes) {
        ensure(bytes.length);
        System.arraycopy(bytes, 0, line, position, bytes.length);
        position += bytes.length;
    }

    void literal(char c) {
        ensure(1);
        line[position++] = (byte) c;
    }

    /** Puts a number of 0 or more. */
    void number(long n) {
        ensure(20);
        int digits = 1;
        for (long rest = n / 10; rest > 0; rest /= 10) {
            digits++;
        }
        long rest = n;
        for (int i = position + digits - 1; i >= position; i--) {
            line[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        position += digits;
    }

    /** The line as text, for people who look at one line. */
    String text() {
        return new String(line, 0, position, StandardCharsets.UTF_8);
    }

    // --- escaping ---------------------------------------------------------------------------

    private int firstDirty(int from, int to) {
        int i = from;
        if (escaping == Escaping.BARE) {
            while (i < to && !dirty(line[i]) && line[i] != ' ') {
                i++;
            }
            return i;
        }
        while (i < to) {
            long found = dirtyBits((long) LONG.get(line, i));
            if (to - i < 8) {
                found &= (1L << (8 * (to - i))) - 1;
            }
            if (found != 0) {
                return i + Long.numberOfTrailingZeros(found) / 8;
            }
            i += 8;
        }
        return to;
    }

    /**
     * The high bit of each byte that needs escaping, of eight bytes at once; the lowest bit set is
     * always right, higher ones may be borrowed from it. Without bytes of 0x80 and more, adding 1
     * sets the high bit for DEL, and subtracting n for what is below n; quote and backslash become
     * 0, which is below 1, by exclusive or.
     */
    private static long dirtyBits(long bytes) {
        long quote = bytes ^ ONES * '"';
        long backslash = bytes ^ ONES * '\\';
        return (bytes | bytes + ONES | bytes - ONES * 0x20 | quote - ONES | backslash - ONES)
                & HIGHS;
    }

    private static boolean dirty(byte b) {
        return b < 0x20 || b == '"' || b == '\\' || b == 0x7f;
    }

    private void escape(int from, int to) {
        int length = to - from;
        if (spare.length < length) {
            spare = new byte[Math.max(length, 2 * spare.length)];
        }
        System.arraycopy(line, from, spare, 0, length);
        position = from;
        if (escaping == Escaping.JSON) {
            escapeJson(length);
        } else {
            escapeBytes(length);
        }
    }

    private void escapeBytes(int length) {
        boolean bare = escaping == Escaping.BARE;
        for (int i = 0; i < length && !cut(4); i++) {
            byte b = spare[i];
            if (b == '"' || b == '\\') {
                line[position++] = '\\';
                line[position++] = b;
            } else if (dirty(b) || (bare && b == ' ')) {
                line[position++] = '\\';
                line[position++] = 'x';
                hex(b & 0xff);
            } else {
                line[position++] = b;
            }
        }
    }

    private void escapeJson(int length) {
        int i = 0;
        while (i < length && !cut(12)) {
            byte b = spare[i];
            if (b == '"' || b == '\\') {
                line[position++] = '\\';
                line[position++] = b;
                i++;
            } else if (b >= 0x20 && b < 0x7f) {
                line[position++] = b;
                i++;
            } else if (b >= 0) {
                unicode(b);
                i++;
            } else {
                int size = Utf8.sizeAt(spare, i, length);
                int point = size == 0 ? 0xfffd : Utf8.pointAt(spare, i, size);
                if (point >= 0x10000) {
                    unicode(Character.highSurrogate(point));
                    unicode(Character.lowSurrogate(point));
                } else {
                    unicode(point);
                }
                i += Math.max(1, size);
            }
        }
    }

    /** Whether the field has no room for {@code n} more bytes; else the array has. */
    private boolean cut(int n) {
        if (position + n > fieldEnd) {
            cut = true;
            return true;
        }
        ensure(n);
        return false;
    }

    private void unicode(int unit) {
        line[position++] = '\\';
        line[position++] = 'u';
        hex(unit >>> 8);
        hex(unit & 0xff);
    }

    private void hex(int b) {
        line[position++] = HEX[b >>> 4];
        line[position++] = HEX[b & 15];
    }

    private void ensure(int n) {
        if (line.length - position < n) {
            line = Arrays.copyOf(line, Math.max(2 * line.length, position + n));
        }
    }
}
