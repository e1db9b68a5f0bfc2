package io.weir.rate;

import io.weir.config.RateConfig;
import io.weir.time.Ticker;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;

/** The rate classes in force, by name. Safe for every thread. */
public final class RateClasses {

    private final Ticker ticker;
    private final ScheduledExecutorService timer;
    private final Map<String, RateClass> byName = new ConcurrentHashMap<>();

    /**
     * @param timer lets those go who have waited
     */
    public RateClasses(Ticker ticker, ScheduledExecutorService timer) {
        this.ticker = ticker;
        this.timer = timer;
    }

    /** Puts settings in force. Classes that keep their name keep their queues and figures. */
    public void configure(Map<String, RateConfig> wanted) {
        byName.keySet().retainAll(wanted.keySet());
        wanted.forEach(
                (name, config) -> {
                    RateClass known = byName.get(name);
                    if (known == null) {
                        byName.put(name, new RateClass(config, ticker, timer));
                    } else if (!known.config().equals(config)) {
                        known.configure(config);
                    }
                });
    }

    /** The class called {@code name}; null for none. */
    public @Nullable RateClass named(@Nullable String name) {
        return name == null ? null : byName.get(name);
    }

    /** All of them, by name. */
    public List<RateClass> all() {
        List<RateClass> all = new ArrayList<>(byName.values());
        all.sort(java.util.Comparator.comparing(each -> each.config().name()));
        return all;
    }
}
