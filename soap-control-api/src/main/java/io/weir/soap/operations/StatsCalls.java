package io.weir.soap.operations;

import io.weir.config.PersistenceConfig;
import io.weir.config.PoolConfig;
import io.weir.config.VirtualServerConfig;
import io.weir.control.ControlStatus;
import io.weir.runtime.DataPlane;
import io.weir.soap.call.Call;
import io.weir.soap.call.Effective;
import io.weir.soap.call.Handler;
import io.weir.soap.call.Handlers;
import io.weir.soap.call.SoapProblem;
import io.weir.soap.table.Api;
import io.weir.soap.table.Backing;
import io.weir.soap.table.Operation;
import io.weir.soap.table.SoapType;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Figures: what the table maps to {@code metric}, {@code server}, {@code pool}, {@code sum} or
 * {@code count}, and what is told about virtual servers and pools in words. Nodes are in {@link
 * NodeStats}.
 */
final class StatsCalls {

    private StatsCalls() {}

    static void register(Handlers handlers) {
        handlers.general(StatsCalls::metric, "metric");
        handlers.general(
                (api, operation, backing) -> call -> servers(call, backing.word(0)), "server");
        handlers.general(
                (api, operation, backing) ->
                        call -> pools(call, p -> Values.number(Effective.at(p, backing.word(0)))),
                "pool");
        handlers.general(
                (api, operation, backing) -> call -> pools(call, p -> sum(p, backing.word(0))),
                "sum");
        handlers.general(
                (api, operation, backing) ->
                        call -> (long) call.draft().objects(backing.word(0)).size(),
                "count");
        String s = "System.Stats.";
        handlers.on(s + "getPoolNodes", call -> pools(call, p -> (long) p.nodes().size()));
        handlers.on(s + "getPoolDraining", call -> pools(call, p -> count(p, "draining")));
        handlers.on(s + "getPoolDisabled", call -> pools(call, p -> count(p, "disabled")));
        handlers.on(s + "getPoolState", call -> pools(call, StatsCalls::state));
        handlers.on(s + "getPoolAlgorithm", StatsCalls::algorithms);
        handlers.on(s + "getPoolPersistence", StatsCalls::persistence);
        handlers.on(s + "getVirtualserverPort", StatsCalls::ports);
        handlers.on(s + "getVirtualserverProtocol", StatsCalls::protocols);
        handlers.on(s + "getListenIPs", StatsCalls::listenAddresses);
        handlers.general(
                (api, operation, backing) ->
                        call -> levels(call, l -> Values.number(Effective.at(l, backing.word(0)))),
                "level");
        handlers.on(s + "getServiceLevelIsOK", call -> levels(call, l -> l.ok() ? "ok" : "notok"));
        handlers.on(s + "getUpTime", call -> hundredths(call, true));
        handlers.on(s + "getTimeLastConfigUpdate", call -> hundredths(call, false));
        handlers.on(s + "getZxtmNumber", call -> 1L);
        handlers.on(s + "getWebCacheHitRate", StatsCalls::hitRate);
    }

    private static Handler metric(Api api, Operation operation, Backing.Mapped backing) {
        Map<String, String> only = new HashMap<>();
        for (String word : backing.words().subList(2, backing.words().size())) {
            int equals = word.indexOf('=');
            only.put(word.substring(0, equals), word.substring(equals + 1));
        }
        String divisor = only.remove("div");
        String in = only.remove("in");
        String section = in == null ? "virtual-servers" : in;
        double unit = divisor == null ? 1 : Double.parseDouble(divisor);
        String by = backing.word(1);
        return call -> {
            Figures figures = Figures.read(call.services().metrics(), backing.word(0), by, only);
            if (by.equals("-")) {
                return (long) (figures.total() / unit);
            }
            List<Long> all = new ArrayList<>();
            for (String name : call.texts(0)) {
                known(call, section, name);
                all.add((long) (figures.of(name) / unit));
            }
            return all;
        };
    }

    /** Unknown objects are bad input here, and not objects that do not exist. */
    static Object known(Call call, String section, String name) throws SoapProblem {
        Object object = call.draft().objects(section).get(name);
        if (object == null) {
            throw SoapProblem.invalid(
                    "Unknown " + Values.noun(section) + " '" + name + "': it could not be found",
                    name,
                    section,
                    name);
        }
        return object;
    }

    private static Object servers(Call call, String key) throws SoapProblem {
        Map<String, DataPlane.VirtualServerStatus> observed = new HashMap<>();
        for (DataPlane.VirtualServerStatus server : plane(call).virtualServers()) {
            observed.put(server.name(), server);
        }
        List<Long> all = new ArrayList<>();
        for (String name : call.texts(0)) {
            known(call, "virtual-servers", name);
            all.add(Values.number(Effective.at(observed.get(name), key)));
        }
        return all;
    }

    private static Object pools(Call call, Function<DataPlane.PoolStatus, Object> figure)
            throws SoapProblem {
        Map<String, DataPlane.PoolStatus> observed = new HashMap<>();
        for (DataPlane.PoolStatus pool : plane(call).pools()) {
            observed.put(pool.name(), pool);
        }
        List<Object> all = new ArrayList<>();
        for (String name : call.texts(0)) {
            known(call, "pools", name);
            DataPlane.PoolStatus pool = observed.get(name);
            all.add(
                    figure.apply(
                            pool != null
                                    ? pool
                                    : new DataPlane.PoolStatus(
                                            name, "", false, 0, null, null, null, List.of())));
        }
        return all;
    }

    private static Object levels(Call call, Function<DataPlane.ServiceLevelStatus, Object> figure)
            throws SoapProblem {
        Map<String, DataPlane.ServiceLevelStatus> observed = new HashMap<>();
        for (DataPlane.ServiceLevelStatus level : plane(call).serviceLevels()) {
            observed.put(level.name(), level);
        }
        List<Object> all = new ArrayList<>();
        for (String name : call.texts(0)) {
            known(call, "service-level-classes", name);
            DataPlane.ServiceLevelStatus level = observed.get(name);
            if (level == null) {
                throw SoapProblem.invalid(
                        "no figures could be found for the service level class '" + name + "'",
                        name,
                        "service-level-classes",
                        name);
            }
            all.add(figure.apply(level));
        }
        return all;
    }

    static DataPlane.Status plane(Call call) {
        return call.services().control().status().plane();
    }

    private static long sum(DataPlane.PoolStatus pool, String key) {
        return pool.nodes().stream()
                .mapToLong(node -> Values.number(Effective.at(node, key)))
                .sum();
    }

    private static long count(DataPlane.PoolStatus pool, String state) {
        return pool.nodes().stream().filter(node -> node.state().equals(state)).count();
    }

    private static String state(DataPlane.PoolStatus pool) {
        int nodes = pool.nodes().size();
        if (nodes == 0) {
            return "unused";
        }
        if (count(pool, "disabled") == nodes) {
            return "disabled";
        }
        return count(pool, "draining") + count(pool, "disabled") == nodes ? "draining" : "active";
    }

    private static Object algorithms(Call call) throws SoapProblem {
        List<String> all = new ArrayList<>();
        for (String name : call.texts(0)) {
            all.add(
                    switch (((PoolConfig) known(call, "pools", name)).algorithm()) {
                        case "weighted-round-robin" -> "weightedRoundRobin";
                        case "perceptive" -> "perceptive";
                        case "least-connections", "power-of-two-choices" -> "leastConnections";
                        case "weighted-least-connections" -> "weightedLeastConnections";
                        case "fastest-response-time" -> "fastestResponseTime";
                        case "random", "consistent-hash" -> "random";
                        default -> "roundrobin";
                    });
        }
        return all;
    }

    private static Object persistence(Call call) throws SoapProblem {
        List<String> all = new ArrayList<>();
        for (String name : call.texts(0)) {
            String used = ((PoolConfig) known(call, "pools", name)).persistence();
            PersistenceConfig persistence =
                    used == null ? null : call.draft().config().persistenceClasses().get(used);
            all.add(
                    persistence == null
                            ? "none"
                            : switch (persistence.type()) {
                                case IP -> "ip";
                                case TRANSPARENT -> "transparent";
                                case COOKIE, J2EE, ASP -> "applicationCookie";
                                case X_ZEUS_BACKEND -> "xZeusBackend";
                                case SSL_SESSION_ID -> "ssl";
                                case UNIVERSAL, NAMED -> "rule";
                            });
        }
        return all;
    }

    private static Object ports(Call call) throws SoapProblem {
        List<Long> all = new ArrayList<>();
        for (String name : call.texts(0)) {
            VirtualServerConfig server = (VirtualServerConfig) known(call, "virtual-servers", name);
            all.add(server.listen().isEmpty() ? 0L : server.listen().getFirst().port());
        }
        return all;
    }

    private static Object protocols(Call call) throws SoapProblem {
        SoapType type = ((SoapType.ListOf) resultType(call)).item();
        List<String> words = ((SoapType.Choice) type).words();
        List<String> all = new ArrayList<>();
        for (String name : call.texts(0)) {
            VirtualServerConfig server = (VirtualServerConfig) known(call, "virtual-servers", name);
            String word = server.protocol().word();
            all.add(
                    switch (server.protocol()) {
                        case IMAP -> "imapv4";
                        case TLS_PASSTHROUGH -> "sslforwarding";
                        default ->
                                words.contains(word)
                                        ? word
                                        : switch (server.protocol().kind()) {
                                            case SERVER_FIRST, STREAM -> "genericserverfirst";
                                            default -> "genericclientfirst";
                                        };
                    });
        }
        return all;
    }

    private static SoapType resultType(Call call) {
        return java.util.Objects.requireNonNull(call.operation().result()).type();
    }

    private static Object listenAddresses(Call call) {
        return call.draft().config().virtualServers().values().stream()
                .flatMap(server -> server.listen().stream())
                .map(address -> address.host())
                .distinct()
                .toList();
    }

    private static Long hundredths(Call call, boolean sinceStart) {
        ControlStatus status = call.services().control().status();
        return Duration.between(
                                sinceStart ? status.started() : status.configuration().since(),
                                status.now())
                        .toMillis()
                / 10;
    }

    private static Long hitRate(Call call) {
        double lookups =
                Figures.read(
                                call.services().metrics(),
                                "weir_cache_requests_total",
                                "outcome",
                                Map.of())
                        .total();
        double hits =
                Figures.read(
                                call.services().metrics(),
                                "weir_cache_requests_total",
                                "-",
                                Map.of("outcome", "hit"))
                        .total();
        return lookups == 0 ? 0L : Math.round(100 * hits / lookups);
    }
}
