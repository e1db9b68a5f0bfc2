package io.weir.soap.cxf;

import io.weir.soap.call.Dispatcher;
import io.weir.soap.call.Peer;
import io.weir.soap.call.SoapProblem;

import jakarta.xml.ws.BindingType;
import jakarta.xml.ws.Provider;
import jakarta.xml.ws.Service;
import jakarta.xml.ws.ServiceMode;
import jakarta.xml.ws.WebServiceProvider;
import jakarta.xml.ws.soap.SOAPBinding;

import org.apache.cxf.binding.soap.Soap11;
import org.apache.cxf.binding.soap.SoapFault;
import org.apache.cxf.message.Message;
import org.apache.cxf.phase.PhaseInterceptorChain;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

import java.util.Objects;

import javax.xml.transform.dom.DOMSource;

/**
 * Between CXF and the dispatcher: the content of the body goes in, that of the answer's comes out.
 */
@WebServiceProvider
@ServiceMode(Service.Mode.PAYLOAD)
@BindingType(SOAPBinding.SOAP11HTTP_BINDING)
public final class ControlProvider implements Provider<DOMSource> {

    private final Dispatcher dispatcher;

    ControlProvider(Dispatcher dispatcher) {
        this.dispatcher = dispatcher;
    }

    @Override
    public DOMSource invoke(DOMSource request) {
        Message message = Objects.requireNonNull(PhaseInterceptorChain.getCurrentMessage());
        Peer peer = Objects.requireNonNull(message.getExchange().getInMessage().get(Peer.class));
        try {
            return new DOMSource(dispatcher.answer(element(request), peer));
        } catch (SoapProblem e) {
            SoapFault fault =
                    new SoapFault(
                            String.valueOf(e.getMessage()),
                            e.ours()
                                    ? Soap11.getInstance().getReceiver()
                                    : Soap11.getInstance().getSender());
            Element typed = e.detail();
            if (typed != null) {
                Document document = typed.getOwnerDocument();
                Element detail = document.createElementNS(null, "detail");
                document.removeChild(typed);
                document.appendChild(detail);
                detail.appendChild(typed);
                fault.setDetail(detail);
            }
            throw fault;
        }
    }

    private static Element element(DOMSource request) {
        Node node = request == null ? null : request.getNode();
        if (node instanceof Document document) {
            node = document.getDocumentElement();
        }
        if (node instanceof Element element) {
            return element;
        }
        throw new SoapFault(
                "the body of the message is empty, expected one element",
                Soap11.getInstance().getSender());
    }
}
