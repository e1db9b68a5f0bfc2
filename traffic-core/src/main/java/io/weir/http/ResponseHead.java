package io.weir.http;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.Map;

/** The head of a response. Confined to one event loop. */
public final class ResponseHead extends Head {

    private static final byte[] VERSION = "HTTP/1.1 ".getBytes(StandardCharsets.US_ASCII);

    /** Longest reason phrase that is accepted. */
    private static final int MAX_REASON = 512;

    /** What is said in HTTP/1 about a status that came without words. */
    private static final Map<Integer, String> REASONS =
            Map.ofEntries(
                    Map.entry(200, "OK"),
                    Map.entry(201, "Created"),
                    Map.entry(202, "Accepted"),
                    Map.entry(204, "No Content"),
                    Map.entry(206, "Partial Content"),
                    Map.entry(301, "Moved Permanently"),
                    Map.entry(302, "Found"),
                    Map.entry(303, "See Other"),
                    Map.entry(304, "Not Modified"),
                    Map.entry(307, "Temporary Redirect"),
                    Map.entry(308, "Permanent Redirect"),
                    Map.entry(400, "Bad Request"),
                    Map.entry(401, "Unauthorized"),
                    Map.entry(403, "Forbidden"),
                    Map.entry(404, "Not Found"),
                    Map.entry(405, "Method Not Allowed"),
                    Map.entry(409, "Conflict"),
                    Map.entry(412, "Precondition Failed"),
                    Map.entry(429, "Too Many Requests"),
                    Map.entry(500, "Internal Server Error"),
                    Map.entry(502, "Bad Gateway"),
                    Map.entry(503, "Service Unavailable"),
                    Map.entry(504, "Gateway Timeout"));

    private int status;
    private int reasonStart;
    private int reasonEnd;
    private @Nullable String newReason;

    @Override
    public void clear() {
        super.clear();
        status = 0;
        reasonStart = reasonEnd = 0;
        newReason = null;
    }

    /** The status code, 100 to 599. */
    public int status() {
        return status;
    }

    /** The reason phrase. */
    public String reason() {
        String reason = newReason;
        return reason != null ? reason : latin1(reasonStart, reasonEnd);
    }

    /** Sets status code and reason phrase. */
    public void setStatus(int status, String reason) {
        this.status = status;
        this.newReason = reason;
    }

    /**
     * Begins an empty head that came in a binary protocol; fields follow through {@link
     * #addOctets}, then {@link #complete}.
     */
    public void start(int status) {
        this.status = status;
        this.newReason = REASONS.getOrDefault(status, "");
    }

    /** Every field of a head that {@link #start} began has been added. */
    public void complete() {
        built();
    }

    @Override
    Defect tooLongStartLine() {
        return Defect.STATUS_LINE;
    }

    @Override
    int parseStartLine(int maxLength) {
        byte[] b = bytes;
        int i = 0;
        for (; i < VERSION.length; i++) {
            if (i == end) {
                return FieldParser.NEED_MORE;
            }
            if (b[i] != VERSION[i] && !(i == 7 && b[i] == '0')) {
                return fail(i == 5 || i == 7 ? Defect.VERSION : Defect.STATUS_LINE);
            }
        }
        for (; i < 12; i++) {
            if (i == end) {
                return FieldParser.NEED_MORE;
            }
            if (!Octets.digit(b[i])) {
                return fail(Defect.STATUS_LINE);
            }
        }
        if (i == end) {
            return FieldParser.NEED_MORE;
        }
        int code = (b[9] - '0') * 100 + (b[10] - '0') * 10 + (b[11] - '0');
        if (code < 100 || code > 599 || b[12] != ' ' && b[12] != Octets.CR) {
            return fail(Defect.STATUS_LINE);
        }
        int reason = b[12] == ' ' ? 13 : 12;
        i = reason;
        while (true) {
            i = Octets.firstControl(b, i, end);
            if (i - reason > MAX_REASON) {
                return fail(Defect.STATUS_LINE);
            }
            if (i < end && b[i] == Octets.HTAB) {
                i++;
                continue;
            }
            break;
        }
        if (i == end) {
            return FieldParser.NEED_MORE;
        }
        if (b[i] != Octets.CR) {
            return fail(b[i] == Octets.LF ? Defect.LINE_END : Defect.STATUS_LINE);
        }
        if (i + 1 == end) {
            return FieldParser.NEED_MORE;
        }
        if (b[i + 1] != Octets.LF) {
            return fail(Defect.LINE_END);
        }
        status = code;
        minorVersion = b[7] - '0';
        reasonStart = reason;
        reasonEnd = i;
        return i + 2;
    }

    /** Room that the status line needs on the wire. */
    public int startLineLength() {
        String reason = newReason;
        return VERSION.length + 6 + (reason != null ? reason.length() : reasonEnd - reasonStart);
    }

    /** Writes the status line, always in HTTP/1.1; returns the index behind it. */
    public int encodeStartLine(byte[] out, int at) {
        System.arraycopy(VERSION, 0, out, at, VERSION.length);
        at += VERSION.length;
        out[at++] = (byte) ('0' + status / 100);
        out[at++] = (byte) ('0' + status / 10 % 10);
        out[at++] = (byte) ('0' + status % 10);
        out[at++] = ' ';
        String reason = newReason;
        if (reason != null) {
            byte[] octets = reason.getBytes(StandardCharsets.ISO_8859_1);
            System.arraycopy(octets, 0, out, at, octets.length);
            at += octets.length;
        } else {
            System.arraycopy(bytes, reasonStart, out, at, reasonEnd - reasonStart);
            at += reasonEnd - reasonStart;
        }
        out[at++] = Octets.CR;
        out[at++] = Octets.LF;
        return at;
    }
}
