package io.weir.function;

import static io.weir.function.Bytes.orEmpty;

import org.jspecify.annotations.Nullable;

import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;

/** Functions {@code string.gmtime.*}. */
public final class GmTime {

    private static final List<DateTimeFormatter> FORMS =
            List.of(
                    form("EEE, d MMM yyyy HH:mm:ss"),
                    form("EEEE, dd-MMM-yy HH:mm:ss"),
                    form("EEE MMM d HH:mm:ss yyyy"),
                    form("d MMM yyyy HH:mm:ss"),
                    form("yyyy-MM-dd'T'HH:mm:ss"),
                    form("yyyy-MM-dd HH:mm:ss"));

    GmTime() {}

    private static DateTimeFormatter form(String pattern) {
        return DateTimeFormatter.ofPattern(pattern, Locale.US);
    }

    @RuleFunction("The time stamp as seconds since 1970, its zone ignored; 0 if it is none.")
    public double parse(@Nullable String text) {
        String plain =
                orEmpty(text)
                        .strip()
                        .replaceAll("\\s+", " ")
                        .replaceAll("(?<=\\d)( ?(GMT|UTC|Z|[A-Z]{3}|[-+]\\d{2}:?\\d{2}))+$", "");
        for (DateTimeFormatter form : FORMS) {
            try {
                return LocalDateTime.parse(plain, form).toEpochSecond(ZoneOffset.UTC);
            } catch (DateTimeParseException e) {
                // The next form may fit.
            }
        }
        return 0;
    }
}
