package io.weir.log;

import io.weir.log.LogField.NumberOf;
import io.weir.log.LogField.TextOf;
import io.weir.log.MacroFormat.Part;

import java.time.ZoneId;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;

/** Reads text with macros. Used once per format. */
final class MacroParser {

    private static final String KNOWN =
            "%a %A %b %B %D %h %H %I %l %m %n %O %p %q %r %s %t %T %u %U %v %%"
                    + " %{Name}i %{Name}o %{strftime}t %{field}w";

    private static final Strftime APACHE_TIME = Strftime.compile("[%d/%b/%Y:%H:%M:%S %z]");

    private final String format;
    private final ZoneId zone;
    private final MacroFormat.Parts parts = new MacroFormat.Parts();
    private int at;
    private boolean quoted;

    MacroParser(String format, ZoneId zone) {
        this.format = format;
        this.zone = zone;
    }

    MacroFormat parse() {
        while (at < format.length()) {
            char c = format.charAt(at);
            if (c != '\t' && Character.isISOControl(c)) {
                throw wrong(at, "has a control character", "a line without any but tabs");
            }
            if (c == '%') {
                macro();
            } else {
                if (c == '"') {
                    quoted = !quoted;
                }
                parts.literal(c);
                at++;
            }
        }
        return parts.format();
    }

    private void macro() {
        int start = at++;
        if (peek() == '<' || peek() == '>') {
            // Apache tells the first from the last internal redirect; there is but one here.
            at++;
        }
        String argument = null;
        if (peek() == '{') {
            int end = format.indexOf('}', at);
            if (end < 0) {
                throw wrong(start, "opens a brace that is not closed", "%{...} and a letter");
            }
            argument = format.substring(at + 1, end);
            at = end + 1;
        }
        char letter = peek();
        at++;
        if (argument == null && letter == '%') {
            parts.literal('%');
        } else {
            parts.add(argument == null ? plain(start, letter) : with(start, argument, letter));
        }
    }

    /** The present character; 0 at the end. */
    private char peek() {
        return at < format.length() ? format.charAt(at) : 0;
    }

    private Part plain(int start, char letter) {
        return switch (letter) {
            case 'a', 'h' -> text(LogRecord::clientAddress);
            case 'A' -> text(LogRecord::localAddress);
            case 'b' -> number(r -> r.bodyBytes() == 0 ? -1 : r.bodyBytes());
            case 'B' -> number(LogRecord::bodyBytes);
            case 'D' -> number(r -> LogField.micros(r.durationNanos()));
            case 'H' -> text(LogRecord::protocol);
            case 'I' -> number(LogRecord::receivedBytes);
            // The client's own idea of its user (RFC 1413), which nobody asks for any more.
            case 'l' -> MacroFormat.literal("-");
            case 'm' -> text(LogRecord::method);
            case 'n' -> field("node");
            case 'O' -> number(LogRecord::sentBytes);
            case 'p' -> number(LogRecord::localPort);
            case 'q' -> MacroFormat.textOrNothing(LogRecord::query, quoted);
            case 'r' -> text(LogRecord::requestLine);
            case 's' -> field("status");
            case 't' -> MacroFormat.time(new SecondText(APACHE_TIME, zone));
            case 'T' -> number(r -> r.durationNanos() / 1_000_000_000L);
            case 'u' -> text(LogRecord::user);
            case 'U' -> text(LogRecord::path);
            case 'v' -> field("virtual_server");
            default -> throw unknown(start);
        };
    }

    private Part with(int start, String argument, char letter) {
        return switch (letter) {
            case 'i' -> {
                String name = fieldName(start, argument);
                yield text((r, out) -> r.requestHeader(name, out));
            }
            case 'o' -> {
                String name = fieldName(start, argument);
                yield text((r, out) -> r.responseHeader(name, out));
            }
            case 't' -> {
                try {
                    yield MacroFormat.time(new SecondText(Strftime.compile(argument), zone));
                } catch (IllegalArgumentException e) {
                    throw new IllegalArgumentException(
                            "log format \"" + format + "\": " + e.getMessage(), e);
                }
            }
            case 'w' -> {
                String keyword = argument.toLowerCase(Locale.ROOT);
                if (LogField.of(keyword) == null) {
                    String fields =
                            LogField.ALL.stream()
                                    .map(LogField::keyword)
                                    .collect(Collectors.joining(" "));
                    throw wrong(start, "asks for an unknown field", "one of " + fields);
                }
                yield field(keyword);
            }
            default -> throw unknown(start);
        };
    }

    private Part text(TextOf text) {
        return MacroFormat.text(text, quoted);
    }

    private static Part number(NumberOf number) {
        return MacroFormat.number(number);
    }

    private Part field(String keyword) {
        LogField field = Objects.requireNonNull(LogField.of(keyword), keyword);
        TextOf text = field.text();
        return text != null ? text(text) : number(Objects.requireNonNull(field.number()));
    }

    private String fieldName(int start, String name) {
        if (!name.matches("[!#$%&'*+.^_`|~0-9A-Za-z-]+")) {
            throw wrong(start, "names no header field", "a name as in RFC 9110 section 5.1");
        }
        return name;
    }

    private IllegalArgumentException unknown(int start) {
        return wrong(start, "is not known", "one of " + KNOWN);
    }

    private IllegalArgumentException wrong(int start, String what, String expected) {
        String found = format.substring(start, Math.min(at, format.length()));
        return new IllegalArgumentException(
                "log format \"%s\": %s at character %d %s; expected %s"
                        .formatted(
                                format,
                                found.isEmpty() ? "text" : found,
                                start + 1,
                                what,
                                expected));
    }
}
