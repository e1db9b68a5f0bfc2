package io.weir.js;

import com.sun.management.ThreadMXBean;

import io.weir.brake.Brake;
import io.weir.brake.BrakedError;
import io.weir.config.RuleLimits;
import io.weir.function.OverLimitException;

import org.graalvm.polyglot.Context;
import org.jspecify.annotations.Nullable;

import java.lang.management.ManagementFactory;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * Ends runs of rules that take more processor time or memory than they may, and what is done for
 * rules elsewhere. One thread looks at all that runs every few milliseconds, and sleeps when
 * nothing does; a run itself pays two writes. What runs in JavaScript is ended by its context, what
 * runs in Java by the {@link Brake} of the thread.
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

    /** Runs one after the other: those of one context, or one of something else. */
    final class Watch {
        private final @Nullable Context context;
        private final long nanos;
        private final long bytes;
        private volatile long running;
        private volatile @Nullable Thread runner;
        private volatile @Nullable String verdict;
        private volatile int allowance = 1;
        private long number;
        private long seen;
        private long cpuThen;
        private long allocatedThen;

        private Watch(@Nullable Context context, long nanos, long bytes) {
            this.context = context;
            this.nanos = nanos;
            this.bytes = bytes;
        }

        /**
         * A run begins.
         *
         * @param cold whether it may take longer, because much of it happens for the first time
         */
        @SuppressWarnings("ReferenceEquality") // a thread is equal to itself alone
        void begin(boolean cold) {
            allowance = cold ? COLD : 1;
            Thread current = Thread.currentThread();
            if (runner != current) {
                runner = current;
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
            String why = verdict;
            Thread current = runner;
            if (why != null && current != null) {
                synchronized (this) {
                    Brake.release(current);
                }
            }
            return why;
        }

        private boolean look() {
            long now = running;
            Thread on = runner;
            if (now == 0 || on == null) {
                return false;
            }
            long cpu = threads.getThreadCpuTime(on.threadId());
            long allocated = threads.getThreadAllocatedBytes(on.threadId());
            if (now != seen) {
                seen = now;
                cpuThen = cpu;
                allocatedThen = allocated;
                return true;
            }
            if (verdict == null) {
                if (cpu - cpuThen > allowance * nanos) {
                    end(now, on, "it took longer than time-limit, " + nanos / 1_000_000 + " ms");
                } else if (allocated - allocatedThen > bytes) {
                    end(now, on, "it allocated more than memory-limit, " + bytes + " bytes");
                }
            }
            return true;
        }

        private void end(long which, Thread on, String why) {
            verdict = why;
            synchronized (this) {
                // Behind the verdict: whoever ends the run without seeing it was here first.
                if (running == which) {
                    Brake.pull(on);
                }
            }
            Context ended = context;
            if (ended != null) {
                // Waits for the rule to stop, which is not this thread's business.
                Thread.ofPlatform().daemon().name("weir-rule-stop").start(() -> stop(ended, which));
            }
        }

        /** A rule may run on in its {@code finally}; one that does so loses its context. */
        private void stop(Context ended, long which) {
            for (int i = 0; i < GENTLE_STOPS && running == which; i++) {
                try {
                    ended.interrupt(Duration.ofMillis(100));
                } catch (TimeoutException e) {
                    break;
                }
                LockSupport.parkNanos(LOOK_NANOS);
            }
            if (running == which) {
                ended.close(true);
            }
        }
    }

    Watch watch(Context context, RuleLimits limits) {
        return watch(new Watch(context, limits.timeLimit().toNanos(), limits.memoryLimit()));
    }

    private Watch watch(Watch watch) {
        watches.removeIf(each -> each.get() == null);
        watches.add(new WeakReference<>(watch));
        return watch;
    }

    /**
     * Does work on the calling thread, which is no event loop, and ends it when it takes too much.
     *
     * @return the result of the work, or an {@link OverLimitException}
     */
    @Nullable Object within(long nanos, long bytes, Supplier<Object> work) {
        Watch watch = watch(new Watch(null, nanos, bytes));
        Object result = null;
        watch.begin(false);
        try {
            result = work.get();
        } catch (BrakedError e) {
            // The verdict tells why.
        } finally {
            String verdict = watch.end();
            watches.removeIf(each -> each.refersTo(watch));
            if (verdict != null) {
                result = new OverLimitException(verdict);
            }
        }
        return result;
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
