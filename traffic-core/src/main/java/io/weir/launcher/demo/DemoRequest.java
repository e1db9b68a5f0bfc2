package io.weir.launcher.demo;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * A request as a demonstration node sees it, with its body read and counted. Good enough for what
 * Weir and well-meaning people send, and no more.
 *
 * @param fields by lower-case name; of several with one name, the last
 */
record DemoRequest(
        String method, String target, boolean http11, Map<String, String> fields, long bodyLength) {

    private static final int MAX_LINE = 16 << 10;
    private static final int MAX_FIELDS = 200;

    /** Reads the next request; null when the peer has ended. */
    static @Nullable DemoRequest read(InputStream in, OutputStream out) throws IOException {
        String line = readLine(in);
        while (line != null && line.isEmpty()) {
            line = readLine(in);
        }
        if (line == null) {
            return null;
        }
        String[] words = line.split(" ", 3);
        if (words.length != 3) {
            throw new IOException("not a request line: " + line);
        }
        Map<String, String> fields = new TreeMap<>();
        for (String field = readLine(in); ; field = readLine(in)) {
            if (field == null || fields.size() > MAX_FIELDS) {
                throw new IOException("the head does not end");
            }
            if (field.isEmpty()) {
                break;
            }
            int colon = field.indexOf(':');
            if (colon > 0) {
                fields.put(
                        field.substring(0, colon).toLowerCase(Locale.ROOT),
                        field.substring(colon + 1).strip());
            }
        }
        if ("100-continue".equalsIgnoreCase(fields.get("expect"))) {
            out.write("HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        }
        return new DemoRequest(
                words[0], words[1], words[2].equals("HTTP/1.1"), fields, skipBody(in, fields));
    }

    private static long skipBody(InputStream in, Map<String, String> fields) throws IOException {
        if ("chunked".equalsIgnoreCase(fields.get("transfer-encoding"))) {
            long length = 0;
            while (true) {
                long size = number(readLine(in), 16);
                in.skipNBytes(size);
                String end = readLine(in);
                while (size == 0 && end != null && !end.isEmpty()) {
                    end = readLine(in); // trailers
                }
                if (size == 0) {
                    return length;
                }
                length += size;
            }
        }
        String stated = fields.get("content-length");
        long length = stated == null ? 0 : number(stated, 10);
        in.skipNBytes(length);
        return length;
    }

    private static long number(@Nullable String text, int radix) throws IOException {
        try {
            if (text != null) {
                return Long.parseLong(text.split(";", 2)[0].strip(), radix);
            }
        } catch (NumberFormatException e) {
            // falls through to the one complaint
        }
        throw new IOException("not a length: " + text);
    }

    private static @Nullable String readLine(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        int c = in.read();
        if (c < 0) {
            return null;
        }
        while (c != '\n') {
            if (c < 0 || line.length() >= MAX_LINE) {
                throw new IOException("a line does not end");
            }
            if (c != '\r') {
                line.append((char) c);
            }
            c = in.read();
        }
        return line.toString();
    }

    String path() {
        int question = target.indexOf('?');
        return question < 0 ? target : target.substring(0, question);
    }

    /** The number that the query gives {@code name}; {@code otherwise} when it gives none. */
    long query(String name, long otherwise) {
        int question = target.indexOf('?');
        if (question >= 0) {
            for (String pair : target.substring(question + 1).split("&", -1)) {
                if (pair.matches(name + "=[0-9]{1,9}")) {
                    return Long.parseLong(pair.substring(name.length() + 1));
                }
            }
        }
        return otherwise;
    }

    boolean wantsHtml() {
        String accept = fields.get("accept");
        return accept != null && accept.contains("text/html");
    }

    boolean cameThroughAProxy() {
        return fields.containsKey("via")
                || fields.containsKey("x-forwarded-for")
                || fields.containsKey("x-cluster-client-ip");
    }

    boolean keepsAlive() {
        String connection = fields.getOrDefault("connection", "").toLowerCase(Locale.ROOT);
        return http11 ? !connection.contains("close") : connection.contains("keep-alive");
    }
}
