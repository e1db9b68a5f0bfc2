package io.weir.exchange;

import com.google.re2j.Pattern;

import io.weir.config.VirtualServerConfig.CookieDomain;
import io.weir.config.VirtualServerConfig.CookieSecure;
import io.weir.config.VirtualServerConfig.ResponseRewriting;

import org.jspecify.annotations.Nullable;

import java.util.Locale;

/** Rewrites the attributes of Set-Cookie values (RFC 6265 section 4.1). Immutable. */
final class CookieRewriting {

    private final ResponseRewriting rules;
    private final @Nullable Pattern path;

    private CookieRewriting(ResponseRewriting rules) {
        this.rules = rules;
        String regex = rules.cookiePathRegex();
        this.path = regex == null ? null : Pattern.compile(regex);
    }

    /** The rewriting that {@code rules} ask for, or null if they ask for none. */
    static @Nullable CookieRewriting of(ResponseRewriting rules) {
        boolean nothing =
                rules.cookieDomain() == CookieDomain.NO_REWRITE
                        && rules.cookieSecure() == CookieSecure.NO_MODIFY
                        && rules.cookiePathRegex() == null;
        return nothing ? null : new CookieRewriting(rules);
    }

    /**
     * The cookie with other attributes.
     *
     * @param host the Host field of the request, or null
     */
    String rewrite(String cookie, @Nullable String host) {
        String[] parts = cookie.split(";", -1);
        StringBuilder out = new StringBuilder(cookie.length() + 32).append(parts[0]);
        boolean secure = false;
        for (int i = 1; i < parts.length; i++) {
            String part = parts[i].strip();
            int equals = part.indexOf('=');
            String name =
                    (equals < 0 ? part : part.substring(0, equals))
                            .strip()
                            .toLowerCase(Locale.ROOT);
            String value = equals < 0 ? "" : part.substring(equals + 1).strip();
            switch (name) {
                case "" -> {}
                case "domain" -> {
                    String domain = domain(value, host);
                    out.append("; Domain=").append(domain);
                }
                case "path" -> out.append("; Path=").append(path(value));
                case "secure" -> {
                    secure = true;
                    if (rules.cookieSecure() != CookieSecure.UNSET_SECURE) {
                        out.append("; Secure");
                    }
                }
                default -> out.append("; ").append(part);
            }
        }
        if (!secure && rules.cookieSecure() == CookieSecure.SET_SECURE) {
            out.append("; Secure");
        }
        return out.toString();
    }

    private String domain(String value, @Nullable String host) {
        String named = rules.newCookieDomain();
        return switch (rules.cookieDomain()) {
            case NO_REWRITE -> value;
            case SET_TO_NAMED -> named == null ? value : named;
            case SET_TO_REQUEST -> {
                if (host == null || host.startsWith("[")) {
                    yield value;
                }
                int colon = host.indexOf(':');
                yield colon < 0 ? host : host.substring(0, colon);
            }
        };
    }

    private String path(String value) {
        Pattern pattern = path;
        String replace = rules.cookiePathReplace();
        return pattern == null || replace == null
                ? value
                : pattern.matcher(value).replaceFirst(replace);
    }
}
