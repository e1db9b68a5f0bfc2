package io.weir.admin;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A request to the admin server, complete with its body.
 *
 * @param method in upper case
 * @param path as sent, still percent-encoded; begins with a slash
 * @param query as sent, without the question mark; empty when there is none
 * @param headers by name, whatever the case, each with its values in order
 * @param body the bytes; empty when there is none
 * @param remote where it comes from
 * @param secure whether it came over TLS
 * @param certificate of the client, verified; null when it has shown none
 * @param caller who asks
 */
public record AdminRequest(
        String method,
        String path,
        String query,
        Map<String, List<String>> headers,
        byte[] body,
        InetAddress remote,
        boolean secure,
        @Nullable X509Certificate certificate,
        Caller caller) {

    public AdminRequest {
        Map<String, List<String>> copy = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        headers.forEach((name, values) -> copy.put(name, List.copyOf(values)));
        headers = Collections.unmodifiableMap(copy);
    }

    /** The first value of a header field; null when there is none. */
    public @Nullable String header(String name) {
        List<String> values = headers.get(name);
        return values == null || values.isEmpty() ? null : values.getFirst();
    }

    /** The body as UTF-8 text. */
    public String text() {
        return new String(body, StandardCharsets.UTF_8);
    }

    /** Whether the method only looks (RFC 9110, section 9.2.1). */
    public boolean isSafe() {
        return method.equals("GET") || method.equals("HEAD") || method.equals("OPTIONS");
    }

    /**
     * The path below {@code mount}, cut at its slashes and decoded after that, so that a segment
     * may hold a slash. A slash at the end makes no segment.
     *
     * @throws IllegalArgumentException when an escape is broken
     */
    public List<String> segments(String mount) {
        List<String> segments = new ArrayList<>();
        String rest = path.substring(mount.equals("/") ? 0 : mount.length());
        for (String raw : rest.split("/", -1)) {
            if (!raw.isEmpty()) {
                segments.add(decoded(raw.replace("+", "%2B")));
            }
        }
        return segments;
    }

    /**
     * The first value of a parameter of the query; null when there is none.
     *
     * @throws IllegalArgumentException when an escape is broken
     */
    public @Nullable String parameter(String name) {
        List<String> values = parameters(name);
        return values.isEmpty() ? null : values.getFirst();
    }

    /**
     * Every value of a parameter of the query, in order.
     *
     * @throws IllegalArgumentException when an escape is broken
     */
    public List<String> parameters(String name) {
        List<String> values = new ArrayList<>();
        for (String pair : query.split("&", -1)) {
            int equals = pair.indexOf('=');
            String key = equals < 0 ? pair : pair.substring(0, equals);
            if (decoded(key).equals(name)) {
                values.add(equals < 0 ? "" : decoded(pair.substring(equals + 1)));
            }
        }
        return values;
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    /** The same request from somebody who has been signed in. */
    public AdminRequest by(Caller who) {
        return new AdminRequest(
                method, path, query, headers, body, remote, secure, certificate, who);
    }

    /** The same request with its body. */
    public AdminRequest with(byte[] bytes) {
        return new AdminRequest(
                method, path, query, headers, bytes, remote, secure, certificate, caller);
    }

    /** Method and path; header fields and body can hold secrets. */
    @Override
    public String toString() {
        return method + " " + path;
    }
}
