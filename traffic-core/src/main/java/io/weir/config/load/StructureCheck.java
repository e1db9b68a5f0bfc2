package io.weir.config.load;

import io.weir.config.load.Node.Mapping;
import io.weir.config.load.Node.Member;
import io.weir.config.load.Node.Scalar;
import io.weir.config.load.Node.Sequence;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Compares a document with the schema, and marks as faulty every value that it reports, so that
 * later checks leave it alone.
 */
final class StructureCheck {

    private final Problems problems;

    StructureCheck(Problems problems) {
        this.problems = problems;
    }

    /** Reports where {@code node}, which stands at {@code path}, differs from {@code shape}. */
    void check(Node node, Shape shape, String path) {
        check(node, shape, path, node.place());
    }

    /** {@code path} with one more key. */
    static String path(String parent, String key) {
        for (int i = 0; i < key.length(); i++) {
            char c = key.charAt(i);
            if (c > 'z' || (!Character.isLetterOrDigit(c) && c != '-' && c != '_')) {
                return parent + "[" + Node.quote(key) + "]";
            }
        }
        return parent.isEmpty() ? key : parent + "." + key;
    }

    /** The value that {@code text} means among the choices of {@code shape}; null for none. */
    static @Nullable String choice(Shape shape, String text) {
        String alias = shape.aliases().get(text);
        if (alias != null) {
            return alias;
        }
        String dashed = text.replace('_', '-');
        return shape.choices().contains(dashed) ? dashed : null;
    }

    private void check(Node node, Shape shape, String path, Place key) {
        if (problems.isFaulty(node)) {
            return;
        }
        if (node instanceof Scalar scalar && scalar.type() == Node.Type.NOTHING) {
            fault(node, key, path, ProblemCode.NO_VALUE, "nothing, expected " + shape.title());
        } else if (!shape.alternatives().isEmpty()) {
            alternatives(node, shape, path, key);
        } else if (shape.kind() != null) {
            kind(node, shape, shape.kind(), path);
        } else {
            switch (node) {
                case Mapping mapping when shape.type().equals("object") ->
                        mapping(mapping, shape, path, key);
                case Sequence sequence when shape.type().equals("array") ->
                        sequence(sequence, shape, path);
                case Scalar scalar -> scalar(scalar, shape, path);
                default -> wrongType(node, shape, path);
            }
        }
    }

    private void alternatives(Node node, Shape shape, String path, Place key) {
        List<Shape> fitting = new ArrayList<>();
        for (Shape alternative : shape.alternatives()) {
            if (fits(node, alternative)) {
                fitting.add(alternative);
            }
        }
        if (fitting.isEmpty()) {
            fault(
                    node,
                    node.place(),
                    path,
                    ProblemCode.WRONG_TYPE,
                    node.shown() + ", expected " + shape.title());
            return;
        }
        for (Shape alternative : fitting) {
            if (node instanceof Scalar scalar && choice(alternative, scalar.text()) != null) {
                return;
            }
        }
        check(node, fitting.getLast(), path, key);
    }

    private static boolean fits(Node node, Shape shape) {
        return switch (node) {
            case Mapping mapping -> shape.type().equals("object");
            case Sequence sequence -> shape.type().equals("array");
            case Scalar scalar ->
                    switch (scalar.type()) {
                        case SWITCH -> shape.type().equals("boolean");
                        case WHOLE, DECIMAL -> shape.kind() != null;
                        case TEXT, NOTHING -> shape.type().equals("string");
                    };
        };
    }

    private void mapping(Mapping mapping, Shape shape, String path, Place key) {
        Set<String> meant = new HashSet<>();
        for (Map.Entry<String, Member> entry : mapping.members().entrySet()) {
            String name = entry.getKey();
            Member member = entry.getValue();
            Shape known = shape.properties().get(name);
            Shape others = shape.others();
            if (known != null) {
                check(member.value(), known, path(path, name), member.key());
            } else if (others != null) {
                name(name, member, shape);
                check(member.value(), others, path(path, name), member.key());
            } else {
                meant.add(String.valueOf(unknownKey(name, member, shape, path)));
            }
        }
        for (String required : shape.required()) {
            if (!mapping.members().containsKey(required) && !meant.contains(required)) {
                problems.error(
                        key,
                        path,
                        ProblemCode.MISSING_KEY,
                        path + ": the key '" + required + "' is missing");
            }
        }
    }

    private void name(String name, Member member, Shape shape) {
        Shape names = shape.names();
        if (names != null && names.pattern() != null && !names.pattern().matcher(name).matches()) {
            problems.error(
                    member.key(),
                    "",
                    ProblemCode.BAD_NAME,
                    "found the name " + Node.quote(name) + ", expected " + names.title());
        }
    }

    /** Reports an unknown key; returns the one that was probably meant, or null. */
    private @Nullable String unknownKey(String name, Member member, Shape shape, String path) {
        problems.faulty(member.value());
        String where = path.isEmpty() ? " at the top of the file" : " in " + path;
        for (Map.Entry<String, Shape> group : shape.properties().entrySet()) {
            for (Shape inner : groupsOf(group.getValue())) {
                if (inner.properties().containsKey(name.replace('_', '-'))) {
                    problems.error(
                            member.key(),
                            path,
                            ProblemCode.UNKNOWN_KEY,
                            "unknown key "
                                    + Node.quote(name)
                                    + where
                                    + "; it belongs under '"
                                    + group.getKey()
                                    + "'");
                    return null;
                }
            }
        }
        String nearest = Nearest.to(name, shape.properties().keySet());
        String message = "unknown key " + Node.quote(name) + where;
        if (name.equals("<<")) {
            message += "; YAML 1.2 has no merge keys";
        } else if (nearest == null && (path.isEmpty() || shape.properties().size() <= 8)) {
            message += ", expected " + String.join(", ", shape.properties().keySet());
        }
        problems.error(member.key(), path, ProblemCode.UNKNOWN_KEY, message, nearest);
        return nearest;
    }

    private static List<Shape> groupsOf(Shape shape) {
        return shape.alternatives().isEmpty() ? List.of(shape) : shape.alternatives();
    }

    private void sequence(Sequence sequence, Shape shape, String path) {
        Shape items = shape.items();
        Long least = shape.number("minItems");
        if (least != null && sequence.items().size() < least) {
            fault(
                    sequence,
                    sequence.place(),
                    path,
                    ProblemCode.OUT_OF_RANGE,
                    "an empty list, expected " + shape.title() + " with at least one entry");
        }
        for (int i = 0; items != null && i < sequence.items().size(); i++) {
            Node item = sequence.items().get(i);
            check(item, items, path + "[" + i + "]", item.place());
        }
    }

    private void kind(Node node, Shape shape, Kind kind, String path) {
        if (!(node instanceof Scalar scalar) || scalar.type() == Node.Type.SWITCH) {
            wrongType(node, shape, path);
            return;
        }
        try {
            kind.check(scalar);
        } catch (Malformed e) {
            fault(
                    node,
                    node.place(),
                    path,
                    e.code(),
                    node.shown() + ", " + e.reason(),
                    e.suggestion());
            return;
        }
        range(scalar, shape, path);
    }

    private void scalar(Scalar scalar, Shape shape, String path) {
        boolean right =
                switch (shape.type()) {
                    case "boolean" -> scalar.type() == Node.Type.SWITCH;
                    case "integer" -> scalar.type() == Node.Type.WHOLE && decimal(scalar.text());
                    case "string" -> scalar.type() == Node.Type.TEXT;
                    default -> false;
                };
        if (!right) {
            wrongType(scalar, shape, path);
        } else if (!shape.choices().isEmpty()) {
            choices(scalar, shape, path);
        } else if (shape.type().equals("integer")) {
            range(scalar, shape, path);
        } else if (shape.type().equals("string")) {
            Long least = shape.number("minLength");
            if ((least != null && scalar.text().length() < least)
                    || (shape.pattern() != null
                            && !shape.pattern().matcher(scalar.text()).matches())) {
                String found = shape.secret() ? "a value" : scalar.shown();
                fault(
                        scalar,
                        scalar.place(),
                        path,
                        ProblemCode.MALFORMED,
                        found + ", expected " + shape.title());
            }
        }
    }

    private static boolean decimal(String text) {
        return Quantity.isNumber(text.startsWith("-") ? text.substring(1) : text, 18);
    }

    private void choices(Scalar scalar, Shape shape, String path) {
        String text = scalar.text();
        if (choice(shape, text) != null) {
            return;
        }
        String expected = "expected " + String.join(", ", shape.choices());
        if (shape.unsupported().contains(text.replace('_', '-'))) {
            fault(
                    scalar,
                    scalar.place(),
                    path,
                    ProblemCode.UNSUPPORTED,
                    scalar.shown() + ", which this version does not support; " + expected);
            return;
        }
        fault(
                scalar,
                scalar.place(),
                path,
                ProblemCode.UNKNOWN_VALUE,
                scalar.shown() + ", " + expected,
                likelyChoice(text, shape));
    }

    private static @Nullable String likelyChoice(String text, Shape shape) {
        String nearest = Nearest.to(text, shape.choices());
        String alias = nearest == null ? Nearest.to(text, shape.aliases().keySet()) : null;
        return alias == null ? nearest : shape.aliases().get(alias);
    }

    private void range(Scalar scalar, Shape shape, String path) {
        Long minimum = shape.number("minimum");
        Long above = shape.number("exclusiveMinimum");
        Long maximum = shape.number("maximum");
        Kind kind = shape.kind();
        if (minimum == null && above == null && maximum == null) {
            return;
        }
        String limit = null;
        try {
            if (kind == Kind.TIME) {
                Duration time = Quantity.time(scalar.text());
                if (above != null && time.compareTo(Duration.ofSeconds(above)) <= 0) {
                    limit = "more than " + Quantity.written(Duration.ofSeconds(above));
                }
            } else {
                long value =
                        kind == Kind.SIZE
                                ? Quantity.size(scalar.text())
                                : Long.parseLong(scalar.text());
                if (minimum != null && value < minimum) {
                    limit = "at least " + (kind == null ? minimum : Quantity.written(minimum));
                } else if (maximum != null && value > maximum) {
                    limit = "at most " + (kind == null ? maximum : Quantity.written(maximum));
                }
            }
        } catch (Malformed e) {
            throw new IllegalStateException("checked before", e);
        }
        if (limit != null) {
            fault(
                    scalar,
                    scalar.place(),
                    path,
                    ProblemCode.OUT_OF_RANGE,
                    scalar.shown() + ", expected " + limit);
        }
    }

    private void wrongType(Node node, Shape shape, String path) {
        if (!(node instanceof Scalar scalar)) {
            fault(
                    node,
                    node.place(),
                    path,
                    ProblemCode.WRONG_TYPE,
                    node.shown() + ", expected " + shape.title());
            return;
        }
        boolean quoted = !scalar.plain() && Node.Type.of(scalar.text()) != Node.Type.TEXT;
        String found = (quoted ? "the text " : "") + scalar.shown();
        boolean unquote = false;
        String suggestion = null;
        switch (shape.type()) {
            case "string" -> {
                if (shape.choices().isEmpty()) {
                    suggestion = "\"" + scalar.text() + "\"";
                }
            }
            case "boolean" -> {
                suggestion = meantBySwitch(scalar.text());
                unquote = quoted && Node.Type.of(scalar.text()) == Node.Type.SWITCH;
            }
            case "integer" -> {
                unquote = quoted && decimal(scalar.text());
                suggestion = unquote ? scalar.text() : null;
            }
            case "array" -> suggestion = "[" + scalar.text() + "]";
            default -> {}
        }
        if (shape.secret()) {
            found = "a value of another type";
            suggestion = null;
        }
        fault(
                node,
                node.place(),
                path,
                ProblemCode.WRONG_TYPE,
                found + ", expected " + shape.title() + (unquote ? " without quotes" : ""),
                suggestion);
    }

    private static @Nullable String meantBySwitch(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "on", "yes", "1", "true" -> "true";
            case "off", "no", "0", "false" -> "false";
            default -> null;
        };
    }

    private void fault(Node node, Place place, String path, ProblemCode code, String found) {
        fault(node, place, path, code, found, null);
    }

    private void fault(
            Node node,
            Place place,
            String path,
            ProblemCode code,
            String found,
            @Nullable String suggestion) {
        problems.faulty(node);
        String subject = path.isEmpty() ? "the file" : path;
        problems.error(place, path, code, subject + ": found " + found, suggestion);
    }
}
