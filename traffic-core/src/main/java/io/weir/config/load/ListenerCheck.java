package io.weir.config.load;

import io.weir.config.AdminConfig;
import io.weir.config.GlobalConfig;
import io.weir.config.ListenAddress;
import io.weir.config.NodeConfig;
import io.weir.config.PoolConfig;
import io.weir.config.Protocol;
import io.weir.config.VirtualServerConfig;
import io.weir.config.load.Node.Sequence;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Looks for addresses that two listeners want, and for virtual servers that feed themselves. */
final class ListenerCheck {

    private final Draft draft;
    private final Path main;
    private final Problems problems;

    /** A listener and where it is asked for. */
    private record Wanted(ListenAddress address, Place place, String path, boolean datagrams) {}

    ListenerCheck(Draft draft, Path main, Problems problems) {
        this.draft = draft;
        this.main = main;
        this.problems = problems;
    }

    void check() {
        GlobalConfig global = draft.config().global();
        AdminConfig admin = global.admin();
        exposed(
                "metrics",
                global.metrics(),
                " can be reached from other machines, and whoever reaches it is let in");
        exposed(
                "admin",
                admin == null || admin.tls() ? null : admin.listen(),
                " can be reached from other machines, and without TLS passwords go there in the"
                        + " clear");
        ownAddresses(admin, global.metrics());
        Map<String, @Nullable ListenAddress> taken = new LinkedHashMap<>();
        taken.put("admin", admin == null ? null : admin.listen());
        taken.put("metrics", global.metrics());
        Map<Integer, List<Wanted>> byPort = new HashMap<>();
        boolean any = false;
        for (VirtualServerConfig server : draft.config().virtualServers().values()) {
            if (server.enabled()) {
                any = true;
                for (Wanted wanted : wantedBy(server)) {
                    conflicts(wanted, taken, byPort);
                }
                loops(server);
            }
        }
        if (!any && !problems.hasErrors()) {
            problems.warning(
                    Place.whole(main),
                    "virtual-servers",
                    ProblemCode.NOTHING_TO_SERVE,
                    "there is no enabled virtual server, so there is nothing to serve");
        }
    }

    private List<Wanted> wantedBy(VirtualServerConfig server) {
        Section section = draft.virtualServers().get(server.name());
        List<Wanted> all = new ArrayList<>();
        if (section == null) {
            return all;
        }
        boolean datagrams = server.protocol().kind() == Protocol.Kind.DATAGRAM;
        Node node = section.node("listen");
        if (!(node instanceof Sequence sequence)) {
            for (ListenAddress address : server.listen()) {
                all.add(
                        new Wanted(
                                address,
                                section.place("listen"),
                                section.path("listen"),
                                datagrams));
            }
            return all;
        }
        int bound = 0;
        for (int i = 0; i < sequence.items().size(); i++) {
            Node item = sequence.items().get(i);
            if (!problems.isFaulty(item)) {
                all.add(
                        new Wanted(
                                server.listen().get(bound),
                                item.place(),
                                section.path("listen") + "[" + i + "]",
                                datagrams));
                bound++;
            }
        }
        return all;
    }

    private void exposed(String key, @Nullable ListenAddress address, String what) {
        if (address != null && !Addresses.isLoopback(address.host())) {
            problems.warning(
                    draft.global().place(key),
                    draft.global().path(key),
                    ProblemCode.ADMIN_EXPOSED,
                    draft.global().path(key) + ": " + address + what);
        }
    }

    /** Of admin server and metrics, only one would listen on an address for both. */
    private void ownAddresses(@Nullable AdminConfig admin, @Nullable ListenAddress metrics) {
        if (admin == null || metrics == null || !admin.listen().overlaps(metrics)) {
            return;
        }
        Section global = draft.global();
        boolean written = global.has("metrics");
        String key = written ? "metrics" : "admin";
        problems.error(
                global.place(key),
                global.path(key),
                ProblemCode.ADMIN_ADDRESS_TAKEN,
                global.path(key)
                        + ": "
                        + (written ? metrics : admin.listen())
                        + " is taken by "
                        + (written
                                ? admin.listen() + " (global.admin)"
                                : metrics + " (global.metrics, the default)"));
    }

    private void conflicts(
            Wanted wanted,
            Map<String, @Nullable ListenAddress> taken,
            Map<Integer, List<Wanted>> byPort) {
        int port = wanted.address.port();
        if (port == 0) {
            return;
        }
        taken.forEach(
                (key, address) -> {
                    if (address != null && !wanted.datagrams && address.overlaps(wanted.address)) {
                        problems.error(
                                wanted.place,
                                wanted.path,
                                ProblemCode.ADMIN_ADDRESS_TAKEN,
                                wanted.path
                                        + ": "
                                        + wanted.address
                                        + " is taken by "
                                        + address
                                        + " (global."
                                        + key
                                        + ")");
                    }
                });
        List<Wanted> earlier = byPort.computeIfAbsent(port, p -> new ArrayList<>());
        for (Wanted other : earlier) {
            if (other.datagrams == wanted.datagrams && other.address.overlaps(wanted.address)) {
                problems.error(
                        wanted.place,
                        wanted.path,
                        ProblemCode.LISTENER_TWICE,
                        wanted.path
                                + ": "
                                + wanted.address
                                + " is taken by "
                                + other.path
                                + " ("
                                + other.address
                                + ", "
                                + other.place.brief()
                                + ")");
                return;
            }
        }
        earlier.add(wanted);
    }

    /** Warns of nodes that are listeners of the virtual server they serve. */
    private void loops(VirtualServerConfig server) {
        PoolConfig pool = draft.config().pools().get(server.pool());
        if (pool == null) {
            return;
        }
        for (NodeConfig node : pool.nodes()) {
            String literal = Addresses.literal(node.address().host());
            if (node.address().host().equals("localhost")) {
                literal = "127.0.0.1";
            }
            for (ListenAddress listener : server.listen()) {
                boolean reached =
                        literal != null
                                && listener.port() == node.address().port()
                                && (listener.host().equals(literal)
                                        || (Addresses.isLoopback(literal)
                                                && Addresses.isWildcard(listener.host())));
                Section section = draft.pools().get(pool.name());
                if (reached && section != null) {
                    problems.warning(
                            section.place("nodes"),
                            section.path(),
                            ProblemCode.LOOP,
                            "the node "
                                    + node.address()
                                    + " of the pool '"
                                    + pool.name()
                                    + "' is the virtual server '"
                                    + server.name()
                                    + "' itself (listener "
                                    + listener
                                    + ")");
                }
            }
        }
    }
}
