package io.weir.exchange;

import io.weir.fault.TrafficFault;
import io.weir.pool.Lease;
import io.weir.pool.Pool;
import io.weir.pool.PoolNode;
import io.weir.pool.Selection;

import org.jspecify.annotations.Nullable;

/** What the session of an exchange has to say when a node is chosen. Confined to one event loop. */
interface SessionChoice {

    /**
     * Looks for the node of the session in {@code pool}; {@link #pinned} says which one it is.
     *
     * @return what ends the exchange because that node cannot be used; null when it goes on
     */
    @Nullable TrafficFault seek(Pool pool, Selection selection);

    /** Whether the session can live with {@code lease}; if not, the choice is made anew. */
    boolean took(Lease lease, Selection selection);

    /** The node of the session; null without one. */
    @Nullable PoolNode pinned();
}
