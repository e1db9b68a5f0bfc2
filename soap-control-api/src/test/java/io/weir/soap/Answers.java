package io.weir.soap;

import org.jspecify.annotations.Nullable;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.SAXException;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;

/** Looks into answers. */
final class Answers {

    private Answers() {}

    /** The result as text, lists and structures in brackets; fails the test for a fault. */
    static String texts(String answer) {
        Element call = content(answer);
        if (call.getLocalName().equals("Fault")) {
            throw new AssertionError(answer);
        }
        List<Element> parts = children(call);
        return parts.isEmpty() ? "" : text(parts.getFirst());
    }

    /** The typed fault: its name, then all members but the message. */
    static String fault(String answer) {
        Element fault = content(answer);
        Element detail = find(fault, "detail");
        if (detail == null) {
            throw new AssertionError("no typed fault: " + answer);
        }
        Element typed = children(detail).getFirst();
        StringBuilder out = new StringBuilder(typed.getLocalName());
        for (Element member : children(typed)) {
            if (!name(member).equals("errmsg")) {
                out.append(' ').append(member.getTextContent());
            }
        }
        return out.toString();
    }

    /** The text of a fault. */
    static String faultString(String answer) {
        Element text = find(content(answer), "faultstring");
        if (text == null) {
            throw new AssertionError("no fault: " + answer);
        }
        return text.getTextContent();
    }

    private static Element content(String answer) {
        try {
            Document document =
                    DocumentBuilderFactory.newDefaultNSInstance()
                            .newDocumentBuilder()
                            .parse(
                                    new ByteArrayInputStream(
                                            answer.getBytes(StandardCharsets.UTF_8)));
            Element body = children(document.getDocumentElement()).getLast();
            return children(body).getFirst();
        } catch (ParserConfigurationException | SAXException | IOException e) {
            throw new AssertionError("not XML: " + answer, e);
        }
    }

    private static @Nullable Element find(Element parent, String name) {
        return children(parent).stream()
                .filter(child -> name(child).equals(name))
                .findFirst()
                .orElse(null);
    }

    private static String name(Element element) {
        return element.getLocalName() == null ? element.getNodeName() : element.getLocalName();
    }

    private static String text(Element element) {
        boolean list =
                element.getAttribute("xsi:type").equals("soapenc:Array")
                        || !children(element).isEmpty();
        return list
                ? children(element).stream().map(Answers::text).toList().toString()
                : element.getTextContent();
    }

    private static List<Element> children(Node parent) {
        List<Element> children = new ArrayList<>();
        for (Node n = parent.getFirstChild(); n != null; n = n.getNextSibling()) {
            if (n instanceof Element element) {
                children.add(element);
            }
        }
        return children;
    }
}
