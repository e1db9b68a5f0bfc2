package io.weir.log;

import io.weir.log.ByteSink.Escaping;
import io.weir.log.LogField.NumberOf;
import io.weir.log.LogField.TextOf;

import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;

/**
 * Text with macros, in the notation of Apache's LogFormat and ZXTM's request log. What is not there
 * is shown as {@code -}.
 */
final class MacroFormat extends LogFormat {

    /** One part of the line. */
    @FunctionalInterface
    interface Part {
        void put(LogRecord record, ByteSink out);
    }

    private final Part[] parts;

    MacroFormat(List<Part> parts) {
        this.parts = parts.toArray(new Part[0]);
    }

    static MacroFormat parse(String format, ZoneId zone) {
        return new MacroParser(format, zone).parse();
    }

    @Override
    void encode(LogRecord record, ByteSink out) {
        for (Part part : parts) {
            part.put(record, out);
        }
    }

    static Part literal(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return (record, out) -> out.literal(bytes);
    }

    static Part text(TextOf text, boolean quoted) {
        Escaping escaping = quoted ? Escaping.QUOTED : Escaping.BARE;
        return (record, out) -> {
            int start = out.position();
            out.begin(escaping);
            text.put(record, out);
            out.end();
            if (out.position() == start) {
                out.literal('-');
            }
        };
    }

    /** A text that is nothing, and not a dash, when it is not there. */
    static Part textOrNothing(TextOf text, boolean quoted) {
        Escaping escaping = quoted ? Escaping.QUOTED : Escaping.BARE;
        return (record, out) -> {
            out.begin(escaping);
            text.put(record, out);
            out.end();
        };
    }

    static Part number(NumberOf number) {
        return (record, out) -> {
            long value = number.of(record);
            if (value < 0) {
                out.literal('-');
            } else {
                out.number(value);
            }
        };
    }

    static Part time(SecondText text) {
        return (record, out) -> out.literal(text.at(record.startMillis()));
    }

    /** Puts the literals of a format together, so that each run of text is one part. */
    static final class Parts {
        private final List<Part> parts = new ArrayList<>();
        private final StringBuilder pending = new StringBuilder();

        void literal(char c) {
            pending.append(c);
        }

        void add(Part part) {
            if (!pending.isEmpty()) {
                parts.add(MacroFormat.literal(pending.toString()));
                pending.setLength(0);
            }
            parts.add(part);
        }

        MacroFormat format() {
            if (!pending.isEmpty()) {
                parts.add(MacroFormat.literal(pending.toString()));
            }
            return new MacroFormat(parts);
        }
    }
}
