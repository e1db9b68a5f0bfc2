package io.weir.soap.cxf;

import org.apache.cxf.Bus;
import org.apache.cxf.service.model.EndpointInfo;
import org.apache.cxf.transport.AbstractTransportFactory;
import org.apache.cxf.transport.Destination;
import org.apache.cxf.transport.DestinationFactory;
import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Set;

/** A transport without a network: it has one destination, which is called directly. */
final class DirectTransport extends AbstractTransportFactory implements DestinationFactory {

    private @Nullable DirectDestination destination;

    DirectTransport() {
        super(List.of("urn:weir:direct"));
    }

    @Override
    public Destination getDestination(EndpointInfo endpoint, Bus bus) {
        DirectDestination made = destination;
        if (made == null) {
            made = new DirectDestination(bus, endpoint);
            destination = made;
        }
        return made;
    }

    @Override
    public Set<String> getUriPrefixes() {
        return Set.of("/");
    }

    /** The destination, once the endpoint is made. */
    DirectDestination destination() {
        DirectDestination made = destination;
        if (made == null) {
            throw new IllegalStateException("CXF asked for no destination");
        }
        return made;
    }
}
