package io.weir.soap.cxf;

import io.weir.soap.wire.BadXmlException;
import io.weir.soap.wire.Envelope;
import io.weir.soap.wire.XmlIntake;

import org.apache.cxf.binding.soap.Soap11;
import org.apache.cxf.binding.soap.SoapFault;
import org.apache.cxf.interceptor.StaxInInterceptor;
import org.apache.cxf.message.Message;
import org.apache.cxf.phase.AbstractPhaseInterceptor;
import org.apache.cxf.phase.Phase;
import org.apache.cxf.staxutils.StaxUtils;
import org.w3c.dom.Document;

import javax.xml.namespace.QName;
import javax.xml.stream.XMLStreamReader;

/**
 * Reads the message in place of CXF's own interceptor, with our bounds, and leaves one call in it:
 * CXF refuses bodies with several elements, which is how Axis sends structures, and takes many
 * mistakes of clients for its own.
 */
final class IntakeInterceptor extends AbstractPhaseInterceptor<Message> {

    static final String CHARSET = "io.weir.soap.charset";

    private final XmlIntake intake = new XmlIntake();

    IntakeInterceptor() {
        super(Phase.POST_STREAM);
        addBefore(StaxInInterceptor.class.getName());
    }

    @Override
    public void handleMessage(Message message) {
        byte[] bytes = message.getContent(byte[].class);
        if (bytes == null) {
            return;
        }
        try {
            Document document = intake.read(bytes, (String) message.get(CHARSET));
            Envelope.open(document);
            message.setContent(XMLStreamReader.class, StaxUtils.createXMLStreamReader(document));
        } catch (BadXmlException e) {
            throw new SoapFault(String.valueOf(e.getMessage()), code(e.kind()));
        }
    }

    private static QName code(BadXmlException.Kind kind) {
        Soap11 soap = Soap11.getInstance();
        return switch (kind) {
            case VERSION_MISMATCH -> soap.getVersionMismatch();
            case MUST_UNDERSTAND -> soap.getMustUnderstand();
            case CLIENT -> soap.getSender();
        };
    }
}
