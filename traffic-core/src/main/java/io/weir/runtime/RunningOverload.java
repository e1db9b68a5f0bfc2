package io.weir.runtime;

import io.weir.admit.Budgets;
import io.weir.admit.Strain;
import io.weir.config.OverloadConfig;
import io.weir.event.EventBus;
import io.weir.event.EventTag;
import io.weir.time.Ticker;
import io.weir.wire.BufferMemory;
import io.weir.wire.Gate;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * What the process may use up: the connections of all listeners together, and the memory. Safe for
 * every thread.
 */
final class RunningOverload {

    /** File handles kept back for nodes, logs and the control side. */
    private static final int RESERVED_HANDLES = 128;

    /** How often the memory is looked at. */
    private static final long LOOK_MILLIS = 100;

    private final EventBus events;
    private final Budgets budgets;
    private final Gate gate;
    private final List<Strain> strains = new CopyOnWriteArrayList<>();

    RunningOverload(OverloadConfig config, Ticker ticker, EventBus events) {
        this.events = events;
        this.budgets =
                new Budgets(ticker, events, new MemoryUse(BufferMemory::share), this::refused);
        this.gate =
                new Gate(
                        connections(config),
                        () ->
                                events.emit(
                                        EventTag.FEWFREEFDS,
                                        "as many connections as clients may have are open:"
                                                + " new clients wait"));
    }

    /**
     * Half of the file handles that are left may go to clients: each may need another one for a
     * node.
     */
    private static int connections(OverloadConfig config) {
        long usable = Math.max(16, FileHandles.max() - RESERVED_HANDLES);
        int handles = (int) Math.min(usable / 2, Integer.MAX_VALUE);
        int wanted = config.maxConnections();
        return wanted == 0 ? handles : Math.min(wanted, handles);
    }

    /** What event loops are to obey. */
    Budgets budgets() {
        return budgets;
    }

    /** The limit of all listeners together, which leaves file handles for everything else. */
    Gate gate() {
        return gate;
    }

    void start(EventLoops loops, ScheduledExecutorService timer) {
        loops.all().forEach(loop -> strains.add(loop.context().strain()));
        timer.scheduleWithFixedDelay(this::look, LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
    }

    void configure(OverloadConfig config) {
        budgets.configure(config);
        gate.limit(connections(config));
    }

    private long refused() {
        return strains.stream().mapToLong(Strain::refused).sum();
    }

    private void look() {
        try {
            budgets.look();
            gate.hold(budgets.memory() != Strain.Memory.PLENTY);
        } catch (RuntimeException e) {
            events.emit(EventTag.INTERNALERROR, "memory could not be looked at: " + e);
        }
    }
}
