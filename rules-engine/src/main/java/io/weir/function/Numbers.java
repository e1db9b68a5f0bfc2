package io.weir.function;

import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;

/** TrafficScript's rules for turning values into numbers and texts. */
public final class Numbers {

    /** The least power of ten that is written without an exponent, and the least that is not. */
    private static final int PLAIN_FROM = -6;

    private static final int PLAIN_TO = 21;

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

    /** A text; numbers are written as JavaScript writes them (ECMA-262, Number::toString). */
    public static String text(@Nullable Object value) {
        return switch (value) {
            case null -> "";
            case Boolean b -> b ? "1" : "0";
            case Double d -> text(d.doubleValue());
            default -> value.toString();
        };
    }

    private static String text(double number) {
        if (number == Math.rint(number) && Math.abs(number) < 1e15) {
            return Long.toString((long) number);
        }
        if (!Double.isFinite(number)) {
            return Double.toString(number);
        }
        BigDecimal exact = new BigDecimal(Double.toString(number)).stripTrailingZeros();
        int exponent = exact.precision() - exact.scale() - 1;
        if (exponent >= PLAIN_FROM && exponent < PLAIN_TO) {
            return exact.toPlainString();
        }
        String digits = exact.unscaledValue().abs().toString();
        return (number < 0 ? "-" : "")
                + digits.charAt(0)
                + (digits.length() > 1 ? "." + digits.substring(1) : "")
                + (exponent < 0 ? "e" : "e+")
                + exponent;
    }
}
