package io.weir.function;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** What rules count with {@code counter.increment}. Bounded. Safe for every thread. */
public final class Counters {

    private static final int MAX = 1000;

    private final Map<String, LongAdder> counters = new ConcurrentHashMap<>();

    void add(String name, int by) {
        LongAdder counter = counters.get(name);
        if (counter == null) {
            if (counters.size() >= MAX) {
                throw new RuleErrorException("there are more than " + MAX + " counters");
            }
            counter = counters.computeIfAbsent(name, key -> new LongAdder());
        }
        counter.add(by);
    }

    /** What has been counted so far, by name. */
    public Map<String, Long> all() {
        Map<String, Long> all = new TreeMap<>();
        counters.forEach((name, counter) -> all.put(name, counter.sum()));
        return all;
    }
}
