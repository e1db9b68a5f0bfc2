package io.weir.function;

import java.time.ZonedDateTime;
import java.time.format.TextStyle;
import java.util.Locale;

/** Times written with the letters of strftime. */
final class Strftime {

    private static final Locale US = Locale.US;

    private Strftime() {}

    static String format(String format, ZonedDateTime t) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < format.length(); i++) {
            char c = format.charAt(i);
            if (c == '%' && i + 1 < format.length()) {
                out.append(letter(format.charAt(++i), t));
            } else {
                out.append(c);
            }
        }
        return out.toString();
    }

    private static String letter(char letter, ZonedDateTime t) {
        int hour12 = t.getHour() % 12 == 0 ? 12 : t.getHour() % 12;
        return switch (letter) {
            case 'a' -> t.getDayOfWeek().getDisplayName(TextStyle.SHORT, US);
            case 'A' -> t.getDayOfWeek().getDisplayName(TextStyle.FULL, US);
            case 'b', 'h' -> t.getMonth().getDisplayName(TextStyle.SHORT, US);
            case 'B' -> t.getMonth().getDisplayName(TextStyle.FULL, US);
            case 'd' -> two(t.getDayOfMonth());
            case 'D' -> format("%m/%d/%y", t);
            case 'e' -> String.format(US, "%2d", t.getDayOfMonth());
            case 'H' -> two(t.getHour());
            case 'I' -> two(hour12);
            case 'j' -> String.format(US, "%03d", t.getDayOfYear());
            case 'm' -> two(t.getMonthValue());
            case 'M' -> two(t.getMinute());
            case 'n' -> "\n";
            case 'p' -> t.getHour() < 12 ? "AM" : "PM";
            case 'r' -> format("%I:%M:%S %p", t);
            case 'R' -> format("%H:%M", t);
            case 's' -> Long.toString(t.toEpochSecond());
            case 'S' -> two(t.getSecond());
            case 't' -> "\t";
            case 'T' -> format("%H:%M:%S", t);
            case 'u' -> Integer.toString(t.getDayOfWeek().getValue());
            case 'w' -> Integer.toString(t.getDayOfWeek().getValue() % 7);
            case 'y' -> two(t.getYear() % 100);
            case 'Y' -> String.format(US, "%04d", t.getYear());
            case 'z' ->
                    t.getOffset().getId().equals("Z")
                            ? "+0000"
                            : t.getOffset().getId().replace(":", "");
            case 'Z' ->
                    t.getOffset().getTotalSeconds() == 0
                            ? "GMT"
                            : t.getZone().getDisplayName(TextStyle.SHORT, US);
            case '%' -> "%";
            default -> "%" + letter;
        };
    }

    private static String two(int number) {
        return number < 10 ? "0" + number : Integer.toString(number);
    }
}
