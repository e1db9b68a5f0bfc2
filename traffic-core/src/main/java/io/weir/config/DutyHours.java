package io.weir.config;

import java.time.DayOfWeek;
import java.time.LocalTime;
import java.time.ZonedDateTime;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A span of hours on some days of the week, such as {@code mon-fri 08:00-18:00}, {@code sat,sun} or
 * {@code 18:00-08:00}. A span that ends before it begins goes on into the next day. It begins with
 * its first minute and ends before its last one, in local time, so that spans that meet neither
 * overlap nor leave a gap, in the nights when clocks change, too.
 *
 * @param days on which the span begins
 * @param to exclusive; the same as {@code from} for the whole day
 */
public record DutyHours(Set<DayOfWeek> days, LocalTime from, LocalTime to) {

    private static final List<String> NAMES =
            List.of("mon", "tue", "wed", "thu", "fri", "sat", "sun");

    private static final Pattern FORM =
            Pattern.compile(
                    "(?:(?<days>[a-z,-]+)(?: (?=\\d)|$))?"
                            + "(?:(?<from>\\d\\d:\\d\\d)-(?<to>\\d\\d:\\d\\d))?");

    public DutyHours {
        days = Set.copyOf(days);
    }

    /**
     * Reads a span.
     *
     * @throws IllegalArgumentException whose message says what was expected
     */
    public static DutyHours parse(String text) {
        Matcher matcher = FORM.matcher(text.toLowerCase(Locale.ROOT));
        if (text.isEmpty() || !matcher.matches()) {
            throw expected();
        }
        String days = matcher.group("days");
        String from = matcher.group("from");
        return new DutyHours(
                days == null ? EnumSet.allOf(DayOfWeek.class) : days(days),
                from == null ? LocalTime.MIDNIGHT : time(from),
                from == null ? LocalTime.MIDNIGHT : time(matcher.group("to")));
    }

    private static Set<DayOfWeek> days(String text) {
        Set<DayOfWeek> days = EnumSet.noneOf(DayOfWeek.class);
        for (String part : text.split(",", -1)) {
            String[] ends = part.split("-", -1);
            int first = NAMES.indexOf(ends[0]);
            int last = NAMES.indexOf(ends[ends.length - 1]);
            if (first < 0 || last < 0 || ends.length > 2) {
                throw expected();
            }
            DayOfWeek day = DayOfWeek.of(first + 1);
            days.add(day);
            while (day.getValue() != last + 1) {
                day = day.plus(1);
                days.add(day);
            }
        }
        return days;
    }

    private static LocalTime time(String text) {
        int hour = Integer.parseInt(text.substring(0, 2));
        int minute = Integer.parseInt(text.substring(3));
        if (minute > 59 || hour > 24 || (hour == 24 && minute > 0)) {
            throw expected();
        }
        return LocalTime.of(hour % 24, minute);
    }

    private static IllegalArgumentException expected() {
        return new IllegalArgumentException(
                "days, hours or both, as in mon-fri 08:00-18:00, sat,sun or 22:00-06:00");
    }

    /** Whether {@code when} lies in the span. */
    public boolean contains(ZonedDateTime when) {
        LocalTime time = when.toLocalTime();
        DayOfWeek day = when.getDayOfWeek();
        if (from.isBefore(to)) {
            return days.contains(day) && !time.isBefore(from) && time.isBefore(to);
        }
        return (days.contains(day) && !time.isBefore(from))
                || (days.contains(day.minus(1)) && time.isBefore(to));
    }
}
