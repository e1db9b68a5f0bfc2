package io.weir.function;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Forms as browsers send them. */
final class Form {

    private static final int MAX_PARAMETERS = 10_000;
    private static final Pattern BOUNDARY =
            Pattern.compile("boundary=(?:\"([^\"]{1,70})\"|([^;\\s]{1,70}))");

    private Form() {}

    /** A part of a multipart body. */
    record Part(String type, String fields, String body) {}

    /** Adds the parameters of {@code text} to {@code form}. */
    static void read(String text, Map<String, List<String>> form) {
        int count = 0;
        int from = 0;
        while (from < text.length() && count++ < MAX_PARAMETERS) {
            int end = text.indexOf('&', from);
            end = end < 0 ? text.length() : end;
            if (end > from) {
                int equals = text.indexOf('=', from);
                int nameEnd = equals >= 0 && equals < end ? equals : end;
                String name = plain(text.substring(from, nameEnd));
                String value = nameEnd < end ? plain(text.substring(nameEnd + 1, end)) : "";
                form.computeIfAbsent(name, key -> new ArrayList<>()).add(value);
            }
            from = end + 1;
        }
    }

    private static String plain(String text) {
        return Escapes.unescape(text, false, true).text();
    }

    /** The part at {@code index}; null when there is none. */
    static @Nullable Part part(String body, String contentType, int index) {
        Matcher matcher = BOUNDARY.matcher(contentType);
        if (!contentType.toLowerCase(Locale.ROOT).startsWith("multipart/") || !matcher.find()) {
            return null;
        }
        String boundary = matcher.group(1) != null ? matcher.group(1) : matcher.group(2);
        String line = "\r\n--" + boundary;
        String all = "\r\n" + body;
        int at = all.indexOf(line);
        for (int i = 0; at >= 0; i++) {
            int from = at + line.length();
            if (all.startsWith("--", from)) {
                return null;
            }
            int next = all.indexOf(line, from);
            if (next < 0) {
                return null;
            }
            if (i == index) {
                return part(all.substring(Math.min(next, from + 2), next));
            }
            at = next;
        }
        return null;
    }

    private static Part part(String text) {
        int blank = text.startsWith("\r\n") ? 0 : text.indexOf("\r\n\r\n");
        String fields = blank <= 0 ? "" : text.substring(0, blank);
        String body = blank < 0 ? text : text.substring(blank == 0 ? 2 : blank + 4);
        String type = "";
        for (String line : fields.split("\r\n", -1)) {
            if (line.toLowerCase(Locale.ROOT).startsWith("content-type:")) {
                type = line.substring(line.indexOf(':') + 1).strip();
            }
        }
        return new Part(type, fields, body);
    }
}
