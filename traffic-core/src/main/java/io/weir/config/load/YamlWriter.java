package io.weir.config.load;

import io.weir.config.Secret;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** Writes block-style YAML, one key in a line. A mapping without members is left out. */
final class YamlWriter {

    private final StringBuilder out = new StringBuilder("%YAML 1.2\n---\n");
    private final StringBuilder pendingKeys = new StringBuilder();
    private final boolean revealing;
    private int depth;
    private boolean firstOfItem;

    /**
     * @param revealing whether secrets that are no references are written as they are
     */
    YamlWriter(boolean revealing) {
        this.revealing = revealing;
    }

    /** Begins a mapping (or a list of items) under {@code key}. */
    void open(String key) {
        if (!pendingKeys.isEmpty()) {
            out.append(pendingKeys);
            pendingKeys.setLength(0);
        }
        pendingKeys.append(indent()).append(scalar(key)).append(":\n");
        depth++;
    }

    /** Begins a mapping that is the next item of a list. */
    void item() {
        flushKeys();
        firstOfItem = true;
        depth++;
    }

    /** Ends what {@link #open} or {@link #item} began. */
    void close() {
        pendingKeys.setLength(0);
        depth--;
    }

    void bare(String key, Object value) {
        line(key, value.toString());
    }

    /** A key whose value is null is left out. */
    void string(String key, @Nullable String value) {
        if (value != null) {
            line(key, scalar(value));
        }
    }

    void strings(String key, List<String> values) {
        StringBuilder list = new StringBuilder("[");
        for (String value : values) {
            list.append(list.length() > 1 ? ", " : "").append(scalar(value));
        }
        line(key, list.append(']').toString());
    }

    /** A list of values that are written as they are. */
    void bares(String key, List<?> values) {
        line(key, values.toString());
    }

    void time(String key, Duration time) {
        line(key, Quantity.written(time));
    }

    void size(String key, long bytes) {
        line(key, Quantity.written(bytes));
    }

    /** A constant, in the spelling that configurations use. */
    void word(String key, Enum<?> constant) {
        line(key, constant.name().toLowerCase(Locale.ROOT).replace('_', '-'));
    }

    /** A secret's reference, which is safe to show; its value only for what is not shown. */
    void secret(String key, Secret secret) {
        String reference = secret.reference();
        if (reference != null) {
            line(key, quoted(reference));
        } else {
            line(key, revealing ? scalar(secret.reveal()) : "'***'");
        }
    }

    /** The whole document. */
    @Override
    public String toString() {
        return out + "...\n";
    }

    private void line(String key, String value) {
        flushKeys();
        out.append(indent()).append(key).append(": ").append(value).append('\n');
    }

    private void flushKeys() {
        out.append(pendingKeys);
        pendingKeys.setLength(0);
    }

    private String indent() {
        if (firstOfItem) {
            firstOfItem = false;
            return "  ".repeat(depth - 1) + "- ";
        }
        return "  ".repeat(depth);
    }

    /** {@code text} so that it reads back as the same text, substitutions kept from happening. */
    private static String scalar(String text) {
        return written(text.replace("${", "$${"));
    }

    /** {@code text} so that it reads back as the same text, before substitutions are made. */
    static String written(String text) {
        boolean plain =
                text.matches("[A-Za-z0-9/][A-Za-z0-9_./-]*(:[0-9]+)?")
                        && Node.Type.of(text) == Node.Type.TEXT;
        return plain ? text : quoted(text);
    }

    private static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        text.codePoints()
                .forEach(
                        c -> {
                            switch (c) {
                                case '"' -> quoted.append("\\\"");
                                case '\\' -> quoted.append("\\\\");
                                case '\n' -> quoted.append("\\n");
                                case '\r' -> quoted.append("\\r");
                                case '\t' -> quoted.append("\\t");
                                default -> {
                                    if (c < ' ' || (c >= 0x7f && c < 0xa0)) {
                                        quoted.append(String.format("\\x%02x", c));
                                    } else if (c == 0x2028 || c == 0x2029 || c == 0xfeff) {
                                        quoted.append(String.format("\\u%04x", c));
                                    } else {
                                        quoted.appendCodePoint(c);
                                    }
                                }
                            }
                        });
        return quoted.append('"').toString();
    }
}
