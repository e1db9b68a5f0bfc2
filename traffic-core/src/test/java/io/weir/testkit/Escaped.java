package io.weir.testkit;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Bytes in readable form: printable ASCII stands for itself, everything else is an escape. {@code
 * \r \n \t \0 \\ \}} {@code \xHH}, and {@code \*300{ab}} for 300 times {@code ab}.
 */
public final class Escaped {

    private Escaped() {}

    /**
     * The bytes that {@code text} stands for.
     *
     * @throws IllegalArgumentException for an unknown or unfinished escape
     */
    public static byte[] bytes(String text) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(text.length());
        int end = decode(text, 0, out, false);
        if (end != text.length()) {
            throw new IllegalArgumentException("stray } at " + end + " in: " + text);
        }
        return out.toByteArray();
    }

    private static int decode(String text, int from, ByteArrayOutputStream out, boolean inGroup) {
        int i = from;
        while (i < text.length()) {
            char c = text.charAt(i++);
            if (inGroup && c == '}') {
                return i;
            }
            if (c != '\\') {
                out.writeBytes(String.valueOf(c).getBytes(StandardCharsets.UTF_8));
                continue;
            }
            if (i == text.length()) {
                throw new IllegalArgumentException("unfinished escape at the end of: " + text);
            }
            char escape = text.charAt(i++);
            switch (escape) {
                case 'r' -> out.write('\r');
                case 'n' -> out.write('\n');
                case 't' -> out.write('\t');
                case '0' -> out.write(0);
                case '\\', '}' -> out.write(escape);
                case 'x' -> {
                    out.write(Integer.parseInt(text.substring(i, i + 2), 16));
                    i += 2;
                }
                case '*' -> i = decodeRepeat(text, i, out);
                default ->
                        throw new IllegalArgumentException(
                                "unknown escape \\" + escape + " in: " + text);
            }
        }
        if (inGroup) {
            throw new IllegalArgumentException("missing } in: " + text);
        }
        return i;
    }

    private static int decodeRepeat(String text, int from, ByteArrayOutputStream out) {
        int brace = text.indexOf('{', from);
        int times = Integer.parseInt(text.substring(from, brace));
        ByteArrayOutputStream group = new ByteArrayOutputStream();
        final int end = decode(text, brace + 1, group, true);
        byte[] once = group.toByteArray();
        for (int n = 0; n < times; n++) {
            out.writeBytes(once);
        }
        return end;
    }

    /** A readable form of {@code bytes}; the inverse of {@link #bytes} but for repeats. */
    public static String text(byte[] bytes) {
        return text(bytes, Integer.MAX_VALUE);
    }

    /** A readable form of the first {@code max} of {@code bytes}, saying how many were left out. */
    public static String text(byte[] bytes, int max) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < Math.min(max, bytes.length); i++) {
            int b = bytes[i] & 0xff;
            switch (b) {
                case '\r' -> out.append("\\r");
                case '\n' -> out.append("\\n");
                case '\t' -> out.append("\\t");
                case 0 -> out.append("\\0");
                case '\\' -> out.append("\\\\");
                default -> {
                    if (b >= 0x20 && b < 0x7f) {
                        out.append((char) b);
                    } else {
                        out.append("\\x").append(Character.forDigit(b >> 4, 16));
                        out.append(Character.forDigit(b & 15, 16));
                    }
                }
            }
        }
        if (bytes.length > max) {
            out.append("... (").append(bytes.length).append(" bytes)");
        }
        return out.toString();
    }
}
