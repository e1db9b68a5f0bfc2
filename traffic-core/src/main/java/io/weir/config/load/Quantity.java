package io.weir.config.load;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.Locale;

/** Times and sizes as operators write them: {@code 10s}, {@code 500ms}, {@code 64KiB}. */
final class Quantity {

    /** Longest time that may be given; it keeps every time well inside a long of nanoseconds. */
    static final Duration LONGEST = Duration.ofDays(3650);

    private Quantity() {}

    /** The time in {@code text}; a bare number means seconds. */
    static Duration time(String text) throws Malformed {
        int split = unitStart(text);
        long thousandths = thousandths(text.substring(0, split));
        // Units in microseconds, so that a thousandth of each is a whole number of nanoseconds.
        long unit =
                switch (text.substring(split)) {
                    case "ms" -> 1_000L;
                    case "", "s" -> 1_000_000L;
                    case "m" -> 60_000_000L;
                    case "h" -> 3_600_000_000L;
                    case "d" -> 86_400_000_000L;
                    default -> 0;
                };
        if (thousandths < 0 || unit == 0) {
            throw new Malformed(
                    ProblemCode.BAD_TIME,
                    "expected a time such as 10s, 500ms, 5m or 1h",
                    likelyTime(text));
        }
        if (thousandths > LONGEST.toNanos() / unit) {
            throw new Malformed(
                    ProblemCode.OUT_OF_RANGE, "expected at most " + written(LONGEST), null);
        }
        return Duration.ofNanos(thousandths * unit);
    }

    /** {@code 12.5} as 12500; up to nine digits and three decimals, else -1. */
    private static long thousandths(String number) {
        int point = number.indexOf('.');
        String whole = point < 0 ? number : number.substring(0, point);
        String decimals = point < 0 ? "0" : number.substring(point + 1);
        if (!isNumber(whole, 9) || !isNumber(decimals, 3)) {
            return -1;
        }
        long fraction = Long.parseLong(decimals);
        for (int i = decimals.length(); i < 3; i++) {
            fraction *= 10;
        }
        return Long.parseLong(whole) * 1000 + fraction;
    }

    /** Whether {@code text} has one to {@code most} ASCII digits and nothing else. */
    static boolean isNumber(String text, int most) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return false;
            }
        }
        return !text.isEmpty() && text.length() <= most;
    }

    /** The number of bytes in {@code text}; {@code kB} counts thousands, {@code KiB} 1024s. */
    static long size(String text) throws Malformed {
        int split = unitStart(text);
        String number = text.substring(0, split);
        long unit =
                switch (text.substring(split)) {
                    case "", "B" -> 1;
                    case "kB", "KB" -> 1_000;
                    case "MB" -> 1_000_000;
                    case "GB" -> 1_000_000_000;
                    case "KiB" -> 1L << 10;
                    case "MiB" -> 1L << 20;
                    case "GiB" -> 1L << 30;
                    default -> 0;
                };
        if (!isNumber(number, 15) || unit == 0) {
            throw new Malformed(
                    ProblemCode.BAD_SIZE,
                    "expected a size such as 64KiB, 10MB or 4096",
                    likelySize(text));
        }
        try {
            return Math.multiplyExact(Long.parseLong(number), unit);
        } catch (ArithmeticException e) {
            throw new Malformed(
                    ProblemCode.OUT_OF_RANGE,
                    "expected at most " + Long.MAX_VALUE + " bytes",
                    null);
        }
    }

    /** The shortest exact form of {@code time}: {@code 90s}, {@code 5m}, {@code 1500ms}. */
    static String written(Duration time) {
        if (time.isZero()) {
            return "0s";
        }
        long nanos = time.toNanos();
        if (nanos % 86_400_000_000_000L == 0) {
            return time.toDays() + "d";
        }
        if (nanos % 3_600_000_000_000L == 0) {
            return time.toHours() + "h";
        }
        if (nanos % 60_000_000_000L == 0) {
            return time.toMinutes() + "m";
        }
        if (nanos % 1_000_000_000L == 0) {
            return time.toSeconds() + "s";
        }
        String decimals = String.format("%06d", nanos % 1_000_000).replaceAll("0+$", "");
        return time.toMillis() + (decimals.isEmpty() ? "" : "." + decimals) + "ms";
    }

    /** The shortest exact form of a number of bytes: {@code 64KiB}, {@code 240}. */
    static String written(long bytes) {
        if (bytes > 0 && bytes % (1L << 30) == 0) {
            return (bytes >> 30) + "GiB";
        }
        if (bytes > 0 && bytes % (1L << 20) == 0) {
            return (bytes >> 20) + "MiB";
        }
        if (bytes > 0 && bytes % (1L << 10) == 0) {
            return (bytes >> 10) + "KiB";
        }
        return Long.toString(bytes);
    }

    private static int unitStart(String text) {
        int at = 0;
        while (at < text.length() && "0123456789.".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
        return at;
    }

    private static @Nullable String likelyTime(String text) {
        String unit = text.substring(unitStart(text)).strip().toLowerCase(Locale.ROOT);
        String likely =
                switch (unit) {
                    case "ms", "msec", "msecs", "millis", "millisecond", "milliseconds" -> "ms";
                    case "s", "sec", "secs", "second", "seconds" -> "s";
                    case "m", "min", "mins", "minute", "minutes" -> "m";
                    case "h", "hr", "hrs", "hour", "hours" -> "h";
                    case "d", "day", "days" -> "d";
                    default -> null;
                };
        return likely(text, likely);
    }

    private static @Nullable String likelySize(String text) {
        String unit = text.substring(unitStart(text)).strip().toLowerCase(Locale.ROOT);
        String likely =
                switch (unit) {
                    case "k", "kib", "kibibytes" -> "KiB";
                    case "m", "mib", "mebibytes" -> "MiB";
                    case "g", "gib", "gibibytes" -> "GiB";
                    case "kb" -> "kB";
                    case "mb" -> "MB";
                    case "gb" -> "GB";
                    case "b", "bytes" -> "B";
                    default -> null;
                };
        return likely(text, likely);
    }

    private static @Nullable String likely(String text, @Nullable String unit) {
        String number = text.substring(0, unitStart(text));
        return unit == null || thousandths(number) < 0 ? null : number + unit;
    }
}
