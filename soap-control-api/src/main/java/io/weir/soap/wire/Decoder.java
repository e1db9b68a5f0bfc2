package io.weir.soap.wire;

import io.weir.soap.table.Operation;
import io.weir.soap.table.Part;
import io.weir.soap.table.SoapType;
import io.weir.soap.table.SoapType.Scalar;
import io.weir.soap.table.StructValue;

import org.w3c.dom.Element;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Makes the parameters of a call out of its element, taking every liberty that clients are known to
 * take: parameters go by name when all names are there and else by position, items of lists have
 * any name, types and lengths that are declared are not believed, what is missing is empty.
 */
public final class Decoder {

    private static final int SHOWN = 80;

    private Decoder() {}

    /**
     * The values of all parameters, in order.
     *
     * @throws BadValueException for a value that is not of its type, and for too many parameters
     */
    public static List<Object> decode(Element call, Operation operation) throws BadValueException {
        List<Part> parts = operation.parts();
        List<Element> given = Xml.isNil(call) ? List.of() : Xml.children(call);
        if (given.size() > parts.size()) {
            throw new BadValueException(
                    operation.name(),
                    given.size() + " parameters",
                    parts.isEmpty() ? "none" : "at most " + parts.size());
        }
        Map<String, Element> byName = new LinkedHashMap<>();
        given.forEach(element -> byName.put(Xml.localName(element), element));
        boolean named = parts.stream().allMatch(part -> byName.containsKey(part.name()));
        List<Object> values = new ArrayList<>();
        for (int i = 0; i < parts.size(); i++) {
            Part part = parts.get(i);
            Element element =
                    named ? byName.get(part.name()) : i < given.size() ? given.get(i) : null;
            values.add(
                    element == null
                            ? empty(part.type())
                            : value(element, part.type(), part.name()));
        }
        return values;
    }

    /** What a value that is not there means. */
    public static Object empty(SoapType type) {
        return switch (type) {
            case Scalar scalar ->
                    switch (scalar) {
                        case STRING -> "";
                        case INT, UNSIGNED_INT, LONG -> 0L;
                        case BOOLEAN -> false;
                        case FLOAT, DOUBLE -> 0.0;
                        case DATE_TIME -> Instant.EPOCH;
                        case BASE64 -> new byte[0];
                    };
            case SoapType.Choice choice -> "";
            case SoapType.Struct struct -> new StructValue(struct, Map.of());
            case SoapType.ListOf list -> List.of();
        };
    }

    private static Object value(Element element, SoapType type, String part)
            throws BadValueException {
        if (Xml.isNil(element)) {
            return empty(type);
        }
        return switch (type) {
            case Scalar scalar -> scalar(text(element, scalar), scalar, part);
            case SoapType.Choice choice ->
                    choice(text(element, Scalar.STRING).strip(), choice, part);
            case SoapType.Struct struct -> struct(element, struct, part);
            case SoapType.ListOf(SoapType item) -> list(element, item, part);
        };
    }

    private static List<Object> list(Element element, SoapType item, String part)
            throws BadValueException {
        List<Element> children = Xml.children(element);
        List<Object> items = new ArrayList<>(children.size());
        if (children.isEmpty() && !Xml.text(element).isBlank()) {
            // A client that has one value sends it without a list around it.
            items.add(value(element, item, part));
            return items;
        }
        for (Element child : children) {
            items.add(value(child, item, part));
        }
        return items;
    }

    private static StructValue struct(Element element, SoapType.Struct type, String part)
            throws BadValueException {
        Map<String, Element> given = new LinkedHashMap<>();
        Xml.children(element).forEach(child -> given.put(Xml.localName(child), child));
        Map<String, Object> members = new LinkedHashMap<>();
        for (Part member : type.members()) {
            Element child = given.remove(member.name());
            members.put(
                    member.name(),
                    child == null
                            ? empty(member.type())
                            : value(child, member.type(), part + "." + member.name()));
        }
        if (!given.isEmpty()) {
            throw new BadValueException(
                    part,
                    String.join(", ", given.keySet()),
                    "the members "
                            + String.join(", ", type.members().stream().map(Part::name).toList()));
        }
        return new StructValue(type, members);
    }

    /** The text; Base64 that stands for it, as SOAP::Lite sends texts beyond ASCII, is undone. */
    private static String text(Element element, Scalar type) {
        String text = Xml.text(element);
        String declared = Xml.typeOf(element);
        if (type != Scalar.BASE64
                && declared != null
                && declared.toLowerCase(Locale.ROOT).startsWith("base64")) {
            try {
                byte[] bytes = Base64.getMimeDecoder().decode(text);
                return new String(bytes, StandardCharsets.UTF_8);
            } catch (IllegalArgumentException e) {
                return text;
            }
        }
        return text;
    }

    private static Object scalar(String text, Scalar type, String part) throws BadValueException {
        String stripped = text.strip();
        try {
            return switch (type) {
                case STRING -> text;
                case BOOLEAN -> flag(stripped, part);
                case INT -> number(stripped, Integer.MIN_VALUE, Integer.MAX_VALUE);
                case UNSIGNED_INT -> number(stripped, 0, 0xFFFF_FFFFL);
                case LONG -> number(stripped, Long.MIN_VALUE, Long.MAX_VALUE);
                case FLOAT, DOUBLE -> stripped.isEmpty() ? 0.0 : Double.parseDouble(stripped);
                case DATE_TIME -> OffsetDateTime.parse(stripped).toInstant();
                case BASE64 -> Base64.getMimeDecoder().decode(stripped);
            };
        } catch (IllegalArgumentException | ArithmeticException | DateTimeException e) {
            String expected =
                    switch (type) {
                        case UNSIGNED_INT -> "a whole number from 0 to 4294967295";
                        case INT -> "a whole number from -2147483648 to 2147483647";
                        default -> "a value of the type " + type;
                    };
            throw new BadValueException(part, shown(text), expected);
        }
    }

    private static Long number(String text, long least, long most) {
        if (text.isEmpty()) {
            return 0L;
        }
        // Perl may send 5.0 or 1e3 for a number that was reckoned.
        long number =
                text.length() > 30 ? overlong() : new java.math.BigDecimal(text).longValueExact();
        if (number < least || number > most) {
            throw new IllegalArgumentException("out of range");
        }
        return number;
    }

    private static long overlong() {
        throw new IllegalArgumentException("too many digits");
    }

    private static Boolean flag(String text, String part) throws BadValueException {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "1", "true", "yes" -> true;
            case "0", "false", "no", "" -> false;
            default -> throw new BadValueException(part, shown(text), "true or false");
        };
    }

    private static String choice(String text, SoapType.Choice type, String part)
            throws BadValueException {
        if (text.isEmpty() || type.words().contains(text)) {
            return text;
        }
        throw new BadValueException(part, shown(text), "one of " + String.join(", ", type.words()));
    }

    private static String shown(String text) {
        return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "...";
    }
}
