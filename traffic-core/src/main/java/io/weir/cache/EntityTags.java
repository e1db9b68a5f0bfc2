package io.weir.cache;

import org.jspecify.annotations.Nullable;

/** Entity tags and their comparison (RFC 9110 section 8.8.3). Stateless. */
public final class EntityTags {

    private EntityTags() {}

    /** Whether {@code tag} is one well-formed entity tag. */
    public static boolean valid(String tag) {
        return !tag.isEmpty() && end(tag, 0) == tag.length();
    }

    /** The index behind the tag that begins at {@code at}, or -1. */
    private static int end(String text, int at) {
        int i = text.startsWith("W/", at) ? at + 2 : at;
        if (i >= text.length() || text.charAt(i) != '"') {
            return -1;
        }
        for (i++; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"') {
                return i + 1;
            }
            if (c <= 0x20 || c == 0x7f) {
                return -1;
            }
        }
        return -1;
    }

    static boolean weak(String tag) {
        return tag.startsWith("W/");
    }

    /** Without the mark of a weak one. */
    static String opaque(String tag) {
        return weak(tag) ? tag.substring(2) : tag;
    }

    /** Whether both are strong and equal. */
    static boolean strongMatch(String a, String b) {
        return !weak(a) && a.equals(b);
    }

    /**
     * Whether the list of {@code If-None-Match} names {@code tag}, weakly compared; an asterisk
     * names every one.
     */
    static boolean listed(String list, @Nullable String tag) {
        if (list.strip().equals("*")) {
            return true;
        }
        if (tag == null) {
            return false;
        }
        String wanted = opaque(tag);
        int at = 0;
        while (at < list.length()) {
            char c = list.charAt(at);
            if (c == ',' || c == ' ' || c == '\t') {
                at++;
                continue;
            }
            int end = end(list, at);
            if (end < 0) {
                int comma = list.indexOf(',', at);
                at = comma < 0 ? list.length() : comma;
                continue;
            }
            if (opaque(list.substring(at, end)).equals(wanted)) {
                return true;
            }
            at = end;
        }
        return false;
    }
}
