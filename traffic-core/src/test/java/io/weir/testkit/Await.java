package io.weir.testkit;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/** Waiting for a condition with a deadline: the only way in which tests wait. */
public final class Await {

    /** Long enough for a busy machine; a test that passes never waits this long. */
    public static final Duration DEADLINE = Duration.ofSeconds(60);

    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private Await() {}

    /** Waits until {@code condition} holds; fails after {@link #DEADLINE}, naming {@code what}. */
    public static void until(String what, BooleanSupplier condition) {
        until(what, DEADLINE, condition);
    }

    /**
     * Waits until {@code condition} holds.
     *
     * @throws AssertionError after {@code deadline}, naming {@code what} was waited for
     */
    public static void until(String what, Duration deadline, BooleanSupplier condition) {
        long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - start > deadline.toNanos()) {
                throw new AssertionError("waited " + deadline + " in vain for: " + what);
            }
            LockSupport.parkNanos(POLL_NANOS);
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
            LockSupport.parkNanos(POLL_NANOS);
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
