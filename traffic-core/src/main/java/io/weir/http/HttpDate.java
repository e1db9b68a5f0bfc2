package io.weir.http;

import org.jspecify.annotations.Nullable;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.List;

/**
 * Dates in header fields (RFC 9110 section 5.6.7): the three forms are read strictly, the first is
 * written. Stateless.
 */
public final class HttpDate {

    private static final List<String> DAYS =
            List.of("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun");
    private static final List<String> LONG_DAYS =
            List.of("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday");
    private static final List<String> MONTHS =
            List.of(
                    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov",
                    "Dec");

    private HttpDate() {}

    /**
     * The seconds since 1970 that {@code text} names, or null when it is not a date. The name of
     * the weekday has to be one, but need not be the right one.
     *
     * @param now decides the century of two-digit years
     */
    public static @Nullable Long parse(String text, Instant now) {
        try {
            if (text.length() == 29 && text.charAt(3) == ',') {
                return imfFixdate(text);
            }
            int comma = text.indexOf(',');
            if (comma > 3) {
                return rfc850(text, comma, now);
            }
            return text.length() == 24 ? asctime(text) : null;
        } catch (DateTimeException | NumberFormatException e) {
            return null;
        }
    }

    /** {@code Sun, 06 Nov 1994 08:49:37 GMT}. */
    private static @Nullable Long imfFixdate(String t) {
        if (!DAYS.contains(t.substring(0, 3))
                || t.charAt(4) != ' '
                || t.charAt(7) != ' '
                || t.charAt(11) != ' '
                || t.charAt(16) != ' '
                || !t.endsWith(" GMT")) {
            return null;
        }
        return seconds(digits(t, 12, 16), month(t, 8), digits(t, 5, 7), t.substring(17, 25));
    }

    /** {@code Sunday, 06-Nov-94 08:49:37 GMT}. */
    private static @Nullable Long rfc850(String t, int comma, Instant now) {
        if (!LONG_DAYS.contains(t.substring(0, comma)) || t.length() != comma + 24) {
            return null;
        }
        String r = t.substring(comma);
        if (r.charAt(1) != ' '
                || r.charAt(4) != '-'
                || r.charAt(8) != '-'
                || r.charAt(11) != ' '
                || !r.endsWith(" GMT")) {
            return null;
        }
        int thisYear = now.atOffset(ZoneOffset.UTC).getYear();
        int year = thisYear - thisYear % 100 + digits(r, 9, 11);
        if (year > thisYear + 50) {
            year -= 100;
        }
        return seconds(year, month(r, 5), digits(r, 2, 4), r.substring(12, 20));
    }

    /** {@code Sun Nov 6 08:49:37 1994}. */
    private static @Nullable Long asctime(String t) {
        if (!DAYS.contains(t.substring(0, 3))
                || t.charAt(3) != ' '
                || t.charAt(7) != ' '
                || t.charAt(10) != ' '
                || t.charAt(19) != ' ') {
            return null;
        }
        int day = t.charAt(8) == ' ' ? digits(t, 9, 10) : digits(t, 8, 10);
        return seconds(digits(t, 20, 24), month(t, 4), day, t.substring(11, 19));
    }

    private static int month(String t, int at) {
        int month = MONTHS.indexOf(t.substring(at, at + 3)) + 1;
        if (month == 0) {
            throw new DateTimeException("no month");
        }
        return month;
    }

    private static int digits(String t, int from, int to) {
        int n = 0;
        for (int i = from; i < to; i++) {
            char c = t.charAt(i);
            if (c < '0' || c > '9') {
                throw new NumberFormatException("no digit");
            }
            n = n * 10 + (c - '0');
        }
        return n;
    }

    private static @Nullable Long seconds(int year, int month, int day, String time) {
        if (time.charAt(2) != ':' || time.charAt(5) != ':') {
            return null;
        }
        int second = digits(time, 6, 8);
        // A leap second is the second before it here.
        LocalTime clock =
                LocalTime.of(digits(time, 0, 2), digits(time, 3, 5), second == 60 ? 59 : second);
        return LocalDate.of(year, month, day).atTime(clock).toEpochSecond(ZoneOffset.UTC);
    }

    /** {@code epochSecond} as an IMF-fixdate. */
    public static String format(long epochSecond) {
        var t = java.time.LocalDateTime.ofEpochSecond(epochSecond, 0, ZoneOffset.UTC);
        StringBuilder out = new StringBuilder(29);
        out.append(DAYS.get(t.getDayOfWeek().getValue() - 1)).append(", ");
        two(out, t.getDayOfMonth()).append(' ').append(MONTHS.get(t.getMonthValue() - 1));
        out.append(' ');
        two(out, t.getYear() / 100);
        two(out, t.getYear() % 100).append(' ');
        two(out, t.getHour()).append(':');
        two(out, t.getMinute()).append(':');
        return two(out, t.getSecond()).append(" GMT").toString();
    }

    private static StringBuilder two(StringBuilder out, int n) {
        return out.append((char) ('0' + n / 10)).append((char) ('0' + n % 10));
    }
}
