package io.weir.config.load;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;

/** A value in a YAML document, with its place. Immutable; an alias shares the node it names. */
sealed interface Node {

    /** What the first line of every private key in PEM says. */
    String PRIVATE_KEY = "PRIVATE KEY-----";

    Place place();

    /** What the node is, for messages; never reveals what came from a secrets file. */
    String shown();

    /**
     * A single value.
     *
     * @param text the value, substitutions made
     * @param source the value as it stands in the file
     * @param plain whether it stood there without quotes, so that {@code true} and {@code 5} are
     *     not text
     */
    record Scalar(Place place, String text, String source, boolean plain) implements Node {

        /** The type of the value by YAML's core schema. */
        Type type() {
            return plain ? Type.of(text) : Type.TEXT;
        }

        /** The value in quotes, as far as it may be seen. */
        @Override
        public String shown() {
            String visible = source.contains("${file:") ? source : text;
            return switch (type()) {
                case NOTHING -> "nothing";
                case SWITCH, WHOLE, DECIMAL -> shortened(visible);
                case TEXT -> quote(visible);
            };
        }
    }

    /** A list of values. */
    record Sequence(Place place, List<Node> items) implements Node {
        public Sequence {
            items = List.copyOf(items);
        }

        @Override
        public String shown() {
            return "a list";
        }
    }

    /**
     * Values by key, in the order of the file.
     *
     * @param members immutable
     */
    record Mapping(Place place, Map<String, Member> members) implements Node {

        @Nullable Node get(String key) {
            Member member = members.get(key);
            return member == null ? null : member.value();
        }

        @Override
        public String shown() {
            return "a mapping";
        }
    }

    /** A value in a mapping, with the place of its key. */
    record Member(Place key, Node value) {}

    /** Types of scalars in YAML 1.2's core schema (YAML 1.2.2 section 10.3.2). */
    enum Type {
        NOTHING,
        SWITCH,
        WHOLE,
        DECIMAL,
        TEXT;

        static Type of(String text) {
            if (text.isEmpty()) {
                return NOTHING;
            }
            return switch (text) {
                case "~", "null", "Null", "NULL" -> NOTHING;
                case "true", "True", "TRUE", "false", "False", "FALSE" -> SWITCH;
                default -> number(text);
            };
        }

        private static Type number(String text) {
            int at = text.charAt(0) == '-' || text.charAt(0) == '+' ? 1 : 0;
            int digits = 0;
            boolean decimal = false;
            for (; at < text.length(); at++) {
                char c = text.charAt(at);
                if (c >= '0' && c <= '9') {
                    digits++;
                } else if (c == '.' && !decimal) {
                    decimal = true;
                } else {
                    return digits > 0 ? oddNumber(text) : TEXT;
                }
            }
            return digits == 0 ? TEXT : decimal ? DECIMAL : WHOLE;
        }

        private static Type oddNumber(String text) {
            if (text.matches("0o[0-7]+|0x[0-9a-fA-F]+")) {
                return WHOLE;
            }
            return text.matches("[-+]?(\\.[0-9]+|[0-9]+(\\.[0-9]*)?)[eE][-+]?[0-9]+")
                    ? DECIMAL
                    : TEXT;
        }
    }

    /**
     * {@code text} in single quotes, short and without control characters; of a private key that
     * somebody has put in the wrong place nothing.
     */
    static String quote(String text) {
        return text.contains(PRIVATE_KEY)
                ? "the text of a private key"
                : "'" + shortened(text) + "'";
    }

    private static String shortened(String text) {
        StringBuilder out = new StringBuilder();
        int shown = 0;
        for (int at = 0; at < text.length(); shown++) {
            int c = text.codePointAt(at);
            if (shown == 80) {
                out.append("…");
                break;
            }
            if (Character.isISOControl(c) || Character.getType(c) == Character.FORMAT) {
                out.append(String.format("\\u%04x", c));
            } else {
                out.appendCodePoint(c);
            }
            at += Character.charCount(c);
        }
        return out.toString();
    }
}
