package io.weir.runtime;

import io.weir.bandwidth.BandwidthClass;
import io.weir.config.ResourceFile;
import io.weir.config.RuleConfig;
import io.weir.config.RuleLimits;
import io.weir.config.WeirConfig;
import io.weir.event.EventBus;
import io.weir.pool.Pool;
import io.weir.rate.RateClass;
import io.weir.rule.RuleCounts;
import io.weir.rule.RuleEngine;
import io.weir.rule.RuleProblem;
import io.weir.rule.RuleSet;
import io.weir.rule.RuleWorld;
import io.weir.rule.RulesRefusedException;
import io.weir.slm.ServiceLevel;
import io.weir.time.Ticker;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
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
    private Map<String, RuleConfig> made = Map.of();
    private @Nullable RuleLimits limits;
    private RuleSet set = NONE;
    private volatile Map<String, ResourceFile> resources = Map.of();
    private volatile @Nullable Path locations;

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

    /** What is counted about every rule that there ever was, by name. */
    Map<String, RuleCounts> counts() {
        return Collections.unmodifiableMap(counts);
    }

    /**
     * The rules of {@code config}.
     *
     * @throws RulesRefusedException when one of them is no sound program, or nothing can run them
     */
    synchronized RuleSet of(WeirConfig config) throws RulesRefusedException {
        Map<String, RuleConfig> wanted = config.rules();
        RuleLimits allowed = config.global().rules();
        Map<String, ResourceFile> resourcesBefore = resources;
        Path locationsBefore = locations;
        resources = config.resources();
        locations = config.global().locationDatabase();
        try {
            if (wanted.isEmpty()) {
                set = NONE;
            } else if (!wanted.equals(made) || !allowed.equals(limits)) {
                set =
                        engine(wanted.keySet().iterator().next())
                                .compile(wanted.values(), new World(allowed));
            }
        } catch (RulesRefusedException e) {
            resources = resourcesBefore;
            locations = locationsBefore;
            throw e;
        }
        made = wanted;
        limits = allowed;
        return set;
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

    private final class World implements RuleWorld {
        private final RuleLimits allowed;

        World(RuleLimits allowed) {
            this.allowed = allowed;
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
            return resources.get(name);
        }

        @Override
        public @Nullable Path locations() {
            return locations;
        }

        @Override
        public RuleCounts counts(String name) {
            return counts.computeIfAbsent(name, key -> new RuleCounts());
        }
    }
}
