package io.weir.log;

/** Strict UTF-8 (RFC 3629): no overlong forms, no surrogates, nothing above U+10FFFF. */
final class Utf8 {

    private Utf8() {}

    /** The length of the character at {@code i}, or 0 when no valid one begins there. */
    static int sizeAt(byte[] bytes, int i, int end) {
        int first = bytes[i] & 0xff;
        int size = first < 0x80 ? 1 : first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
        if (size == 0 || first > 0xf4 || i + size > end) {
            return 0;
        }
        for (int k = 1; k < size; k++) {
            if ((bytes[i + k] & 0xc0) != 0x80) {
                return 0;
            }
        }
        int point = pointAt(bytes, i, size);
        boolean overlong = (size == 3 && point < 0x800) || (size == 4 && point < 0x10000);
        boolean surrogate = point >= 0xd800 && point < 0xe000;
        return overlong || surrogate || point > 0x10ffff ? 0 : size;
    }

    /** The character of {@code size} bytes at {@code i}. */
    static int pointAt(byte[] bytes, int i, int size) {
        if (size == 1) {
            return bytes[i];
        }
        int point = bytes[i] & (0x7f >> size);
        for (int k = 1; k < size; k++) {
            point = (point << 6) | (bytes[i + k] & 0x3f);
        }
        return point;
    }
}
