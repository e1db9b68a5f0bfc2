package io.weir.runtime;

import io.weir.event.EventBus;
import io.weir.event.EventTag;
import io.weir.time.Ticker;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Looks whether the event loops still run. One that does not for longer than the limit is a defect,
 * or a machine that gives no time: what the loop is doing is written to the system log. Runs on a
 * thread of its own, and asks nothing of the loops.
 */
final class LoopWatchdog {

    private static final Logger LOG = LoggerFactory.getLogger(LoopWatchdog.class);

    private static final long LOOK_MILLIS = 200;

    /** An event loop as it is seen from outside; any thread may ask. */
    interface Watched {
        /** When it last came round, as reading of the ticker. */
        long seenNanos();

        /** Its thread; null before it has run. */
        @Nullable Thread thread();
    }

    private final List<? extends Watched> loops;
    private final Ticker ticker;
    private final EventBus events;
    private final long[] stalledSince;
    private volatile long limitNanos;

    /**
     * @param limit that a loop may take for one thing; zero for any time
     */
    LoopWatchdog(List<? extends Watched> loops, Ticker ticker, EventBus events, Duration limit) {
        this.loops = loops;
        this.ticker = ticker;
        this.events = events;
        this.stalledSince = new long[loops.size()];
        this.limitNanos = limit.toNanos();
    }

    void start(ScheduledExecutorService timer) {
        timer.scheduleWithFixedDelay(this::look, LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
    }

    void limit(Duration limit) {
        limitNanos = limit.toNanos();
    }

    void look() {
        for (int i = 0; i < loops.size(); i++) {
            look(i, loops.get(i));
        }
    }

    private void look(int index, Watched loop) {
        long now = ticker.nanos();
        long seen = loop.seenNanos();
        Thread thread = loop.thread();
        if (thread == null) {
            return;
        }
        boolean stalled = limitNanos > 0 && now - seen > limitNanos;
        if (stalled && stalledSince[index] == 0) {
            stalledSince[index] = seen;
            StringBuilder stack = new StringBuilder();
            for (StackTraceElement frame : thread.getStackTrace()) {
                stack.append("\n    at ").append(frame);
            }
            LOG.error(
                    "{} has been at one thing for {} ms:{}",
                    thread.getName(),
                    millis(now - seen),
                    stack);
            events.emit(
                    EventTag.LOOPSTALLED,
                    thread.getName()
                            + " has been at one thing for "
                            + millis(now - seen)
                            + " ms; its connections wait. The system log says what it does");
        } else if (!stalled && stalledSince[index] != 0) {
            events.emit(
                    EventTag.LOOPRECOVERED,
                    thread.getName()
                            + " runs again after "
                            + millis(seen - stalledSince[index])
                            + " ms");
            stalledSince[index] = 0;
        }
    }

    private static long millis(long nanos) {
        return TimeUnit.NANOSECONDS.toMillis(nanos);
    }
}
