package io.weir.launcher.command;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Lengths of time as people write and read them: {@code 90s}, {@code 1h30m}, {@code 2d}. */
final class Lengths {

    private static final Pattern WHOLE = Pattern.compile("([0-9]{1,9}[smhd])+");
    private static final Pattern PART = Pattern.compile("([0-9]+)([smhd])");

    private Lengths() {}

    /**
     * The length in {@code text}.
     *
     * @throws IllegalArgumentException when it is none
     */
    static Duration parse(String text) {
        if (!WHOLE.matcher(text).matches()) {
            throw new IllegalArgumentException(
                    "the time is '" + text + "', expected such as 90s, 30m, 1h30m or 2d");
        }
        Duration sum = Duration.ZERO;
        Matcher part = PART.matcher(text);
        while (part.find()) {
            long number = Long.parseLong(part.group(1));
            sum =
                    sum.plus(
                            switch (part.group(2)) {
                                case "s" -> Duration.ofSeconds(number);
                                case "m" -> Duration.ofMinutes(number);
                                case "h" -> Duration.ofHours(number);
                                default -> Duration.ofDays(number);
                            });
        }
        return sum;
    }

    /** The two largest units: {@code 45s}, {@code 3m 20s}, {@code 2d 4h}. */
    static String text(long seconds) {
        if (seconds < 60) {
            return seconds + "s";
        }
        if (seconds < 3600) {
            return seconds / 60 + "m " + seconds % 60 + "s";
        }
        if (seconds < 86_400) {
            return seconds / 3600 + "h " + seconds % 3600 / 60 + "m";
        }
        return seconds / 86_400 + "d " + seconds % 86_400 / 3600 + "h";
    }
}
