package io.weir.http;

import java.nio.charset.StandardCharsets;

/** The request methods that mean something to a proxy (RFC 9110 section 9.3, RFC 5789). */
public enum Method {
    GET(true, true),
    HEAD(true, true),
    POST(false, false),
    PUT(false, true),
    DELETE(false, true),
    OPTIONS(true, true),
    TRACE(true, true),
    CONNECT(false, false),
    PATCH(false, false),
    /** Any other token: forwarded, and taken to be neither safe nor idempotent. */
    OTHER(false, false);

    /** The longest method that is accepted. */
    static final int MAX_LENGTH = 32;

    private final boolean safe;
    private final boolean idempotent;
    private final byte[] spelt;

    Method(boolean safe, boolean idempotent) {
        this.safe = safe;
        this.idempotent = idempotent;
        this.spelt = name().getBytes(StandardCharsets.US_ASCII);
    }

    /** Whether the method asks for no change (RFC 9110 section 9.2.1). */
    public boolean safe() {
        return safe;
    }

    /** Whether sending a request twice does what sending it once does (section 9.2.2). */
    public boolean idempotent() {
        return idempotent;
    }

    /** The method spelt by these bytes; methods are case-sensitive. */
    static Method of(byte[] b, int from, int to) {
        Method guess =
                switch (b[from]) {
                    case 'G' -> GET;
                    case 'H' -> HEAD;
                    case 'P' ->
                            to - from < 2
                                    ? OTHER
                                    : b[from + 1] == 'O' ? POST : b[from + 1] == 'U' ? PUT : PATCH;
                    case 'D' -> DELETE;
                    case 'O' -> OPTIONS;
                    case 'T' -> TRACE;
                    case 'C' -> CONNECT;
                    default -> OTHER;
                };
        if (guess == OTHER || guess.spelt.length != to - from) {
            return OTHER;
        }
        for (int i = 0; i < guess.spelt.length; i++) {
            if (guess.spelt[i] != b[from + i]) {
                return OTHER;
            }
        }
        return guess;
    }
}
