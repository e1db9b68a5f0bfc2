package io.weir.function;

import org.jspecify.annotations.Nullable;

/** The two parts of {@code host:port}. */
final class HostPort {

    private HostPort() {}

    /** Host and port, each empty when it is not there; both when the text makes no sense. */
    static String[] of(@Nullable String text) {
        String t = Bytes.orEmpty(text).strip();
        String host;
        String rest;
        if (t.startsWith("[")) {
            int end = t.indexOf(']');
            if (end < 0) {
                return new String[] {"", ""};
            }
            host = t.substring(1, end);
            rest = t.substring(end + 1);
        } else if (t.indexOf(':') >= 0 && t.indexOf(':') == t.lastIndexOf(':')) {
            host = t.substring(0, t.indexOf(':'));
            rest = t.substring(t.indexOf(':'));
        } else {
            host = t;
            rest = "";
        }
        boolean good =
                host.matches("[A-Za-z0-9_.:-]+") && (rest.isEmpty() || rest.matches(":[0-9]{1,5}"));
        return good
                ? new String[] {host, rest.isEmpty() ? "" : rest.substring(1)}
                : new String[] {"", ""};
    }
}
