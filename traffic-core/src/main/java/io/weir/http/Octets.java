package io.weir.http;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** The character classes of HTTP, over bytes. */
final class Octets {

    static final byte CR = '\r';
    static final byte LF = '\n';
    static final byte SP = ' ';
    static final byte HTAB = '\t';

    private static final VarHandle LONGS =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101010101010101L;
    private static final long HIGHS = 0x8080808080808080L;

    /** RFC 9110 section 5.6.2: tchar. */
    private static final boolean[] TOKEN = new boolean[256];

    /** Target characters: visible ASCII but "#", which never comes in a request target. */
    private static final boolean[] TARGET = new boolean[256];

    /** RFC 3986 section 3.2.2: reg-name and IPv4 characters. */
    private static final boolean[] HOST = new boolean[256];

    static {
        for (byte b :
                "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                        .getBytes(StandardCharsets.US_ASCII)) {
            TOKEN[b] = true;
        }
        for (int b = 0x21; b < 0x7f; b++) {
            TARGET[b] = b != '#';
        }
        for (byte b :
                "-._~%!$&'()*+,;=0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                        .getBytes(StandardCharsets.US_ASCII)) {
            HOST[b] = true;
        }
        HOST[','] = false;
    }

    private Octets() {}

    static boolean token(byte b) {
        return TOKEN[b & 0xff];
    }

    static boolean target(byte b) {
        return TARGET[b & 0xff];
    }

    static boolean host(byte b) {
        return HOST[b & 0xff];
    }

    static boolean blank(byte b) {
        return b == SP || b == HTAB;
    }

    static boolean digit(byte b) {
        return b >= '0' && b <= '9';
    }

    /** The value of a hexadecimal digit, or -1. */
    static int hex(byte b) {
        if (b >= '0' && b <= '9') {
            return b - '0';
        }
        int l = b | 0x20;
        return l >= 'a' && l <= 'f' ? l - 'a' + 10 : -1;
    }

    static byte lower(byte b) {
        return b >= 'A' && b <= 'Z' ? (byte) (b | 0x20) : b;
    }

    /**
     * Whether {@code bytes[from, to)} equals {@code lower}, which is in lower case, but for case.
     */
    static boolean equalsIgnoreCase(byte[] bytes, int from, int to, byte[] lower) {
        if (to - from != lower.length) {
            return false;
        }
        for (int i = 0; i < lower.length; i++) {
            if (lower(bytes[from + i]) != lower[i]) {
                return false;
            }
        }
        return true;
    }

    /**
     * The first index from {@code from} on whose byte is a control character (CTL but for nothing,
     * so HTAB too), or {@code to}. Eight bytes at a time.
     */
    static int firstControl(byte[] bytes, int from, int to) {
        int i = from;
        for (; i + 8 <= to; i += 8) {
            long x = (long) LONGS.get(bytes, i);
            long below = (x - ONES * 0x20) & ~x & HIGHS;
            long y = x ^ (ONES * 0x7f);
            long del = (y - ONES) & ~y & HIGHS;
            long hit = below | del;
            if (hit != 0) {
                return i + (Long.numberOfTrailingZeros(hit) >>> 3);
            }
        }
        for (; i < to; i++) {
            byte b = bytes[i];
            if (b >= 0 && b < 0x20 || b == 0x7f) {
                return i;
            }
        }
        return to;
    }

    /**
     * Whether the comma-separated list from {@code from} to {@code to} holds {@code lower}, which
     * is in lower case; the case of the list does not matter.
     */
    static boolean listContains(byte[] bytes, int from, int to, byte[] lower) {
        for (int at = from; at < to; ) {
            int comma = at;
            while (comma < to && bytes[comma] != ',') {
                comma++;
            }
            int first = at;
            int end = comma;
            while (first < end && blank(bytes[first])) {
                first++;
            }
            while (end > first && blank(bytes[end - 1])) {
                end--;
            }
            if (equalsIgnoreCase(bytes, first, end, lower)) {
                return true;
            }
            at = comma + 1;
        }
        return false;
    }
}
