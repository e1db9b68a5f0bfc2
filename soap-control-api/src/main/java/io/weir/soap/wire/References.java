package io.weir.soap.wire;

import org.w3c.dom.Attr;
import org.w3c.dom.Element;
import org.w3c.dom.NamedNodeMap;
import org.w3c.dom.Node;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Puts what {@code href="#id"} refers to in place of the reference (SOAP 1.1 section 5.4.1), so
 * that a call stands for itself. References lead to elements of the same message only; nothing is
 * ever fetched.
 */
final class References {

    /** Elements that references may add to a message. */
    private static final int MAX_ADDED = 50_000;

    private final Map<String, Element> targets = new HashMap<>();
    private int added;

    private References() {}

    /**
     * Flattens a call in place.
     *
     * @param body where the call and what it may refer to lie
     * @throws BadXmlException for a reference to nothing, to itself, or out of the message
     */
    static void resolve(Element body, Element call) throws BadXmlException {
        References references = new References();
        if (references.collect(body)) {
            references.inline(call, new HashSet<>(), 0);
        }
    }

    /** Notes every id; whether there is any href. */
    private boolean collect(Element element) {
        String id = element.getAttribute("id");
        if (!id.isEmpty()) {
            targets.putIfAbsent(id, element);
        }
        boolean any = element.hasAttribute("href");
        for (Element child : Xml.children(element)) {
            any |= collect(child);
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
