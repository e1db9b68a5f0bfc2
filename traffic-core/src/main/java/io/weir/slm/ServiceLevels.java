package io.weir.slm;

import io.weir.config.ServiceLevelConfig;
import io.weir.event.EventBus;
import io.weir.pool.PoolNode;
import io.weir.time.Ticker;

import org.jspecify.annotations.Nullable;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The service level classes in force, by name. Safe for every thread; {@link #named} also for event
 * loops.
 */
public final class ServiceLevels {

    private final int eventLoops;
    private final Ticker ticker;
    private final EventBus events;
    private volatile Map<String, ServiceLevel> live = Map.of();

    public ServiceLevels(int eventLoops, Ticker ticker, EventBus events) {
        this.eventLoops = eventLoops;
        this.ticker = ticker;
        this.events = events;
    }

    /** Makes the classes those of {@code wanted}; what keeps its name keeps its counts. */
    public synchronized void configure(Map<String, ServiceLevelConfig> wanted) {
        Map<String, ServiceLevel> before = live;
        Map<String, ServiceLevel> next = new LinkedHashMap<>();
        wanted.forEach(
                (name, config) -> {
                    ServiceLevel level = before.get(name);
                    if (level == null) {
                        level = new ServiceLevel(config, eventLoops, ticker.nanos());
                    }
                    level.config(config);
                    next.put(name, level);
                });
        live = Collections.unmodifiableMap(next);
    }

    /** Forgets what was counted of nodes that are no more. */
    public void retainNodes(Collection<PoolNode> nodes) {
        live.values().forEach(level -> level.retainNodes(nodes));
    }

    /** The class called {@code name}; null when there is none, or no name. */
    public @Nullable ServiceLevel named(@Nullable String name) {
        return name == null ? null : live.get(name);
    }

    /** Every class, in the order of the configuration. */
    public Collection<ServiceLevel> all() {
        return live.values();
    }

    /**
     * The share of conforming answers of the last ten seconds in per cent, for rules (ZXTM {@code
     * slm.conforming}); 100 without a class of that name, or without answers.
     */
    public double conforming(String name) {
        ServiceLevel level = live.get(name);
        return level == null ? 100 : level.lately(ticker.nanos()).percent();
    }

    /** Compares all classes with their thresholds and raises the events that follow. */
    public synchronized void look() {
        long now = ticker.nanos();
        live.values().forEach(level -> level.watch().look(now, events));
    }
}
