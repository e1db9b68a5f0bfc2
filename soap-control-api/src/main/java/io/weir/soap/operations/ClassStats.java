package io.weir.soap.operations;

import io.weir.config.PersistenceConfig;
import io.weir.runtime.DataPlane;
import io.weir.soap.call.Call;
import io.weir.soap.call.Effective;
import io.weir.soap.call.Handlers;
import io.weir.soap.call.SoapProblem;
import io.weir.soap.table.SoapType;
import io.weir.soap.table.StructValue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

/**
 * Figures of classes: what the table maps to {@code config} (a number of the configuration), {@code
 * sessions} (persistence classes of some types together) or {@code none} (what there never is), and
 * the nodes of service level classes.
 */
final class ClassStats {

    private ClassStats() {}

    static void register(Handlers handlers) {
        handlers.general(
                (api, operation, backing) ->
                        call -> {
                            List<Long> all = new ArrayList<>();
                            for (String name : call.texts(0)) {
                                Object object = StatsCalls.known(call, backing.word(0), name);
                                all.add(Values.number(Effective.at(object, backing.word(1))));
                            }
                            return all;
                        },
                "config");
        handlers.general(
                (api, operation, backing) -> {
                    SoapType type = Objects.requireNonNull(operation.result()).type();
                    Object nothing = type instanceof SoapType.ListOf ? List.of() : (Object) 0L;
                    return call -> nothing;
                },
                "none");
        handlers.general(
                (api, operation, backing) ->
                        call ->
                                sessions(
                                        call,
                                        List.of(backing.word(0).split(",", -1)),
                                        backing.word(1)),
                "sessions");
        String s = "System.Stats.";
        handlers.on(s + "getRateClassCurrentRate", ClassStats::rates);
        handlers.on(s + "getVirtualserverHttpCacheHitRate", ClassStats::hitRates);
        handlers.on(s + "getPerNodeServiceLevels", ClassStats::levelNodes);
        handlers.on(s + "getUserCounterNumber", call -> (long) counters(call).values().size());
        for (String kind : List.of("", "64")) {
            handlers.on(s + "getUserCounter" + kind + "s", call -> counters(call).values());
            handlers.on(s + "getUserCounter" + kind + "Value", ClassStats::counted);
        }
        String n = s + "getPerNodeServiceLevel";
        handlers.on(
                n + "ResponseMin", call -> levels(call, node -> Math.round(node.times().min())));
        handlers.on(
                n + "ResponseMean", call -> levels(call, node -> Math.round(node.times().mean())));
        handlers.on(
                n + "ResponseMax", call -> levels(call, node -> Math.round(node.times().max())));
        handlers.on(n + "TotalConn", call -> levels(call, DataPlane.NodeServiceLevel::total));
        handlers.on(n + "TotalNonConf", call -> levels(call, DataPlane.NodeServiceLevel::late));
    }

    private static long sessions(Call call, List<String> types, String what) {
        long entries = 0;
        long max = 0;
        long hits = 0;
        long misses = 0;
        Map<String, PersistenceConfig> configs = call.draft().config().persistenceClasses();
        for (DataPlane.PersistenceStatus status : StatsCalls.plane(call).persistence()) {
            PersistenceConfig config = configs.get(status.name());
            if (config != null && types.contains(Values.text(config.type()))) {
                entries += Math.max(0, status.entries());
                max += Math.max(0, status.maxEntries());
                hits += status.hits();
                misses += status.misses() + status.begun() + status.failed();
            }
        }
        return switch (what) {
            case "entries" -> entries;
            case "max" -> max;
            case "hits" -> hits;
            case "misses" -> misses;
            case "lookups" -> hits + misses;
            case "hit-rate" -> hits == 0 ? 0 : Math.round(100.0 * hits / (hits + misses));
            default -> throw new IllegalArgumentException("no figure of sessions: " + what);
        };
    }

    private static Object rates(Call call) throws SoapProblem {
        List<Long> all = new ArrayList<>();
        for (String name : call.texts(0)) {
            var _ = StatsCalls.known(call, "rate-classes", name);
            all.add(
                    StatsCalls.plane(call).classes().rates().stream()
                            .filter(rate -> rate.name().equals(name))
                            .mapToLong(DataPlane.RateStatus::rate)
                            .sum());
        }
        return all;
    }

    private static Object hitRates(Call call) throws SoapProblem {
        String family = "weir_cache_requests_total";
        String by = "virtual_server";
        Figures lookups = Figures.read(call.services().metrics(), family, by, Map.of());
        Figures hits =
                Figures.read(call.services().metrics(), family, by, Map.of("outcome", "hit"));
        List<Long> all = new ArrayList<>();
        for (String name : call.texts(0)) {
            var _ = StatsCalls.known(call, "virtual-servers", name);
            double of = lookups.of(name);
            all.add(of == 0 ? 0L : Math.round(100 * hits.of(name) / of));
        }
        return all;
    }

    /** Counters of rules: those of 32 and of 64 bits are the same here. */
    private static Figures counters(Call call) {
        return Figures.read(
                call.services().metrics(), "weir_rule_counter_total", "counter", Map.of());
    }

    private static Object counted(Call call) throws SoapProblem {
        Figures counters = counters(call);
        List<Long> all = new ArrayList<>();
        for (String name : call.texts(0)) {
            if (!counters.values().contains(name)) {
                throw SoapProblem.invalid(
                        "the counter '" + name + "' could not be found: no rule has counted it",
                        name,
                        "counters",
                        name);
            }
            all.add((long) counters.of(name));
        }
        return all;
    }

    private static Object levelNodes(Call call) {
        List<StructValue> all = new ArrayList<>();
        for (DataPlane.ServiceLevelStatus level : StatsCalls.plane(call).serviceLevels()) {
            level.nodes().stream()
                    .map(DataPlane.NodeServiceLevel::node)
                    .distinct()
                    .forEach(
                            node ->
                                    all.add(
                                            StructValue.of(
                                                    call.type("PerNodeServiceLevel"),
                                                    level.name(),
                                                    NodeStats.host(node),
                                                    NodeStats.port(node))));
        }
        return all;
    }

    /** A figure of nodes in service level classes; the sum where several pools have the node. */
    private static Object levels(Call call, Function<DataPlane.NodeServiceLevel, Long> figure)
            throws SoapProblem {
        List<Long> all = new ArrayList<>();
        for (StructValue asked : call.structs(0)) {
            String node = NodeStats.written(asked.text("NodeAddress"), asked.number("NodePort"));
            String name = asked.text("SLMName");
            List<DataPlane.NodeServiceLevel> found =
                    StatsCalls.plane(call).serviceLevels().stream()
                            .filter(level -> level.name().equals(name))
                            .flatMap(level -> level.nodes().stream())
                            .filter(level -> level.node().equals(node))
                            .toList();
            if (found.isEmpty()) {
                throw SoapProblem.invalid(
                        "the node '"
                                + node
                                + "' could not be found in the service level class '"
                                + name
                                + "'",
                        name,
                        "service-level-classes",
                        node);
            }
            all.add(found.stream().map(figure).mapToLong(Long::longValue).sum());
        }
        return all;
    }
}
