package io.weir.function;

import org.jspecify.annotations.Nullable;

/** TrafficScript's rules for turning values into numbers and texts. */
public final class Numbers {

    private Numbers() {}

    /** A number: a leading one in a text counts, the rest of the text is ignored; else 0. */
    public static double number(@Nullable Object value) {
        return switch (value) {
            case null -> 0;
            case Boolean b -> b ? 1 : 0;
            case Number n -> n.doubleValue();
            default -> leading(value.toString().strip());
        };
    }

    private static double leading(String text) {
        int end = 0;
        boolean dot = false;
        boolean digits = false;
        while (end < text.length()) {
            char c = text.charAt(end);
            if (c >= '0' && c <= '9') {
                digits = true;
            } else if (c == '.' && !dot) {
                dot = true;
            } else if (!((c == '-' || c == '+') && end == 0)) {
                break;
            }
            end++;
        }
        return digits ? Double.parseDouble(text.substring(0, end)) : 0;
    }

    /** A whole number, towards zero. */
    public static long whole(@Nullable Object value) {
        return (long) number(value);
    }

    /** A text; a whole number is written without a point. */
    public static String text(@Nullable Object value) {
        return switch (value) {
            case null -> "";
            case Boolean b -> b ? "1" : "0";
            case Double d when d == Math.rint(d) && Math.abs(d) < 1e15 ->
                    Long.toString((long) d.doubleValue());
            default -> value.toString();
        };
    }
}
