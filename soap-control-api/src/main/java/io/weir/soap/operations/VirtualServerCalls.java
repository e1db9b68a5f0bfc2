package io.weir.soap.operations;

import io.weir.config.ListenAddress;
import io.weir.config.VirtualServerConfig;
import io.weir.soap.call.Call;
import io.weir.soap.call.Effective;
import io.weir.soap.call.Handlers;
import io.weir.soap.call.SoapProblem;
import io.weir.soap.table.Api;
import io.weir.soap.table.Backing;
import io.weir.soap.table.StructValue;
import io.weir.soap.table.Tables;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** Virtual servers themselves, and where they listen. */
final class VirtualServerCalls {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final String SECTION = "virtual-servers";
    private static final String EVERY = "*";

    private final Api api;
    private final Words protocols;

    private VirtualServerCalls(Api api) {
        this.api = api;
        this.protocols =
                Words.of(
                        (Backing.Mapped)
                                Objects.requireNonNull(api.operation("getProtocol")).backing());
    }

    static void register(Handlers handlers, Tables tables) {
        VirtualServerCalls calls = new VirtualServerCalls(tables.newest("VirtualServer"));
        handlers.on("VirtualServer.addVirtualServer", calls::add);
        handlers.on("VirtualServer.getBasicInfo", calls::basicInfo);
        handlers.on("VirtualServer.getPort", VirtualServerCalls::ports);
        handlers.on("VirtualServer.setPort", VirtualServerCalls::setPorts);
        handlers.on("VirtualServer.getListenAddresses", VirtualServerCalls::addresses);
        handlers.on("VirtualServer.setListenAddresses", VirtualServerCalls::setAddresses);
        handlers.on("VirtualServer.getListenOnAllAddresses", VirtualServerCalls::everywhere);
        handlers.on("VirtualServer.setListenOnAllAddresses", VirtualServerCalls::setEverywhere);
        handlers.on("VirtualServer.getListenTrafficIPGroups", VirtualServerCalls::noGroups);
        handlers.on("VirtualServer.setListenTrafficIPGroups", VirtualServerCalls::setGroups);
        handlers.on("VirtualServer.getProxyClose", VirtualServerCalls::halfCloses);
        handlers.on("VirtualServer.setProxyClose", VirtualServerCalls::setHalfCloses);
        handlers.general(VirtualServerCalls::replacement, "replacement");
    }

    /** The virtual server in force. */
    static VirtualServerConfig server(Call call, String name) throws SoapProblem {
        return (VirtualServerConfig) call.draft().object(SECTION, "virtual server", name);
    }

    private @Nullable Object add(Call call) throws SoapProblem {
        List<String> names = call.texts(0);
        for (int i = 0; i < names.size(); i++) {
            String name = names.get(i);
            CatalogCalls.fresh(call.draft(), api, name);
            StructValue info = call.structs(1).get(i);
            String protocol = protocols.toKey(info.text("protocol"));
            if (protocol == null) {
                throw SoapProblem.invalid(
                        "the protocol '"
                                + info.text("protocol")
                                + "' is not spoken by Weir, expected "
                                + protocols.expected(
                                        Objects.requireNonNull(
                                                api.types().get("VirtualServer.Protocol"))),
                        name,
                        "protocol",
                        info.text("protocol"));
            }
            String pool = info.text("default_pool");
            if (!call.draft().names("pools").contains(pool)) {
                throw SoapProblem.invalid(
                        "Unknown pool '" + pool + "': it does not exist", name, "pool", pool);
            }
            ObjectNode server = JSON.objectNode();
            // As in the model product, a new virtual server does not listen until it is enabled.
            server.put("enabled", false);
            server.put("protocol", protocol);
            server.put("listen", EVERY + ":" + port(name, info.number("port")));
            server.put("pool", pool);
            call.draft().create(SECTION, name, server);
        }
        return null;
    }

    private Object basicInfo(Call call) throws SoapProblem {
        List<StructValue> all = new ArrayList<>();
        for (String name : call.texts(0)) {
            VirtualServerConfig server = server(call, name);
            all.add(
                    StructValue.of(
                            call.type("BasicInfo"),
                            (long) port(server),
                            protocols.toWire(server.protocol().word()),
                            server.pool()));
        }
        return all;
    }

    private static int port(VirtualServerConfig server) {
        return server.listen().isEmpty() ? 0 : server.listen().getFirst().port();
    }

    private static long port(String server, long port) throws SoapProblem {
        if (port < 1 || port > 65_535) {
            throw SoapProblem.invalid(
                    "the port is " + port + ", expected 1 to 65535",
                    server,
                    "port",
                    Long.toString(port));
        }
        return port;
    }

    private static Object ports(Call call) throws SoapProblem {
        List<Long> all = new ArrayList<>();
        for (String name : call.texts(0)) {
            all.add((long) port(server(call, name)));
        }
        return all;
    }

    private static @Nullable Object setPorts(Call call) throws SoapProblem {
        List<String> names = call.texts(0);
        List<?> ports = (List<?>) call.arguments().get(1);
        for (int i = 0; i < names.size(); i++) {
            VirtualServerConfig server = server(call, names.get(i));
            int port = (int) port(server.name(), (Long) ports.get(i));
            listen(call, server.name(), hosts(server), port);
        }
        return null;
    }

    private static Set<String> hosts(VirtualServerConfig server) {
        Set<String> hosts = new LinkedHashSet<>();
        server.listen().forEach(address -> hosts.add(address.host()));
        return hosts;
    }

    private static Object addresses(Call call) throws SoapProblem {
        List<List<String>> all = new ArrayList<>();
        for (String name : call.texts(0)) {
            List<String> hosts = new ArrayList<>(hosts(server(call, name)));
            hosts.remove(EVERY);
            all.add(hosts);
        }
        return all;
    }

    private static @Nullable Object setAddresses(Call call) throws SoapProblem {
        List<String> names = call.texts(0);
        for (int i = 0; i < names.size(); i++) {
            VirtualServerConfig server = server(call, names.get(i));
            List<String> hosts = call.lists(1).get(i);
            if (hosts.isEmpty()) {
                throw SoapProblem.invalid(
                        "the list of addresses is empty, expected at least one; use"
                                + " setListenOnAllAddresses for all of them",
                        server.name(),
                        "listen",
                        "");
            }
            listen(call, server.name(), new LinkedHashSet<>(hosts), port(server));
        }
        return null;
    }

    private static Object everywhere(Call call) throws SoapProblem {
        List<Boolean> all = new ArrayList<>();
        for (String name : call.texts(0)) {
            all.add(hosts(server(call, name)).contains(EVERY));
        }
        return all;
    }

    private static @Nullable Object setEverywhere(Call call) throws SoapProblem {
        for (String name : call.texts(0)) {
            VirtualServerConfig server = server(call, name);
            listen(call, name, Set.of(EVERY), port(server));
        }
        return null;
    }

    private static void listen(Call call, String name, Set<String> hosts, int port)
            throws SoapProblem {
        ArrayNode listen = JSON.arrayNode();
        for (String host : hosts) {
            listen.add(new ListenAddress(host.replaceAll("[\\[\\]]", ""), port).toString());
        }
        call.draft().set(SECTION, name, "listen", listen);
    }

    private static Object noGroups(Call call) throws SoapProblem {
        List<List<String>> all = new ArrayList<>();
        for (String name : call.texts(0)) {
            server(call, name);
            all.add(List.of());
        }
        return all;
    }

    private static @Nullable Object setGroups(Call call) throws SoapProblem {
        List<String> names = call.texts(0);
        for (int i = 0; i < names.size(); i++) {
            server(call, names.get(i));
            List<String> groups = call.lists(1).get(i);
            if (!groups.isEmpty()) {
                throw SoapProblem.invalid(
                        "Weir has no traffic IP groups; use setListenAddresses",
                        names.get(i),
                        "listen",
                        String.join(", ", groups));
            }
        }
        return null;
    }

    /** A regular expression and what it is replaced with: two keys of the configuration. */
    private static io.weir.soap.call.Handler replacement(
            Api api, io.weir.soap.table.Operation operation, Backing.Mapped backing) {
        if (operation.verb() == io.weir.soap.table.Operation.Verb.GET) {
            return call -> {
                List<StructValue> all = new ArrayList<>();
                for (String name : call.texts(0)) {
                    VirtualServerConfig server = server(call, name);
                    all.add(
                            StructValue.of(
                                    call.type("RegexReplacement"),
                                    Values.text(Effective.at(server, backing.word(0))),
                                    Values.text(Effective.at(server, backing.word(1)))));
                }
                return all;
            };
        }
        return call -> {
            List<String> names = call.texts(0);
            for (int i = 0; i < names.size(); i++) {
                server(call, names.get(i));
                StructValue value = call.structs(1).get(i);
                String regex = value.text("regex");
                boolean none = regex.isEmpty();
                call.draft()
                        .set(
                                SECTION,
                                names.get(i),
                                backing.word(0),
                                none ? null : JSON.stringNode(regex));
                call.draft()
                        .set(
                                SECTION,
                                names.get(i),
                                backing.word(1),
                                none ? null : JSON.stringNode(value.text("replacement")));
            }
            return null;
        };
    }

    /** Whether the end of what a client sends is passed on, and the answer still waited for. */
    private static boolean halfCloses(Call call, String name) throws SoapProblem {
        return switch (server(call, name).protocol().kind()) {
            case HTTP, DATAGRAM -> false;
            case SERVER_FIRST, CLIENT_FIRST, STREAM, TLS_PASSTHROUGH -> true;
        };
    }

    private static Object halfCloses(Call call) throws SoapProblem {
        List<Boolean> all = new ArrayList<>();
        for (String name : call.texts(0)) {
            all.add(halfCloses(call, name));
        }
        return all;
    }

    /** The protocol says it: another value is refused. */
    private static @Nullable Object setHalfCloses(Call call) throws SoapProblem {
        List<String> names = call.texts(0);
        List<?> values = (List<?>) call.arguments().get(1);
        for (int i = 0; i < names.size(); i++) {
            boolean is = halfCloses(call, names.get(i));
            if (!values.get(i).equals(is)) {
                throw SoapProblem.invalid(
                        "ProxyClose is always "
                                + is
                                + " for the protocol "
                                + server(call, names.get(i)).protocol().word(),
                        names.get(i),
                        "ProxyClose",
                        String.valueOf(values.get(i)));
            }
        }
        return null;
    }
}
