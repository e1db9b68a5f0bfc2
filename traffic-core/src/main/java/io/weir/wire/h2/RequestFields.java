package io.weir.wire.h2;

import io.netty.util.AsciiString;
import io.weir.config.VirtualServerConfig.Limits;
import io.weir.http.Defect;
import io.weir.http.FieldName;
import io.weir.http.Framing;
import io.weir.http.RequestHead;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Makes a request head out of a field block (RFC 9113 section 8.3.1), so strictly that what comes
 * out could have come in over HTTP/1.1. Reused by {@link #start}. Confined to one event loop.
 */
final class RequestFields implements HeaderDecoder.FieldSink {

    private static final byte[] HOST = ascii("host");
    private static final byte[] COOKIE = ascii("cookie");
    private static final byte[] GET = ascii("GET");
    private static final AsciiString WEBSOCKET = AsciiString.cached("websocket");
    private static final AsciiString HTTP = AsciiString.cached("http");
    private static final AsciiString HTTPS = AsciiString.cached("https");
    private static final AsciiString CONNECT = AsciiString.cached("CONNECT");
    private static final AsciiString COOKIE_NAME = AsciiString.cached("cookie");
    private static final AsciiString HOST_NAME = AsciiString.cached("host");
    private static final AsciiString TRAILERS = AsciiString.cached("trailers");

    /** What a field costs beside its name and value: ": " and the end of the line. */
    private static final int LINE = 4;

    private static final int KEPT_COOKIE = 4096;

    private @Nullable RequestHead head;
    private @Nullable Limits limits;
    private boolean connectAllowed;
    private @Nullable AsciiString method;
    private @Nullable AsciiString scheme;
    private @Nullable AsciiString path;
    private @Nullable AsciiString authority;
    private @Nullable AsciiString protocol;
    private boolean regular;
    private byte[] cookie = new byte[256];
    private int cookieLength;
    private int count;
    private long size;
    private @Nullable Defect defect;

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /**
     * Makes ready for a block.
     *
     * @param to empty
     * @param webSockets whether extended CONNECT (RFC 8441) is served
     */
    void start(RequestHead to, Limits within, boolean webSockets) {
        head = to;
        limits = within;
        connectAllowed = webSockets;
        method = null;
        scheme = null;
        path = null;
        authority = null;
        protocol = null;
        regular = false;
        cookieLength = 0;
        count = 0;
        size = 0;
        defect = null;
    }

    /** Whether the request asks for a WebSocket; the head is then that of the HTTP/1.1 way. */
    boolean webSocket() {
        return protocol != null;
    }

    private RequestHead head() {
        RequestHead h = head;
        if (h == null) {
            throw new IllegalStateException("not started");
        }
        return h;
    }

    private Limits limits() {
        Limits l = limits;
        if (l == null) {
            throw new IllegalStateException("not started");
        }
        return l;
    }

    @Override
    public void field(AsciiString name, AsciiString value) {
        if (defect != null) {
            return;
        }
        size += name.length() + value.length() + LINE;
        if (size > limits().maxHeaderLength()) {
            defect = Defect.HEAD_TOO_LARGE;
        } else if (name.length() > 0 && name.byteAt(0) == ':') {
            defect = pseudo(name, value);
        } else if (!isFurtherCrumb(name) && ++count > limits().maxHeaders()) {
            defect = Defect.TOO_MANY_FIELDS;
        } else {
            if (!regular) {
                regular = true;
                defect = startLine();
            }
            if (defect == null) {
                defect = ordinary(name, value);
            }
        }
    }

    /** A cookie that was cut into pieces counts once, as in HTTP/1.1. */
    private boolean isFurtherCrumb(AsciiString name) {
        return cookieLength > 0 && name.equals(COOKIE_NAME);
    }

    private @Nullable Defect pseudo(AsciiString name, AsciiString value) {
        if (regular) {
            return Defect.FIELD_NAME;
        }
        AsciiString before;
        switch (name.toString()) {
            case ":method" -> {
                before = method;
                method = value;
            }
            case ":scheme" -> {
                before = scheme;
                scheme = value;
            }
            case ":path" -> {
                before = path;
                path = value;
            }
            case ":authority" -> {
                before = authority;
                authority = value;
            }
            case ":protocol" -> {
                before = protocol;
                protocol = value;
            }
            default -> {
                return Defect.FIELD_NAME;
            }
        }
        return before == null ? null : Defect.FIELD_NAME;
    }

    private @Nullable Defect startLine() {
        AsciiString m = method;
        if (m == null) {
            return Defect.METHOD;
        }
        AsciiString asked = protocol;
        if (CONNECT.equals(m) && asked == null) {
            return path == null && scheme == null ? Defect.METHOD_REFUSED : Defect.METHOD;
        }
        AsciiString s = scheme;
        AsciiString p = path;
        if (s == null || p == null || !s.equals(HTTP) && !s.equals(HTTPS)) {
            return Defect.REQUEST_LINE;
        }
        RequestHead h = head();
        Defect wrong;
        if (asked != null) {
            if (!connectAllowed
                    || !CONNECT.equals(m)
                    || !asked.equals(WEBSOCKET)
                    || authority == null) {
                return Defect.REQUEST_LINE;
            }
            wrong = start(h, GET, 0, GET.length, p);
        } else {
            wrong = start(h, m.array(), m.arrayOffset(), m.length(), p);
        }
        AsciiString a = authority;
        if (wrong == null && a != null) {
            wrong = h.addOctets(HOST, 0, HOST.length, a.array(), a.arrayOffset(), a.length());
        }
        return wrong;
    }

    private @Nullable Defect start(RequestHead h, byte[] m, int at, int length, AsciiString p) {
        return h.start(
                m, at, length, p.array(), p.arrayOffset(), p.length(), limits().maxUrlLength());
    }

    private @Nullable Defect ordinary(AsciiString name, AsciiString value) {
        if (name.equals(COOKIE_NAME)) {
            return crumb(value);
        }
        AsciiString a = authority;
        if (a != null && name.equals(HOST_NAME)) {
            // RFC 9113 section 8.3.1: the same as the authority, or the request is malformed.
            return a.contentEqualsIgnoreCase(value) ? null : Defect.HOST;
        }
        RequestHead h = head();
        Defect wrong =
                h.addOctets(
                        name.array(),
                        name.arrayOffset(),
                        name.length(),
                        value.array(),
                        value.arrayOffset(),
                        value.length());
        if (wrong != null) {
            return wrong;
        }
        FieldName known = h.knownName(h.size() - 1);
        if (known == null) {
            return null;
        }
        if (known == FieldName.TE) {
            return value.contentEqualsIgnoreCase(TRAILERS) ? null : Defect.FIELD_NAME;
        }
        if (known == FieldName.CONTENT_LENGTH && webSocket()) {
            // What follows are the bytes of the tunnel, which no node may take for a body.
            return Defect.CONTENT_LENGTH;
        }
        return known.hopByHop() ? Defect.FIELD_NAME : null;
    }

    /** RFC 9113 section 8.2.3: cookies may come in pieces, and go on as one field. */
    private @Nullable Defect crumb(AsciiString value) {
        int more = value.length() + 2;
        if (cookie.length - cookieLength < more) {
            cookie =
                    java.util.Arrays.copyOf(
                            cookie, Math.max(cookie.length * 2, cookieLength + more));
        }
        if (cookieLength > 0) {
            cookie[cookieLength++] = ';';
            cookie[cookieLength++] = ' ';
        }
        System.arraycopy(value.array(), value.arrayOffset(), cookie, cookieLength, value.length());
        cookieLength += value.length();
        return null;
    }

    /** The block is whole. What is wrong with the request; null when nothing is. */
    @Nullable Defect finish() {
        if (defect == null && !regular) {
            defect = startLine();
        }
        if (defect != null) {
            return defect;
        }
        RequestHead h = head();
        if (cookieLength > 0) {
            Defect wrong = h.addOctets(COOKIE, 0, COOKIE.length, cookie, 0, cookieLength);
            if (wrong != null) {
                return wrong;
            }
        }
        if (webSocket()) {
            upgrade(h);
        }
        h.complete();
        return Framing.check(h);
    }

    /** The block is over: a long cookie is not kept room for. */
    void done() {
        if (cookie.length > KEPT_COOKIE) {
            cookie = new byte[256];
        }
    }

    /** RFC 8441 section 5: what HTTP/1.1 says for the same wish. */
    private static void upgrade(RequestHead h) {
        byte[] key = new byte[16];
        ThreadLocalRandom.current().nextBytes(key);
        h.remove(FieldName.SEC_WEBSOCKET_KEY);
        h.add(FieldName.CONNECTION, "Upgrade");
        h.add(FieldName.UPGRADE, "websocket");
        h.add(FieldName.SEC_WEBSOCKET_KEY, Base64.getEncoder().encodeToString(key));
        if (!h.contains(FieldName.SEC_WEBSOCKET_VERSION)) {
            h.add(FieldName.SEC_WEBSOCKET_VERSION, "13");
        }
    }
}
