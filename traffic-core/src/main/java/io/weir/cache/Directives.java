package io.weir.cache;

import io.weir.http.FieldName;
import io.weir.http.Fields;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The cache directives of one message (RFC 9111 section 5.2, RFC 5861, RFC 8246). A value that
 * cannot be understood counts as the most careful one; a field that cannot be read, or has too many
 * directives, counts as {@code no-store}. Times are seconds, {@link #ABSENT} where there is none.
 * Immutable.
 */
public final class Directives {

    /** The directive is not there. */
    public static final long ABSENT = -1;

    /** RFC 9111 section 1.2.2: what a number too large counts as. */
    public static final long MOST = 1L << 31;

    /** Directives read of one message. */
    private static final int MAX_DIRECTIVES = 64;

    private static final Directives NONE = new Directives(new Reading());

    static final FieldName TARGETED = FieldName.of("CDN-Cache-Control");

    private final Reading r;

    private Directives(Reading r) {
        this.r = r;
    }

    /** What is collected while reading. */
    private static final class Reading {
        boolean noStore;
        boolean noCache;
        boolean isPrivate;
        boolean isPublic;
        boolean mustRevalidate;
        boolean proxyRevalidate;
        boolean mustUnderstand;
        boolean noTransform;
        boolean onlyIfCached;
        long maxAge = ABSENT;
        long sharedMaxAge = ABSENT;
        long staleWhileRevalidate = ABSENT;
        long staleIfError = ABSENT;
        long minFresh = ABSENT;
        long maxStale = ABSENT;
        int count;
        @Nullable List<String> fields;

        void broken() {
            noStore = true;
        }

        void names(String list) {
            List<String> all = fields == null ? new ArrayList<>() : fields;
            for (String name : list.split(",", -1)) {
                if (!name.isBlank() && all.size() < MAX_DIRECTIVES) {
                    all.add(name.strip());
                }
            }
            fields = all;
        }
    }

    /** The directives of a request: {@code Cache-Control}, else {@code Pragma} (section 5.4). */
    public static Directives ofRequest(Fields head) {
        if (head.contains(FieldName.CACHE_CONTROL)) {
            return ofField(head, FieldName.CACHE_CONTROL);
        }
        if (head.listContains(FieldName.PRAGMA, "no-cache")) {
            Reading r = new Reading();
            r.noCache = true;
            return new Directives(r);
        }
        return NONE;
    }

    /**
     * The directives of a response: those meant for caches like this one where they are there and
     * sound (RFC 9213), else {@code Cache-Control}.
     */
    public static Directives ofResponse(Fields head) {
        Directives targeted = targeted(head);
        return targeted != null ? targeted : ofField(head, FieldName.CACHE_CONTROL);
    }

    /** Whether {@link #ofResponse} goes by a targeted field, so that Expires means nothing. */
    public static boolean hasTargeted(Fields head) {
        return targeted(head) != null;
    }

    private static @Nullable Directives targeted(Fields head) {
        String text = head.getAll(TARGETED);
        return text == null ? null : parseTargeted(text);
    }

    private static Directives ofField(Fields head, FieldName name) {
        String text = head.getAll(name);
        return text == null ? NONE : parse(text);
    }

    /** Reads the value of {@code Cache-Control}, the values of several fields joined by commas. */
    public static Directives parse(String text) {
        Reading r = new Reading();
        int at = 0;
        int n = text.length();
        while (at < n) {
            char c = text.charAt(at);
            if (c == ',' || c == ' ' || c == '\t') {
                at++;
                continue;
            }
            int from = at;
            while (at < n && token(text.charAt(at))) {
                at++;
            }
            String name = text.substring(from, at).toLowerCase(Locale.ROOT);
            String value = null;
            if (at < n && text.charAt(at) == '=') {
                at++;
                StringBuilder out = new StringBuilder();
                at = at < n && text.charAt(at) == '"' ? quoted(text, at, out) : bare(text, at, out);
                if (at < 0) {
                    r.broken();
                    break;
                }
                value = out.toString();
            }
            while (at < n && (text.charAt(at) == ' ' || text.charAt(at) == '\t')) {
                at++;
            }
            if (at < n && text.charAt(at) != ',') {
                // Not a list: what follows could have been meant as anything.
                int comma = text.indexOf(',', at);
                at = comma < 0 ? n : comma;
                name = careful(name);
                value = value == null ? null : "?";
            }
            if (name.isEmpty()) {
                continue;
            }
            if (++r.count > MAX_DIRECTIVES) {
                r.broken();
                break;
            }
            take(r, name, value);
        }
        return new Directives(r);
    }

    /** The careful reading of a directive with rubbish behind it. */
    private static String careful(String name) {
        return switch (name) {
            case "public",
                    "must-understand",
                    "immutable",
                    "stale-while-revalidate",
                    "stale-if-error" ->
                    "";
            default -> name;
        };
    }

    private static int quoted(String text, int at, StringBuilder out) {
        for (int i = at + 1; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"') {
                return i + 1;
            }
            if (c == '\\' && i + 1 < text.length()) {
                c = text.charAt(++i);
            }
            out.append(c);
        }
        return -1;
    }

    private static int bare(String text, int at, StringBuilder out) {
        int i = at;
        while (i < text.length() && text.charAt(i) != ',' && text.charAt(i) != ' ') {
            out.append(text.charAt(i++));
        }
        return i;
    }

    private static boolean token(char c) {
        return c > 0x20 && c < 0x7f && "()<>@,;:\\\"/[]?={}".indexOf(c) < 0;
    }

    private static void take(Reading r, String name, @Nullable String value) {
        switch (name) {
            case "no-store" -> r.noStore = true;
            case "no-cache" -> {
                if (value == null || value.isBlank()) {
                    r.noCache = true;
                } else {
                    r.names(value);
                }
            }
            case "private" -> {
                if (value == null || value.isBlank()) {
                    r.isPrivate = true;
                } else {
                    r.names(value);
                }
            }
            case "public" -> r.isPublic = true;
            case "must-revalidate" -> r.mustRevalidate = true;
            case "proxy-revalidate" -> r.proxyRevalidate = true;
            case "must-understand" -> r.mustUnderstand = true;
            case "no-transform" -> r.noTransform = true;
            case "only-if-cached" -> r.onlyIfCached = true;
            case "max-age" -> r.maxAge = least(r.maxAge, number(value, 0));
            case "s-maxage" -> r.sharedMaxAge = least(r.sharedMaxAge, number(value, 0));
            case "stale-while-revalidate" ->
                    r.staleWhileRevalidate = least(r.staleWhileRevalidate, number(value, 0));
            case "stale-if-error" -> r.staleIfError = least(r.staleIfError, number(value, 0));
            case "min-fresh" -> r.minFresh = Math.max(r.minFresh, number(value, MOST));
            case "max-stale" ->
                    r.maxStale = value == null ? MOST : least(r.maxStale, number(value, 0));
            default -> {}
        }
    }

    private static long least(long known, long next) {
        return known == ABSENT ? next : Math.min(known, next);
    }

    /** A number of seconds; {@code otherwise} for what is none. */
    private static long number(@Nullable String text, long otherwise) {
        if (text == null || text.isEmpty()) {
            return otherwise;
        }
        long n = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < '0' || c > '9') {
                return otherwise;
            }
            n = Math.min(MOST, n * 10 + (c - '0'));
        }
        return n;
    }

    /**
     * Reads a targeted field, a dictionary of RFC 8941.
     *
     * @return null when it is empty or not sound, which means it is not there (RFC 9213 section
     *     2.1)
     */
    static @Nullable Directives parseTargeted(String text) {
        DictionaryReader reader = new DictionaryReader(text);
        Reading r = new Reading();
        DictionaryReader.Member member = reader.next();
        if (member == null) {
            return null;
        }
        for (; member != null; member = reader.next()) {
            if (++r.count > MAX_DIRECTIVES) {
                return null;
            }
            targetedMember(r, member);
        }
        return reader.broken() ? null : new Directives(r);
    }

    private static void targetedMember(Reading r, DictionaryReader.Member m) {
        boolean number = m.kind() == DictionaryReader.Kind.INTEGER;
        if (!number && m.kind() == DictionaryReader.Kind.FALSE) {
            return;
        }
        long seconds = number ? Math.clamp(m.integer(), 0, MOST) : ABSENT;
        switch (m.name()) {
            // The last one of a name counts in a dictionary.
            case "max-age" -> r.maxAge = number ? seconds : r.maxAge;
            case "s-maxage" -> r.sharedMaxAge = number ? seconds : r.sharedMaxAge;
            case "stale-while-revalidate" ->
                    r.staleWhileRevalidate = number ? seconds : r.staleWhileRevalidate;
            case "stale-if-error" -> r.staleIfError = number ? seconds : r.staleIfError;
            default -> {
                if (m.kind() == DictionaryReader.Kind.TEXT && m.text() != null) {
                    take(r, m.name(), m.text());
                } else {
                    take(r, m.name(), null);
                }
            }
        }
    }

    public boolean noStore() {
        return r.noStore;
    }

    /** Never used without asking the node. */
    public boolean noCache() {
        return r.noCache;
    }

    public boolean isPrivate() {
        return r.isPrivate;
    }

    public boolean isPublic() {
        return r.isPublic;
    }

    public boolean mustRevalidate() {
        return r.mustRevalidate;
    }

    /** Whether a stale response must not be used without asking, whatever else is said. */
    public boolean neverStale() {
        return r.mustRevalidate || r.proxyRevalidate || r.sharedMaxAge != ABSENT || r.noCache;
    }

    public boolean mustUnderstand() {
        return r.mustUnderstand;
    }

    public boolean noTransform() {
        return r.noTransform;
    }

    public boolean onlyIfCached() {
        return r.onlyIfCached;
    }

    public long maxAge() {
        return r.maxAge;
    }

    public long sharedMaxAge() {
        return r.sharedMaxAge;
    }

    public long staleWhileRevalidate() {
        return r.staleWhileRevalidate;
    }

    public long staleIfError() {
        return r.staleIfError;
    }

    public long minFresh() {
        return r.minFresh;
    }

    /** {@link #MOST} where any staleness will do. */
    public long maxStale() {
        return r.maxStale;
    }

    /** Fields that must not be kept: those that {@code no-cache} and {@code private} name. */
    public List<String> fieldsNotKept() {
        List<String> names = r.fields;
        return names == null ? List.of() : names;
    }
}
