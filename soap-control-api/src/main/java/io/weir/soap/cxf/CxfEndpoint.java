package io.weir.soap.cxf;

import io.weir.soap.call.Dispatcher;
import io.weir.soap.call.Peer;

import org.apache.cxf.Bus;
import org.apache.cxf.bus.extension.ExtensionManagerBus;
import org.apache.cxf.common.logging.LogUtils;
import org.apache.cxf.common.logging.Slf4jLogger;
import org.apache.cxf.endpoint.Endpoint;
import org.apache.cxf.endpoint.Server;
import org.apache.cxf.jaxws.JaxWsServerFactoryBean;
import org.apache.cxf.logging.FaultListener;
import org.jspecify.annotations.Nullable;

/**
 * The SOAP endpoint: CXF with a transport that is a method call. Safe for every thread but an event
 * loop, because calls may wait for disk and sockets.
 */
public final class CxfEndpoint implements AutoCloseable {

    private static final String ADDRESS = "/soap";

    private final Bus bus;
    private final Server server;
    private final DirectDestination destination;

    private CxfEndpoint(Bus bus, Server server, DirectDestination destination) {
        this.bus = bus;
        this.server = server;
        this.destination = destination;
    }

    /** What goes back to a client. */
    public record Reply(int status, String contentType, byte[] body) {}

    /** Starts an endpoint that hands calls to {@code dispatcher}. */
    public static CxfEndpoint start(Dispatcher dispatcher) {
        LogUtils.setLoggerClass(Slf4jLogger.class);
        Bus bus = new ExtensionManagerBus();
        DirectTransport transport = new DirectTransport();
        JaxWsServerFactoryBean factory = new JaxWsServerFactoryBean();
        factory.setBus(bus);
        factory.setAddress(ADDRESS);
        factory.setDestinationFactory(transport);
        factory.setBindingFactory(new PlainSoapBinding(bus));
        factory.setServiceBean(new ControlProvider(dispatcher));
        Server server = factory.create();
        Endpoint endpoint = server.getEndpoint();
        endpoint.getInInterceptors().add(new IntakeInterceptor());
        // Faults are answers to clients' mistakes; the client is told, and that is enough.
        endpoint.put(
                FaultListener.class.getName(),
                (FaultListener) (exception, description, message) -> false);
        return new CxfEndpoint(bus, server, transport.destination());
    }

    /**
     * Answers one message.
     *
     * @param charset that the transport names; null when it names none
     */
    public Reply call(byte[] message, @Nullable String charset, Peer peer) {
        return destination.call(message, charset, peer);
    }

    @Override
    public void close() {
        server.destroy();
        bus.shutdown(true);
    }
}
