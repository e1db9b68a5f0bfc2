package io.weir.alert;

import io.weir.alert.receiver.Alert;
import io.weir.alert.receiver.Receiver;
import io.weir.alert.receiver.TryLaterException;
import io.weir.alert.receiver.UndeliverableException;
import io.weir.config.ActionConfig;
import io.weir.control.ActionStatus;
import io.weir.event.EventBus;
import io.weir.event.EventTag;
import io.weir.event.ObjectRef;
import io.weir.time.Ticker;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/**
 * One action with its queue and its thread, so that a receiver that is slow or dead delays nobody
 * else. An alert that cannot be delivered stays at the head and is tried again after a wait that
 * grows with each failure in a row; what comes meanwhile waits behind it up to a bound. {@link
 * #add} and the figures are safe for every thread.
 */
final class ActionWorker {

    private static final Logger LOG = LoggerFactory.getLogger(ActionWorker.class);

    /** Alerts that wait at most. */
    static final int CAPACITY = 1000;

    private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final Duration FIRST_WAIT = Duration.ofSeconds(1);
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(2);

    private final ActionConfig config;
    private final Maker receivers;
    private final Supplier<Spool> spools;
    private final EventBus events;
    private final Ticker ticker;
    private final BiConsumer<String, @Nullable String> report;
    private final CountDownLatch ended = new CountDownLatch(1);

    private final Lock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    /** Guarded by lock. */
    private final Deque<Alert> arrived = new ArrayDeque<>();

    /** Guarded by lock. */
    private End end = End.NOT_YET;

    private final AtomicLong sent = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();
    private final AtomicLong dropped = new AtomicLong();
    private final AtomicInteger queued = new AtomicInteger();
    private volatile @Nullable String trouble;

    // Confined to the thread of the worker.
    private @Nullable Receiver receiver;
    private int attempts;
    private int failuresInRow;
    private long dueAt;

    /** What is left to whoever comes after; written before the end. */
    private volatile @Nullable Spool left;

    /** Makes the receiver. */
    @FunctionalInterface
    interface Maker {
        Receiver make() throws IOException, UndeliverableException;
    }

    private enum End {
        NOT_YET,
        /** What waits is tried once more. */
        AFTER_ALL,
        /** What waits is somebody else's. */
        AT_ONCE
    }

    /**
     * What the thread of the worker found when it looked.
     *
     * @param due whether the time of the next attempt has come
     */
    private record Turn(End end, boolean due) {}

    /**
     * @param receivers makes the receiver, again after each failure
     * @param spools makes the spool, on the thread of the worker
     * @param report told of the component that is in trouble, and of its end by null
     */
    ActionWorker(
            ActionConfig config,
            Maker receivers,
            Supplier<Spool> spools,
            EventBus events,
            Ticker ticker,
            BiConsumer<String, @Nullable String> report) {
        this.config = config;
        this.receivers = receivers;
        this.spools = spools;
        this.events = events;
        this.ticker = ticker;
        this.report = report;
        this.dueAt = ticker.nanos();
    }

    /**
     * Begins.
     *
     * @param before the worker whose place this one takes, with its alerts and its trouble, which
     *     lasts until this one delivers; null for none
     */
    void start(@Nullable ActionWorker before) {
        if (before != null) {
            sent.set(before.sent.get());
            failed.set(before.failed.get());
            dropped.set(before.dropped.get());
            trouble = before.trouble;
        }
        Thread.ofVirtual().name("weir-action-" + config.name()).start(() -> run(before));
    }

    ActionConfig config() {
        return config;
    }

    ActionStatus status() {
        return new ActionStatus(
                config.name(),
                config.delivery().type(),
                sent.get(),
                failed.get(),
                dropped.get(),
                queued.get(),
                trouble);
    }

    /** Takes an alert; drops and counts it when too many wait. */
    void add(Alert alert) {
        lock.lock();
        try {
            if (arrived.size() >= CAPACITY || end != End.NOT_YET) {
                drop(1);
            } else {
                arrived.addLast(alert);
                queued.incrementAndGet();
                changed.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Ends when what waits has been tried once more; what is left stays on disk. */
    void stop() {
        end(End.AFTER_ALL);
    }

    /** Ends after the attempt that is under way, if any. */
    void retire() {
        end(End.AT_ONCE);
    }

    private void end(End how) {
        lock.lock();
        try {
            end = how;
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Waits for the end. */
    void awaitEnd() throws InterruptedException {
        ended.await();
    }

    /** Waits for the end; false when the time passed before. */
    boolean awaitEnd(Duration time) throws InterruptedException {
        return ended.await(time.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Throws away what is left, after the end. */
    void forget() {
        Spool spool = left;
        if (spool != null) {
            if (spool.size() > 0) {
                LOG.warn(
                        "{} events for the action {}, which is no more, are lost",
                        spool.size(),
                        config.name());
            }
            spool.forget();
        }
    }

    private void run(@Nullable ActionWorker before) {
        try {
            Spool spool = takeOver(before);
            serve(spool);
            left = spool;
            spool.close();
        } catch (InterruptedException e) {
            // Nobody does that to a thread of ours; the end is the only right answer.
            LOG.error("action {} was interrupted and ends", config.name());
        } finally {
            letGo();
            ended.countDown();
        }
    }

    private Spool takeOver(@Nullable ActionWorker before) throws InterruptedException {
        if (before == null) {
            return spools.get();
        }
        before.ended.await();
        // The last attempt may have failed or succeeded meanwhile.
        trouble = before.trouble;
        Spool old = before.left;
        if (old == null) {
            return spools.get();
        }
        List<Alert> alerts = old.first(Integer.MAX_VALUE);
        old.forget();
        Spool spool = spools.get();
        alerts.forEach(alert -> keep(spool, alert));
        return spool;
    }

    private void serve(Spool spool) throws InterruptedException {
        while (true) {
            Turn turn = await(spool);
            if (turn.end == End.AT_ONCE) {
                return;
            }
            if (spool.size() > 0 && (turn.due || turn.end == End.AFTER_ALL)) {
                if (!attempt(spool) && turn.end == End.AFTER_ALL) {
                    return;
                }
            } else if (turn.end == End.AFTER_ALL) {
                return;
            } else if (receiver != null) {
                receiver.idle();
            }
        }
    }

    /**
     * Waits until there may be something to do, and takes what has arrived into the spool. Whether
     * an attempt is due is decided together with that, so that whatever was added before the time
     * came is part of the attempt.
     */
    private Turn await(Spool spool) throws InterruptedException {
        lock.lock();
        try {
            long left = IDLE_NANOS;
            if (spool.size() > 0) {
                left = Math.clamp(dueAt - ticker.nanos(), 0, IDLE_NANOS);
            }
            while (arrived.isEmpty() && end == End.NOT_YET && left > 0) {
                left = changed.awaitNanos(left);
            }
            for (Alert alert = arrived.pollFirst(); alert != null; alert = arrived.pollFirst()) {
                keep(spool, alert);
            }
            queued.set(spool.size());
            return new Turn(end, ticker.nanos() - dueAt >= 0);
        } finally {
            lock.unlock();
        }
    }

    private void keep(Spool spool, Alert alert) {
        if (!spool.add(alert)) {
            drop(1);
        }
    }

    private void drop(int count) {
        if (dropped.getAndAdd(count) == 0) {
            LOG.warn("action {} falls behind; events for it are dropped", config.name());
        }
    }

    /** Tries to deliver what waits longest; false when that failed. */
    private boolean attempt(Spool spool) throws InterruptedException {
        List<Alert> alerts = List.of();
        try {
            Receiver open = receiver;
            if (open == null) {
                open = receivers.make();
                receiver = open;
            }
            alerts = spool.first(open.most());
            dueAt = ticker.nanos() + open.minInterval().toNanos();
            deliver(open, alerts);
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            letGo();
            failed(spool, Math.max(1, alerts.size()), e);
            return false;
        }
        done(spool, alerts.size());
        sent.addAndGet(alerts.size());
        failuresInRow = 0;
        if (trouble != null) {
            trouble = null;
            report.accept(component(), null);
            emit(EventTag.ACTIONOK, "Action " + config.name() + " delivers again");
        }
        if (config.verbose()) {
            alerts.forEach(
                    alert ->
                            emit(
                                    EventTag.ACTIONRAN,
                                    "Action "
                                            + config.name()
                                            + " delivered "
                                            + alert.event().tag().keyword()
                                            + " "
                                            + alert.objects()));
        }
        return true;
    }

    private void deliver(Receiver open, List<Alert> alerts) throws Exception {
        TimeLimit.run(
                "weir-action-" + config.name() + "-send",
                config.timeout(),
                () -> open.send(alerts));
    }

    private void failed(Spool spool, int count, Exception e) {
        attempts++;
        boolean forGood = e instanceof UndeliverableException || attempts >= config.attempts();
        failuresInRow++;
        if (forGood) {
            done(spool, count);
            failed.addAndGet(count);
        }
        if (!(e instanceof UndeliverableException)) {
            Duration wait = e instanceof TryLaterException later ? later.after() : backOff();
            dueAt =
                    ticker.nanos()
                            + (wait.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wait).toNanos();
        }
        if (e instanceof RuntimeException) {
            LOG.error("action {} failed inside", config.name(), e);
        }
        String message = e.getMessage() == null ? e.toString() : e.getMessage();
        if (config.verbose() && trouble != null) {
            emit(EventTag.ACTIONRAN, text(message, forGood));
        }
        if (trouble == null) {
            emit(EventTag.ACTIONFAIL, text(message, forGood));
        }
        trouble = message;
        report.accept(component(), "cannot deliver: " + message);
    }

    private String text(String message, boolean forGood) {
        return "Action "
                + config.name()
                + " cannot deliver: "
                + message
                + (forGood ? "; given up" : "; tried again later");
    }

    private Duration backOff() {
        Duration wait = FIRST_WAIT.multipliedBy(1L << Math.min(failuresInRow - 1, 10));
        return wait.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wait;
    }

    private void done(Spool spool, int count) {
        attempts = 0;
        spool.remove(count);
        lock.lock();
        try {
            queued.set(spool.size() + arrived.size());
        } finally {
            lock.unlock();
        }
    }

    private void letGo() {
        Receiver open = receiver;
        receiver = null;
        if (open != null) {
            open.close();
        }
    }

    private void emit(EventTag tag, String text) {
        events.emit(tag, text, ObjectRef.action(config.name()));
    }

    private String component() {
        return "action " + config.name();
    }
}
