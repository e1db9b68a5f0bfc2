package io.weir.soap.wire;

import io.weir.soap.wire.BadXmlException.Kind;

import org.jspecify.annotations.Nullable;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

/**
 * The frame of a message: what SOAP 1.1, section 4, asks of Envelope, Header and Body. A message
 * that passes holds exactly one call.
 */
public final class Envelope {

    /** Who is addressed by a header block that names nobody else (SOAP 1.1 section 4.2.2). */
    private static final String NEXT = "http://schemas.xmlsoap.org/soap/actor/next";

    private Envelope() {}

    /**
     * Checks the frame, and leaves in the body nothing but the call, with what it refers to in its
     * place.
     *
     * @throws BadXmlException when the message is no message of SOAP 1.1 with one call
     */
    public static void open(Document message) throws BadXmlException {
        Element body = body(root(message));
        Element call = call(body);
        References.resolve(body, call);
        for (Element child : Xml.children(body)) {
            if (!child.isSameNode(call)) {
                body.removeChild(child);
            }
        }
    }

    private static Element root(Document message) throws BadXmlException {
        Element root = message.getDocumentElement();
        String namespace = root.getNamespaceURI();
        if (Xml.localName(root).equals("Envelope")) {
            if (Xml.SOAP.equals(namespace)) {
                return root;
            }
            throw new BadXmlException(
                    Kind.VERSION_MISMATCH,
                    "the envelope has the namespace '"
                            + shown(namespace)
                            + "', expected that of SOAP 1.1, "
                            + Xml.SOAP);
        }
        throw new BadXmlException(
                "the message is an element '"
                        + Xml.localName(root)
                        + "', expected an Envelope of the namespace "
                        + Xml.SOAP);
    }

    private static Element body(Element envelope) throws BadXmlException {
        Element body = null;
        for (Element child : Xml.children(envelope)) {
            if (isOfSoap(child, "Body")) {
                if (body != null) {
                    throw new BadXmlException("the envelope has more than one Body, expected one");
                }
                body = child;
            } else if (isOfSoap(child, "Header")) {
                if (body != null) {
                    throw new BadXmlException("the Header follows the Body, expected it before");
                }
                header(child);
            } else if (body == null) {
                throw new BadXmlException(
                        "the envelope has the element '"
                                + Xml.localName(child)
                                + "' of the namespace '"
                                + shown(child.getNamespaceURI())
                                + "' before its Body, expected a Header or nothing");
            }
        }
        if (body == null) {
            throw new BadXmlException("the envelope has no Body, expected one with a call in it");
        }
        return body;
    }

    /** Weir knows no header blocks: what must be understood is refused, the others mean nothing. */
    private static void header(Element header) throws BadXmlException {
        for (Element block : Xml.children(header)) {
            String must = block.getAttributeNS(Xml.SOAP, "mustUnderstand");
            String actor = block.getAttributeNS(Xml.SOAP, "actor");
            boolean forWeir = actor.isEmpty() || actor.equals(NEXT);
            if (forWeir && (must.equals("1") || must.equals("true"))) {
                throw new BadXmlException(
                        Kind.MUST_UNDERSTAND,
                        "the header '"
                                + Xml.localName(block)
                                + "' of the namespace '"
                                + shown(block.getNamespaceURI())
                                + "' must be understood, and Weir understands no headers");
            }
        }
    }

    /**
     * The element that nothing refers to. What calls refer to lies beside them: Axis names it
     * {@code multiRef}, others give it an id (SOAP 1.1 sections 5.4.1 and 5.6).
     */
    private static Element call(Element body) throws BadXmlException {
        Element call = null;
        Element withId = null;
        for (Element child : Xml.children(body)) {
            if (Xml.localName(child).equals("multiRef")
                    || child.getAttributeNS(Xml.SOAP_ENCODING, "root").equals("0")) {
                continue;
            }
            if (child.hasAttribute("id")) {
                withId = withId == null ? child : withId;
            } else if (call == null) {
                call = child;
            } else {
                throw new BadXmlException(
                        "the Body has the calls '"
                                + Xml.localName(call)
                                + "' and '"
                                + Xml.localName(child)
                                + "', expected one");
            }
        }
        Element found = call == null ? withId : call;
        if (found == null) {
            throw new BadXmlException("the Body has no call in it, expected the element of one");
        }
        return found;
    }

    private static boolean isOfSoap(Element element, String name) {
        return Xml.localName(element).equals(name) && Xml.SOAP.equals(element.getNamespaceURI());
    }

    private static String shown(@Nullable String namespace) {
        return namespace == null ? "" : namespace;
    }
}
