package io.weir.protect;

import java.util.Locale;

/** Why something was refused; the reasons that ZXTM counts. */
public enum Reason {
    /** The address is banned. */
    BANNED("the address is banned"),
    /** The address has as many connections as one may have. */
    CONNECTIONS_1("too many connections of one address"),
    /** The ten busiest addresses have as many connections as they may have together. */
    CONNECTIONS_10("too many connections of the ten busiest addresses"),
    /** The address opens connections, or sends requests, too often. */
    RATE("too many connections and requests in a short time"),
    /** The URL has characters that RFC 2396 does not allow. */
    RFC2396("characters that URLs may not have"),
    /** URL, header or body is too long. */
    SIZE("URL, header or body too long"),
    /** URL or header has bytes that are not text. */
    BINARY("bytes that are not text");

    private final String text;

    Reason(String text) {
        this.text = text;
    }

    /** The reason in words. */
    public String text() {
        return text;
    }

    /** The reason as a stable word for figures. */
    public String keyword() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
