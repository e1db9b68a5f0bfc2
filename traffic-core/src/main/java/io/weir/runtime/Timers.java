package io.weir.runtime;

import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;

/**
 * The threads on which something is due now and then: one for each kind of work, so that what takes
 * long in one is late in no other. Safe for every thread.
 *
 * @param pools ramps, quarantines, queues, service levels, rates, and whatever is due seldom
 * @param monitors when checks are due
 * @param watchdog looks at the event loops and at memory
 * @param bandwidth turns of connections in bandwidth classes
 * @param compress compresses stored responses, one after the other
 */
record Timers(
        ScheduledExecutorService pools,
        ScheduledExecutorService monitors,
        ScheduledExecutorService watchdog,
        ScheduledExecutorService bandwidth,
        ScheduledExecutorService compress) {

    static Timers start() {
        return new Timers(
                daemon("weir-pools"),
                daemon("weir-monitors"),
                daemon("weir-watchdog"),
                daemon("weir-bandwidth"),
                daemon("weir-compress"));
    }

    private static ScheduledExecutorService daemon(String name) {
        return Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name(name).factory());
    }

    /** Ends all of them; what is not yet due never is. */
    void stop() {
        List.of(pools, monitors, watchdog, bandwidth, compress)
                .forEach(ScheduledExecutorService::shutdownNow);
    }
}
