package io.weir.pool;

import java.util.concurrent.atomic.AtomicLong;

/**
 * A smoothed response time: samples lose weight with age, half of it in two seconds. Safe for every
 * thread; of two samples that come at once one may be lost.
 *
 * <p>One long holds both halves, so that they are always seen together: the moment of the last
 * sample in units of 2^18 ns (about a quarter of a millisecond) above, the average in microseconds
 * below. The decay after a time t is (T / (T + t))^2, which is near enough to an exponential and
 * needs no call of exp.
 */
final class ResponseTime {

    private static final int UNIT = 18;
    private static final double T = 5e9 / (1L << UNIT);

    private final AtomicLong state = new AtomicLong();

    void sample(long nanos, long now) {
        long micros = Math.clamp(nanos / 1000, 1, 0xffff_ffffL);
        long old = state.get();
        long next = micros;
        if (old != 0) {
            double keep = decay(Math.max(1, age(old, now)));
            next = Math.max(1, Math.round(micros + ((old & 0xffff_ffffL) - micros) * keep));
        }
        state.compareAndSet(old, (now >>> UNIT) << 32 | next);
    }

    /** The average; 0 before the first sample. */
    long nanos() {
        return (state.get() & 0xffff_ffffL) * 1000;
    }

    /** The average of a node that has been idle since the last sample; 0 before the first. */
    long fadedNanos(long now) {
        long seen = state.get();
        long nanos = (seen & 0xffff_ffffL) * 1000;
        long age = age(seen, now);
        // Most nodes of a busy pool have answered just now, and a choice may ask hundreds of them.
        return seen == 0 || age < T / 64 ? nanos : Math.max(1, (long) (nanos * decay(age)));
    }

    private static double decay(long age) {
        double keep = T / (T + age);
        return keep * keep;
    }

    /** Age in units. The stored half of the clock wraps after twelve days, which does no harm. */
    private static long age(long state, long now) {
        int age = (int) (now >>> UNIT) - (int) (state >>> 32);
        return age < 0 ? 0 : age;
    }
}
