package io.weir.cache;

import io.weir.http.FieldName;
import io.weir.http.Method;
import io.weir.http.RequestHead;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * Decides whether the cache has anything to do with a request, and under which key. What could
 * choose the answer and is not in the key keeps a request away from the cache. Stateless.
 */
public final class RequestShape {

    /**
     * Fields by which some servers take another target, host or method than the request line and
     * Host say. A request that has one is never served from the store, nor is its answer stored.
     */
    private static final List<FieldName> MISLEADING =
            names(
                    "X-Original-URL",
                    "X-Rewrite-URL",
                    "X-Original-URI",
                    "X-Original-Host",
                    "X-Host",
                    "X-Forwarded-Server",
                    "X-HTTP-Host-Override",
                    "X-Forwarded-Path",
                    "X-Forwarded-Prefix",
                    "X-Forwarded-Scheme",
                    "X-Forwarded-SSL",
                    "X-Scheme",
                    "X-URL-Scheme",
                    "Front-End-Https",
                    "X-HTTP-Method",
                    "X-HTTP-Method-Override",
                    "X-Method-Override",
                    "X-Middleware-Subrequest",
                    "X-Middleware-Prefetch",
                    "X-Invoke-Path",
                    "X-Invoke-Status",
                    "X-Envoy-Original-Path");

    /** Fields of trusted proxies that are part of the key; others' have been removed. */
    private static final FieldName[] KEYED = {
        FieldName.X_FORWARDED_HOST,
        FieldName.X_FORWARDED_PROTO,
        FieldName.X_FORWARDED_PORT,
        FieldName.FORWARDED
    };

    /** A name of the DNS, and a port. */
    private static final int MAX_HOST = 255 + ":65535".length();

    /** Octets of the values of all {@link #KEYED} together. */
    private static final int MAX_FORWARDING = 1024;

    private static final byte[] HTTP = {'h', 't', 't', 'p'};
    private static final byte[] HTTPS = {'h', 't', 't', 'p', 's'};

    private RequestShape() {}

    private static List<FieldName> names(String... names) {
        List<FieldName> list = new ArrayList<>();
        for (String name : names) {
            list.add(FieldName.of(name));
        }
        return List.copyOf(list);
    }

    /**
     * Why the cache has nothing to do with the request, in a word, or null when it has.
     *
     * @param bodyLength as {@link io.weir.http.Framing} decided
     */
    public static @Nullable String unfit(RequestHead head, long bodyLength, int maxTarget) {
        if (head.method() != Method.GET && head.method() != Method.HEAD) {
            return "method";
        }
        if (bodyLength != 0 || head.contains(FieldName.EXPECT)) {
            // A "fat GET": the body may have chosen the answer.
            return "body";
        }
        if (head.contains(FieldName.UPGRADE)) {
            return "upgrade";
        }
        if (head.targetLength() > maxTarget) {
            return "uri-too-long";
        }
        int forwarding = 0;
        for (int i = 0, n = head.size(); i < n; i++) {
            if (!head.present(i)) {
                continue;
            }
            FieldName name = head.knownName(i);
            if (name == null) {
                if (misleading(head, i)) {
                    return "request-field";
                }
            } else if (name == FieldName.HOST) {
                if (head.valueLength(i) > MAX_HOST) {
                    return "host-too-long";
                }
            } else if (keyed(name)) {
                forwarding += head.valueLength(i);
            }
        }
        return forwarding > MAX_FORWARDING ? "forwarding-too-long" : null;
    }

    private static boolean keyed(FieldName name) {
        for (FieldName each : KEYED) {
            if (each == name) {
                return true;
            }
        }
        return false;
    }

    private static boolean misleading(RequestHead head, int i) {
        for (FieldName name : MISLEADING) {
            if (head.resembles(i, name)) {
                return true;
            }
        }
        return false;
    }

    /**
     * The key of the request.
     *
     * @param pool that a rule has chosen; empty for the default one
     */
    public static CacheKey key(
            CacheZone zone, boolean secure, RequestHead head, String pool, boolean normalizeQuery) {
        String host = head.get(FieldName.HOST);
        byte[] target = head.targetOctets();
        if (normalizeQuery && severalParameters(target)) {
            target = normalized(head.target()).getBytes(StandardCharsets.ISO_8859_1);
        }
        return new CacheKey(
                zone, secure, host == null ? "" : host, target, more(head, pool, secure));
    }

    private static boolean severalParameters(byte[] target) {
        boolean query = false;
        for (byte b : target) {
            query |= b == '?';
            if (query && b == '&') {
                return true;
            }
        }
        return false;
    }

    private static String more(RequestHead head, String pool, boolean secure) {
        String more = pool;
        for (FieldName name : KEYED) {
            int i = head.find(name, 0);
            if (i >= 0 && !(name == FieldName.X_FORWARDED_PROTO && own(head, secure))) {
                more += name + ":" + head.getAll(name) + "\n";
            }
        }
        return more;
    }

    /**
     * Whether the one scheme that the request names is the client's own: it is in the key anyway.
     */
    private static boolean own(RequestHead head, boolean secure) {
        int proto = head.find(FieldName.X_FORWARDED_PROTO, 0);
        return head.valueEquals(proto, secure ? HTTPS : HTTP)
                && head.find(FieldName.X_FORWARDED_PROTO, proto + 1) < 0;
    }

    /**
     * Puts the parameters of a query in the order of their names where every server takes the
     * result for the same: names are plain, none could be an array or spelt in two ways, and equal
     * names keep their order. Other queries stay as they are.
     */
    public static String normalized(String target) {
        int query = target.indexOf('?');
        if (query < 0 || target.indexOf('&', query) < 0) {
            return target;
        }
        String[] pairs = target.substring(query + 1).split("&", -1);
        if (pairs.length > 128) {
            return target;
        }
        List<String[]> named = new ArrayList<>(pairs.length);
        boolean sorted = true;
        String before = "";
        for (String pair : pairs) {
            int equals = pair.indexOf('=');
            String name = equals < 0 ? pair : pair.substring(0, equals);
            if (!plainName(name) || pair.indexOf(';') >= 0) {
                return target;
            }
            name = name.toLowerCase(Locale.ROOT);
            sorted &= before.compareTo(name) <= 0;
            before = name;
            named.add(new String[] {name, pair});
        }
        if (sorted) {
            return target;
        }
        named.sort(Comparator.comparing(n -> n[0]));
        StringBuilder out = new StringBuilder(target.length()).append(target, 0, query);
        char separator = '?';
        for (String[] pair : named) {
            out.append(separator).append(pair[1]);
            separator = '&';
        }
        return out.toString();
    }

    private static boolean plainName(String name) {
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean plain =
                    c >= 'a' && c <= 'z'
                            || c >= 'A' && c <= 'Z'
                            || c >= '0' && c <= '9'
                            || c == '-'
                            || c == '_';
            if (!plain) {
                return false;
            }
        }
        return !name.isEmpty();
    }
}
