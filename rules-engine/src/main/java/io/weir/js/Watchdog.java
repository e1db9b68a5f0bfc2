package io.weir.js;

import com.sun.management.ThreadMXBean;

import io.weir.config.RuleLimits;

import org.graalvm.polyglot.Context;
import org.jspecify.annotations.Nullable;

import java.lang.management.ManagementFactory;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;

/**
 * Ends runs of rules that take more processor time or memory than they may. One thread looks at all
 * event loops every few milliseconds while rules run, and sleeps otherwise; a run itself pays two
 * writes.
 */
final class Watchdog {

    private static final long LOOK_NANOS = Duration.ofMillis(4).toNanos();

    /** How many times the time limit the first runs of a rule may take. */
    private static final int COLD = 5;

    /** How often a rule is asked to stop before it is made to. */
    private static final int GENTLE_STOPS = 3;

    /** Looks without any run before the thread goes to sleep. */
    private static final int IDLE_LOOKS = 250;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /** Weak, so that contexts of replaced rules can go. */
    private final List<WeakReference<Watch>> watches = new CopyOnWriteArrayList<>();

    private final Thread thread;
    private volatile boolean asleep;

    Watchdog() {
        thread = Thread.ofPlatform().daemon().name("weir-rule-watch").start(this::look);
    }

    /** The runs of one context, one after the other. */
    final class Watch {
        private final Context context;
        private final RuleLimits limits;
        private volatile long running;
        private volatile long runner;
        private volatile @Nullable String verdict;
        private volatile int allowance = 1;
        private long number;
        private long seen;
        private long cpuThen;
        private long allocatedThen;

        private Watch(Context context, RuleLimits limits) {
            this.context = context;
            this.limits = limits;
        }

        /**
         * A run begins.
         *
         * @param cold whether it may take longer, because much of it happens for the first time
         */
        void begin(boolean cold) {
            allowance = cold ? COLD : 1;
            long id = Thread.currentThread().threadId();
            if (runner != id) {
                runner = id;
            }
            verdict = null;
            running = ++number;
            if (asleep) {
                asleep = false;
                LockSupport.unpark(thread);
            }
        }

        /** Why the run was ended; null when it was not. */
        @Nullable String end() {
            running = 0;
            return verdict;
        }

        private boolean look() {
            long now = running;
            long on = runner;
            if (now == 0) {
                return false;
            }
            long cpu = threads.getThreadCpuTime(on);
            long allocated = threads.getThreadAllocatedBytes(on);
            if (now != seen) {
                seen = now;
                cpuThen = cpu;
                allocatedThen = allocated;
                return true;
            }
            if (verdict == null) {
                if (cpu - cpuThen > allowance * limits.timeLimit().toNanos()) {
                    end(
                            now,
                            "it took longer than time-limit, "
                                    + limits.timeLimit().toMillis()
                                    + " ms");
                } else if (allocated - allocatedThen > limits.memoryLimit()) {
                    end(
                            now,
                            "it allocated more than memory-limit, "
                                    + limits.memoryLimit()
                                    + " bytes");
                }
            }
            return true;
        }

        private void end(long which, String why) {
            verdict = why;
            // Waits for the rule to stop, which is not this thread's business.
            Thread.ofPlatform().daemon().name("weir-rule-stop").start(() -> stop(which));
        }

        /** A rule may run on in its {@code finally}; one that does so loses its context. */
        private void stop(long which) {
            for (int i = 0; i < GENTLE_STOPS && running == which; i++) {
                try {
                    context.interrupt(Duration.ofMillis(100));
                } catch (TimeoutException e) {
                    break;
                }
                LockSupport.parkNanos(LOOK_NANOS);
            }
            if (running == which) {
                context.close(true);
            }
        }
    }

    Watch watch(Context context, RuleLimits limits) {
        Watch watch = new Watch(context, limits);
        watches.removeIf(each -> each.get() == null);
        watches.add(new WeakReference<>(watch));
        return watch;
    }

    private void look() {
        int idle = 0;
        while (true) {
            boolean any = false;
            for (WeakReference<Watch> each : watches) {
                Watch watch = each.get();
                any |= watch != null && watch.look();
            }
            idle = any ? 0 : idle + 1;
            if (idle > IDLE_LOOKS) {
                asleep = true;
                LockSupport.parkNanos(Duration.ofSeconds(1).toNanos());
                asleep = false;
                idle = 0;
            } else {
                LockSupport.parkNanos(LOOK_NANOS);
            }
        }
    }
}
