package io.weir.time;

import org.jspecify.annotations.Nullable;

/**
 * Many deadlines of one event loop at almost no cost: moving a deadline back is one store, because
 * a deadline is looked at only when its first due time comes and then put where it belongs now.
 * Deadlines expire up to one tick late, never early. Confined to one event loop.
 *
 * <p>A ring of slots, one per tick, each a doubly linked list through the deadlines themselves.
 * Deadlines beyond the ring wait in its last slot and are looked at once per turn.
 */
public final class DeadlineWheel {

    private static final int SLOTS = 512;
    private static final long NEVER = Long.MAX_VALUE;

    private final Ticker ticker;
    private final long tickNanos;
    private final long origin;
    private final Deadline[] slots = new Deadline[SLOTS];
    private long tick;

    /**
     * @param tickNanos how exact deadlines are
     */
    public DeadlineWheel(Ticker ticker, long tickNanos) {
        this.ticker = ticker;
        this.tickNanos = tickNanos;
        this.origin = ticker.nanos();
        for (int i = 0; i < SLOTS; i++) {
            Deadline head = new Sentinel();
            head.previous = head;
            head.next = head;
            slots[i] = head;
        }
    }

    private static final class Sentinel extends Deadline {
        @Override
        protected void expired() {
            throw new IllegalStateException("a sentinel has no due time");
        }
    }

    /** Something that happens when a time has come, unless it is moved or cancelled before. */
    public abstract static class Deadline {
        private long due = NEVER;
        private long slotTick = NEVER;
        private @Nullable Deadline previous;
        private @Nullable Deadline next;

        /** Called once, on the wheel's event loop, when the time has come. */
        protected abstract void expired();

        /** Whether the deadline waits to expire. */
        public final boolean pending() {
            return due != NEVER;
        }

        private void unlink() {
            Deadline before = previous;
            Deadline after = next;
            if (before != null && after != null) {
                before.next = after;
                after.previous = before;
            }
            previous = null;
            next = null;
            slotTick = NEVER;
        }
    }

    /** The length of a tick, to know how often {@link #advance} should be called. */
    public long tickNanos() {
        return tickNanos;
    }

    /** Lets {@code deadline} expire {@code nanos} from now instead of at any earlier-set time. */
    public void set(Deadline deadline, long nanos) {
        set(deadline, ticker.nanos(), nanos);
    }

    /** As {@link #set(Deadline, long)} where the caller has read the clock already. */
    public void set(Deadline deadline, long now, long nanos) {
        long due = now - origin + nanos;
        deadline.due = due;
        long dueTick = due / tickNanos + 1;
        if (dueTick < deadline.slotTick) {
            if (deadline.next != null) {
                deadline.unlink();
            }
            insert(deadline, dueTick);
        }
    }

    /** Takes back what was set; harmless when nothing was. */
    public void cancel(Deadline deadline) {
        deadline.due = NEVER;
    }

    /** Takes {@code deadline} out of the wheel, so that nothing refers to it any more. */
    public void forget(Deadline deadline) {
        deadline.due = NEVER;
        deadline.unlink();
    }

    private void insert(Deadline deadline, long dueTick) {
        long slotTick = Math.max(tick + 1, Math.min(dueTick, tick + SLOTS - 1));
        Deadline head = slots[(int) (slotTick % SLOTS)];
        Deadline last = head.previous;
        deadline.slotTick = slotTick;
        deadline.next = head;
        deadline.previous = last;
        head.previous = deadline;
        if (last != null) {
            last.next = deadline;
        }
    }

    /**
     * Lets everything expire whose time has come. What {@link Deadline#expired} throws comes out
     * here; the deadlines behind it expire at the next call.
     */
    public void advance() {
        long now = ticker.nanos() - origin;
        long target = now / tickNanos;
        // A loop that stood still longer than one turn of the ring has every slot due, once.
        if (target - tick > SLOTS) {
            tick = target - SLOTS;
        }
        while (tick < target) {
            tick++;
            Deadline head = slots[(int) (tick % SLOTS)];
            // Nothing is ever put back into the slot that is being emptied: see insert.
            for (Deadline d = head.next; d != null && !(d instanceof Sentinel); d = head.next) {
                d.unlink();
                if (d.due <= now) {
                    d.due = NEVER;
                    try {
                        d.expired();
                    } catch (Throwable defect) {
                        tick--;
                        throw defect;
                    }
                } else if (d.due != NEVER) {
                    insert(d, d.due / tickNanos + 1);
                }
            }
        }
    }
}
