package io.weir.function;

import org.jspecify.annotations.Nullable;

import java.util.Locale;

/** TrafficScript's small {@code sprintf}: %s, %c, %d and %f with flags, width and precision. */
final class Sprintf {

    private static final int MAX_WIDTH = 1000;

    private Sprintf() {}

    static String format(String format, Any[] values) {
        StringBuilder out = new StringBuilder();
        int next = 0;
        for (int i = 0; i < format.length(); i++) {
            char c = format.charAt(i);
            if (c != '%') {
                out.append(c);
                continue;
            }
            int end = i + 1;
            while (end < format.length() && "0123456789.-+ ".indexOf(format.charAt(end)) >= 0) {
                end++;
            }
            char kind = end < format.length() ? format.charAt(end) : 0;
            if (kind == '%') {
                out.append('%');
            } else if ("scdf".indexOf(kind) >= 0 && kind != 0) {
                Object value = next < values.length ? values[next++].value() : "";
                out.append(one(format.substring(i + 1, end), kind, value));
            } else {
                out.append(format, i, Math.min(format.length(), end + 1));
            }
            i = end;
        }
        return out.toString();
    }

    private static String one(String flags, char kind, @Nullable Object value) {
        String safe = flags.matches("[-+ 0]?[1-9]?[0-9]{0,2}(\\.[0-9]{1,2})?") ? flags : "";
        if (safe.length() > MAX_WIDTH || safe.equals("-") || safe.equals("0")) {
            safe = "";
        }
        try {
            return switch (kind) {
                case 'd' -> String.format(Locale.ROOT, "%" + safe + "d", Numbers.whole(value));
                case 'f' -> String.format(Locale.ROOT, "%" + safe + "f", Numbers.number(value));
                case 'c' -> String.valueOf((char) (Numbers.whole(value) & 0xffff));
                default ->
                        String.format(
                                Locale.ROOT,
                                "%" + safe.replaceAll("^[+ 0]", "") + "s",
                                Numbers.text(value));
            };
        } catch (java.util.IllegalFormatException e) {
            return Numbers.text(value);
        }
    }
}
