package io.weir.testkit;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The part of HTTP/1.1 that requests and responses share, read without any leniency: lines end with
 * CRLF and nothing else, names are tokens, no folding, chunk sizes are plain hexadecimal without
 * extensions. A reset counts as the end of the stream. Used by one thread.
 */
final class StrictWire {

    private static final int MAX_LINE = 1 << 18;
    private static final int MAX_FIELDS = 10_000;
    private static final int MAX_BODY = 1 << 27;
    private static final String TOKEN_MARKS = "!#$%&'*+-.^_`|~";

    private final InputStream in;
    private final byte[] buffer = new byte[8192];
    private int position;
    private int limit;

    StrictWire(InputStream in) {
        this.in = in;
    }

    /** A body as far as it came. */
    record Body(byte[] bytes, Fields trailers, boolean complete) {}

    /** The next byte without taking it; -1 at the end. */
    int peek() throws IOException {
        if (position == limit) {
            try {
                limit = in.read(buffer);
            } catch (SocketException reset) {
                limit = -1;
            }
            position = 0;
            if (limit <= 0) {
                limit = 0;
                return -1;
            }
        }
        return buffer[position] & 0xff;
    }

    private int take() throws IOException {
        int b = peek();
        if (b >= 0) {
            position++;
        }
        return b;
    }

    /** Bytes that came already and were not taken. */
    int buffered() {
        return limit - position;
    }

    /** Up to {@code max} bytes, at least one; empty at the end. */
    byte[] some(int max) throws IOException {
        if (peek() < 0) {
            return new byte[0];
        }
        int n = Math.min(max, limit - position);
        byte[] bytes = new byte[n];
        System.arraycopy(buffer, position, bytes, 0, n);
        position += n;
        return bytes;
    }

    /** A line without its CRLF. */
    String line(String what) throws IOException {
        StringBuilder line = new StringBuilder();
        while (true) {
            int b = take();
            switch (b) {
                case -1 -> throw new TruncatedMessage("ended in " + what + ": " + quoted(line));
                case '\r' -> {
                    if (take() != '\n') {
                        throw new AmbiguousMessage("bare CR in " + what + " " + quoted(line));
                    }
                    return line.toString();
                }
                case '\n' -> throw new AmbiguousMessage("bare LF in " + what + " " + quoted(line));
                default -> {
                    if (b < ' ' && b != '\t' || b == 0x7f) {
                        throw new AmbiguousMessage(
                                "control byte " + b + " in " + what + " " + quoted(line));
                    }
                    line.append((char) b);
                }
            }
            if (line.length() > MAX_LINE) {
                throw new AmbiguousMessage(what + " longer than " + MAX_LINE);
            }
        }
    }

    /** Fields up to and including the empty line. */
    Fields fields(String what) throws IOException {
        List<Field> fields = new ArrayList<>();
        for (String line = line(what); !line.isEmpty(); line = line(what)) {
            int colon = line.indexOf(':');
            if (colon < 0 || !isToken(line.substring(0, colon))) {
                throw new AmbiguousMessage("no field name in " + what + " " + quoted(line));
            }
            fields.add(new Field(line.substring(0, colon), trim(line.substring(colon + 1))));
            if (fields.size() > MAX_FIELDS) {
                throw new AmbiguousMessage("more than " + MAX_FIELDS + " in " + what);
            }
        }
        return new Fields(fields);
    }

    /**
     * What the fields alone say about framing.
     *
     * @return null when they say nothing
     */
    static @Nullable Framing framing(Fields fields) throws AmbiguousMessage {
        List<String> codings = fields.values("Transfer-Encoding");
        List<String> lengths = fields.values("Content-Length");
        if (!codings.isEmpty()) {
            if (!lengths.isEmpty()) {
                throw new AmbiguousMessage("both Transfer-Encoding and Content-Length: " + fields);
            }
            if (codings.size() != 1 || !codings.get(0).equalsIgnoreCase("chunked")) {
                throw new AmbiguousMessage("Transfer-Encoding other than chunked: " + codings);
            }
            return Framing.CHUNKED;
        }
        if (lengths.isEmpty()) {
            return null;
        }
        if (lengths.size() != 1 || !lengths.get(0).matches("[0-9]{1,18}")) {
            throw new AmbiguousMessage("Content-Length not one plain number: " + lengths);
        }
        return Framing.length(Long.parseLong(lengths.get(0)));
    }

    /** Reads the body that {@code framing} announces. */
    Body body(Framing framing) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        return switch (framing.kind()) {
            case NONE -> new Body(new byte[0], Fields.NONE, true);
            case LENGTH -> {
                boolean whole = copy(framing.length(), out);
                yield new Body(out.toByteArray(), Fields.NONE, whole);
            }
            case CLOSE -> {
                copy(Long.MAX_VALUE, out);
                yield new Body(out.toByteArray(), Fields.NONE, true);
            }
            case CHUNKED -> {
                Fields trailers;
                try {
                    trailers = chunks(out);
                } catch (TruncatedMessage truncated) {
                    yield new Body(out.toByteArray(), Fields.NONE, false);
                }
                yield new Body(out.toByteArray(), trailers, true);
            }
        };
    }

    private Fields chunks(ByteArrayOutputStream out) throws IOException {
        while (true) {
            String size = line("chunk size");
            if (!size.matches("[0-9a-fA-F]{1,8}")) {
                throw new AmbiguousMessage("chunk size is not plain hexadecimal: " + size);
            }
            long length = Long.parseLong(size, 16);
            if (length == 0) {
                Fields trailers = fields("trailers");
                for (String framing : List.of("Content-Length", "Transfer-Encoding", "Host")) {
                    if (trailers.has(framing)) {
                        throw new AmbiguousMessage("trailers with " + framing);
                    }
                }
                return trailers;
            }
            if (!copy(length, out)) {
                throw new TruncatedMessage("ended in a chunk");
            }
            String rest = line("end of a chunk");
            if (!rest.isEmpty()) {
                throw new AmbiguousMessage("chunk longer than its size by: " + quoted(rest));
            }
        }
    }

    private boolean copy(long length, ByteArrayOutputStream out) throws IOException {
        long left = length;
        while (left > 0) {
            if (peek() < 0) {
                return false;
            }
            int n = (int) Math.min(left, limit - position);
            out.write(buffer, position, n);
            position += n;
            left -= n;
            if (out.size() > MAX_BODY) {
                throw new IOException("a test reads bodies of at most " + MAX_BODY + " bytes");
            }
        }
        return true;
    }

    static boolean isToken(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean alphanumeric =
                    c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9';
            if (!alphanumeric && TOKEN_MARKS.indexOf(c) < 0) {
                return false;
            }
        }
        return !text.isEmpty();
    }

    static String quoted(CharSequence text) {
        return '"' + Escaped.text(text.toString().getBytes(StandardCharsets.ISO_8859_1), 200) + '"';
    }

    private static String trim(String value) {
        int from = 0;
        int to = value.length();
        while (from < to && isBlank(value.charAt(from))) {
            from++;
        }
        while (to > from && isBlank(value.charAt(to - 1))) {
            to--;
        }
        return value.substring(from, to);
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }
}
