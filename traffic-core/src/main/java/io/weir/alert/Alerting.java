package io.weir.alert;

import io.weir.event.Event;
import io.weir.event.EventBus;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Runs the actions: every event of the bus goes to every action, each on a thread of its own, so
 * that one that hangs holds up no other. Safe for every thread.
 */
public final class Alerting {

    private static final Logger LOG = LoggerFactory.getLogger(Alerting.class);

    /** Events that wait for one action at most. */
    private static final int QUEUED = 1000;

    private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final int queued;
    private final List<Worker> workers;
    private final EventBus.Subscription subscription;
    private final CountDownLatch ended;
    private final AtomicLong dropped = new AtomicLong();

    private Alerting(EventBus bus, List<Action> actions, int queued) {
        this.queued = queued;
        this.ended = new CountDownLatch(actions.size());
        this.workers = actions.stream().map(Worker::new).toList();
        for (Worker worker : workers) {
            Thread.ofVirtual().name("weir-action-" + worker.action.name()).start(worker);
        }
        subscription = bus.subscribe(event -> workers.forEach(worker -> worker.add(event)));
    }

    /** Begins to run {@code actions} for every later event of {@code bus}. */
    public static Alerting start(EventBus bus, List<Action> actions) {
        return new Alerting(bus, actions, QUEUED);
    }

    static Alerting start(EventBus bus, List<Action> actions, int queued) {
        return new Alerting(bus, actions, queued);
    }

    /** How many times an event did not reach an action because the action fell behind. */
    public long dropped() {
        return dropped.get();
    }

    /**
     * Ends the actions when they have had every event that was delivered so far; the bus is to be
     * flushed before.
     *
     * @return false when the deadline passed before
     */
    public boolean stop(Duration deadline) throws InterruptedException {
        subscription.close();
        workers.forEach(Worker::stop);
        return ended.await(deadline.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** One action, its queue and its thread. */
    private final class Worker implements Runnable {

        private final Action action;
        private final Lock lock = new ReentrantLock();
        private final Condition changed = lock.newCondition();

        /** Guarded by lock. */
        private final Deque<Event> queue = new ArrayDeque<>();

        /** Guarded by lock. */
        private boolean stopping;

        Worker(Action action) {
            this.action = action;
        }

        void add(Event event) {
            lock.lock();
            try {
                if (queue.size() < queued) {
                    queue.addLast(event);
                    changed.signal();
                } else if (dropped.getAndIncrement() == 0) {
                    LOG.warn("action {} falls behind; events for it are dropped", action.name());
                }
            } finally {
                lock.unlock();
            }
        }

        void stop() {
            lock.lock();
            try {
                stopping = true;
                changed.signal();
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void run() {
            try {
                Next next;
                do {
                    next = next();
                    run(next);
                } while (!next.last);
                action.close();
            } catch (InterruptedException e) {
                // Nobody does that to a thread of ours; the end is the only right answer.
                LOG.error("action {} was interrupted and ends", action.name());
            } finally {
                ended.countDown();
            }
        }

        /** The next event; none after a second without one, or at the end. */
        private Next next() throws InterruptedException {
            lock.lock();
            try {
                long left = IDLE_NANOS;
                while (queue.isEmpty() && !stopping && left > 0) {
                    left = changed.awaitNanos(left);
                }
                Event event = queue.pollFirst();
                return new Next(event, event == null && stopping);
            } finally {
                lock.unlock();
            }
        }

        private void run(Next next) {
            try {
                if (next.event != null) {
                    action.run(next.event);
                } else {
                    action.idle();
                }
            } catch (RuntimeException e) {
                LOG.error("action {} failed at the event {}", action.name(), next.event, e);
            } catch (Exception e) {
                // The world outside does that; the place in the code tells nothing.
                LOG.error("action {} failed at {}: {}", action.name(), next.event, e.toString());
            }
        }
    }

    /** What a worker does next: run an event, do nothing, or come to the end. */
    private record Next(@Nullable Event event, boolean last) {}
}
