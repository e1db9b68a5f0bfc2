package io.weir.function;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;

/**
 * Texts of rules as bytes. TrafficScript's strings are bytes; here each character up to 255 stands
 * for one byte, so that nothing is lost, and a text with any other character is taken as UTF-8.
 */
final class Bytes {

    private Bytes() {}

    static byte[] of(@Nullable String text) {
        if (text == null) {
            return new byte[0];
        }
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) > 0xff) {
                return text.getBytes(StandardCharsets.UTF_8);
            }
        }
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    /** The characters that the bytes of {@code text} are in UTF-8. */
    static String unicode(String text) {
        return new String(of(text), StandardCharsets.UTF_8);
    }

    /** The bytes in UTF-8 of the characters of {@code text}. */
    static String utf8(@Nullable String text) {
        return text(orEmpty(text).getBytes(StandardCharsets.UTF_8));
    }

    static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }
}
