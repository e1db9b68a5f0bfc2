package io.weir.http;

import io.netty.buffer.Unpooled;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The head of a request. Confined to one event loop. */
public final class RequestHead extends Head {

    private static final byte[] VERSION = " HTTP/1.1\r\n".getBytes(StandardCharsets.US_ASCII);

    /** What stands behind the target of a request that came over HTTP/2; as long as the other. */
    private static final byte[] VERSION_2 = " HTTP/2.0\r\n".getBytes(StandardCharsets.US_ASCII);

    private Method method = Method.GET;
    private int methodStart;
    private int methodEnd;
    private int targetStart;
    private int targetEnd;
    private int pathStart;
    private byte @Nullable [] newTarget;
    private boolean http2;
    private byte @Nullable [] newMethod;

    public RequestHead() {}

    private RequestHead(RequestHead other) {
        super(other);
        method = other.method;
        methodStart = other.methodStart;
        methodEnd = other.methodEnd;
        targetStart = other.targetStart;
        targetEnd = other.targetEnd;
        pathStart = other.pathStart;
        newTarget = other.newTarget;
        http2 = other.http2;
        newMethod = other.newMethod;
    }

    @Override
    public void clear() {
        super.clear();
        newTarget = null;
        http2 = false;
        newMethod = null;
        methodStart = methodEnd = targetStart = targetEnd = pathStart = 0;
    }

    /** An independent copy of the request as it would be sent now. */
    public RequestHead copy() {
        byte[] wire = new byte[startLineLength() + encodedLength() + 2];
        int at = encode(wire, encodeStartLine(wire, 0));
        wire[at++] = Octets.CR;
        wire[at++] = Octets.LF;
        RequestHead copy = new RequestHead();
        Progress progress =
                copy.read(Unpooled.wrappedBuffer(wire, 0, at), at + 1, at, Integer.MAX_VALUE);
        if (progress != Progress.COMPLETE) {
            throw new IllegalStateException("a head that was read cannot be read again");
        }
        copy.http2 = http2;
        return copy;
    }

    /** The same complete head in no more room than it needs: for one that waits, among many. */
    public RequestHead compact() {
        return new RequestHead(this);
    }

    /** Whether the request came over HTTP/2. */
    public boolean http2() {
        return http2;
    }

    /** The method, {@link Method#OTHER} for one without a meaning to Weir. */
    public Method method() {
        return method;
    }

    /** The method as it is spelt. */
    public String methodName() {
        byte[] replaced = newMethod;
        if (replaced != null) {
            return new String(replaced, StandardCharsets.ISO_8859_1);
        }
        return method == Method.OTHER ? latin1(methodStart, methodEnd) : method.name();
    }

    /**
     * Replaces the method.
     *
     * @throws IllegalArgumentException unless it is a token that Weir would have let in
     */
    public void setMethod(String name) {
        byte[] octets = name.getBytes(StandardCharsets.ISO_8859_1);
        boolean good = octets.length > 0 && octets.length <= Method.MAX_LENGTH;
        for (byte b : octets) {
            good &= Octets.token(b);
        }
        Method known = good ? Method.of(octets, 0, octets.length) : Method.CONNECT;
        if (known == Method.CONNECT) {
            throw new IllegalArgumentException("not a method that can be sent on: " + name);
        }
        method = known;
        newMethod = octets;
    }

    private int methodLength() {
        byte[] replaced = newMethod;
        return replaced != null ? replaced.length : methodEnd - methodStart;
    }

    /** The request target as it came. */
    public String rawTarget() {
        return latin1(targetStart, targetEnd);
    }

    /** Path and query as the node will see them: origin form, or an asterisk. */
    public String target() {
        byte[] replaced = newTarget;
        return replaced != null
                ? new String(replaced, StandardCharsets.ISO_8859_1)
                : latin1(pathStart, targetEnd);
    }

    /** The octets of {@link #target}, which belong to the caller. */
    public byte[] targetOctets() {
        byte[] replaced = newTarget;
        return replaced != null
                ? replaced.clone()
                : Arrays.copyOfRange(bytes, pathStart, targetEnd);
    }

    /** How many octets {@link #target} has. */
    public int targetLength() {
        byte[] replaced = newTarget;
        return replaced != null ? replaced.length : targetEnd - pathStart;
    }

    /**
     * Replaces path and query.
     *
     * @throws IllegalArgumentException unless it starts with a slash, or is an asterisk, and has
     *     only characters that a target may have
     */
    public void setTarget(String target) {
        byte[] octets = target.getBytes(StandardCharsets.ISO_8859_1);
        boolean good = target.startsWith("/") || target.equals("*");
        for (byte b : octets) {
            good &= Octets.target(b);
        }
        if (!good) {
            throw new IllegalArgumentException("not a request target: " + target);
        }
        newTarget = octets;
    }

    /** The authority of a target in absolute form, or null. */
    public @Nullable String targetAuthority() {
        if (pathStart == targetStart || targetEnd == targetStart) {
            return null;
        }
        int from = targetStart + "http://".length();
        return latin1(from, pathStart);
    }

    /**
     * Begins an empty head with a method and a target in origin form, or an asterisk, that came in
     * a binary protocol; fields follow through {@link #addOctets}, then {@link #complete}. The
     * version is that of the client in logs, and HTTP/1.1 wherever the head is sent on.
     *
     * @return what is wrong; null when both are good
     */
    public @Nullable Defect start(
            byte[] method,
            int methodAt,
            int methodLength,
            byte[] target,
            int targetAt,
            int targetLength,
            int maxTarget) {
        if (methodLength == 0 || methodLength > Method.MAX_LENGTH) {
            return Defect.METHOD;
        }
        for (int i = methodAt; i < methodAt + methodLength; i++) {
            if (!Octets.token(method[i])) {
                return Defect.METHOD;
            }
        }
        if (targetLength == 0 || target[targetAt] != '/' && target[targetAt] != '*') {
            return Defect.TARGET;
        }
        if (targetLength > maxTarget) {
            return Defect.URI_TOO_LONG;
        }
        for (int i = targetAt; i < targetAt + targetLength; i++) {
            if (!Octets.target(target[i])) {
                return Defect.TARGET;
            }
        }
        reserve(methodLength + 1 + targetLength + VERSION_2.length);
        System.arraycopy(method, methodAt, bytes, 0, methodLength);
        methodStart = 0;
        methodEnd = methodLength;
        bytes[methodLength] = ' ';
        targetStart = methodLength + 1;
        targetEnd = targetStart + targetLength;
        System.arraycopy(target, targetAt, bytes, targetStart, targetLength);
        System.arraycopy(VERSION_2, 0, bytes, targetEnd, VERSION_2.length);
        end = targetEnd + VERSION_2.length;
        this.method = Method.of(bytes, 0, methodEnd);
        http2 = true;
        return locatePath() ? null : Defect.TARGET;
    }

    /** Every field of a head that {@link #start} began has been added. */
    public void complete() {
        built();
    }

    /** Hands the method to {@code out}. */
    public void method(OctetSink out) {
        byte[] replaced = newMethod;
        if (replaced != null) {
            out.put(replaced, 0, replaced.length);
        } else {
            out.put(bytes, methodStart, methodEnd - methodStart);
        }
    }

    /** Hands path and query, as the node will see them, to {@code out}. */
    public void target(OctetSink out) {
        byte[] replaced = newTarget;
        if (replaced != null) {
            out.put(replaced, 0, replaced.length);
        } else {
            out.put(bytes, pathStart, targetEnd - pathStart);
        }
    }

    @Override
    Defect tooLongStartLine() {
        return Defect.URI_TOO_LONG;
    }

    @Override
    int parseStartLine(int maxTarget) {
        byte[] b = bytes;
        int from = 0;
        for (int lines = 0; from < end && b[from] == Octets.CR; lines++) {
            if (from + 1 == end) {
                return FieldParser.NEED_MORE;
            }
            if (b[from + 1] != Octets.LF || lines >= MAX_EMPTY_LINES) {
                return fail(Defect.REQUEST_LINE);
            }
            from += 2;
        }
        int i = from;
        while (i < end && Octets.token(b[i])) {
            i++;
        }
        if (i == end) {
            return i - from > Method.MAX_LENGTH ? fail(Defect.METHOD) : FieldParser.NEED_MORE;
        }
        if (b[i] != ' ' || i == from || i - from > Method.MAX_LENGTH) {
            return fail(i == from ? Defect.REQUEST_LINE : Defect.METHOD);
        }
        int nameEnd = i++;
        int target = i;
        // Resumes behind what an earlier call has seen; the target is the only part that may be
        // long.
        i = Math.max(i, scanned);
        while (i < end && Octets.target(b[i])) {
            i++;
        }
        scanned = i;
        if (i - target > maxTarget) {
            return fail(Defect.URI_TOO_LONG);
        }
        if (i == end) {
            return FieldParser.NEED_MORE;
        }
        if (b[i] != ' ' || i == target) {
            return fail(Defect.TARGET);
        }
        int version = i;
        for (int k = 0; k < VERSION.length; k++, i++) {
            if (i == end) {
                return FieldParser.NEED_MORE;
            }
            if (b[i] != VERSION[k] && !(k == 8 && b[i] == '0')) {
                return fail(
                        k >= 6 && k <= 8 && Octets.digit(b[i])
                                ? Defect.VERSION
                                : k > 8 ? Defect.LINE_END : Defect.REQUEST_LINE);
            }
        }
        minorVersion = b[version + 8] - '0';
        methodStart = from;
        methodEnd = nameEnd;
        method = Method.of(b, from, nameEnd);
        targetStart = target;
        targetEnd = version;
        return locatePath() ? i : fail(Defect.TARGET);
    }

    /** RFC 9112 section 3.2: origin form, absolute form with an authority, or an asterisk. */
    private boolean locatePath() {
        byte[] b = bytes;
        byte first = b[targetStart];
        if (first == '/') {
            pathStart = targetStart;
            return true;
        }
        if (first == '*') {
            pathStart = targetStart;
            return targetEnd == targetStart + 1 && method == Method.OPTIONS;
        }
        if (method == Method.CONNECT) {
            pathStart = targetStart;
            return true;
        }
        byte[] scheme = {'h', 't', 't', 'p', ':', '/', '/'};
        int from = targetStart + scheme.length;
        if (from >= targetEnd || !Octets.equalsIgnoreCase(b, targetStart, from, scheme)) {
            return false;
        }
        int i = from;
        while (i < targetEnd && b[i] != '/' && b[i] != '?') {
            i++;
        }
        if (!HostSyntax.valid(b, from, i)) {
            return false;
        }
        pathStart = i;
        if (i == targetEnd) {
            newTarget = new byte[] {(byte) (method == Method.OPTIONS ? '*' : '/')};
        } else if (b[i] == '?') {
            newTarget = ("/" + latin1(i, targetEnd)).getBytes(StandardCharsets.ISO_8859_1);
        }
        return true;
    }

    /** Room that the request line needs on the wire. */
    public int startLineLength() {
        byte[] replaced = newTarget;
        int target = replaced != null ? replaced.length : targetEnd - pathStart;
        return methodLength() + 1 + target + VERSION.length;
    }

    /** Writes the request line, always in HTTP/1.1; returns the index behind it. */
    public int encodeStartLine(byte[] out, int at) {
        int methodLength = methodLength();
        byte[] otherMethod = newMethod;
        if (otherMethod != null) {
            System.arraycopy(otherMethod, 0, out, at, methodLength);
        } else {
            System.arraycopy(bytes, methodStart, out, at, methodLength);
        }
        at += methodLength;
        out[at++] = ' ';
        byte[] replaced = newTarget;
        if (replaced != null) {
            System.arraycopy(replaced, 0, out, at, replaced.length);
            at += replaced.length;
        } else {
            System.arraycopy(bytes, pathStart, out, at, targetEnd - pathStart);
            at += targetEnd - pathStart;
        }
        System.arraycopy(VERSION, 0, out, at, VERSION.length);
        return at + VERSION.length;
    }

    /** A stable hash of path and query, for balancing. */
    public long targetHash() {
        long h = 0xcbf29ce484222325L;
        byte[] replaced = newTarget;
        byte[] b = replaced != null ? replaced : bytes;
        int from = replaced != null ? 0 : pathStart;
        int to = replaced != null ? replaced.length : targetEnd;
        for (int i = from; i < to; i++) {
            h = (h ^ (b[i] & 0xff)) * 0x100000001b3L;
        }
        return h;
    }

    /** Hands the request target, as it came, to {@code out}. */
    public void rawTarget(OctetSink out) {
        out.put(bytes, targetStart, targetEnd - targetStart);
    }

    /** Hands the request line, as it came but for its end, to {@code out}. */
    public void requestLine(OctetSink out) {
        out.put(bytes, methodStart, targetEnd - methodStart + VERSION.length - 2);
    }
}
