package io.weir.log;

import java.time.ZoneId;

/**
 * How an exchange becomes a line. Immutable and safe for every thread; writing a line allocates
 * nothing once the buffers have grown to their size.
 *
 * <p>The line is made of ASCII characters without control characters whatever the exchange brings,
 * so a line can never be forged; {@code docs/access-log.md} lists formats, macros and fields.
 */
public abstract sealed class LogFormat permits MacroFormat, JsonFormat {

    /** The format that is called {@code combined}, which every log reader knows. */
    public static final String COMBINED =
            "%h %l %u %t \"%r\" %s %b \"%{Referer}i\" \"%{User-agent}i\"";

    /** Characters of a format, so that no line gets longer than {@link ByteSink#MAX_LINE}. */
    private static final int MAX_LENGTH = 4096;

    LogFormat() {}

    /**
     * Reads a format, with times in the zone of the system.
     *
     * @param format {@code combined}, {@code json}, or text with macros
     * @throws IllegalArgumentException if there is an unknown macro; the message says where
     */
    public static LogFormat compile(String format) {
        return compile(format, ZoneId.systemDefault());
    }

    /** Reads a format, with times in {@code zone}. */
    public static LogFormat compile(String format, ZoneId zone) {
        if (format.length() > MAX_LENGTH) {
            throw new IllegalArgumentException(
                    "log format has "
                            + format.length()
                            + " characters; expected at most "
                            + MAX_LENGTH);
        }
        return switch (format) {
            case "combined" -> MacroFormat.parse(COMBINED, zone);
            case "json" -> new JsonFormat();
            default -> MacroFormat.parse(format, zone);
        };
    }

    /** The line for {@code record}, without line end. */
    public final String line(LogRecord record) {
        ByteSink out = new ByteSink();
        encode(record, out);
        return out.text();
    }

    /** Writes the line for {@code record} to {@code out}, without line end. */
    abstract void encode(LogRecord record, ByteSink out);
}
