package io.weir.wire;

import io.weir.config.AddressBlocks;
import io.weir.config.ListenAddress;
import io.weir.exchange.VirtualServer;

import java.io.IOException;
import java.util.List;

/** An address that a virtual server is reached at, by TCP or by UDP. Safe for every thread. */
public interface Listening {

    /** The address of the configuration. */
    ListenAddress address();

    /**
     * Takes the address, without serving anybody yet; call off the event loops.
     *
     * @param backlog length of the kernel's queue of connections
     * @param beside whether sockets of this Weir on an address that overlaps share the port until
     *     they are closed
     * @throws IOException when the address cannot be bound, naming it
     */
    void bind(Transport transport, List<WireLoop> loops, int backlog, boolean beside)
            throws IOException;

    /**
     * Serves {@code server} from now on; exchanges under way end with what they began with. The
     * first call begins to serve.
     *
     * @param gate limit of the virtual server
     */
    void use(VirtualServer server, AddressBlocks trusted, Gate gate);

    /** The address with the real port; the configured one while not open. */
    ListenAddress boundAddress();

    /**
     * Tells of sessions that the event loop {@code loop} itself does not know as client
     * connections. Called on that loop.
     */
    default void describe(WireLoop loop, ConnectionListing out) {}

    /** Stops listening. Waits until the sockets are closed. */
    void close();
}
