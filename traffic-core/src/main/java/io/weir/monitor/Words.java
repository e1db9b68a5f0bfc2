package io.weir.monitor;

import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** How causes are worded: durations, and bytes of nodes made harmless for logs and pages. */
final class Words {

    private static final int QUOTE_LENGTH = 60;

    private Words() {}

    /** {@code 3 s}, {@code 2.51 s} or {@code 250 ms}, rounded to hundredths of a second. */
    static String duration(Duration duration) {
        long millis = duration.toMillis();
        long rounded = millis < 100 ? millis : (millis + 5) / 10 * 10;
        if (rounded < 1000) {
            return rounded + " ms";
        }
        return rounded % 1000 == 0 ? rounded / 1000 + " s" : rounded / 1000.0 + " s";
    }

    static String bytes(int count) {
        return count == 1 ? "1 byte" : count + " bytes";
    }

    /** The beginning of {@code text} in quotes, with everything but printable ASCII escaped. */
    static String quote(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        int shown = Math.min(text.length(), QUOTE_LENGTH);
        for (int i = 0; i < shown; i++) {
            char c = text.charAt(i);
            switch (c) {
                case '\r' -> quoted.append("\\r");
                case '\n' -> quoted.append("\\n");
                case '\t' -> quoted.append("\\t");
                case '"', '\\' -> quoted.append('\\').append(c);
                default -> {
                    if (c >= ' ' && c < 0x7f) {
                        quoted.append(c);
                    } else {
                        quoted.append(String.format(c < 0x100 ? "\\x%02x" : "\\u%04x", (int) c));
                    }
                }
            }
        }
        return quoted.append(shown < text.length() ? "…\"" : "\"").toString();
    }

    static String quote(byte[] bytes) {
        return quote(new String(bytes, StandardCharsets.ISO_8859_1));
    }
}
