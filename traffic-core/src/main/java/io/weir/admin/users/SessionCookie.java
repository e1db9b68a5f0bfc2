package io.weir.admin.users;

import io.weir.admin.AdminRequest;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * The cookie that carries the id of a session: not for scripts, for this site only, and over TLS
 * bound to this host (RFC 6265bis, section 4.1.3.2).
 */
public final class SessionCookie {

    private static final String OVER_TLS = "__Host-weir";
    private static final String PLAIN = "weir";

    private SessionCookie() {}

    /** The id in a request; null when there is none, or more than one. */
    public static @Nullable String read(AdminRequest request) {
        String prefix = (request.secure() ? OVER_TLS : PLAIN) + "=";
        String found = null;
        for (String field : request.headers().getOrDefault("Cookie", List.of())) {
            for (String pair : field.split(";", -1)) {
                String trimmed = pair.strip();
                if (trimmed.startsWith(prefix)) {
                    if (found != null) {
                        return null;
                    }
                    found = trimmed.substring(prefix.length());
                }
            }
        }
        return found != null && found.matches("[0-9a-f]{64}") ? found : null;
    }

    /** The Set-Cookie field that begins a session. */
    public static String begin(AdminRequest request, String id) {
        return field(request, id, "");
    }

    /** The Set-Cookie field that has the browser forget it. */
    public static String end(AdminRequest request) {
        return field(request, "", "; Max-Age=0");
    }

    private static String field(AdminRequest request, String value, String more) {
        return (request.secure() ? OVER_TLS : PLAIN)
                + "="
                + value
                + "; Path=/; HttpOnly; SameSite=Strict"
                + (request.secure() ? "; Secure" : "")
                + more;
    }
}
