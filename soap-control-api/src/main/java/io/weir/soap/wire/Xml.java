package io.weir.soap.wire;

import org.jspecify.annotations.Nullable;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

import java.util.ArrayList;
import java.util.List;

import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;

/** Namespaces, and small things that DOM makes long. */
public final class Xml {

    /** Envelopes of SOAP 1.1. */
    public static final String SOAP = "http://schemas.xmlsoap.org/soap/envelope/";

    /** The encoding of SOAP 1.1, section 5. */
    public static final String SOAP_ENCODING = "http://schemas.xmlsoap.org/soap/encoding/";

    public static final String XSD = "http://www.w3.org/2001/XMLSchema";
    public static final String XSI = "http://www.w3.org/2001/XMLSchema-instance";
    static final String XMLNS = "http://www.w3.org/2000/xmlns/";

    private static final ThreadLocal<DocumentBuilder> BUILDERS =
            ThreadLocal.withInitial(Xml::builder);

    private Xml() {}

    /** An empty document. */
    public static Document document() {
        return Thread.currentThread().isVirtual()
                ? builder().newDocument()
                : BUILDERS.get().newDocument();
    }

    private static DocumentBuilder builder() {
        try {
            return Holder.FACTORY.newDocumentBuilder();
        } catch (ParserConfigurationException e) {
            throw new IllegalStateException("the JDK has no XML", e);
        }
    }

    /** The elements directly inside {@code parent}. */
    static List<Element> children(Node parent) {
        List<Element> children = new ArrayList<>();
        for (Node n = parent.getFirstChild(); n != null; n = n.getNextSibling()) {
            if (n instanceof Element element) {
                children.add(element);
            }
        }
        return children;
    }

    /** The text directly inside {@code element}, that of elements left out. */
    static String text(Element element) {
        Node first = element.getFirstChild();
        if (first == null) {
            return "";
        }
        if (first.getNextSibling() == null && !(first instanceof Element)) {
            return first.getNodeValue();
        }
        StringBuilder text = new StringBuilder();
        for (Node n = first; n != null; n = n.getNextSibling()) {
            if (n.getNodeType() == Node.TEXT_NODE || n.getNodeType() == Node.CDATA_SECTION_NODE) {
                text.append(n.getNodeValue());
            }
        }
        return text.toString();
    }

    /** The name without a prefix. */
    static String localName(Node node) {
        String local = node.getLocalName();
        return local == null ? node.getNodeName() : local;
    }

    /** The local part of the xsi:type, whatever schema its prefix stands for; null without one. */
    static @Nullable String typeOf(Element element) {
        String type = element.getAttributeNS(XSI, "type");
        if (type.isEmpty()) {
            type = element.getAttributeNS("http://www.w3.org/1999/XMLSchema-instance", "type");
        }
        return type.isEmpty() ? null : type.substring(type.indexOf(':') + 1);
    }

    /** Whether the element says that it has no value. */
    static boolean isNil(Element element) {
        String nil = element.getAttributeNS(XSI, "nil");
        return nil.equals("true") || nil.equals("1");
    }

    private static final class Holder {
        static final DocumentBuilderFactory FACTORY = factory();

        private static DocumentBuilderFactory factory() {
            DocumentBuilderFactory factory = DocumentBuilderFactory.newDefaultNSInstance();
            return factory;
        }
    }
}
