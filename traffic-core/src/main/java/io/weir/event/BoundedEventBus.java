package io.weir.event;

import io.weir.metrics.CoreFamilies;
import io.weir.metrics.MetricSink;
import io.weir.metrics.MetricSource;
import io.weir.time.Ticker;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * An event bus with a bounded queue and a thread of its own. Safe for every thread; emitting takes
 * no lock.
 */
public final class BoundedEventBus implements EventBus, MetricSource, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(BoundedEventBus.class);

    private static final int QUEUED = 4096;
    private static final int RECENT = 1024;

    private final Ticker ticker;
    private final int capacity;
    private final Queue<Runnable> queue = new ConcurrentLinkedQueue<>();
    private final AtomicInteger queued = new AtomicInteger();
    private final AtomicLong dropped = new AtomicLong();
    private final Map<Severity, AtomicLong> emitted = new EnumMap<>(Severity.class);
    private final List<Listener> listeners = new CopyOnWriteArrayList<>();

    /** The latest events; the event with number n, counted from 0, is in place n modulo length. */
    private final AtomicReferenceArray<@Nullable Numbered> recent =
            new AtomicReferenceArray<>(RECENT);

    private final AtomicLong numbered = new AtomicLong();
    private final Thread thread;
    private volatile boolean closed;

    private BoundedEventBus(Ticker ticker, int capacity) {
        this.ticker = ticker;
        this.capacity = capacity;
        for (Severity severity : Severity.values()) {
            emitted.put(severity, new AtomicLong());
        }
        this.thread = Thread.ofPlatform().daemon().name("weir-events").unstarted(this::run);
    }

    /** A bus whose thread runs, with room for some thousand events. */
    public static BoundedEventBus start(Ticker ticker) {
        return start(ticker, QUEUED);
    }

    /**
     * A bus whose thread runs.
     *
     * @param capacity events that wait for listeners at most
     */
    static BoundedEventBus start(Ticker ticker, int capacity) {
        BoundedEventBus bus = new BoundedEventBus(ticker, capacity);
        bus.thread.start();
        return bus;
    }

    @Override
    public void emit(EventTag tag, String text, ObjectRef... objects) {
        Event event = new Event(ticker.now(), tag, List.of(objects), text);
        countOf(tag.severity()).incrementAndGet();
        long number = numbered.getAndIncrement();
        recent.set((int) (number % RECENT), new Numbered(number, event));
        if (!enqueue(event)) {
            dropped.incrementAndGet();
        }
    }

    private boolean enqueue(Event event) {
        if (closed) {
            return false;
        }
        if (queued.incrementAndGet() > capacity) {
            queued.decrementAndGet();
            return false;
        }
        queue.add(
                () -> {
                    queued.decrementAndGet();
                    deliver(event);
                });
        LockSupport.unpark(thread);
        return true;
    }

    @Override
    public Subscription subscribe(Consumer<Event> listener) {
        Listener subscribed = new Listener(listener);
        listeners.add(subscribed);
        return () -> listeners.remove(subscribed);
    }

    @Override
    public List<Event> recent(int max) {
        long end = numbered.get();
        long begin = Math.max(0, end - Math.min(max, RECENT));
        List<Event> events = new ArrayList<>();
        for (long n = begin; n < end; n++) {
            Numbered latest = recent.get((int) (n % RECENT));
            // Another number: its emitter is not there yet, or the ring has gone round meanwhile.
            if (latest != null && latest.number == n) {
                events.add(latest.event);
            }
        }
        return events;
    }

    @Override
    public long dropped() {
        return dropped.get();
    }

    /** How many events of {@code severity} there were, dropped ones included. */
    public long emitted(Severity severity) {
        return countOf(severity).get();
    }

    private AtomicLong countOf(Severity severity) {
        return Objects.requireNonNull(emitted.get(severity));
    }

    @Override
    public void collect(MetricSink sink) {
        for (Severity severity : Severity.values()) {
            String label = severity.name().toLowerCase(Locale.ROOT);
            sink.sample(CoreFamilies.EVENTS, emitted(severity), label);
        }
        sink.sample(CoreFamilies.EVENTS_DROPPED, dropped());
    }

    /**
     * Waits until every event emitted so far has been delivered. Not for listeners.
     *
     * @return false when that did not happen before the deadline
     */
    public boolean flush(Duration deadline) throws InterruptedException {
        CountDownLatch reached = new CountDownLatch(1);
        // Beside the bound: a full queue must not keep one from waiting for it.
        queue.add(reached::countDown);
        LockSupport.unpark(thread);
        return reached.await(deadline.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Delivers what is queued and ends the thread; later events are dropped and counted. */
    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
    }

    private void run() {
        long reported = 0;
        while (true) {
            boolean last = closed;
            for (Runnable work = queue.poll(); work != null; work = queue.poll()) {
                work.run();
            }
            if (last) {
                return;
            }
            long now = dropped.get();
            if (now > reported) {
                LOG.warn("{} events were dropped because listeners fell behind", now - reported);
                reported = now;
            }
            if (queue.isEmpty()) {
                LockSupport.park(this);
            }
        }
    }

    private void deliver(Event event) {
        for (Listener listener : listeners) {
            try {
                listener.consumer.accept(event);
            } catch (RuntimeException e) {
                LOG.error("a listener failed at the event {}", event, e);
            }
        }
    }

    /** An event and how many were before it. */
    private record Numbered(long number, Event event) {}

    /** A subscription's own object, so that one consumer can subscribe twice. */
    private static final class Listener {
        final Consumer<Event> consumer;

        Listener(Consumer<Event> consumer) {
            this.consumer = consumer;
        }
    }
}
