package io.weir.soap.wire;

import io.weir.soap.table.Api;
import io.weir.soap.table.FaultKind;
import io.weir.soap.table.Operation;
import io.weir.soap.table.Part;
import io.weir.soap.table.SoapType;
import io.weir.soap.table.SoapType.Scalar;
import io.weir.soap.table.StructValue;

import org.jspecify.annotations.Nullable;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/**
 * Makes elements out of results and faults. In the encoded dialect every value carries its type, as
 * clients generated from the descriptions rely on; in the literal one elements are qualified and
 * carry none. Confined to one answer.
 */
public final class Encoder {

    private final Api api;
    private final boolean literal;
    private final Document document = Xml.document();

    /** An encoder of one answer for the interface. */
    public Encoder(Api api, boolean literal) {
        this.api = api;
        this.literal = literal;
    }

    /**
     * The element of an answer.
     *
     * @param result null for an operation without a result
     */
    public Element answer(Operation operation, @Nullable Object result) {
        String name = operation.name() + "Response";
        Element answer;
        if (literal) {
            answer = document.createElementNS(api.literalNamespace(), name);
        } else {
            answer = document.createElementNS(api.namespace(), "namesp1:" + name);
            declare(answer, "namesp1", api.namespace());
            declareTypes(answer);
            answer.setAttributeNS(Xml.SOAP, "soap:encodingStyle", Xml.SOAP_ENCODING);
        }
        Part part = operation.result();
        if (part != null && result != null) {
            answer.appendChild(value(part.name(), part.type(), result));
        }
        document.appendChild(answer);
        return answer;
    }

    /** The element of a call, for interfaces that Weir calls. */
    public Element call(Operation operation, List<?> values) {
        Element call = document.createElementNS(api.namespace(), "namesp1:" + operation.name());
        declare(call, "namesp1", api.namespace());
        declareTypes(call);
        for (int i = 0; i < values.size(); i++) {
            Part part = operation.parts().get(i);
            call.appendChild(value(part.name(), part.type(), values.get(i)));
        }
        document.appendChild(call);
        return call;
    }

    /** The content of {@code detail} for a typed fault. */
    public Element fault(FaultKind kind, Map<String, String> members) {
        Element fault;
        if (literal) {
            fault = document.createElementNS(api.literalNamespace(), kind.wireName());
        } else {
            String name = api.typePrefix() + ":" + kind.wireName();
            fault = document.createElementNS(api.typeNamespace(), name);
            declareTypes(fault);
            fault.setAttributeNS(Xml.XSI, "xsi:type", name);
        }
        for (String member : kind.members()) {
            fault.appendChild(value(member, Scalar.STRING, members.getOrDefault(member, "")));
        }
        document.appendChild(fault);
        return fault;
    }

    private void declareTypes(Element element) {
        declare(element, api.typePrefix(), api.typeNamespace());
        declare(element, "soapenc", Xml.SOAP_ENCODING);
        declare(element, "xsd", Xml.XSD);
        declare(element, "xsi", Xml.XSI);
    }

    private static void declare(Element element, String prefix, String namespace) {
        element.setAttributeNS(Xml.XMLNS, "xmlns:" + prefix, namespace);
    }

    private Element value(String name, SoapType type, Object value) {
        Element element =
                literal
                        ? document.createElementNS(api.literalNamespace(), name)
                        : document.createElementNS(null, name);
        switch (type) {
            case Scalar scalar -> {
                mark(element, typeName(type));
                element.appendChild(document.createTextNode(text(scalar, value)));
            }
            case SoapType.Choice choice -> {
                mark(element, typeName(type));
                element.appendChild(document.createTextNode(value.toString()));
            }
            case SoapType.Struct declared -> struct(element, declared, (StructValue) value);
            case SoapType.ListOf(SoapType item) -> list(element, item, (List<?>) value);
        }
        return element;
    }

    private void struct(Element element, SoapType.Struct declared, StructValue value) {
        mark(element, typeName(value.type()));
        if (literal && !value.type().equals(declared)) {
            declare(element, "xsi", Xml.XSI);
            declare(element, "t", api.literalNamespace());
            element.setAttributeNS(Xml.XSI, "xsi:type", "t:" + value.type().typeName());
        }
        for (Part member : value.type().members()) {
            Object inner = value.get(member.name());
            element.appendChild(
                    value(
                            member.name(),
                            member.type(),
                            inner == null ? Decoder.empty(member.type()) : inner));
        }
    }

    private void list(Element element, SoapType item, List<?> items) {
        if (!literal) {
            element.setAttributeNS(
                    Xml.SOAP_ENCODING,
                    "soapenc:arrayType",
                    typeName(item) + "[" + items.size() + "]");
            mark(element, "soapenc:Array");
        }
        for (Object value : items) {
            element.appendChild(value("Item", item, value));
        }
    }

    private void mark(Element element, String type) {
        if (!literal) {
            element.setAttributeNS(Xml.XSI, "xsi:type", type);
        }
    }

    private String typeName(SoapType type) {
        return (type instanceof Scalar ? "xsd:" : api.typePrefix() + ":") + type.typeName();
    }

    /** A value as XML Schema writes it; characters that XML cannot carry become U+FFFD. */
    private static String text(Scalar type, Object value) {
        return switch (type) {
            case STRING -> clean(value.toString());
            case INT -> Integer.toString((int) number(value));
            case UNSIGNED_INT -> Long.toString(number(value) & 0xFFFF_FFFFL);
            case BASE64 -> Base64.getEncoder().encodeToString((byte[]) value);
            case DATE_TIME ->
                    ((Instant) value).truncatedTo(java.time.temporal.ChronoUnit.SECONDS).toString();
            case LONG, BOOLEAN, FLOAT, DOUBLE -> value.toString();
        };
    }

    /** Counters that a type has no room for wrap, as those of the model product do. */
    private static long number(Object value) {
        return ((Number) value).longValue();
    }

    private static String clean(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ' && c != '\n' && c != '\r' && c != '\t' || c >= '\uFFFE') {
                return text.replaceAll("[\\x00-\\x08\\x0B\\x0C\\x0E-\\x1F\uFFFE\uFFFF]", "\uFFFD");
            }
        }
        return text;
    }
}
