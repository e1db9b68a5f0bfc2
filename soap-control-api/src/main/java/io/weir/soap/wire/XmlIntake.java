package io.weir.soap.wire;

import com.ctc.wstx.api.WstxInputProperties;
import com.ctc.wstx.stax.WstxInputFactory;

import org.codehaus.stax2.XMLInputFactory2;
import org.jspecify.annotations.Nullable;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

import java.io.ByteArrayInputStream;

import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * Reads XML from outside into a document. No document type declaration, no entities but the five
 * that XML has, and bounds on everything that could grow. Safe for every thread.
 */
public final class XmlIntake {

    static final int MAX_DEPTH = 32;
    static final int MAX_ELEMENTS = 200_000;
    private static final int MAX_ATTRIBUTES = 64;

    private final XMLInputFactory2 factory;

    /** An intake with the bounds of the control API. */
    public XmlIntake() {
        factory = new WstxInputFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        factory.setProperty(XMLInputFactory.IS_COALESCING, true);
        // A mistake in a text is to be found where texts are read, not where they are used.
        factory.setProperty(XMLInputFactory2.P_LAZY_PARSING, false);
        factory.setProperty(WstxInputProperties.P_MAX_ATTRIBUTES_PER_ELEMENT, MAX_ATTRIBUTES);
        factory.setProperty(WstxInputProperties.P_MAX_ATTRIBUTE_SIZE, 65_536);
    }

    /**
     * Reads a whole document.
     *
     * @param charset of the transport; null when the document says it itself
     * @throws BadXmlException when it is not well-formed or goes beyond a bound
     */
    public Document read(byte[] bytes, @Nullable String charset) throws BadXmlException {
        try {
            ByteArrayInputStream in = new ByteArrayInputStream(bytes);
            XMLStreamReader reader =
                    charset == null
                            ? factory.createXMLStreamReader(in)
                            : factory.createXMLStreamReader(in, charset);
            try {
                return document(reader);
            } finally {
                reader.close();
            }
        } catch (XMLStreamException e) {
            String text = String.valueOf(e.getMessage());
            int end = text.indexOf('\n');
            throw new BadXmlException(
                    "the message is not well-formed XML: "
                            + (end < 0 ? text : text.substring(0, end)));
        }
    }

    private static Document document(XMLStreamReader reader)
            throws XMLStreamException, BadXmlException {
        Document document = Xml.document();
        Node parent = document;
        int depth = 0;
        int elements = 0;
        while (reader.hasNext()) {
            switch (reader.next()) {
                case XMLStreamConstants.START_ELEMENT -> {
                    if (++depth > MAX_DEPTH) {
                        throw new BadXmlException(
                                "elements are nested more than " + MAX_DEPTH + " deep");
                    }
                    if (++elements > MAX_ELEMENTS) {
                        throw new BadXmlException(
                                "the message has more than " + MAX_ELEMENTS + " elements");
                    }
                    Element element = element(document, reader);
                    parent.appendChild(element);
                    parent = element;
                }
                case XMLStreamConstants.END_ELEMENT -> {
                    depth--;
                    Node above = parent.getParentNode();
                    parent = above == null ? document : above;
                }
                case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA -> {
                    if (!parent.isSameNode(document)) {
                        parent.appendChild(document.createTextNode(reader.getText()));
                    }
                }
                case XMLStreamConstants.DTD ->
                        throw new BadXmlException("a document type declaration is not allowed");
                case XMLStreamConstants.ENTITY_REFERENCE ->
                        throw new BadXmlException(
                                "the entity " + reader.getLocalName() + " is not declared");
                // Comments and processing instructions mean nothing to SOAP.
                default -> {}
            }
        }
        return document;
    }

    private static Element element(Document document, XMLStreamReader reader) {
        Element element =
                document.createElementNS(
                        reader.getNamespaceURI(),
                        qualified(reader.getPrefix(), reader.getLocalName()));
        for (int i = 0; i < reader.getNamespaceCount(); i++) {
            String prefix = reader.getNamespacePrefix(i);
            String uri = reader.getNamespaceURI(i);
            element.setAttributeNS(
                    Xml.XMLNS,
                    prefix == null || prefix.isEmpty() ? "xmlns" : "xmlns:" + prefix,
                    uri == null ? "" : uri);
        }
        for (int i = 0; i < reader.getAttributeCount(); i++) {
            String uri = reader.getAttributeNamespace(i);
            element.setAttributeNS(
                    uri == null || uri.isEmpty() ? null : uri,
                    qualified(reader.getAttributePrefix(i), reader.getAttributeLocalName(i)),
                    reader.getAttributeValue(i));
        }
        return element;
    }

    private static String qualified(@Nullable String prefix, String local) {
        return prefix == null || prefix.isEmpty() ? local : prefix + ":" + local;
    }
}
