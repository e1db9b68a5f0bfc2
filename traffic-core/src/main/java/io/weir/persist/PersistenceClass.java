package io.weir.persist;

import io.weir.config.NodeAddress;
import io.weir.config.PersistenceConfig;
import io.weir.pool.Pool;
import io.weir.pool.PoolNode;
import io.weir.pool.PoolView;

import org.jspecify.annotations.Nullable;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * A persistence class as one configuration has it. What it remembers and counts belongs to its name
 * and type and outlives the configuration. Safe for every thread, event loops included.
 */
public final class PersistenceClass {

    private final PersistenceConfig config;
    private final Memory memory;
    private final ClusterKey key;
    private final SessionKeys keys;
    private final @Nullable MappingCookie cookie;
    private final Map<Pool, Listed> listed = new ConcurrentHashMap<>();

    /** The nodes of a pool, as of one view of it. */
    private record Listed(PoolView view, NodeDirectory nodes) {}

    /** What outlives configurations. */
    static final class Memory {
        final PersistenceConfig.Type type;
        final SessionTable table;
        final Map<NodeAddress, AtomicLong> carried = new ConcurrentHashMap<>();
        final LongAdder[] verdicts = new LongAdder[Verdict.values().length];

        Memory(PersistenceConfig config) {
            type = config.type();
            table = new SessionTable(config.maxEntries());
            for (int i = 0; i < verdicts.length; i++) {
                verdicts[i] = new LongAdder();
            }
        }
    }

    PersistenceClass(PersistenceConfig config, Memory memory, ClusterKey key) {
        this.config = config;
        this.memory = memory;
        this.key = key;
        this.keys = SessionKeys.of(config);
        this.cookie = config.type().setsCookie() ? MappingCookie.of(config, key) : null;
    }

    public String name() {
        return config.name();
    }

    public PersistenceConfig config() {
        return config;
    }

    /** Exchanges and connections that ended with {@code verdict}, since the start. */
    public long count(Verdict verdict) {
        return memory.verdicts[verdict.ordinal()].sum();
    }

    /** The sessions that Weir remembers; stays empty for types that clients carry. */
    public SessionTable table() {
        return memory.table;
    }

    /**
     * When a request of a session that its client carries last went to {@code node}, as reading of
     * the ticker; null when none did since the start.
     */
    public @Nullable Long lastCarried(NodeAddress node) {
        AtomicLong at = memory.carried.get(node);
        return at == null ? null : at.getOpaque();
    }

    /** A client carries a session on {@code node}, and has used it at {@code now}. */
    void carried(NodeAddress node, long now) {
        AtomicLong at = memory.carried.get(node);
        if (at == null) {
            at = memory.carried.computeIfAbsent(node, n -> new AtomicLong(now));
        }
        at.setOpaque(now);
    }

    void add(@Nullable Verdict verdict) {
        if (verdict != null) {
            memory.verdicts[verdict.ordinal()].increment();
        }
    }

    Memory memory() {
        return memory;
    }

    SessionKeys keys() {
        return keys;
    }

    /** The cookie that Weir sets; null for types without one. */
    @Nullable MappingCookie cookie() {
        return cookie;
    }

    /** The nodes of {@code pool}, as of {@code view}. */
    NodeDirectory nodes(Pool pool, PoolView view) {
        Listed before = listed.get(pool);
        if (before != null && before.view == view) {
            return before.nodes;
        }
        NodeDirectory nodes =
                NodeDirectory.of(
                        view,
                        before == null ? null : before.nodes,
                        config.type().setsCookie() ? this::mark : null);
        listed.put(pool, new Listed(view, nodes));
        return nodes;
    }

    private byte[] mark(NodeAddress node) {
        return key.mark("node\n" + config.name() + "\n" + node);
    }

    /** The token of {@code node} in Weir's cookie; null when it has none. */
    @Nullable String token(Pool pool, PoolNode node) {
        return nodes(pool, pool.view()).token(node);
    }
}
