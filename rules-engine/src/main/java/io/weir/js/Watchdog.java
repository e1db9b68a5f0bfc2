package io.weir.js;

import com.sun.management.ThreadMXBean;

import io.weir.brake.Brake;
import io.weir.brake.BrakedError;
import io.weir.config.RuleLimits;
import io.weir.function.OverLimitException;

import org.graalvm.polyglot.Context;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

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
 * nothing does; a run itself pays a few writes. What runs in JavaScript is ended by its context,
 * what runs in Java by the {@link Brake} of the thread.
 */
final class Watchdog {

    private static final Logger LOG = LoggerFactory.getLogger(Watchdog.class);

    private static final long LOOK_MILLIS = 4;

    /** How many times the time limit the first runs of a rule may take. */
    private static final int COLD = 5;

    /** How often a rule is asked to stop before it is made to, and how long each time. */
    private static final int GENTLE_STOPS = 25;

    private static final Duration GENTLE_STOP = Duration.ofMillis(100);

    /** Looks without any run before the thread goes to sleep. */
    private static final int IDLE_LOOKS = 250;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /** Weak, so that contexts of replaced rules can go. */
    private final List<WeakReference<Watch>> watches = new CopyOnWriteArrayList<>();

    private final Thread thread;
    private volatile boolean asleep;
    private volatile boolean over;

    Watchdog() {
        thread = Thread.ofPlatform().daemon().name("weir-rule-watch").start(this::look);
    }

    /**
     * Why a run has to end.
     *
     * @param run its number, so that no later one is taken for it
     */
    private record Verdict(long run, String why) {}

    /** Runs one after the other: those of one context, or one of something else. */
    final class Watch {
        private final @Nullable Context context;
        private final CountingInstrument.@Nullable Tally tally;
        private final long nanos;
        private final long bytes;

        /** The number of the run that is under way; 0 between runs. What follows is behind it. */
        private volatile long running;

        private int allowance = 1;
        private volatile @Nullable Thread runner;
        private volatile @Nullable Verdict verdict;
        private volatile boolean closed;
        private long number;
        private long seen;
        private long cpuThen;
        private long allocatedThen;

        private Watch(
                @Nullable Context context,
                CountingInstrument.@Nullable Tally tally,
                long nanos,
                long bytes) {
            this.context = context;
            this.tally = tally;
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
            running = ++number;
            if (asleep) {
                asleep = false;
                LockSupport.unpark(thread);
            }
        }

        /** Why the run was ended; null when it was not. Nothing is done to end it afterwards. */
        @Nullable String end() {
            running = 0;
            Verdict said = verdict;
            return said == null || said.run() != number ? null : over(said);
        }

        /** Waits until whoever ends the run has seen that it is over. */
        private synchronized String over(Verdict said) {
            notifyAll();
            Thread current = runner;
            if (current != null) {
                Brake.release(current);
            }
            if (tally != null) {
                tally.release();
            }
            return said.why();
        }

        /** Whether a run could be ended only together with its context. */
        boolean closed() {
            return closed;
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
            Verdict said = verdict;
            if (said == null || said.run() != now) {
                if (cpu - cpuThen > allowance * nanos) {
                    end(now, on, "it took longer than time-limit, " + nanos / 1_000_000 + " ms");
                } else if (allocated - allocatedThen > bytes) {
                    end(now, on, "it allocated more than memory-limit, " + bytes + " bytes");
                }
            }
            return true;
        }

        private void end(long which, Thread on, String why) {
            verdict = new Verdict(which, why);
            synchronized (this) {
                // Behind the verdict: whoever ends the run without seeing it was here first.
                if (running != which) {
                    return;
                }
                Brake.pull(on);
                if (tally != null) {
                    tally.stop();
                }
            }
            Context ended = context;
            if (ended != null) {
                // Waits for the rule to stop, which is not this thread's business.
                Thread.ofPlatform().daemon().name("weir-rule-stop").start(() -> stop(ended, which));
            }
        }

        /**
         * Stops a rule. Out of its loops it is thrown once, and then it can begin no statement; one
         * that goes on all the same, within a function of the language, loses its context. Holds
         * the lock meanwhile, so that no stop meets a later run: the run that is ended waits for it
         * in {@link #over}.
         */
        private synchronized void stop(Context ended, long which) {
            try {
                for (int i = 0; i < GENTLE_STOPS && running == which; i++) {
                    ended.interrupt(GENTLE_STOP);
                    if (running == which) {
                        // It is on its way out, or has gone on.
                        wait(LOOK_MILLIS);
                    }
                }
            } catch (TimeoutException | InterruptedException e) {
                // Then in the other way.
            }
            if (running == which) {
                closed = true;
                ended.close(true);
            }
        }
    }

    /**
     * @param tally of what runs in {@code context}
     */
    Watch watch(Context context, CountingInstrument.Tally tally, RuleLimits limits) {
        return watch(new Watch(context, tally, limits.timeLimit().toNanos(), limits.memoryLimit()));
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
        Watch watch = watch(new Watch(null, null, nanos, bytes));
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

    /** Looks after nothing any more. */
    void close() {
        over = true;
        LockSupport.unpark(thread);
    }

    /** Looks at one run; whatever goes wrong with it, others are looked after. */
    private static boolean lookAt(Watch watch) {
        try {
            return watch.look();
        } catch (RuntimeException | OutOfMemoryError e) {
            LOG.warn("a run of a rule could not be looked after: {}", e.toString());
            return true;
        }
    }

    private void look() {
        int idle = 0;
        while (!over) {
            boolean any = false;
            for (WeakReference<Watch> each : watches) {
                Watch watch = each.get();
                any |= watch != null && lookAt(watch);
            }
            idle = any ? 0 : idle + 1;
            if (idle > IDLE_LOOKS) {
                asleep = true;
                LockSupport.parkNanos(Duration.ofSeconds(1).toNanos());
                asleep = false;
                idle = 0;
            } else {
                LockSupport.parkNanos(Duration.ofMillis(LOOK_MILLIS).toNanos());
            }
        }
    }
}
