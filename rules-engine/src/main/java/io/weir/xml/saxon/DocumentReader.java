package io.weir.xml.saxon;

import com.ctc.wstx.sax.WstxSAXParser;
import com.ctc.wstx.stax.WstxInputFactory;

import org.xml.sax.SAXException;
import org.xml.sax.SAXNotRecognizedException;
import org.xml.sax.SAXNotSupportedException;
import org.xml.sax.ext.LexicalHandler;
import org.xml.sax.helpers.XMLFilterImpl;

/**
 * Reads the documents of rules and refuses those that have a document type, before anything of it
 * is looked at. On Woodstox, which is done with a short document in half the time of the JDK's
 * parser. May be used again when it has not failed. Confined to one thread at a time.
 */
final class DocumentReader extends XMLFilterImpl {

    private static final String LEXICAL = "http://xml.org/sax/properties/lexical-handler";

    /** What readers have in common: the names that they have seen. */
    private static final WstxInputFactory NAMES = new WstxInputFactory();

    DocumentReader() {
        super(parser());
    }

    private static WstxSAXParser parser() {
        WstxSAXParser parser = new WstxSAXParser(NAMES, false);
        // Else entities that nobody has declared are passed over in attributes.
        parser.getStaxConfig().doReplaceEntityRefs(true);
        return parser;
    }

    @Override
    public void setProperty(String name, Object value)
            throws SAXNotRecognizedException, SAXNotSupportedException {
        boolean lexical = name.equals(LEXICAL) && value instanceof LexicalHandler;
        super.setProperty(name, lexical ? new Refusing((LexicalHandler) value) : value);
    }

    /** Passes all on but document types. */
    private record Refusing(LexicalHandler handler) implements LexicalHandler {
        @Override
        public void startDTD(String name, String publicId, String systemId) throws SAXException {
            throw new SAXException("documents of rules have no DOCTYPE");
        }

        @Override
        public void endDTD() throws SAXException {
            handler.endDTD();
        }

        @Override
        public void startEntity(String name) throws SAXException {
            handler.startEntity(name);
        }

        @Override
        public void endEntity(String name) throws SAXException {
            handler.endEntity(name);
        }

        @Override
        public void startCDATA() throws SAXException {
            handler.startCDATA();
        }

        @Override
        public void endCDATA() throws SAXException {
            handler.endCDATA();
        }

        @Override
        public void comment(char[] text, int start, int length) throws SAXException {
            handler.comment(text, start, length);
        }
    }
}
