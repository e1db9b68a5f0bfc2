package io.weir.testkit;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** Waiting for a condition with a deadline: the only way in which tests wait. */
public final class Await {

    /** Long enough for a busy machine; a test that passes never waits this long. */
    public static final Duration DEADLINE = Duration.ofSeconds(60);

    /** Between two looks; longer ones behind a longer time, because looking costs time, too. */
    private static final long FIRST_PAUSE = TimeUnit.MILLISECONDS.toNanos(1);

    private static final long LONGEST_PAUSE = TimeUnit.MILLISECONDS.toNanos(20);

    /** How often {@link #quick} measures at most. */
    private static final int MEASUREMENTS = 20;

    private Await() {}

    /** Something that is waited for. */
    @FunctionalInterface
    public interface Condition {
        /** Whether it holds by now. */
        boolean holds() throws Exception;
    }

    /** Waits until {@code condition} holds; fails after {@link #DEADLINE}, naming {@code what}. */
    public static void until(String what, Condition condition) {
        until(what, DEADLINE, condition);
    }

    /**
     * Waits until {@code condition} holds.
     *
     * @throws AssertionError after {@code deadline}, or when it cannot be told whether the
     *     condition holds; names {@code what} was waited for
     */
    public static void until(String what, Duration deadline, Condition condition) {
        long start = System.nanoTime();
        while (!holds(what, condition)) {
            long waited = System.nanoTime() - start;
            if (waited > deadline.toNanos()) {
                throw new AssertionError("waited " + deadline + " in vain for: " + what);
            }
            LockSupport.parkNanos(Math.clamp(waited / 16, FIRST_PAUSE, LONGEST_PAUSE));
        }
    }

    private static boolean holds(String what, Condition condition) {
        try {
            return condition.holds();
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new AssertionError("waiting for: " + what, e);
        }
    }

    /**
     * Measures until it took less than {@code limit} once: a busy machine takes its time, but not
     * every time.
     *
     * @throws AssertionError when it took longer every time
     */
    public static void quick(String what, Duration limit, Supplier<Duration> measured) {
        Duration shortest = measured.get();
        for (int i = 1; i < MEASUREMENTS && shortest.compareTo(limit) >= 0; i++) {
            Duration next = measured.get();
            shortest = next.compareTo(shortest) < 0 ? next : shortest;
        }
        if (shortest.compareTo(limit) >= 0) {
            throw new AssertionError(what + " took " + shortest + ", expected less than " + limit);
        }
    }

    /**
     * Waits until {@code value} has not changed for as long as {@code quiet}.
     *
     * @return the value it came to rest at
     * @throws AssertionError when it still moves after {@code deadline}
     */
    public static long steady(String what, Duration quiet, Duration deadline, LongSupplier value) {
        long start = System.nanoTime();
        long since = start;
        long last = value.getAsLong();
        while (System.nanoTime() - since < quiet.toNanos()) {
            LockSupport.parkNanos(FIRST_PAUSE);
            long now = value.getAsLong();
            if (now != last) {
                last = now;
                since = System.nanoTime();
            }
            if (System.nanoTime() - start > deadline.toNanos()) {
                throw new AssertionError(
                        "waited " + deadline + " in vain for rest of: " + what + ", now " + now);
            }
        }
        return last;
    }
}
