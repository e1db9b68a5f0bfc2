package io.weir.persist;

import io.weir.config.NodeAddress;
import io.weir.config.PersistenceConfig;

import org.jspecify.annotations.Nullable;

import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** The persistence classes of one configuration, by name. Immutable. */
public final class PersistenceClasses {

    /** No classes at all. */
    public static final PersistenceClasses NONE = new PersistenceClasses(Map.of());

    private final Map<String, PersistenceClass> byName;
    private final Set<String> cookies = new HashSet<>();

    private PersistenceClasses(Map<String, PersistenceClass> byName) {
        this.byName = Collections.unmodifiableMap(byName);
        for (PersistenceClass each : byName.values()) {
            MappingCookie cookie = each.cookie();
            if (cookie != null) {
                cookies.add(cookie.name());
            }
        }
    }

    /**
     * The classes of the next configuration. Those that keep name and type keep their sessions.
     *
     * @param key marks what clients carry
     */
    public PersistenceClasses next(Map<String, PersistenceConfig> wanted, ClusterKey key) {
        Map<String, PersistenceClass> next = new LinkedHashMap<>();
        wanted.forEach(
                (name, config) -> {
                    PersistenceClass before = byName.get(name);
                    PersistenceClass.Memory memory =
                            before != null && before.memory().type == config.type()
                                    ? before.memory()
                                    : new PersistenceClass.Memory(config);
                    next.put(name, new PersistenceClass(config, memory, key));
                });
        return next.isEmpty() ? NONE : new PersistenceClasses(next);
    }

    /** From now on these classes are in force, with their limits. */
    public void enforce() {
        for (PersistenceClass each : byName.values()) {
            each.table().limit(each.config().maxEntries());
            each.table().timeout(each.config().sessionTimeout().toNanos());
        }
    }

    /** Forgets when clients that carry their sessions last used other nodes than these. */
    public void retainNodes(Collection<NodeAddress> nodes) {
        byName.values().forEach(each -> each.memory().carried.keySet().retainAll(nodes));
    }

    /** Whether there is none. */
    public boolean isEmpty() {
        return byName.isEmpty();
    }

    /** Every class, in the order of the configuration. */
    public Collection<PersistenceClass> all() {
        return byName.values();
    }

    /** The class called {@code name}; null when there is none, or no name. */
    public @Nullable PersistenceClass named(@Nullable String name) {
        return name == null ? null : byName.get(name);
    }

    /** Whether any class sets cookies. */
    boolean setCookies() {
        return !cookies.isEmpty();
    }

    /** Whether Weir gives a cookie of this name to clients. */
    boolean ownCookie(String name) {
        return cookies.contains(name);
    }
}
