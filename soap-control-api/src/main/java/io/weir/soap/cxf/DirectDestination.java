package io.weir.soap.cxf;

import io.weir.soap.call.Peer;

import org.apache.cxf.Bus;
import org.apache.cxf.common.logging.LogUtils;
import org.apache.cxf.message.ExchangeImpl;
import org.apache.cxf.message.Message;
import org.apache.cxf.message.MessageImpl;
import org.apache.cxf.service.model.EndpointInfo;
import org.apache.cxf.transport.AbstractConduit;
import org.apache.cxf.transport.AbstractDestination;
import org.apache.cxf.transport.Conduit;
import org.apache.cxf.ws.addressing.EndpointReferenceType;
import org.jspecify.annotations.Nullable;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Objects;
import java.util.logging.Logger;

/** Takes a message as bytes, lets CXF answer it, and gives the answer back as bytes. */
final class DirectDestination extends AbstractDestination {

    private static final Logger LOG = LogUtils.getL7dLogger(DirectDestination.class);
    private static final String ANSWER = "io.weir.soap.answer";
    private static final String TYPE = "text/xml; charset=UTF-8";

    DirectDestination(Bus bus, EndpointInfo endpoint) {
        super(bus, reference(endpoint), endpoint);
    }

    private static EndpointReferenceType reference(EndpointInfo endpoint) {
        org.apache.cxf.ws.addressing.AttributedURIType address =
                new org.apache.cxf.ws.addressing.AttributedURIType();
        address.setValue(endpoint.getAddress());
        EndpointReferenceType reference = new EndpointReferenceType();
        reference.setAddress(address);
        return reference;
    }

    CxfEndpoint.Reply call(byte[] body, @Nullable String charset, Peer peer) {
        ByteArrayOutputStream answer = new ByteArrayOutputStream(1024);
        Message message = new MessageImpl();
        message.put(Peer.class, peer);
        message.put(ANSWER, answer);
        message.put(Message.HTTP_REQUEST_METHOD, "POST");
        message.put(Message.CONTENT_TYPE, "text/xml");
        if (charset != null) {
            message.put(IntakeInterceptor.CHARSET, charset);
        }
        message.setContent(InputStream.class, new ByteArrayInputStream(body));
        message.setContent(byte[].class, body);
        ExchangeImpl exchange = new ExchangeImpl();
        exchange.setInMessage(message);
        message.setExchange(exchange);
        exchange.setDestination(this);
        getMessageObserver().onMessage(message);
        boolean fault = exchange.getOutFaultMessage() != null;
        return new CxfEndpoint.Reply(fault ? 500 : 200, TYPE, answer.toByteArray());
    }

    @Override
    protected Conduit getInbuiltBackChannel(Message in) {
        return new BackChannel(
                getAddress(), Objects.requireNonNull((OutputStream) in.get(ANSWER), ANSWER));
    }

    @Override
    protected Logger getLogger() {
        return LOG;
    }

    /** The way back: into memory. */
    private static final class BackChannel extends AbstractConduit {

        private final OutputStream answer;

        BackChannel(EndpointReferenceType target, OutputStream answer) {
            super(target);
            this.answer = answer;
        }

        @Override
        public void prepare(Message out) {
            out.setContent(OutputStream.class, answer);
        }

        @Override
        protected Logger getLogger() {
            return LOG;
        }
    }
}
