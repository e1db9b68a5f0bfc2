package io.weir.bandwidth;

import io.weir.config.BandwidthConfig;
import io.weir.time.Ticker;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;

/** The bandwidth classes in force, by name. Safe for every thread. */
public final class BandwidthClasses {

    private final Ticker ticker;
    private final ScheduledExecutorService timer;
    private final Map<String, BandwidthClass> byName = new ConcurrentHashMap<>();

    /**
     * @param timer gives connections their turns; a thread of its own, since it has to be punctual
     */
    public BandwidthClasses(Ticker ticker, ScheduledExecutorService timer) {
        this.ticker = ticker;
        this.timer = timer;
    }

    /** Puts settings in force. */
    public void configure(Map<String, BandwidthConfig> wanted) {
        byName.keySet().retainAll(wanted.keySet());
        wanted.forEach(
                (name, config) -> {
                    BandwidthClass known = byName.get(name);
                    if (known == null) {
                        byName.put(name, new BandwidthClass(config, ticker, timer));
                    } else {
                        known.configure(config);
                    }
                });
    }

    /** The class called {@code name}; null for none. */
    public @Nullable BandwidthClass named(@Nullable String name) {
        return name == null ? null : byName.get(name);
    }

    /** All of them, by name. */
    public List<BandwidthClass> all() {
        List<BandwidthClass> all = new ArrayList<>(byName.values());
        all.sort(java.util.Comparator.comparing(each -> each.config().name()));
        return all;
    }
}
