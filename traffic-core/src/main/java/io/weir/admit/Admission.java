package io.weir.admit;

import io.weir.admit.Steering.Window;
import io.weir.config.AdmissionConfig;
import io.weir.config.Priority;
import io.weir.time.Ticker;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * The door to a virtual server or a pool: lets in as many requests at once as can be answered in
 * about the time that an answer takes without a crowd, and refuses the others at once. It lives as
 * long as its name is configured. Safe for every thread; never blocks.
 */
public final class Admission {

    private static final int PRIORITIES = Priority.values().length;

    /** Answers that make a window before its longest time is over. */
    private static final int ENOUGH = 50;

    /** How many windows' times a window may last when few answers come. */
    private static final int PATIENCE = 4;

    private final Ticker ticker;
    private final AtomicInteger inside = new AtomicInteger();
    private final AtomicIntegerArray insideBy = new AtomicIntegerArray(PRIORITIES);
    private final LongAdder[] admitted = adders();
    private final LongAdder[] refused = adders();
    private volatile AdmissionConfig config;
    private volatile int limit;

    // What happened in the window.
    private final AtomicIntegerArray came = new AtomicIntegerArray(PRIORITIES);
    private final AtomicInteger refusedNow = new AtomicInteger();
    private final AtomicInteger answers = new AtomicInteger();
    private final AtomicLong nanos = new AtomicLong();
    private volatile int peak;

    // Guarded by turning, but for what is volatile: others read it.
    private final AtomicBoolean turning = new AtomicBoolean();
    private final Steering steering;
    private volatile long windowBegan;
    private volatile long windowNanos;
    private volatile long base;
    private volatile long mean;

    /** Requests at once that each priority is going to need. Replaced whole. */
    private volatile int[] wanted = new int[PRIORITIES];

    Admission(AdmissionConfig config, Ticker ticker) {
        this.config = config;
        this.ticker = ticker;
        this.steering = new Steering(config);
        this.limit = steering.limit();
        this.windowBegan = ticker.nanos();
        this.windowNanos = steering.windowNanos();
    }

    private static LongAdder[] adders() {
        LongAdder[] all = new LongAdder[PRIORITIES];
        for (int i = 0; i < PRIORITIES; i++) {
            all[i] = new LongAdder();
        }
        return all;
    }

    /**
     * Figures.
     *
     * @param limit requests that may be there at once
     * @param inside those that are there now
     * @param baseNanos time to the beginning of an answer without a crowd; 0 while not known
     * @param meanNanos the same of late
     * @param admitted requests let in since the start
     * @param refused by priority, since the start
     */
    public record Figures(
            int limit,
            int inside,
            long baseNanos,
            long meanNanos,
            long admitted,
            java.util.Map<Priority, Long> refused) {

        /** Refused since the start, of all priorities. */
        public long refusedInAll() {
            return refused.values().stream().mapToLong(Long::longValue).sum();
        }
    }

    /** The settings. */
    public AdmissionConfig config() {
        return config;
    }

    void configure(AdmissionConfig next) {
        config = next;
        limit = Math.clamp(limit, next.minLimit(), next.maxLimit());
    }

    /**
     * Lets a request in if there is room for its priority; every success is followed by one {@link
     * #leave}.
     */
    public boolean tryEnter(Priority priority) {
        int p = priority.ordinal();
        came.getAndIncrement(p);
        int free = room(p);
        for (int now = inside.get(); now < free; now = inside.get()) {
            if (inside.compareAndSet(now, now + 1)) {
                insideBy.getAndIncrement(p);
                if (now >= peak) {
                    peak = now + 1;
                }
                admitted[p].increment();
                return true;
            }
        }
        refused[p].increment();
        refusedNow.getAndIncrement();
        turn(ticker.nanos());
        return false;
    }

    /** Counts a request in that was let in before, whatever room there is. */
    public void enter(Priority priority) {
        inside.getAndIncrement();
        insideBy.getAndIncrement(priority.ordinal());
    }

    /**
     * Requests at once up to which those of priority {@code p} are let in: those that come before
     * them have places kept free, and the first of all may go a little beyond the limit.
     */
    private int room(int p) {
        int now = limit;
        if (p == PRIORITIES - 1) {
            return Math.min(now + now / 4, config.maxLimit());
        }
        int[] needs = wanted;
        for (int q = p + 1; q < PRIORITIES; q++) {
            now -= Math.max(0, needs[q] - insideBy.get(q));
        }
        return now;
    }

    /**
     * A request that was let in is no load any more.
     *
     * @param took nanoseconds to the beginning of its answer; negative when it says nothing about
     *     the load, as for errors
     */
    public void leave(Priority priority, long took) {
        insideBy.getAndDecrement(priority.ordinal());
        inside.getAndDecrement();
        if (took >= 0) {
            nanos.getAndAdd(took);
            answers.getAndIncrement();
        }
        turn(ticker.nanos());
    }

    /**
     * The client of a request that was let in has gone, having waited for so many nanoseconds: an
     * answer that would have taken longer, and as bad as a refusal.
     */
    public void abandon(Priority priority, long waited) {
        refusedNow.getAndIncrement();
        leave(priority, waited);
    }

    /** Ends the window when its time has come. */
    private void turn(long now) {
        long age = now - windowBegan;
        long length = windowNanos;
        if (age < length
                || age < length * PATIENCE && answers.get() < ENOUGH
                || !turning.compareAndSet(false, true)) {
            return;
        }
        try {
            if (now - windowBegan >= windowNanos) {
                turnWindow(now);
            }
        } finally {
            turning.set(false);
        }
    }

    private void turnWindow(long now) {
        int count = answers.getAndSet(0);
        long sum = nanos.getAndSet(0);
        double average = count == 0 ? 0 : (double) sum / count;
        steering.look(new Window(now, count, average, peak, refusedNow.getAndSet(0)), config);
        expect(now - windowBegan, count == 0 ? mean : average);
        if (count > 0) {
            mean = (long) average;
        }
        base = steering.baseNanos();
        limit = steering.limit();
        peak = inside.get();
        windowBegan = now;
        windowNanos = steering.windowNanos();
    }

    /** What each priority needs follows from how many came and how long they stay. */
    private void expect(long window, double stay) {
        int[] next = new int[PRIORITIES];
        int[] before = wanted;
        for (int p = 0; p < PRIORITIES; p++) {
            int arrivals = came.getAndSet(p, 0);
            double average = arrivals * stay / window;
            // Requests do not come evenly: the spread of what comes at random is the root.
            double need = arrivals == 0 ? 0 : 1 + average + Math.sqrt(average);
            next[p] = (int) Math.max(need, before[p] * 0.7);
        }
        wanted = next;
    }

    public Figures figures() {
        java.util.Map<Priority, Long> all = new java.util.EnumMap<>(Priority.class);
        long in = 0;
        for (Priority p : Priority.values()) {
            all.put(p, refused[p.ordinal()].sum());
            in += admitted[p.ordinal()].sum();
        }
        return new Figures(limit, inside.get(), base, mean, in, all);
    }
}
