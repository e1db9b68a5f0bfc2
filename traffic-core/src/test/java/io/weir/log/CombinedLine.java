package io.weir.log;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A line of the combined format as any log reader takes it apart: nine fields by the regular
 * expression that circulates for this format. Shares nothing with the writer.
 */
record CombinedLine(List<String> fields) {

    private static final Pattern LINE =
            Pattern.compile(
                    "^(\\S+) (\\S+) (\\S+) \\[([\\w:/]+\\s[+\\-]\\d{4})\\]"
                            + " \"((?:[^\"\\\\]++|\\\\.)*+)\" (\\d{3}|-) (\\d+|-)"
                            + " \"((?:[^\"\\\\]++|\\\\.)*+)\" \"((?:[^\"\\\\]++|\\\\.)*+)\"$");

    static CombinedLine parse(String line) {
        Matcher m = LINE.matcher(line);
        if (!m.matches()) {
            throw new AssertionError("not a combined line: " + line);
        }
        List<String> fields = new ArrayList<>();
        for (int i = 1; i <= m.groupCount(); i++) {
            fields.add(m.group(i));
        }
        return new CombinedLine(fields);
    }

    String user() {
        return fields.get(2);
    }

    String request() {
        return fields.get(4);
    }

    String referer() {
        return fields.get(7);
    }

    String agent() {
        return fields.get(8);
    }

    /** The bytes that a field stands for. */
    static byte[] unescape(String field) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int i = 0; i < field.length(); i++) {
            char c = field.charAt(i);
            if (c != '\\') {
                bytes.write(c);
            } else if (field.charAt(i + 1) == 'x') {
                bytes.write(Integer.parseInt(field.substring(i + 2, i + 4), 16));
                i += 3;
            } else {
                bytes.write(field.charAt(++i));
            }
        }
        return bytes.toByteArray();
    }
}
