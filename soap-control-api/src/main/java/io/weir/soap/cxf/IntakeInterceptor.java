package io.weir.soap.cxf;

import io.weir.soap.wire.BadXmlException;
import io.weir.soap.wire.References;
import io.weir.soap.wire.XmlIntake;

import org.apache.cxf.binding.soap.Soap11;
import org.apache.cxf.binding.soap.SoapFault;
import org.apache.cxf.interceptor.StaxInInterceptor;
import org.apache.cxf.message.Message;
import org.apache.cxf.phase.AbstractPhaseInterceptor;
import org.apache.cxf.phase.Phase;
import org.apache.cxf.staxutils.StaxUtils;
import org.w3c.dom.Document;

import javax.xml.stream.XMLStreamReader;

/**
 * Reads the message in place of CXF's own interceptor, with our bounds, and puts what references
 * lead to in their place: CXF refuses bodies with several elements, which is how Axis sends
 * structures.
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
            References.resolve(document);
            message.setContent(XMLStreamReader.class, StaxUtils.createXMLStreamReader(document));
        } catch (BadXmlException e) {
            throw new SoapFault(String.valueOf(e.getMessage()), Soap11.getInstance().getSender());
        }
    }
}
