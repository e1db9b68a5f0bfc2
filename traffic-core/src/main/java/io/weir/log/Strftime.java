package io.weir.log;

import java.time.DayOfWeek;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.SignStyle;
import java.time.format.TextStyle;
import java.time.temporal.ChronoField;
import java.time.temporal.IsoFields;
import java.util.Locale;

/**
 * A time format in the notation of strftime(3), in English, no finer than a second. Immutable.
 * Known are {@code %a %A %b %B %d %e %F %G %H %I %j %m %M %p %s %S %T %u %V %w %y %Y %z %Z %%}.
 */
final class Strftime {

    private final String pattern;
    private final DateTimeFormatter formatter;

    private Strftime(String pattern, DateTimeFormatter formatter) {
        this.pattern = pattern;
        this.formatter = formatter;
    }

    /**
     * Reads a format.
     *
     * @throws IllegalArgumentException if it has a conversion that is not known
     */
    static Strftime compile(String pattern) {
        DateTimeFormatterBuilder builder = new DateTimeFormatterBuilder();
        for (int i = 0; i < pattern.length(); i++) {
            char c = pattern.charAt(i);
            if (c != '%') {
                builder.appendLiteral(c);
            } else if (++i == pattern.length()) {
                throw new IllegalArgumentException(
                        "time format \"" + pattern + "\" ends in a lone %");
            } else {
                conversion(pattern, pattern.charAt(i), builder);
            }
        }
        return new Strftime(pattern, builder.toFormatter(Locale.ENGLISH));
    }

    private static void conversion(String pattern, char c, DateTimeFormatterBuilder b) {
        switch (c) {
            case 'a' -> b.appendText(ChronoField.DAY_OF_WEEK, TextStyle.SHORT);
            case 'A' -> b.appendText(ChronoField.DAY_OF_WEEK, TextStyle.FULL);
            case 'b', 'h' -> b.appendText(ChronoField.MONTH_OF_YEAR, TextStyle.SHORT);
            case 'B' -> b.appendText(ChronoField.MONTH_OF_YEAR, TextStyle.FULL);
            case 'd' -> b.appendValue(ChronoField.DAY_OF_MONTH, 2);
            case 'e' -> b.padNext(2).appendValue(ChronoField.DAY_OF_MONTH);
            case 'F' -> b.append(DateTimeFormatter.ISO_LOCAL_DATE);
            case 'G' -> b.appendValue(IsoFields.WEEK_BASED_YEAR, 4, 10, SignStyle.NORMAL);
            case 'H' -> b.appendValue(ChronoField.HOUR_OF_DAY, 2);
            case 'I' -> b.appendValue(ChronoField.CLOCK_HOUR_OF_AMPM, 2);
            case 'j' -> b.appendValue(ChronoField.DAY_OF_YEAR, 3);
            case 'm' -> b.appendValue(ChronoField.MONTH_OF_YEAR, 2);
            case 'M' -> b.appendValue(ChronoField.MINUTE_OF_HOUR, 2);
            case 'p' -> b.appendText(ChronoField.AMPM_OF_DAY, TextStyle.SHORT);
            case 's' -> b.appendValue(ChronoField.INSTANT_SECONDS);
            case 'S' -> b.appendValue(ChronoField.SECOND_OF_MINUTE, 2);
            case 'T' -> b.appendPattern("HH:mm:ss");
            case 'u' -> b.appendValue(ChronoField.DAY_OF_WEEK, 1);
            case 'V' -> b.appendValue(IsoFields.WEEK_OF_WEEK_BASED_YEAR, 2);
            // Sunday is 0 here and 7 in ISO 8601.
            case 'w' ->
                    b.appendText(
                            ChronoField.DAY_OF_WEEK,
                            java.util.stream.Stream.of(DayOfWeek.values())
                                    .collect(
                                            java.util.stream.Collectors.toMap(
                                                    d -> (long) d.getValue(),
                                                    d -> Integer.toString(d.getValue() % 7))));
            case 'y' -> b.appendValueReduced(ChronoField.YEAR, 2, 2, 2000);
            case 'Y' -> b.appendValue(ChronoField.YEAR, 4, 10, SignStyle.NORMAL);
            case 'z' -> b.appendOffset("+HHMM", "+0000");
            case 'Z' -> b.appendZoneText(TextStyle.SHORT);
            case '%' -> b.appendLiteral('%');
            default ->
                    throw new IllegalArgumentException(
                            "time format \""
                                    + pattern
                                    + "\" has %"
                                    + c
                                    + "; known are %a %A %b %B %d %e %F %G %H %I %j %m %M %p %s"
                                    + " %S %T %u %V %w %y %Y %z %Z %%");
        }
    }

    String format(ZonedDateTime time) {
        return formatter.format(time);
    }

    @Override
    public String toString() {
        return pattern;
    }
}
