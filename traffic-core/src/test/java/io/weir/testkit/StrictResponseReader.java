package io.weir.testkit;

import java.io.IOException;
import java.io.InputStream;

/**
 * Reads what a client receives into responses. Illegal bytes fail loudly; a response that is cut
 * short is returned as incomplete. It shares no code with the product. Used by one thread.
 */
public final class StrictResponseReader {

    private final StrictWire wire;

    public StrictResponseReader(InputStream in) {
        this.wire = new StrictWire(in);
    }

    /** A response whose body was not read yet. */
    public record Head(String version, int status, String reason, Fields fields, Framing framing) {}

    /**
     * Reads the head of the response to a request.
     *
     * @param method of the request, which decides whether there is a body
     * @throws TruncatedMessage when the stream ends before the end of the head
     */
    public Head head(String method) throws IOException {
        String line = wire.line("status line");
        if (!line.matches("HTTP/1\\.[01] [1-9][0-9]{2} [\t -~\u0080-\u00ff]*")) {
            throw new AmbiguousMessage("not a status line: " + StrictWire.quoted(line));
        }
        int status = Integer.parseInt(line.substring(9, 12));
        Fields fields = wire.fields("response field");
        Framing declared = StrictWire.framing(fields);
        Framing framing;
        if (method.equals("HEAD")
                || status < 200
                || status == 204
                || status == 304
                || method.equals("CONNECT") && status < 300) {
            framing = Framing.NONE;
        } else if (declared == null) {
            framing = Framing.CLOSE;
        } else {
            framing = declared;
        }
        return new Head(line.substring(0, 8), status, line.substring(13), fields, framing);
    }

    /** Reads the body of the response whose head was read last. */
    public ReceivedResponse body(Head head) throws IOException {
        StrictWire.Body body = wire.body(head.framing());
        return new ReceivedResponse(
                head.version(),
                head.status(),
                head.reason(),
                head.fields(),
                head.framing(),
                body.bytes(),
                body.trailers(),
                body.complete());
    }

    /** Reads the next response, interim ones included. */
    public ReceivedResponse response(String method) throws IOException {
        return body(head(method));
    }

    /** Whether the stream has ended; waits for a byte or the end. */
    public boolean atEnd() throws IOException {
        return wire.peek() < 0;
    }

    /** Bytes that came already and belong to no response read so far. */
    public int buffered() {
        return wire.buffered();
    }

    /** Up to {@code max} raw bytes, at least one; empty at the end of the stream. */
    public byte[] some(int max) throws IOException {
        return wire.some(max);
    }
}
