package io.weir.runtime;

import io.weir.bandwidth.BandwidthClass;
import io.weir.config.AdminConfig;
import io.weir.config.AuthenticatorConfig;
import io.weir.config.ListenAddress;
import io.weir.config.ResourceFile;
import io.weir.config.RuleConfig;
import io.weir.config.RuleLimits;
import io.weir.config.WeirConfig;
import io.weir.event.EventBus;
import io.weir.pool.Pool;
import io.weir.rate.RateClass;
import io.weir.rule.RuleCounts;
import io.weir.rule.RuleEngine;
import io.weir.rule.RuleFigures;
import io.weir.rule.RulePlace;
import io.weir.rule.RuleProblem;
import io.weir.rule.RuleSet;
import io.weir.rule.RuleWorld;
import io.weir.rule.RulesRefusedException;
import io.weir.slm.ServiceLevel;
import io.weir.time.Ticker;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Supplier;

/**
 * The rules of the configuration in force. The engine is looked for when a configuration has rules
 * for the first time; rules that did not change stay the programs they are, already warm.
 */
final class Rules {

    private static final RuleSet NONE = name -> null;

    private final int eventLoops;
    private final Ticker ticker;
    private final EventBus events;
    private final Supplier<Map<String, Pool>> pools;
    private final RunningClasses classes;
    private final Map<String, RuleCounts> counts = new ConcurrentSkipListMap<>();

    private @Nullable RuleEngine engine;
    private volatile Prepared inForce =
            new Prepared(
                    Map.of(),
                    null,
                    NONE,
                    null,
                    new Surroundings(Map.of(), Map.of(), null, Set.of(), Map.of()));

    /**
     * The rules of one configuration, and what they may see of it.
     *
     * @param limits null before the first configuration
     * @param world of {@code set}; null when there are no rules
     */
    record Prepared(
            Map<String, RuleConfig> rules,
            @Nullable RuleLimits limits,
            RuleSet set,
            @Nullable World world,
            Surroundings around) {}

    Rules(
            int eventLoops,
            Ticker ticker,
            EventBus events,
            Supplier<Map<String, Pool>> pools,
            RunningClasses classes) {
        this.eventLoops = eventLoops;
        this.ticker = ticker;
        this.events = events;
        this.pools = pools;
        this.classes = classes;
    }

    /** What is counted about every rule in force, by name. */
    Map<String, RuleCounts> counts() {
        Map<String, RuleCounts> ofThoseInForce = new TreeMap<>(counts);
        ofThoseInForce.keySet().retainAll(inForce.rules().keySet());
        return ofThoseInForce;
    }

    /** What the functions of rules have come to; nothing while there have been no rules. */
    synchronized RuleFigures figures() {
        RuleEngine found = engine;
        return found == null ? RuleFigures.NONE : found.figures();
    }

    /**
     * Makes the rules of {@code config} ready; those in force see nothing of it.
     *
     * @throws RulesRefusedException when one of them is no sound program, or nothing can run them
     */
    synchronized Prepared prepare(WeirConfig config) throws RulesRefusedException {
        Map<String, RuleConfig> wanted = config.rules();
        RuleLimits allowed = config.global().rules();
        Surroundings around = Surroundings.of(config);
        Prepared now = inForce;
        if (wanted.isEmpty()) {
            return new Prepared(wanted, allowed, NONE, null, around);
        }
        if (wanted.equals(now.rules()) && allowed.equals(now.limits())) {
            return new Prepared(wanted, allowed, now.set(), now.world(), around);
        }
        World world = new World(allowed, around);
        RuleSet set = engine(wanted.keySet().iterator().next()).compile(wanted.values(), world);
        return new Prepared(wanted, allowed, set, world, around);
    }

    /** Puts rules in force, and forgets what was counted about those that are gone. */
    synchronized void use(Prepared next) {
        inForce = next;
        World world = next.world();
        if (world != null) {
            world.comingAround = null;
        }
        next.set().inForce();
        counts.keySet().retainAll(next.rules().keySet());
    }

    /** What is wrong with the programs of {@code wanted}, without putting them in force. */
    List<RuleProblem> check(Collection<RuleConfig> wanted) {
        if (wanted.isEmpty()) {
            return List.of();
        }
        try {
            RuleEngine found = engine(wanted.iterator().next().name());
            return wanted.stream().flatMap(rule -> found.check(rule).stream()).toList();
        } catch (RulesRefusedException e) {
            return e.problems();
        }
    }

    /** Lets go of all rules, when nothing can ask for them any more. */
    synchronized void close() {
        RuleEngine found = engine;
        engine = null;
        if (found != null) {
            found.close();
        }
    }

    private synchronized RuleEngine engine(String first) throws RulesRefusedException {
        RuleEngine found = engine;
        if (found == null) {
            found = RuleEngine.find();
            if (found == null) {
                throw new RulesRefusedException(
                        List.of(new RuleProblem(first, 0, 0, "the rules engine is not installed")));
            }
            engine = found;
        }
        return found;
    }

    /** What rules may read beside their messages. */
    private record Surroundings(
            Map<String, ResourceFile> resources,
            Map<String, AuthenticatorConfig> authenticators,
            @Nullable Path locations,
            Set<Integer> controlPorts,
            Map<String, Set<RulePlace>> places) {

        static Surroundings of(WeirConfig config) {
            Set<Integer> ports = new HashSet<>();
            AdminConfig admin = config.global().admin();
            if (admin != null) {
                ports.add(admin.listen().port());
            }
            ListenAddress metrics = config.global().metrics();
            if (metrics != null) {
                ports.add(metrics.port());
            }
            return new Surroundings(
                    config.resources(),
                    config.authenticators(),
                    config.global().locationDatabase(),
                    ports,
                    RulePlaces.of(config));
        }
    }

    private final class World implements RuleWorld {
        private final RuleLimits allowed;

        /** What is around while the rules are made ready; null since they came into force. */
        private volatile @Nullable Surroundings comingAround;

        World(RuleLimits allowed, Surroundings comingAround) {
            this.allowed = allowed;
            this.comingAround = comingAround;
        }

        private Surroundings around() {
            Surroundings coming = comingAround;
            return coming == null ? inForce.around() : coming;
        }

        @Override
        public int eventLoops() {
            return eventLoops;
        }

        @Override
        public RuleLimits limits() {
            return allowed;
        }

        @Override
        public EventBus events() {
            return events;
        }

        @Override
        public Ticker ticker() {
            return ticker;
        }

        @Override
        public @Nullable Pool pool(String name) {
            return pools.get().get(name);
        }

        @Override
        public @Nullable RateClass rate(String name) {
            return classes.rates().named(name);
        }

        @Override
        public @Nullable BandwidthClass bandwidth(String name) {
            return classes.bandwidth().named(name);
        }

        @Override
        public @Nullable ServiceLevel serviceLevel(String name) {
            return classes.levels().named(name);
        }

        @Override
        public @Nullable ResourceFile resource(String name) {
            return around().resources().get(name);
        }

        @Override
        public @Nullable AuthenticatorConfig authenticator(String name) {
            return around().authenticators().get(name);
        }

        @Override
        public boolean isControlPort(int port) {
            return around().controlPorts().contains(port);
        }

        @Override
        public @Nullable Path locations() {
            return around().locations();
        }

        @Override
        public Set<RulePlace> places(String name) {
            return around().places().getOrDefault(name, Set.of());
        }

        @Override
        public RuleCounts counts(String name) {
            return counts.computeIfAbsent(name, key -> new RuleCounts());
        }
    }
}
