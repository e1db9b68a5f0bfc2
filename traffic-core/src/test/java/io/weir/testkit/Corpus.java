package io.weir.testkit;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Messages as data. A resource holds one entry per case:
 *
 * <pre>
 * == name of the case
 * why: RFC section and reason
 * &gt; POST /c HTTP/1.1          bytes of the client, a line; CRLF is added
 * &gt; hello\                    no CRLF is added
 * &lt; HTTP/1.1 200 OK           bytes of the node
 * key: value                  whatever the test that reads the corpus wants to know
 * </pre>
 *
 * Lines of bytes use the escapes of {@link Escaped}; {@code #} begins a comment line.
 */
public final class Corpus {

    private Corpus() {}

    /**
     * The cases of the resource {@code name}, in order.
     *
     * @throws IllegalArgumentException naming resource and line when the resource is malformed
     */
    public static List<Case> read(String name) {
        String text;
        try (InputStream in = Corpus.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalArgumentException("no corpus " + name);
            }
            text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        List<Case> cases = new ArrayList<>();
        Set<String> names = new HashSet<>();
        Builder builder = null;
        int number = 0;
        for (String line : text.split("\n", -1)) {
            number++;
            try {
                if (line.startsWith("== ")) {
                    if (builder != null) {
                        cases.add(builder.build());
                    }
                    builder = new Builder(line.substring(3));
                    if (!names.add(builder.name)) {
                        throw new IllegalArgumentException("second case of this name");
                    }
                } else if (!line.isEmpty() && !line.startsWith("#")) {
                    if (builder == null) {
                        throw new IllegalArgumentException("text before the first case");
                    }
                    builder.add(line);
                }
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(
                        name + ":" + number + ": " + e.getMessage() + ": " + line, e);
            }
        }
        if (builder != null) {
            cases.add(builder.build());
        }
        return cases;
    }

    /**
     * One case.
     *
     * @param send what the client sends; may be empty
     * @param reply what the node sends; null when the case does not say
     * @param facts the other lines, by key, in order
     */
    public record Case(
            String name, byte[] send, byte @Nullable [] reply, Map<String, List<String>> facts) {

        /** Every value of {@code key}. */
        public List<String> all(String key) {
            return facts.getOrDefault(key, List.of());
        }

        /** The value of {@code key}, or an empty string. */
        public String fact(String key) {
            List<String> values = all(key);
            return values.isEmpty() ? "" : values.get(0);
        }

        /** The method of the first request. */
        public String method() {
            String text = new String(send, StandardCharsets.ISO_8859_1).stripLeading();
            int blank = text.indexOf(' ');
            return blank < 0 ? "GET" : text.substring(0, blank);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    private static final class Builder {
        private final String name;
        private final ByteArrayOutputStream send = new ByteArrayOutputStream();
        private @Nullable ByteArrayOutputStream reply;
        private final Map<String, List<String>> facts = new LinkedHashMap<>();

        Builder(String name) {
            this.name = name;
        }

        void add(String line) {
            if (line.startsWith(">")) {
                addBytes(line, send);
            } else if (line.startsWith("<")) {
                ByteArrayOutputStream out = reply;
                if (out == null) {
                    out = new ByteArrayOutputStream();
                    reply = out;
                }
                addBytes(line, out);
            } else {
                int colon = line.indexOf(": ");
                if (colon < 0) {
                    throw new IllegalArgumentException("expected 'key: value'");
                }
                facts.computeIfAbsent(line.substring(0, colon), key -> new ArrayList<>())
                        .add(line.substring(colon + 2));
            }
        }

        private static void addBytes(String line, ByteArrayOutputStream out) {
            String text = line.startsWith(" ", 1) ? line.substring(2) : line.substring(1);
            boolean open = text.endsWith("\\") && !text.endsWith("\\\\");
            out.writeBytes(Escaped.bytes(open ? text.substring(0, text.length() - 1) : text));
            if (!open) {
                out.writeBytes(new byte[] {'\r', '\n'});
            }
        }

        Case build() {
            ByteArrayOutputStream answer = reply;
            return new Case(
                    name,
                    send.toByteArray(),
                    answer == null ? null : answer.toByteArray(),
                    Map.copyOf(facts));
        }
    }
}
