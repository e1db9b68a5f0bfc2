package io.weir.control;

import io.weir.config.NodeConfig;
import io.weir.config.Overlay;
import io.weir.config.OverlayEntry;
import io.weir.config.OverlayEntry.AtDeadline;
import io.weir.event.EventBus;
import io.weir.event.EventTag;
import io.weir.event.ObjectRef;
import io.weir.runtime.DataPlane;
import io.weir.runtime.NodeUse;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What becomes of drains whose deadline has passed. Immutable. */
final class Deadlines {

    private final List<OverlayEntry> overdue;
    private final Overlay after;

    private Deadlines(List<OverlayEntry> overdue, Overlay after) {
        this.overdue = overdue;
        this.after = after;
    }

    /** The deadlines in {@code overlay} that have passed at {@code now}. */
    static Deadlines of(Overlay overlay, Instant now) {
        List<OverlayEntry> overdue = new ArrayList<>();
        List<OverlayEntry> entries = new ArrayList<>();
        for (OverlayEntry entry : overlay.entries()) {
            boolean late = entry.overdue(now);
            if (late && entry.state() == NodeConfig.State.DRAINING) {
                overdue.add(entry);
            }
            entries.add(late ? entry.afterDeadline() : entry);
        }
        return new Deadlines(overdue, overdue.isEmpty() ? overlay : overlay.withEntries(entries));
    }

    /** The overlay with the decisions that follow. */
    Overlay after() {
        return after;
    }

    /** Once {@link #after} is in force: cuts what is to be cut, and tells what was left. */
    void conclude(DataPlane plane, EventBus events) {
        for (OverlayEntry entry : overdue) {
            NodeUse use = plane.use(entry.node(), null);
            Map<String, Integer> inFlight = new LinkedHashMap<>();
            use.pools().forEach(in -> inFlight.put(in.pool(), in.inFlight()));
            // What began in a pool before that was changed or taken away is drained like the rest.
            use.departed().forEach((pool, count) -> inFlight.merge(pool, count, Integer::sum));
            // Where the pool has a decision of its own, the drain for every pool does not hold.
            inFlight.keySet().removeIf(pool -> !after.decides(entry, pool));
            int left = inFlight.values().stream().mapToInt(Integer::intValue).sum();
            List<ObjectRef> objects = new ArrayList<>();
            objects.add(ObjectRef.node(entry.node().toString()));
            inFlight.keySet().forEach(pool -> objects.add(ObjectRef.pool(pool)));
            if (entry.atDeadline() == AtDeadline.CLOSE) {
                inFlight.keySet().forEach(pool -> plane.cut(pool, entry.node()));
            }
            events.emit(
                    EventTag.DRAINDEADLINE,
                    "The drain of node "
                            + entry.node()
                            + (entry.pool() == null ? "" : " in pool " + entry.pool())
                            + " by "
                            + entry.owner()
                            + " was to be over; "
                            + left
                            + (left == 1 ? " exchange is" : " exchanges are")
                            + " in flight; "
                            + switch (entry.atDeadline()) {
                                case NOTHING -> "the drain goes on";
                                case DISABLE -> "the node is disabled";
                                case CLOSE -> "the node is disabled and its connections are cut";
                            },
                    objects.toArray(ObjectRef[]::new));
        }
    }
}
