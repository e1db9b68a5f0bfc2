package io.weir.runtime;

import io.weir.config.AddressBlocks;
import io.weir.config.AdminConfig;
import io.weir.config.GlobalConfig;
import io.weir.config.ListenAddress;
import io.weir.config.Protocol;
import io.weir.config.VirtualServerConfig;
import io.weir.config.WeirConfig;
import io.weir.event.EventBus;
import io.weir.event.EventTag;
import io.weir.event.ObjectRef;
import io.weir.exchange.VirtualServer;
import io.weir.runtime.DataPlane.Change;
import io.weir.runtime.DataPlane.ObjectResult;
import io.weir.wire.Gate;
import io.weir.wire.Listener;
import io.weir.wire.Listening;
import io.weir.wire.Transport;
import io.weir.wire.datagram.DatagramListener;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The addresses that are listened on, and who is served there. Those that a new configuration does
 * not change are not touched. Safe for every thread but an event loop; changes come one after the
 * other.
 */
final class OpenListeners {

    private final Transport transport;
    private final EventLoops loops;
    private final Gate sharedGate;
    private final EventBus events;
    private final Map<Endpoint, Listening> listeners = new LinkedHashMap<>();

    /**
     * @param sharedGate limit of all listeners together
     */
    OpenListeners(Transport transport, EventLoops loops, Gate sharedGate, EventBus events) {
        this.transport = transport;
        this.loops = loops;
        this.sharedGate = sharedGate;
        this.events = events;
    }

    /**
     * What is listened on.
     *
     * @param datagrams whether it is a port of UDP, which are others than those of TCP
     * @param owner whose port it is where the system chooses it; empty for ports with a number
     */
    private record Endpoint(boolean datagrams, ListenAddress address, String owner) {

        /** Those of {@code vs}, in the order of its addresses; each port 0 is one of its own. */
        static List<Endpoint> of(VirtualServerConfig vs) {
            boolean datagrams = vs.protocol().kind() == Protocol.Kind.DATAGRAM;
            List<Endpoint> all = new ArrayList<>();
            for (ListenAddress address : vs.listen()) {
                String owner = address.port() == 0 ? vs.name() + "/" + all.size() : "";
                all.add(new Endpoint(datagrams, address, owner));
            }
            return all;
        }
    }

    /** What is listened on that overlaps {@code endpoint}; null for nothing. */
    private @Nullable Listening overlapping(Endpoint endpoint) {
        for (Map.Entry<Endpoint, Listening> open : listeners.entrySet()) {
            if (open.getKey().datagrams() == endpoint.datagrams()
                    && open.getValue().boundAddress().overlaps(endpoint.address())) {
                return open.getValue();
            }
        }
        return null;
    }

    /** What else of Weir listens on an address that overlaps {@code endpoint}; null for nothing. */
    private static @Nullable String inTheWay(Endpoint endpoint, GlobalConfig before) {
        AdminConfig admin = before.admin();
        ListenAddress metrics = before.metrics();
        if (!endpoint.datagrams() && metrics != null && metrics.overlaps(endpoint.address())) {
            return "global.metrics on " + metrics;
        }
        if (!endpoint.datagrams() && admin != null && admin.listen().overlaps(endpoint.address())) {
            return "global.admin on " + admin.listen();
        }
        return null;
    }

    /** Addresses that were bound for a configuration which is not in force yet. */
    static final class Opened {
        private final Map<Endpoint, Listening> listeners = new LinkedHashMap<>();

        /** The configuration will not come into force. */
        void close() {
            listeners.values().forEach(Listening::close);
        }
    }

    /**
     * Binds the addresses of {@code config} that are not listened on yet.
     *
     * @param before what is in force, whose addresses may be in the way
     * @param opened gets what has been bound
     * @param results gets what could not be bound
     * @return whether all could be bound
     */
    synchronized boolean open(
            WeirConfig config, GlobalConfig before, Opened opened, List<ObjectResult> results) {
        boolean all = true;
        for (VirtualServerConfig vs : config.virtualServers().values()) {
            if (!vs.enabled()) {
                continue;
            }
            for (Endpoint endpoint : Endpoint.of(vs)) {
                if (!listeners.containsKey(endpoint)) {
                    all &= open(endpoint, vs, before, opened, results);
                }
            }
        }
        return all;
    }

    private boolean open(
            Endpoint endpoint,
            VirtualServerConfig vs,
            GlobalConfig before,
            Opened opened,
            List<ObjectResult> results) {
        Listening listener =
                endpoint.datagrams()
                        ? new DatagramListener(endpoint.address(), sharedGate)
                        : new Listener(endpoint.address(), sharedGate);
        Listening old = overlapping(endpoint);
        boolean beside =
                old != null
                        && !endpoint.datagrams()
                        && transport.reusePort() != null
                        && loops.all().size() > 1;
        try {
            listener.bind(transport, loops.all(), vs.tcp().backlog(), beside);
            opened.listeners.put(endpoint, listener);
            return true;
        } catch (IOException e) {
            String own = old != null && !beside ? old.toString() : inTheWay(endpoint, before);
            String text =
                    e.getMessage()
                            + (own == null
                                    ? ""
                                    : "; this Weir itself listens there until the configuration is"
                                            + " in force ("
                                            + own
                                            + "): take that address away with a configuration of"
                                            + " its own first");
            events.emit(EventTag.LISTENFAIL, text, ObjectRef.virtualServer(vs.name()));
            results.add(new ObjectResult("virtual-servers/" + vs.name(), Change.FAILED, text));
            return false;
        }
    }

    /**
     * Serves {@code servers}, on what was open already and what has been opened for them, and
     * closes the rest.
     */
    synchronized void use(
            Opened opened,
            Collection<VirtualServer> servers,
            AddressBlocks trusted,
            Standing.All standings) {
        listeners.putAll(opened.listeners);
        Map<Endpoint, VirtualServer> wanted = new HashMap<>();
        for (VirtualServer vs : servers) {
            if (vs.config().enabled()) {
                Endpoint.of(vs.config()).forEach(endpoint -> wanted.put(endpoint, vs));
            }
        }
        for (Map.Entry<Endpoint, Listening> entry : List.copyOf(listeners.entrySet())) {
            Listening listener = entry.getValue();
            VirtualServer vs = wanted.get(entry.getKey());
            if (vs != null) {
                listener.use(vs, trusted, standings.gate(vs.name()));
            } else {
                listeners.remove(entry.getKey());
                listener.close();
                if (listener instanceof Listener tcp) {
                    loops.retireClients(tcp);
                }
            }
        }
    }

    /** The addresses of {@code vs}, with the real ports. */
    synchronized List<String> addresses(VirtualServerConfig vs) {
        return Endpoint.of(vs).stream()
                .map(listeners::get)
                .filter(Objects::nonNull)
                .map(listener -> listener.boundAddress().toString())
                .toList();
    }

    /** All of them. */
    synchronized List<Listening> all() {
        return List.copyOf(listeners.values());
    }

    /** Stops listening. */
    synchronized void close() {
        listeners.values().forEach(Listening::close);
    }
}
