package io.weir.persist;

import io.weir.config.PersistenceConfig;

import org.jspecify.annotations.Nullable;

import java.util.HexFormat;
import java.util.Locale;

/**
 * The cookie in which a client keeps the token of its node. Its name depends on class and cluster
 * key, so that it tells nothing and collides with nobody's. Immutable.
 */
final class MappingCookie {

    private static final int NAME_OCTETS = 4;

    private final String name;
    private final String plain;
    private final String secure;

    private MappingCookie(String name, @Nullable String directives) {
        this.name = name;
        String own = directives == null ? "" : directives.strip();
        plain = attributes(own, false);
        secure = attributes(own, true);
    }

    /** The cookie of a class under {@code key}. */
    static MappingCookie of(PersistenceConfig config, ClusterKey key) {
        byte[] mark = key.mark("cookie\n" + config.name());
        return new MappingCookie(
                "X-Mapping-" + HexFormat.of().formatHex(mark, 0, NAME_OCTETS), config.directives());
    }

    String name() {
        return name;
    }

    /**
     * The value of a {@code Set-Cookie} field that gives {@code token} to the client.
     *
     * @param overTls whether the client came over TLS
     */
    String set(String token, boolean overTls) {
        return name + "=" + token + (overTls ? secure : plain);
    }

    /** The value of a {@code Set-Cookie} field that takes the cookie away. */
    String delete() {
        return delete(name, plain);
    }

    /** The same for a cookie of another name. */
    static String delete(String name) {
        return delete(name, "; Path=/");
    }

    private static String delete(String name, String attributes) {
        // Of an attribute that comes twice the last one counts (RFC 6265 section 5.3).
        return name + "=" + attributes + "; Max-Age=0; Expires=Thu, 01 Jan 1970 00:00:00 GMT";
    }

    /** What the operator says replaces what would be there without. */
    private static String attributes(String own, boolean overTls) {
        StringBuilder text = new StringBuilder();
        add(text, own, "Path", "Path=/");
        add(text, own, "HttpOnly", "HttpOnly");
        if (overTls) {
            add(text, own, "Secure", "Secure");
            add(text, own, "SameSite", "SameSite=Lax");
        }
        return own.isEmpty() ? text.toString() : text + "; " + own;
    }

    private static void add(StringBuilder text, String own, String name, String attribute) {
        for (String part : own.split(";", -1)) {
            int equals = part.indexOf('=');
            String there = (equals < 0 ? part : part.substring(0, equals)).strip();
            if (there.toLowerCase(Locale.ROOT).equals(name.toLowerCase(Locale.ROOT))) {
                return;
            }
        }
        text.append("; ").append(attribute);
    }
}
