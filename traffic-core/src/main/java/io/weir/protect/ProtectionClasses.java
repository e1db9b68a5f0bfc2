package io.weir.protect;

import io.weir.config.ProtectionConfig;
import io.weir.event.EventBus;
import io.weir.protect.Protection.Memory;
import io.weir.time.Ticker;

import org.jspecify.annotations.Nullable;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

/** The protection classes of one configuration, by name. Immutable. */
public final class ProtectionClasses {

    private final Services services;
    private final Map<String, Protection> byName;

    /**
     * What classes need.
     *
     * @param seeds unguessable numbers
     * @param timer for reports
     */
    public record Services(
            Ticker ticker, EventBus events, LongSupplier seeds, ScheduledExecutorService timer) {}

    private ProtectionClasses(Services services, Map<String, Protection> byName) {
        this.services = services;
        this.byName = Collections.unmodifiableMap(byName);
    }

    /** No classes yet. */
    public static ProtectionClasses none(Services services) {
        return new ProtectionClasses(services, Map.of());
    }

    /** The classes of the next configuration. Those that keep their name keep what they know. */
    public ProtectionClasses next(Map<String, ProtectionConfig> wanted) {
        Map<String, Protection> next = new LinkedHashMap<>();
        wanted.forEach(
                (name, config) ->
                        next.put(
                                name,
                                new Protection(
                                        config,
                                        memory(byName.get(name), config),
                                        services.ticker())));
        return new ProtectionClasses(services, next);
    }

    private Memory memory(@Nullable Protection before, ProtectionConfig config) {
        Memory old = before == null ? null : before.memory();
        RefusalLog refusals =
                old != null
                        ? old.refusals()
                        : new RefusalLog(
                                config.name(),
                                services.events(),
                                services.ticker(),
                                services.timer());
        if (old != null && old.capacity() == config.maxAddresses()) {
            return old;
        }
        return new Memory(
                new AddressTable(
                        config.maxAddresses(),
                        services.seeds().getAsLong(),
                        services.ticker().nanos()),
                config.maxAddresses(),
                new BusiestAddresses(),
                new AtomicInteger(),
                refusals);
    }

    /** These classes are in force from now on. */
    public void inForce() {
        byName.values().forEach(each -> each.memory().refusals().logTime(each.config().logTime()));
    }

    /** The class called {@code name}; null for none. */
    public @Nullable Protection named(@Nullable String name) {
        return name == null ? null : byName.get(name);
    }

    public Collection<Protection> all() {
        return byName.values();
    }
}
