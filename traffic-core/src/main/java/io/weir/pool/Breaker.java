package io.weir.pool;

import io.weir.config.BreakerConfig;
import io.weir.event.EventBus;
import io.weir.event.EventTag;
import io.weir.event.ObjectRef;
import io.weir.time.Ticker;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The circuit breaker of a pool. Closed, it counts good and bad answers; open, it lets no request
 * to the nodes for a while; half open, it lets a few through that say whether all is well. Safe for
 * every thread; takes a lock for a few memory accesses, only where the breaker is enabled.
 */
final class Breaker {

    /** What the breaker does with requests. */
    private enum State {
        CLOSED,
        OPEN,
        HALF_OPEN
    }

    private final String pool;
    private final EventBus events;
    private final Ticker ticker;
    private volatile BreakerConfig config = BreakerConfig.OFF;
    private volatile State state = State.CLOSED;

    // The window that is counted in, while closed.
    private final AtomicInteger good = new AtomicInteger();
    private final AtomicInteger bad = new AtomicInteger();
    private volatile long windowBegan;

    // Guarded by this.
    private long since;
    private long until;
    private int times;
    private int letThrough;
    private int succeeded;
    private String cause = "";
    private @Nullable Instant opened;

    Breaker(String pool, EventBus events, Ticker ticker) {
        this.pool = pool;
        this.events = events;
        this.ticker = ticker;
        this.windowBegan = ticker.nanos();
    }

    /** How it is now; null where it is switched off. */
    @Nullable BreakerStatus status() {
        if (!config.enabled()) {
            return null;
        }
        if (state == State.CLOSED) {
            return BreakerStatus.CLOSED;
        }
        synchronized (this) {
            return switch (state) {
                case CLOSED -> BreakerStatus.CLOSED;
                case OPEN -> new BreakerStatus("open", cause, opened);
                case HALF_OPEN -> new BreakerStatus("half-open", cause, opened);
            };
        }
    }

    /** Obeys {@code next}; a breaker that is switched off is closed. */
    synchronized void configure(BreakerConfig next) {
        config = next;
        if (!next.enabled()) {
            state = State.CLOSED;
            times = 0;
        }
    }

    /** Whether {@link #refuses} would refuse a request now; none is let through by asking. */
    boolean wouldRefuse(long now) {
        if (state == State.CLOSED) {
            return false;
        }
        synchronized (this) {
            return state != State.CLOSED && now - until < 0 && !mayProbe();
        }
    }

    private boolean mayProbe() {
        return state == State.HALF_OPEN && letThrough < config.probes();
    }

    /** Why no request may go to the pool now; null when this one may. */
    @Nullable String refuses(long now) {
        if (state == State.CLOSED) {
            return null;
        }
        synchronized (this) {
            if (state == State.OPEN && now - until >= 0) {
                probe(now);
            } else if (state == State.HALF_OPEN && now - until >= 0) {
                // Those that were let through have said nothing; others may.
                probe(now);
            }
            if (state == State.CLOSED || mayProbe()) {
                letThrough++;
                return null;
            }
            return "The circuit breaker of pool " + pool + " is open: " + cause;
        }
    }

    private void probe(long now) {
        state = State.HALF_OPEN;
        since = now;
        until = now + config.openTime().toNanos();
        letThrough = 0;
        succeeded = 0;
    }

    /**
     * An answer came, or an attempt failed.
     *
     * @param began when the attempt began
     */
    void answered(boolean error, long began, long now) {
        BreakerConfig c = config;
        if (!c.enabled()) {
            return;
        }
        switch (state) {
            case CLOSED -> count(error, now, c);
            case HALF_OPEN -> judge(error, began, now);
            case OPEN -> {}
        }
    }

    private void count(boolean error, long now, BreakerConfig c) {
        if (now - windowBegan > c.interval().toNanos()) {
            windowBegan = now;
            good.set(0);
            bad.set(0);
        }
        int errors = error ? bad.incrementAndGet() : bad.get();
        int all = errors + (error ? good.get() : good.incrementAndGet());
        if (error
                && all >= c.minRequests()
                && (long) errors * 100 > (long) all * c.maxErrorRate()) {
            trip(errors + " of " + all + " requests failed", State.CLOSED, now);
        }
    }

    private synchronized void judge(boolean error, long began, long now) {
        if (state != State.HALF_OPEN || began - since < 0) {
            return;
        }
        if (error) {
            trip("a request that tried it out failed", State.HALF_OPEN, now);
        } else if (++succeeded >= config.probes()) {
            state = State.CLOSED;
            times = 0;
            windowBegan = now;
            good.set(0);
            bad.set(0);
            events.emit(
                    EventTag.BREAKERCLOSED,
                    "the circuit breaker of pool " + pool + " is closed: the nodes answer again",
                    ObjectRef.pool(pool));
        }
    }

    private synchronized void trip(String why, State from, long now) {
        if (state != from) {
            return;
        }
        long nanos = config.openTime().toNanos();
        long most = Math.max(nanos, config.maxOpenTime().toNanos());
        for (int i = 0; i < times && nanos < most; i++) {
            nanos *= 2;
        }
        times++;
        state = State.OPEN;
        until = now + Math.min(nanos, most);
        cause = why;
        if (from == State.CLOSED) {
            opened = ticker.now();
            events.emit(
                    EventTag.BREAKEROPEN,
                    "the circuit breaker of pool "
                            + pool
                            + " is open: "
                            + why
                            + "; no requests are sent to its nodes for a while",
                    ObjectRef.pool(pool));
        }
    }
}
