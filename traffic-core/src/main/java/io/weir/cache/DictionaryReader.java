package io.weir.cache;

import org.jspecify.annotations.Nullable;

/** Reads a dictionary of structured field values (RFC 8941 section 3.2), strictly. */
final class DictionaryReader {

    private final String text;
    private int at;
    private boolean broken;
    private boolean first = true;

    DictionaryReader(String text) {
        this.text = text;
    }

    /** What the value of a member is. */
    enum Kind {
        INTEGER,
        TRUE,
        FALSE,
        TEXT,
        /** A decimal, a byte sequence or an inner list. */
        OTHER
    }

    /** One member; its parameters are read and left out. */
    record Member(String name, Kind kind, long integer, @Nullable String text) {}

    /** Whether the text is not a dictionary; known for sure when {@link #next} gave null. */
    boolean broken() {
        return broken;
    }

    /** The next member; null at the end. */
    @Nullable Member next() {
        blanks();
        if (broken || at == text.length()) {
            return null;
        }
        if (!first) {
            if (text.charAt(at) != ',') {
                return fail();
            }
            at++;
            blanks();
            if (at == text.length()) {
                return fail();
            }
        }
        first = false;
        String name = key();
        if (name == null) {
            return fail();
        }
        Member member = new Member(name, Kind.TRUE, 0, null);
        if (at < text.length() && text.charAt(at) == '=') {
            at++;
            member = at < text.length() && text.charAt(at) == '(' ? innerList(name) : item(name);
        }
        return member != null && parameters() ? member : fail();
    }

    private @Nullable Member fail() {
        broken = true;
        return null;
    }

    private void blanks() {
        while (at < text.length() && (text.charAt(at) == ' ' || text.charAt(at) == '\t')) {
            at++;
        }
    }

    private @Nullable String key() {
        int from = at;
        while (at < text.length()) {
            char c = text.charAt(at);
            boolean begins = c >= 'a' && c <= 'z' || c == '*';
            boolean goesOn = begins || c >= '0' && c <= '9' || c == '_' || c == '-' || c == '.';
            if (at == from ? !begins : !goesOn) {
                break;
            }
            at++;
        }
        return at == from ? null : text.substring(from, at);
    }

    private boolean parameters() {
        while (at < text.length() && text.charAt(at) == ';') {
            at++;
            while (at < text.length() && text.charAt(at) == ' ') {
                at++;
            }
            String name = key();
            if (name == null) {
                return false;
            }
            if (at < text.length() && text.charAt(at) == '=') {
                at++;
                if (item(name) == null) {
                    return false;
                }
            }
        }
        return true;
    }

    private @Nullable Member innerList(String name) {
        at++;
        while (at < text.length()) {
            while (at < text.length() && text.charAt(at) == ' ') {
                at++;
            }
            if (at < text.length() && text.charAt(at) == ')') {
                at++;
                return new Member(name, Kind.OTHER, 0, null);
            }
            if (item(name) == null || !parameters()) {
                return null;
            }
        }
        return null;
    }

    private @Nullable Member item(String name) {
        if (at == text.length()) {
            return null;
        }
        char c = text.charAt(at);
        if (c == '"') {
            return string(name);
        }
        if (c == '?') {
            char value = at + 1 < text.length() ? text.charAt(at + 1) : 0;
            at += 2;
            return value == '1'
                    ? new Member(name, Kind.TRUE, 0, null)
                    : value == '0' ? new Member(name, Kind.FALSE, 0, null) : null;
        }
        if (c == '-' || c >= '0' && c <= '9') {
            return number(name);
        }
        if (c == ':') {
            int end = text.indexOf(':', at + 1);
            at = end + 1;
            return end < 0 ? null : new Member(name, Kind.OTHER, 0, null);
        }
        int from = at;
        while (at < text.length()
                && (Character.isLetterOrDigit(text.charAt(at))
                        || "!#$%&'*+-.^_`|~:/".indexOf(text.charAt(at)) >= 0)) {
            at++;
        }
        boolean begins = Character.isLetter(c) || c == '*';
        return begins ? new Member(name, Kind.TEXT, 0, text.substring(from, at)) : null;
    }

    private @Nullable Member string(String name) {
        StringBuilder out = new StringBuilder();
        for (at++; at < text.length(); at++) {
            char c = text.charAt(at);
            if (c == '"') {
                at++;
                return new Member(name, Kind.TEXT, 0, out.toString());
            }
            if (c == '\\') {
                at++;
                c = at < text.length() ? text.charAt(at) : 0;
                if (c != '"' && c != '\\') {
                    return null;
                }
            } else if (c < 0x20 || c > 0x7e) {
                return null;
            }
            out.append(c);
        }
        return null;
    }

    private @Nullable Member number(String name) {
        int from = at;
        boolean negative = text.charAt(at) == '-';
        at += negative ? 1 : 0;
        int digits = at;
        long n = 0;
        while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
            n = n * 10 + (text.charAt(at++) - '0');
            if (at - digits > 15) {
                return null;
            }
        }
        if (at == digits) {
            return null;
        }
        if (at < text.length() && text.charAt(at) == '.') {
            int point = at++;
            while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
                at++;
            }
            boolean sound = at > point + 1 && at - point <= 4 && point - digits <= 12;
            return sound ? new Member(name, Kind.OTHER, 0, text.substring(from, at)) : null;
        }
        return new Member(name, Kind.INTEGER, negative ? -n : n, null);
    }
}
