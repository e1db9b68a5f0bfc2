package io.weir.testkit;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/**
 * Reads what a node receives into requests and fails loudly on everything that two recipients could
 * understand differently. It shares no code with the product. Used by one thread.
 */
public final class StrictHttpReader {

    private final StrictWire wire;
    private final int connection;
    private int number;

    /**
     * A reader of the byte stream of one connection.
     *
     * @param connection the number that its requests carry
     */
    public StrictHttpReader(InputStream in, int connection) {
        this.wire = new StrictWire(in);
        this.connection = connection;
    }

    /** A request whose body was not read yet. */
    public record Head(
            String method, String target, String version, Fields fields, Framing framing) {}

    /**
     * Reads a request with its body.
     *
     * @return null when the stream ended before the first byte of a request
     * @throws AmbiguousMessage when the bytes are not exactly one well-formed request
     * @throws TruncatedMessage when the stream ended inside the request
     */
    public @Nullable ReceivedRequest request() throws IOException {
        Head head = head();
        return head == null ? null : body(head);
    }

    /** Reads a head; null when the stream ended before its first byte. */
    public @Nullable Head head() throws IOException {
        if (wire.peek() < 0) {
            return null;
        }
        String line = wire.line("request line");
        String[] parts = line.split(" ", -1);
        if (parts.length != 3
                || !StrictWire.isToken(parts[0])
                || !isTarget(parts[1])
                || !parts[2].matches("HTTP/1\\.[01]")) {
            throw new AmbiguousMessage("not a request line: " + StrictWire.quoted(line));
        }
        Fields fields = wire.fields("request field");
        boolean http11 = parts[2].equals("HTTP/1.1");
        List<String> hosts = fields.values("Host");
        if (hosts.size() > 1 || http11 && hosts.isEmpty()) {
            throw new AmbiguousMessage("Host fields: " + hosts + " in " + line);
        }
        Framing framing = StrictWire.framing(fields);
        if (framing == null) {
            framing = Framing.NONE;
        }
        if (framing.equals(Framing.CHUNKED) && !http11) {
            throw new AmbiguousMessage("chunked HTTP/1.0 request");
        }
        return new Head(parts[0], parts[1], parts[2], fields, framing);
    }

    /** Reads the body of the request whose head was read last. */
    public ReceivedRequest body(Head head) throws IOException {
        StrictWire.Body body = wire.body(head.framing());
        if (!body.complete()) {
            throw new TruncatedMessage(
                    "ended in the body of %s %s after %d bytes"
                            .formatted(head.method(), head.target(), body.bytes().length));
        }
        return new ReceivedRequest(
                connection,
                ++number,
                head.method(),
                head.target(),
                head.version(),
                head.fields(),
                head.framing(),
                body.bytes(),
                body.trailers());
    }

    /** Bytes that came already and belong to no request read so far. */
    public int buffered() {
        return wire.buffered();
    }

    /** Up to {@code max} raw bytes, at least one; empty at the end of the stream. */
    public byte[] some(int max) throws IOException {
        return wire.some(max);
    }

    private static boolean isTarget(String target) {
        for (int i = 0; i < target.length(); i++) {
            if (target.charAt(i) <= ' ' || target.charAt(i) == 0x7f) {
                return false;
            }
        }
        return !target.isEmpty();
    }
}
