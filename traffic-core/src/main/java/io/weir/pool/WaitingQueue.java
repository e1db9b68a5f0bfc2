package io.weir.pool;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Exchanges that wait for a node with room, first come, first served. Only {@link #length} and
 * {@link #reserve} may be called on any thread; the rest is confined to the pool's {@link Serial}.
 *
 * <p>No wake-up is lost: who comes counts itself first and looks for room then; who gives room back
 * does that first and looks at the count then. So one of the two sees the other.
 */
final class WaitingQueue {

    /** Places when the configuration sets no limit: every queue has one. */
    static final int MOST = 1 << 20;

    private final Pool pool;
    private final Serial serial;
    private final ScheduledExecutorService scheduler;
    private final AtomicInteger length = new AtomicInteger();

    /** Whether a task that will look for room has not begun yet. */
    private final AtomicBoolean asked = new AtomicBoolean();

    private final Set<Waiting> places = new LinkedHashSet<>();
    private int particular;

    /** Will look for those that have waited too long, at {@link #due}; null when none runs. */
    private @Nullable Future<?> timer;

    private long due;

    WaitingQueue(Pool pool, Serial serial, ScheduledExecutorService scheduler) {
        this.pool = pool;
        this.serial = serial;
        this.scheduler = scheduler;
    }

    /** How many wait, those included that are about to be entered. */
    int length() {
        return length.get();
    }

    /**
     * Counts one more that waits, who is then to be {@linkplain #add added}; false when the queue
     * is full.
     *
     * @param max places; 0 for as many as there can be
     */
    boolean reserve(int max) {
        int most = max <= 0 ? MOST : Math.min(max, MOST);
        for (int now = length.get(); now < most; now = length.get()) {
            if (length.compareAndSet(now, now + 1)) {
                return true;
            }
        }
        return false;
    }

    /** Tells that an exchange has left a node, after it has. Called on any thread. */
    void roomGiven() {
        if (length.get() != 0 && asked.compareAndSet(false, true)) {
            serial.run(this::lookForRoom);
        }
    }

    private void lookForRoom() {
        asked.set(false);
        serve();
    }

    void add(Waiting place) {
        places.add(place);
        if (particular(place)) {
            particular++;
        }
        serve();
        startTimer();
    }

    void remove(Waiting place) {
        if (places.remove(place)) {
            gone(place);
        }
    }

    private void gone(Waiting place) {
        length.decrementAndGet();
        if (particular(place)) {
            particular--;
        }
    }

    /** Whether the exchange may find room where others look for none. */
    private static boolean particular(Waiting place) {
        return place.selection().pinned() != null || place.selection().attempts() > 0;
    }

    /** The pool has another view. */
    void changed() {
        serve();
        startTimer();
    }

    /** Gives out what room there is. */
    void serve() {
        PoolView view = pool.view();
        boolean room = pool.hasRoom(view);
        for (Iterator<Waiting> all = places.iterator(); all.hasNext(); ) {
            if (view.alive() && !room && particular == 0) {
                return;
            }
            Waiting place = all.next();
            Selection selection = place.selection();
            if (!pool.mayHope(view, selection)) {
                all.remove();
                gone(place);
                place.askAgain();
            } else if (room || particular(place)) {
                Lease lease = pool.place(view, selection);
                if (lease != null) {
                    all.remove();
                    gone(place);
                    place.answer(lease);
                    room = pool.hasRoom(view);
                }
            }
        }
    }

    private void startTimer() {
        Duration patience = pool.view().config().queueTimeout();
        if (places.isEmpty() || patience.isZero()) {
            return;
        }
        long at = places.iterator().next().since() + patience.toNanos();
        Future<?> running = timer;
        if (running != null) {
            if (at - due >= 0) {
                return;
            }
            running.cancel(false);
        }
        due = at;
        try {
            timer =
                    scheduler.schedule(
                            () -> serial.run(this::expire),
                            Math.max(0, at - pool.nanos()),
                            TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            // The process is stopping; its exchanges are ended by others.
            timer = null;
        }
    }

    private void expire() {
        timer = null;
        PoolView view = pool.view();
        Duration patience = view.config().queueTimeout();
        @Nullable NoNode answer = null;
        for (Iterator<Waiting> all = places.iterator(); all.hasNext() && !patience.isZero(); ) {
            Waiting place = all.next();
            if (pool.nanos() - place.since() < patience.toNanos()) {
                break;
            }
            if (answer == null) {
                answer =
                        new NoNode(
                                NoNode.Reason.QUEUE_TIMEOUT,
                                "Pool "
                                        + pool.name()
                                        + " had no node with room for "
                                        + patience.toMillis()
                                        + " ms");
            }
            all.remove();
            gone(place);
            place.answer(answer);
        }
        startTimer();
    }
}
