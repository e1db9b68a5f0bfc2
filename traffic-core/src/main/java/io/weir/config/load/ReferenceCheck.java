package io.weir.config.load;

import io.weir.config.PersistenceConfig;
import io.weir.config.PoolConfig;
import io.weir.config.RuleConfig;
import io.weir.config.VirtualServerConfig;
import io.weir.config.load.Node.Sequence;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Follows the names by which objects refer to each other. */
final class ReferenceCheck {

    /** Names that mean something of their own wherever a pool is named. */
    private static final Set<String> RESERVED = Set.of("discard");

    private static final List<String> RULE_LISTS =
            List.of("request-rules", "response-rules", "completion-rules");

    private final Draft draft;
    private final Problems problems;
    private final Map<String, PoolConfig> pools;
    private final Set<String> usedPools = new HashSet<>();
    private final Set<String> usedMonitors = new HashSet<>();
    private final Set<String> usedPersistence = new HashSet<>();
    private final Set<String> usedRules = new HashSet<>();

    ReferenceCheck(Draft draft, Problems problems) {
        this.draft = draft;
        this.problems = problems;
        this.pools = draft.config().pools();
    }

    void check() {
        for (VirtualServerConfig server : draft.config().virtualServers().values()) {
            Section section = section(draft.virtualServers(), server.name());
            if (section.node("routes") instanceof Sequence routes) {
                for (Section route : section.items("routes", routes)) {
                    String name = route.textOrNull("pool");
                    if (name != null) {
                        pool(name, route, "pool");
                    }
                }
            }
            if (section.node("pool") instanceof Sequence) {
                usedPools.add(server.name());
            } else if (section.node("pool") != null) {
                pool(server.pool(), section, "pool");
            }
            RULE_LISTS.forEach(key -> rules(section, key));
            serviceLevel(server, section);
        }
        new ClassReferences(draft, problems).check();
        draft.protectionClasses().values().forEach(this::ruleOfClass);
        for (PoolConfig pool : pools.values()) {
            Section section = section(draft.pools(), pool.name());
            if (RESERVED.contains(pool.name())) {
                problems.error(
                        section.place(),
                        section.path(),
                        ProblemCode.RESERVED_NAME,
                        section.path() + ": the name '" + pool.name() + "' is reserved");
            }
            if (pool.failurePool() != null) {
                pool(pool.failurePool(), section, "failure-pool");
            }
            persistence(pool, section);
            monitors(section);
        }
        cycles();
        unused();
    }

    private void pool(String name, Section from, String key) {
        if (pools.containsKey(name)) {
            usedPools.add(name);
            return;
        }
        String nearest = Nearest.to(name, pools.keySet());
        if (nearest != null) {
            usedPools.add(nearest);
        }
        problems.error(
                from.place(key),
                from.path(key),
                ProblemCode.UNKNOWN_POOL,
                from.path(key) + ": there is no pool " + from.shown(key),
                nearest);
    }

    private void persistence(PoolConfig pool, Section section) {
        String name = pool.persistence();
        if (name == null) {
            return;
        }
        usedPersistence.add(name);
        Set<String> known = draft.persistenceClasses().keySet();
        if (!known.contains(name)) {
            String nearest = Nearest.to(name, known);
            if (nearest != null) {
                usedPersistence.add(nearest);
            }
            problems.error(
                    section.place("persistence"),
                    section.path("persistence"),
                    ProblemCode.UNKNOWN_PERSISTENCE,
                    section.path("persistence")
                            + ": there is no persistence class "
                            + section.shown("persistence"),
                    nearest);
        }
    }

    private void serviceLevel(VirtualServerConfig server, Section section) {
        String name = server.serviceLevel();
        Set<String> known = draft.serviceLevelClasses().keySet();
        if (name != null && !known.contains(name)) {
            problems.error(
                    section.place("service-level"),
                    section.path("service-level"),
                    ProblemCode.UNKNOWN_SERVICE_LEVEL,
                    section.path("service-level")
                            + ": there is no service level class "
                            + section.shown("service-level"),
                    Nearest.to(name, known));
        }
    }

    private void monitors(Section section) {
        if (!(section.node("monitors") instanceof Sequence sequence)) {
            return;
        }
        Set<String> known = new LinkedHashSet<>(draft.monitors().keySet());
        known.addAll(BuiltInMonitors.all().keySet());
        for (int i = 0; i < sequence.items().size(); i++) {
            Node item = sequence.items().get(i);
            if (problems.isFaulty(item) || !(item instanceof Node.Scalar scalar)) {
                continue;
            }
            String name = scalar.text();
            usedMonitors.add(name);
            if (known.contains(name)) {
                continue;
            }
            String path = section.path("monitors") + "[" + i + "]";
            if (BuiltInMonitors.UNSUPPORTED.contains(name)) {
                problems.error(
                        item.place(),
                        path,
                        ProblemCode.UNSUPPORTED_MONITOR,
                        path
                                + ": the monitor '"
                                + name
                                + "' needs a protocol that this version does not speak; built-in"
                                + " monitors are "
                                + String.join(", ", BuiltInMonitors.all().keySet()));
            } else {
                String nearest = Nearest.to(name, known);
                if (nearest != null) {
                    usedMonitors.add(nearest);
                }
                problems.error(
                        item.place(),
                        path,
                        ProblemCode.UNKNOWN_MONITOR,
                        path + ": there is no monitor " + scalar.shown(),
                        nearest);
            }
        }
    }

    private void rules(Section section, String key) {
        if (!(section.node(key) instanceof Sequence sequence)) {
            return;
        }
        for (int i = 0; i < sequence.items().size(); i++) {
            Node item = sequence.items().get(i);
            String path = section.path(key) + "[" + i + "]";
            if (item instanceof Node.Mapping mapping) {
                item = mapping.get("rule");
                path += ".rule";
            }
            if (!(item instanceof Node.Scalar scalar) || problems.isFaulty(item)) {
                continue;
            }
            rule(scalar, path);
        }
    }

    private void rule(Node.Scalar scalar, String path) {
        String name = scalar.text();
        Set<String> known = draft.config().rules().keySet();
        String nearest = known.contains(name) ? name : Nearest.to(name, known);
        if (nearest != null) {
            usedRules.add(nearest);
        }
        if (!known.contains(name)) {
            problems.error(
                    scalar.place(),
                    path,
                    ProblemCode.UNKNOWN_RULE,
                    path
                            + ": there is no rule "
                            + scalar.shown()
                            + ", neither in the section 'rules' nor as the file rules/"
                            + name
                            + ".js",
                    nearest);
        }
    }

    private void ruleOfClass(Section section) {
        if (section.node("rule") instanceof Node.Scalar scalar && !problems.isFaulty(scalar)) {
            rule(scalar, section.path("rule"));
        }
    }

    /** Reports every circle of failure pools once, at its first pool in the order of the files. */
    private void cycles() {
        Set<String> settled = new HashSet<>();
        for (String start : pools.keySet()) {
            List<String> way = new ArrayList<>();
            String at = start;
            while (at != null && !settled.contains(at) && !way.contains(at)) {
                way.add(at);
                at = failurePool(at);
            }
            if (at != null && way.contains(at)) {
                List<String> circle = new ArrayList<>(way.subList(way.indexOf(at), way.size()));
                circle.add(at);
                Section section = section(draft.pools(), at);
                problems.error(
                        section.place("failure-pool"),
                        section.path("failure-pool"),
                        ProblemCode.FAILURE_POOL_CYCLE,
                        section.path("failure-pool")
                                + ": failure pools go in a circle: "
                                + String.join(" -> ", circle));
            }
            settled.addAll(way);
        }
    }

    private @Nullable String failurePool(String pool) {
        PoolConfig config = pools.get(pool);
        return config == null ? null : config.failurePool();
    }

    /** Whether the text of a rule has the name of the pool in quotes. */
    private boolean inRules(String pool) {
        return draft.config().rules().values().stream()
                .map(RuleConfig::source)
                .anyMatch(
                        text ->
                                text.contains("'" + pool + "'")
                                        || text.contains("\"" + pool + "\"")
                                        || text.contains("`" + pool + "`"));
    }

    private void unused() {
        draft.persistenceClasses()
                .forEach(
                        (name, section) -> {
                            if (!usedPersistence.contains(name) && !forRules(name)) {
                                problems.warning(
                                        section.place(),
                                        section.path(),
                                        ProblemCode.UNUSED_PERSISTENCE,
                                        "no pool names the persistence class '" + name + "'");
                            }
                        });
        draft.pools()
                .forEach(
                        (name, section) -> {
                            if (!usedPools.contains(name) && !inRules(name)) {
                                problems.warning(
                                        section.place(),
                                        section.path(),
                                        ProblemCode.UNUSED_POOL,
                                        "no virtual server and no failure-pool names the pool '"
                                                + name
                                                + "'");
                            }
                        });
        draft.monitors()
                .forEach(
                        (name, section) -> {
                            if (!usedMonitors.contains(name)) {
                                problems.warning(
                                        section.place(),
                                        section.path(),
                                        ProblemCode.UNUSED_MONITOR,
                                        "no pool names the monitor '" + name + "'");
                            }
                        });
        draft.rules()
                .forEach(
                        (name, member) -> {
                            if (!usedRules.contains(name)) {
                                problems.warning(
                                        member.key(),
                                        StructureCheck.path("rules", name),
                                        ProblemCode.UNUSED_RULE,
                                        "no virtual server names the rule '" + name + "'");
                            }
                        });
    }

    /** Universal and named classes may be there for rules alone. */
    private boolean forRules(String name) {
        PersistenceConfig config = draft.config().persistenceClasses().get(name);
        return config != null
                && (config.type() == PersistenceConfig.Type.UNIVERSAL
                        || config.type() == PersistenceConfig.Type.NAMED);
    }

    private static Section section(Map<String, Section> sections, String name) {
        Section section = sections.get(name);
        if (section == null) {
            throw new IllegalStateException("no section was bound for " + name);
        }
        return section;
    }
}
