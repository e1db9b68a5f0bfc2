package io.weir.log;

import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;

/**
 * One JSON object per line, with the fields of {@link LogField} and {@code time} before them (UTC,
 * RFC 3339, milliseconds). A field that is not there is left out.
 */
final class JsonFormat extends LogFormat {

    private static final byte[] TIME = ascii("{\"time\":\"");

    private final LogField[] fields = LogField.ALL.toArray(new LogField[0]);
    private final byte[][] keys = new byte[fields.length][];
    private final SecondText seconds = new SecondText(Strftime.compile("%FT%T"), ZoneOffset.UTC);

    JsonFormat() {
        for (int i = 0; i < fields.length; i++) {
            keys[i] =
                    ascii(
                            ",\""
                                    + fields[i].keyword()
                                    + (fields[i].text() != null ? "\":\"" : "\":"));
        }
    }

    @Override
    void encode(LogRecord record, ByteSink out) {
        out.literal(TIME);
        long start = record.startMillis();
        out.literal(seconds.at(start));
        int millis = (int) Math.floorMod(start, 1000L);
        out.literal('.');
        out.literal((char) ('0' + millis / 100));
        out.literal((char) ('0' + millis / 10 % 10));
        out.literal((char) ('0' + millis % 10));
        out.literal('Z');
        out.literal('"');
        for (int i = 0; i < fields.length; i++) {
            LogField.TextOf text = fields[i].text();
            LogField.NumberOf number = fields[i].number();
            if (text != null) {
                text(keys[i], text, record, out);
            } else if (number != null) {
                long value = number.of(record);
                if (value >= 0) {
                    out.literal(keys[i]);
                    out.number(value);
                }
            }
        }
        out.literal('}');
    }

    private static void text(byte[] key, LogField.TextOf text, LogRecord record, ByteSink out) {
        int before = out.position();
        out.literal(key);
        int start = out.position();
        out.begin(ByteSink.Escaping.JSON);
        text.put(record, out);
        out.end();
        if (out.position() == start) {
            out.rewind(before);
        } else {
            out.literal('"');
        }
    }

    private static byte[] ascii(String s) {
        return s.getBytes(StandardCharsets.US_ASCII);
    }
}
