package io.weir.soap.wire;

import org.jspecify.annotations.Nullable;
import org.w3c.dom.Attr;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NamedNodeMap;
import org.w3c.dom.Node;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Puts what {@code href="#id"} refers to in place of the reference (SOAP 1.1 section 5.4.1), so
 * that one element is left in the body. References lead to elements of the same message only;
 * nothing is ever fetched.
 */
public final class References {

    /** Elements that references may add to a message. */
    private static final int MAX_ADDED = 50_000;

    private final Map<String, Element> targets = new HashMap<>();
    private int added;

    private References() {}

    /**
     * Flattens a message in place.
     *
     * @throws BadXmlException for a reference to nothing, to itself, or out of the message
     */
    public static void resolve(Document message) throws BadXmlException {
        Element body = body(message);
        if (body == null) {
            return;
        }
        List<Element> children = Xml.children(body);
        References references = new References();
        boolean any = references.collect(body, 0);
        Element call = null;
        for (Element child : children) {
            if (call == null && !Xml.localName(child).equals("multiRef")) {
                call = child;
            }
        }
        if (call != null && any) {
            references.inline(call, new HashSet<>(), 0);
        }
        for (Element child : children) {
            if (!child.isSameNode(call)) {
                body.removeChild(child);
            }
        }
    }

    /** The body of an envelope of SOAP 1.1; null when there is none. */
    static @Nullable Element body(Document message) {
        Element root = message.getDocumentElement();
        if (root == null) {
            return null;
        }
        for (Element child : Xml.children(root)) {
            if (Xml.localName(child).equals("Body") && Xml.SOAP.equals(child.getNamespaceURI())) {
                return child;
            }
        }
        return null;
    }

    /** Notes every id; whether there is any href. */
    private boolean collect(Element element, int depth) {
        String id = element.getAttribute("id");
        if (!id.isEmpty()) {
            targets.putIfAbsent(id, element);
        }
        boolean any = element.hasAttribute("href");
        for (Element child : Xml.children(element)) {
            any |= collect(child, depth + 1);
        }
        return any;
    }

    private void inline(Element element, Set<String> open, int depth) throws BadXmlException {
        String href = element.getAttribute("href");
        if (depth > XmlIntake.MAX_DEPTH) {
            throw new BadXmlException("references are nested too deeply");
        }
        String entered = null;
        if (!href.isEmpty()) {
            if (!href.startsWith("#")) {
                throw new BadXmlException(
                        "the reference " + href + " leads out of the message, expected #id");
            }
            entered = href.substring(1);
            Element target = targets.get(entered);
            if (target == null) {
                throw new BadXmlException("the reference " + href + " leads to nothing");
            }
            if (!open.add(entered)) {
                throw new BadXmlException("the reference " + href + " leads to itself");
            }
            replace(element, target);
        }
        for (Element child : Xml.children(element)) {
            inline(child, open, depth + 1);
        }
        if (entered != null) {
            open.remove(entered);
        }
    }

    private void replace(Element element, Element target) throws BadXmlException {
        element.removeAttribute("href");
        while (element.getFirstChild() != null) {
            element.removeChild(element.getFirstChild());
        }
        NamedNodeMap attributes = target.getAttributes();
        for (int i = 0; i < attributes.getLength(); i++) {
            Attr attribute = (Attr) attributes.item(i);
            if (!attribute.getName().equals("id") && !attribute.getName().equals("root")) {
                element.setAttributeNS(
                        attribute.getNamespaceURI(), attribute.getName(), attribute.getValue());
            }
        }
        for (Node n = target.getFirstChild(); n != null; n = n.getNextSibling()) {
            added += size(n);
            if (added > MAX_ADDED) {
                throw new BadXmlException(
                        "references unfold to more than " + MAX_ADDED + " elements");
            }
            element.appendChild(n.cloneNode(true));
        }
    }

    private static int size(Node node) {
        int size = node instanceof Element ? 1 : 0;
        for (Node n = node.getFirstChild(); n != null; n = n.getNextSibling()) {
            size += size(n);
        }
        return size;
    }
}
