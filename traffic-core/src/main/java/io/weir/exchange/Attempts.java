package io.weir.exchange;

import io.weir.fault.TrafficFault;
import io.weir.pool.NodeFailure;
import io.weir.pool.PoolNode;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/**
 * The nodes that one exchange has tried in vain, and what the client is told if no other one can be
 * had. Confined to one event loop.
 */
final class Attempts {

    private @Nullable List<PoolNode> failed;
    private @Nullable TrafficFault lastFault;
    private int timedOut;

    void add(PoolNode node, NodeFailure why) {
        List<PoolNode> list = failed;
        if (list == null) {
            list = new ArrayList<>(2);
            failed = list;
        }
        list.add(node);
        if (why == NodeFailure.REPLY_TIMEOUT) {
            timedOut++;
        }
    }

    /** What the client is told when no further node can be had. */
    void lastFault(TrafficFault fault) {
        lastFault = fault;
    }

    /** See {@link #lastFault(TrafficFault)}; null before the first. */
    @Nullable TrafficFault lastFault() {
        return lastFault;
    }

    boolean contains(PoolNode node) {
        List<PoolNode> list = failed;
        return list != null && list.contains(node);
    }

    int count() {
        List<PoolNode> list = failed;
        return list == null ? 0 : list.size();
    }

    /** Those of them that did not answer in time. */
    int timedOut() {
        return timedOut;
    }
}
