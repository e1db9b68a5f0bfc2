package io.weir.http;

import org.jspecify.annotations.Nullable;

import java.util.function.Predicate;

/**
 * The cookies in the heads of messages (RFC 6265 sections 4.1 and 4.2), read the way servers read
 * them: names are compared exactly, values are taken as they are. Functions, no state.
 */
public final class Cookies {

    private Cookies() {}

    /** Hears of the cookies of a request, one after the other. */
    @FunctionalInterface
    public interface Visitor {
        void cookie(String name, String value);
    }

    /** Shows every cookie of a request to {@code visitor}; one without a name has an empty one. */
    public static void each(Fields request, Visitor visitor) {
        for (int i = request.find(FieldName.COOKIE, 0);
                i >= 0;
                i = request.find(FieldName.COOKIE, i + 1)) {
            String field = request.value(i);
            for (int at = 0; at < field.length(); ) {
                int end = end(field, at);
                String pair = field.substring(at, end).strip();
                if (!pair.isEmpty()) {
                    visitor.cookie(name(pair), value(pair));
                }
                at = end + 1;
            }
        }
    }

    /** The value of the first cookie of a request with this name; null when there is none. */
    public static @Nullable String get(Fields request, String name) {
        for (int i = request.find(FieldName.COOKIE, 0);
                i >= 0;
                i = request.find(FieldName.COOKIE, i + 1)) {
            String field = request.value(i);
            for (int at = 0; at < field.length(); ) {
                int end = end(field, at);
                String pair = field.substring(at, end).strip();
                if (pair.startsWith(name) && name(pair).equals(name)) {
                    return value(pair);
                }
                at = end + 1;
            }
        }
        return null;
    }

    /**
     * Takes cookies out of a request and shows them to {@code taken}. Fields without any of them
     * stay as they came.
     */
    public static void take(Fields request, Predicate<String> names, Visitor taken) {
        // Fields that are written anew come behind those that were there.
        int last = request.size();
        for (int i = request.find(FieldName.COOKIE, 0);
                i >= 0 && i < last;
                i = request.find(FieldName.COOKIE, i + 1)) {
            String field = request.value(i);
            StringBuilder left = new StringBuilder(field.length());
            boolean found = false;
            for (int at = 0; at < field.length(); ) {
                int end = end(field, at);
                String pair = field.substring(at, end).strip();
                if (names.test(name(pair))) {
                    taken.cookie(name(pair), value(pair));
                    found = true;
                } else if (!pair.isEmpty()) {
                    left.append(left.isEmpty() ? "" : "; ").append(pair);
                }
                at = end + 1;
            }
            if (found) {
                request.removeAt(i);
                if (!left.isEmpty()) {
                    request.add(FieldName.COOKIE, left.toString());
                }
            }
        }
    }

    /** The name in the value of a {@code Set-Cookie} field. */
    public static String nameOfSet(String setCookie) {
        return name(setCookie.substring(0, end(setCookie, 0)).strip());
    }

    /** The value in the value of a {@code Set-Cookie} field. */
    public static String valueOfSet(String setCookie) {
        return value(setCookie.substring(0, end(setCookie, 0)).strip());
    }

    /** Whether a {@code Set-Cookie} field takes the cookie away instead of setting it. */
    public static boolean deletes(String setCookie) {
        if (valueOfSet(setCookie).isEmpty()) {
            return true;
        }
        boolean past = false;
        for (int at = end(setCookie, 0) + 1; at < setCookie.length(); ) {
            int end = end(setCookie, at);
            String attribute = setCookie.substring(at, end).strip();
            if (name(attribute).equalsIgnoreCase("Max-Age")) {
                // RFC 6265 section 5.3: Max-Age counts more than Expires.
                String seconds = value(attribute);
                return seconds.startsWith("-") || seconds.matches("0+");
            }
            // Nobody takes a cookie away with any other date.
            past |=
                    name(attribute).equalsIgnoreCase("Expires")
                            && (attribute.contains("1970") || attribute.contains("-70 "));
            at = end + 1;
        }
        return past;
    }

    private static int end(String text, int from) {
        int semicolon = text.indexOf(';', from);
        return semicolon < 0 ? text.length() : semicolon;
    }

    private static String name(String pair) {
        int equals = pair.indexOf('=');
        return equals < 0 ? "" : pair.substring(0, equals).stripTrailing();
    }

    private static String value(String pair) {
        int equals = pair.indexOf('=');
        return equals < 0 ? pair : pair.substring(equals + 1).stripLeading();
    }
}
