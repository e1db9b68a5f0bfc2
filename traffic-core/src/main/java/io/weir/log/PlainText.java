package io.weir.log;

/**
 * Text that may hold anything, made fit to stand on one line of a log or a terminal: control,
 * format and unassigned characters, lone surrogates, line separators and the backslash itself
 * become escapes such as {@code \n} and <code>&#92;u001b</code>; all else stays readable.
 */
public final class PlainText {

    private PlainText() {}

    /** Appends {@code text} to {@code out}. */
    public static void append(CharSequence text, StringBuilder out) {
        int i = 0;
        while (i < text.length()) {
            char c = text.charAt(i);
            if (c >= 0x20 && c < 0x7f && c != '\\') {
                out.append(c);
                i++;
            } else {
                int point = Character.codePointAt(text, i);
                int size = Character.charCount(point);
                switch (c) {
                    case '\\' -> out.append("\\\\");
                    case '\n' -> out.append("\\n");
                    case '\r' -> out.append("\\r");
                    case '\t' -> out.append("\\t");
                    default -> {
                        if (isHarmless(point)) {
                            out.appendCodePoint(point);
                        } else {
                            for (int k = i; k < i + size; k++) {
                                out.append("\\u%04x".formatted((int) text.charAt(k)));
                            }
                        }
                    }
                }
                i += size;
            }
        }
    }

    /** Text fit for one line. */
    public static String of(CharSequence text) {
        StringBuilder out = new StringBuilder(text.length() + 16);
        append(text, out);
        return out.toString();
    }

    private static boolean isHarmless(int point) {
        return switch (Character.getType(point)) {
            case Character.CONTROL,
                    // Among these are the characters that turn the reading direction.
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.PRIVATE_USE,
                    Character.SURROGATE,
                    Character.UNASSIGNED ->
                    false;
            default -> true;
        };
    }
}
