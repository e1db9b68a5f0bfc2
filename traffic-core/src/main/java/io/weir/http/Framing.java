package io.weir.http;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;

/**
 * Decides how long the body of a message is, and refuses every message about which two readers
 * could disagree (RFC 9112 section 6.3, without any of its leniencies). Stateless.
 *
 * <p>A body length is a number of bytes, or {@link #CHUNKED}, or {@link #UNTIL_CLOSE}.
 */
public final class Framing {

    /** The body comes in chunks. */
    public static final long CHUNKED = -1;

    /** The body ends with the connection; responses only. */
    public static final long UNTIL_CLOSE = -2;

    private static final byte[] CHUNKED_CODING = "chunked".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] CONTINUE = "100-continue".getBytes(StandardCharsets.US_ASCII);

    /** Longest Content-Length, so that sums never overflow. */
    private static final int MAX_LENGTH_DIGITS = 18;

    private Framing() {}

    /**
     * What is wrong with a request, or null. Looks at Host, framing, expectation and method; after
     * it returned null, {@link #requestLength} is meaningful.
     */
    public static @Nullable Defect check(RequestHead head) {
        int hosts = 0;
        int lengths = 0;
        int codings = 0;
        for (int i = 0, n = head.size(); i < n; i++) {
            FieldName name = head.knownName(i);
            if (name == null) {
                continue;
            }
            if (name == FieldName.HOST) {
                if (++hosts > 1
                        || !HostSyntax.valid(head.bytes, head.valueStart(i), head.valueEnd(i))) {
                    return Defect.HOST;
                }
            } else if (name == FieldName.CONTENT_LENGTH) {
                if (++lengths > 1 || parseLength(head, i) < 0) {
                    return Defect.CONTENT_LENGTH;
                }
            } else if (name == FieldName.TRANSFER_ENCODING) {
                if (++codings > 1 || head.http10() || !head.valueIs(i, CHUNKED_CODING)) {
                    return Defect.TRANSFER_ENCODING;
                }
            } else if (name == FieldName.EXPECT) {
                if (!head.valueIs(i, CONTINUE)) {
                    return Defect.EXPECT;
                }
            }
        }
        if (lengths > 0 && codings > 0) {
            return Defect.LENGTH_AND_ENCODING;
        }
        if (hosts == 0 && !head.http10()) {
            return Defect.HOST;
        }
        if (head.method() == Method.CONNECT || head.method() == Method.TRACE) {
            return Defect.METHOD_REFUSED;
        }
        return null;
    }

    /** The body length of a request that passed {@link #check}. */
    public static long requestLength(RequestHead head) {
        int i = head.find(FieldName.CONTENT_LENGTH, 0);
        if (i >= 0) {
            return parseLength(head, i);
        }
        return head.contains(FieldName.TRANSFER_ENCODING) ? CHUNKED : 0;
    }

    /** What is wrong with the framing of a response, or null. */
    public static @Nullable Defect check(ResponseHead head) {
        int lengths = 0;
        int codings = 0;
        for (int i = 0, n = head.size(); i < n; i++) {
            FieldName name = head.knownName(i);
            if (name == FieldName.CONTENT_LENGTH) {
                if (++lengths > 1 || parseLength(head, i) < 0) {
                    return Defect.CONTENT_LENGTH;
                }
            } else if (name == FieldName.TRANSFER_ENCODING) {
                if (++codings > 1 || head.http10() || !head.valueIs(i, CHUNKED_CODING)) {
                    return Defect.TRANSFER_ENCODING;
                }
            }
        }
        if (lengths > 0 && codings > 0) {
            return Defect.LENGTH_AND_ENCODING;
        }
        int status = head.status();
        if (codings > 0 && (status < 200 || status == 204)) {
            return Defect.TRANSFER_ENCODING;
        }
        if (lengths > 0 && status < 200) {
            return Defect.CONTENT_LENGTH;
        }
        return null;
    }

    /** The body length of a response that passed {@link #check}, given what was asked. */
    public static long responseLength(ResponseHead head, Method asked) {
        int status = head.status();
        if (asked == Method.HEAD || status < 200 || status == 204 || status == 304) {
            return 0;
        }
        int i = head.find(FieldName.CONTENT_LENGTH, 0);
        if (i >= 0) {
            return parseLength(head, i);
        }
        return head.contains(FieldName.TRANSFER_ENCODING) ? CHUNKED : UNTIL_CLOSE;
    }

    /** Whether the sender of {@code head} lets the connection stay open (RFC 9112 section 9.3). */
    public static boolean persistent(Head head) {
        if (head.listContains(FieldName.CONNECTION, "close")) {
            return false;
        }
        return !head.http10() || head.listContains(FieldName.CONNECTION, "keep-alive");
    }

    /**
     * Spells the Content-Length without leading zeros, which some readers take for something else.
     */
    public static void canonicalLength(Head head) {
        int i = head.find(FieldName.CONTENT_LENGTH, 0);
        if (i >= 0
                && head.valueEnd(i) - head.valueStart(i) > 1
                && head.bytes[head.valueStart(i)] == '0') {
            head.set(FieldName.CONTENT_LENGTH, Long.toString(parseLength(head, i)));
        }
    }

    /** The Content-Length of a message that passed a check, or -1 when it has none. */
    public static long contentLength(Head head) {
        int i = head.find(FieldName.CONTENT_LENGTH, 0);
        return i < 0 ? -1 : parseLength(head, i);
    }

    /** RFC 9110 section 8.6: digits only; -1 for anything else. */
    private static long parseLength(Head head, int i) {
        int from = head.valueStart(i);
        int to = head.valueEnd(i);
        if (from == to || to - from > MAX_LENGTH_DIGITS) {
            return -1;
        }
        long length = 0;
        for (int k = from; k < to; k++) {
            byte b = head.bytes[k];
            if (!Octets.digit(b)) {
                return -1;
            }
            length = length * 10 + (b - '0');
        }
        return length;
    }
}
