package io.weir.function;

import io.weir.http.FieldName;
import io.weir.http.Head;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** The cookies in requests and responses. */
final class Cookies {

    private Cookies() {}

    /** The cookies of a request; the first one of a name counts. */
    static Map<String, String> of(Head head) {
        Map<String, String> cookies = new LinkedHashMap<>();
        for (int i = head.find(FieldName.COOKIE, 0);
                i >= 0;
                i = head.find(FieldName.COOKIE, i + 1)) {
            for (String part : head.value(i).split(";", -1)) {
                int equals = part.indexOf('=');
                if (equals > 0) {
                    cookies.putIfAbsent(
                            part.substring(0, equals).strip(), part.substring(equals + 1).strip());
                }
            }
        }
        return cookies;
    }

    static void write(Head head, Map<String, String> cookies) {
        head.remove(FieldName.COOKIE);
        if (!cookies.isEmpty()) {
            head.add(
                    FieldName.COOKIE,
                    cookies.entrySet().stream()
                            .map(e -> e.getKey() + "=" + e.getValue())
                            .collect(Collectors.joining("; ")));
        }
    }

    /** The cookies that a response sets, without their attributes. */
    static Map<String, String> setBy(Head head) {
        Map<String, String> cookies = new LinkedHashMap<>();
        for (int i = head.find(FieldName.SET_COOKIE, 0);
                i >= 0;
                i = head.find(FieldName.SET_COOKIE, i + 1)) {
            String first = head.value(i).split(";", 2)[0];
            int equals = first.indexOf('=');
            if (equals > 0) {
                cookies.put(
                        first.substring(0, equals).strip(), first.substring(equals + 1).strip());
            }
        }
        return cookies;
    }

    /** Takes out of a response what sets the cookie {@code name}. */
    static void unset(Head head, String name) {
        for (int i = head.find(FieldName.SET_COOKIE, 0);
                i >= 0;
                i = head.find(FieldName.SET_COOKIE, i + 1)) {
            String value = head.value(i);
            int equals = value.indexOf('=');
            if (equals > 0 && value.substring(0, equals).strip().equals(name)) {
                head.removeAt(i);
            }
        }
    }
}
