package io.weir.pool;

import io.weir.config.NodeAddress;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Pools that no configuration has any more. An exchange that began before may choose a node of such
 * a pool later: after a rule has waited, out of the queue, or for another attempt. They are known
 * for as long as anybody knows them, and kept by nobody here. Safe for every thread.
 */
final class ClosedPools {

    private final List<WeakReference<Pool>> pools = new CopyOnWriteArrayList<>();

    /** Adds pools, and drops those that nobody knows any more. */
    void add(List<Pool> closed) {
        pools.removeIf(each -> each.get() == null);
        pools.addAll(closed.stream().map(WeakReference::new).toList());
    }

    /** Those that somebody may still use. */
    List<Pool> all() {
        return pools.stream().map(WeakReference::get).filter(Objects::nonNull).toList();
    }

    /** Their nodes that {@code name} means. */
    List<PoolNode> nodes(NodeAddress name) {
        List<PoolNode> nodes = new ArrayList<>();
        for (Pool pool : all()) {
            for (PoolView.Entry entry : pool.view().entries()) {
                if (entry.node().isCalled(name)) {
                    nodes.add(entry.node());
                }
            }
        }
        return nodes;
    }
}
