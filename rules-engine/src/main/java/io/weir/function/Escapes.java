package io.weir.function;

import java.util.function.IntPredicate;

/** Percent-escapes, and the paths and queries made with them. */
final class Escapes {

    private static final String RESERVED = "!*'();:@&=+$,/?#[]%";

    private Escapes() {}

    static boolean unreserved(int c) {
        return c >= 'a' && c <= 'z'
                || c >= 'A' && c <= 'Z'
                || c >= '0' && c <= '9'
                || c == '-'
                || c == '.'
                || c == '_'
                || c == '~';
    }

    static boolean unreservedOrReserved(int c) {
        return unreserved(c) || RESERVED.indexOf(c) >= 0;
    }

    /** {@code text} with every byte escaped that {@code plain} does not want as it is. */
    static String escape(String text, IntPredicate plain) {
        StringBuilder out = new StringBuilder(text.length() + 16);
        for (byte b : Bytes.of(text)) {
            int c = b & 0xff;
            if (plain.test(c)) {
                out.append((char) c);
            } else {
                out.append('%').append(hex(c >> 4)).append(hex(c & 15));
            }
        }
        return out.toString();
    }

    static char hex(int digit) {
        return "0123456789ABCDEF".charAt(digit);
    }

    /**
     * {@code text} without escapes; the percent sign of a bad one becomes an underscore.
     *
     * @param wide whether {@code %uXXXX} is known, too, which becomes UTF-8
     * @param plus whether a plus stands for a blank
     */
    static Unescaped unescape(String text, boolean wide, boolean plus) {
        if (text.indexOf('%') < 0 && !(plus && text.indexOf('+') >= 0)) {
            return new Unescaped(text, true);
        }
        StringBuilder out = new StringBuilder(text.length());
        boolean good = true;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '%') {
                int value = number(text, i + 1, 2);
                if (value >= 0) {
                    out.append((char) value);
                    i += 2;
                    continue;
                }
                boolean u = wide && i + 1 < text.length() && (text.charAt(i + 1) | 0x20) == 'u';
                int point = u ? number(text, i + 2, 4) : -1;
                if (point >= 0) {
                    out.append(
                            Bytes.text(
                                    Character.toString(point)
                                            .getBytes(java.nio.charset.StandardCharsets.UTF_8)));
                    i += 5;
                    continue;
                }
                good = false;
                out.append('_');
            } else {
                out.append(plus && c == '+' ? ' ' : c);
            }
        }
        return new Unescaped(out.toString(), good);
    }

    private static int number(String text, int from, int digits) {
        if (from + digits > text.length()) {
            return -1;
        }
        int value = 0;
        for (int i = from; i < from + digits; i++) {
            int digit = Character.digit(text.charAt(i), 16);
            if (digit < 0 || text.charAt(i) > 'f') {
                return -1;
            }
            value = value * 16 + digit;
        }
        return value;
    }

    /** The result of unescaping. */
    record Unescaped(String text, boolean good) {}

    /** A path without {@code //}, {@code /./} and {@code /a/../}; empty when it leaves the root. */
    static String normalize(String path) {
        if (path.indexOf('\0') >= 0) {
            return "";
        }
        java.util.ArrayDeque<String> parts = new java.util.ArrayDeque<>();
        String[] all = path.split("/", -1);
        for (int i = 0; i < all.length; i++) {
            String part = all[i];
            if (part.equals("..")) {
                if (parts.pollLast() == null) {
                    return "";
                }
            } else if (!part.isEmpty() && !part.equals(".")) {
                parts.addLast(part);
            }
        }
        boolean directory = path.endsWith("/") || path.endsWith("/.") || path.endsWith("/..");
        String joined = String.join("/", parts);
        return (path.startsWith("/") ? "/" : "")
                + joined
                + (directory && !joined.isEmpty() ? "/" : "");
    }
}
