package io.weir.admit;

import io.weir.admit.Strain.Memory;
import io.weir.config.OverloadConfig;
import io.weir.event.EventBus;
import io.weir.event.EventTag;
import io.weir.time.Ticker;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * What the whole process may use up: watches its memory, and tells of overload. {@link #look} is
 * for one thread; the rest is safe for every thread.
 */
public final class Budgets {

    /** An overload is over when nothing was short, and nobody refused, for so long. */
    private static final long OVER_NANOS = TimeUnit.SECONDS.toNanos(3);

    /** A figure about the heap that is older than this is worth a collection, when it is bad. */
    private static final long STALE_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final Ticker ticker;
    private final EventBus events;
    private final Usage usage;
    private final LongSupplier refused;
    private volatile OverloadConfig config = OverloadConfig.DEFAULT;
    private volatile Memory memory = Memory.PLENTY;
    private long refusedSeen;
    private long refusedBefore;
    private boolean overloaded;
    private long lastTrouble;

    /** What is in use. */
    public interface Usage {

        /** Share of the heap that was in use after the last collection, 0 to 1. */
        double heap();

        /** How long ago that was, in nanoseconds. */
        long heapAge();

        /** Share of the memory for buffers that is in use, 0 to 1. */
        double buffers();

        /** Has the heap collected, so that {@link #heap} is new. */
        void collect();
    }

    /**
     * @param refused requests that event loops have refused since the start
     */
    public Budgets(Ticker ticker, EventBus events, Usage usage, LongSupplier refused) {
        this.ticker = ticker;
        this.events = events;
        this.usage = usage;
        this.refused = refused;
    }

    public void configure(OverloadConfig next) {
        config = next;
    }

    /** How late an event loop may be; 0 for any time. */
    public long maxLagNanos() {
        return config.maxLoopLag().toNanos();
    }

    /** How much memory is left. */
    public Memory memory() {
        return memory;
    }

    /** Looks at the memory; to be called ten times a second. */
    public void look() {
        double most = config.maxMemory() / 100.0;
        double heap = usage.heap();
        if (heap > most && usage.heapAge() > STALE_NANOS) {
            usage.collect();
            heap = usage.heap();
        }
        double buffers = usage.buffers();
        double worst = Math.max(heap, buffers);
        // What is gone comes back only a little below the limit, so that doors do not flap.
        double limit = memory == Memory.PLENTY ? most : most - 0.05;
        memory =
                worst > (1 + most) / 2 ? Memory.GONE : worst > limit ? Memory.SHORT : Memory.PLENTY;
        tell(heap, buffers);
    }

    private void tell(double heap, double buffers) {
        long now = ticker.nanos();
        long count = refused.getAsLong();
        boolean trouble = memory != Memory.PLENTY || count > refusedSeen;
        if (trouble) {
            lastTrouble = now;
        }
        if (trouble && !overloaded) {
            overloaded = true;
            refusedBefore = refusedSeen;
            events.emit(
                    EventTag.OVERLOAD,
                    memory != Memory.PLENTY
                            ? "memory runs out ("
                                    + percent(heap)
                                    + " of the heap, "
                                    + percent(buffers)
                                    + " of the buffers): requests are refused, connections wait"
                            : "the event loops are late: a share of the requests is refused");
        } else if (overloaded && now - lastTrouble > OVER_NANOS) {
            overloaded = false;
            events.emit(
                    EventTag.OVERLOADEND,
                    "memory and event loops are well again; "
                            + (count - refusedBefore)
                            + " requests were refused");
        }
        refusedSeen = count;
    }

    private static String percent(double share) {
        return Math.round(share * 100) + " %";
    }
}
