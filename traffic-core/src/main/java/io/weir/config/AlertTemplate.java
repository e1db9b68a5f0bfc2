package io.weir.config;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A text with places such as {@code {{text}}} for the parts of an event. {@code {{text:json}}} puts
 * the part there as a JSON string with its quotes, {@code {{text:url}}} encoded for a query.
 * Immutable.
 */
public final class AlertTemplate {

    /** Names of the parts. */
    public static final Set<String> PARTS =
            Set.of(
                    "time",
                    "severity",
                    "tag",
                    "objects",
                    "object",
                    "text",
                    "event-type",
                    "machine",
                    "state",
                    "key");

    private static final Set<String> FORMS = Set.of("", "json", "url");

    private static final Pattern PLACE = Pattern.compile("\\{\\{([^{}:]*)(?::([^{}]*))?}}");

    private final List<Piece> pieces;

    /** A text before a place, and the place; the last piece has none. */
    private record Piece(String before, String part, String form) {}

    private AlertTemplate(List<Piece> pieces) {
        this.pieces = List.copyOf(pieces);
    }

    /**
     * Reads a template.
     *
     * @throws IllegalArgumentException whose message names the place that is none
     */
    public static AlertTemplate parse(String text) {
        List<Piece> pieces = new ArrayList<>();
        Matcher matcher = PLACE.matcher(text);
        int at = 0;
        while (matcher.find()) {
            String part = matcher.group(1).strip();
            String form = matcher.group(2) == null ? "" : matcher.group(2).strip();
            if (!PARTS.contains(part) || !FORMS.contains(form)) {
                throw new IllegalArgumentException(
                        matcher.group()
                                + ", expected one of "
                                + String.join(", ", PARTS.stream().sorted().toList())
                                + " in double braces, with :json or :url after it or nothing");
            }
            pieces.add(new Piece(text.substring(at, matcher.start()), part, form));
            at = matcher.end();
        }
        pieces.add(new Piece(text.substring(at), "", ""));
        return new AlertTemplate(pieces);
    }

    /**
     * The text with the parts in their places.
     *
     * @param parts by name; all of {@link #PARTS}
     */
    public String fill(Map<String, String> parts) {
        StringBuilder out = new StringBuilder();
        for (Piece piece : pieces) {
            out.append(piece.before);
            String value = parts.getOrDefault(piece.part, "");
            switch (piece.form) {
                case "json" -> out.append(json(value));
                case "url" -> out.append(URLEncoder.encode(value, StandardCharsets.UTF_8));
                default -> out.append(value);
            }
        }
        return out.toString();
    }

    private static String json(String value) {
        StringBuilder out = new StringBuilder("\"");
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c < ' ' || c == 0x7f || c == 0x2028 || c == 0x2029) {
                out.append(String.format("\\u%04x", (int) c));
            } else {
                out.append(c);
            }
        }
        return out.append('"').toString();
    }
}
