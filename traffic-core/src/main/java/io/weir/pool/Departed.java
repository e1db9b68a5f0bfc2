package io.weir.pool;

import io.weir.config.NodeAddress;

import org.jspecify.annotations.Nullable;

import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What runs on nodes that their pools have no more, and when something last did. Safe for every
 * thread; nobody holds its lock for long.
 */
final class Departed {

    /** The last use of so many nodes is known after their exchanges have ended. */
    private static final int REMEMBERED = 1000;

    /** Those on which exchanges still run, or did at the last look. */
    private final Set<PoolNode> busy = new HashSet<>();

    /** When the others were last used, as reading of the pools' ticker; the latest leaver last. */
    private final LinkedHashMap<NodeAddress, Long> lastUses = new LinkedHashMap<>();

    /** A pool has {@code node} no more; exchanges may still run on it. */
    synchronized void add(PoolNode node) {
        busy.add(node);
        settle();
    }

    /** Exchanges on nodes that {@code name} means, by pool; without pools that have none. */
    synchronized Map<String, Integer> inFlight(NodeAddress name) {
        settle();
        Map<String, Integer> byPool = new TreeMap<>();
        for (PoolNode node : busy) {
            int count = node.isCalled(name) ? node.inFlight() : 0;
            if (count > 0) {
                byPool.merge(node.poolName(), count, Integer::sum);
            }
        }
        return byPool;
    }

    /** The nodes of {@code pool} that {@code name} means and that something runs on. */
    synchronized List<PoolNode> busy(String pool, NodeAddress name) {
        settle();
        return busy.stream().filter(n -> n.poolName().equals(pool) && n.isCalled(name)).toList();
    }

    /**
     * When an exchange last began or ended on a node that {@code name} means, as reading of the
     * pools' ticker; null when nobody knows of any.
     */
    synchronized @Nullable Long lastUsedNanos(NodeAddress name) {
        settle();
        Long last = lastUses.get(name);
        for (PoolNode node : busy) {
            if (node.isCalled(name) && node.used()) {
                last = later(last, node.lastUsedNanos());
            }
        }
        return last;
    }

    /** Keeps no more than the last use of nodes that nothing runs on any more. */
    private void settle() {
        for (Iterator<PoolNode> all = busy.iterator(); all.hasNext(); ) {
            PoolNode node = all.next();
            if (node.inFlight() == 0) {
                all.remove();
                remember(node);
            }
        }
    }

    private void remember(PoolNode node) {
        if (!node.used()) {
            return;
        }
        for (NodeAddress name : node.names()) {
            Long last = later(lastUses.remove(name), node.lastUsedNanos());
            if (lastUses.size() >= REMEMBERED) {
                lastUses.pollFirstEntry();
            }
            lastUses.put(name, last);
        }
    }

    private static Long later(@Nullable Long one, long other) {
        return one != null && one - other > 0 ? one : Long.valueOf(other);
    }
}
