package io.weir.protect;

import io.weir.event.EventBus;
import io.weir.event.EventTag;
import io.weir.event.ObjectRef;
import io.weir.time.Ticker;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/**
 * What one protection class has refused: figures by reason, and a log in which equal refusals of a
 * time are one line, so that an attack cannot fill the disk. Safe for every thread; never blocks.
 */
final class RefusalLog {

    private static final Logger LOG = LoggerFactory.getLogger(RefusalLog.class);

    /** Addresses told apart within one time; those beyond are counted together. */
    private static final int MAX_ADDRESSES = 1000;

    /** Lines written at the end of a time. */
    private static final int MAX_LINES = 20;

    private record Key(Reason reason, @Nullable InetAddress address) {}

    private final String name;
    private final EventBus events;
    private final Ticker ticker;
    private final ScheduledExecutorService timer;
    private final Map<Reason, LongAdder> counts = new EnumMap<>(Reason.class);
    private final Map<Key, Integer> pending = new HashMap<>();
    private volatile Duration time = Duration.ZERO;

    // Guarded by pending.
    private boolean testing;
    private long since;
    private @Nullable Future<?> due;

    RefusalLog(String name, EventBus events, Ticker ticker, ScheduledExecutorService timer) {
        this.name = name;
        this.events = events;
        this.ticker = ticker;
        this.timer = timer;
        for (Reason reason : Reason.values()) {
            counts.put(reason, new LongAdder());
        }
    }

    /** Refusals since the start. */
    long count(Reason reason) {
        LongAdder count = counts.get(reason);
        return count == null ? 0 : count.sum();
    }

    /**
     * Reports refusals of {@code next} together from now on, those that wait already among them;
     * zero for each by itself.
     */
    void logTime(Duration next) {
        synchronized (pending) {
            if (next.equals(time)) {
                return;
            }
            time = next;
            Future<?> before = due;
            if (before != null) {
                before.cancel(false);
                long waited = ticker.nanos() - since;
                due = later(Math.max(0, next.toNanos() - waited));
            }
        }
    }

    /**
     * Something was refused, or would have been.
     *
     * @param trial whether it was let in nevertheless
     */
    void add(Reason reason, @Nullable InetAddress address, boolean trial) {
        LongAdder count = counts.get(reason);
        if (count != null) {
            count.increment();
        }
        boolean turned;
        synchronized (pending) {
            turned = trial != testing && !pending.isEmpty();
        }
        if (turned) {
            // What waits was let in, and this was not, or the reverse.
            report();
        }
        boolean now;
        synchronized (pending) {
            Key key = new Key(reason, address);
            if (pending.size() >= MAX_ADDRESSES && !pending.containsKey(key)) {
                key = new Key(reason, null);
            }
            pending.merge(key, 1, Integer::sum);
            testing = trial;
            if (due == null && !time.isZero()) {
                since = ticker.nanos();
                due = later(time.toNanos());
            }
            now = due == null;
        }
        if (now) {
            report();
        }
    }

    /** Has a report made so much later; null when Weir stops and there is no later. */
    private @Nullable Future<?> later(long nanos) {
        try {
            return timer.schedule(this::report, nanos, TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException stopping) {
            return null;
        }
    }

    private void report() {
        Map<Key, Integer> all;
        boolean trial;
        synchronized (pending) {
            if (due != null) {
                due.cancel(false);
                due = null;
            }
            trial = testing;
            all = new HashMap<>(pending);
            pending.clear();
        }
        if (all.isEmpty()) {
            return;
        }
        String verb = trial ? "would have refused " : "refused ";
        List<Map.Entry<Key, Integer>> lines = new ArrayList<>(all.entrySet());
        lines.sort(Map.Entry.<Key, Integer>comparingByValue().reversed());
        Map<Reason, Integer> sums = new EnumMap<>(Reason.class);
        all.forEach((key, n) -> sums.merge(key.reason(), n, Integer::sum));
        for (Map.Entry<Key, Integer> line : lines.subList(0, Math.min(MAX_LINES, lines.size()))) {
            Key key = line.getKey();
            LOG.warn(
                    "protection class {} {}{} of {}: {}",
                    name,
                    verb,
                    line.getValue(),
                    text(key.address()),
                    key.reason().text());
        }
        if (lines.size() > MAX_LINES) {
            LOG.warn(
                    "protection class {} {}more, of {} further addresses",
                    name,
                    verb,
                    lines.size() - MAX_LINES);
        }
        events.emit(
                EventTag.TRIGGERSUMMARY,
                "protection class " + name + " " + verb + sums(sums) + within(time),
                new ObjectRef("protection", name));
    }

    private static String sums(Map<Reason, Integer> sums) {
        List<String> parts = new ArrayList<>();
        int all = 0;
        for (Map.Entry<Reason, Integer> each : sums.entrySet()) {
            parts.add(each.getValue() + " because of " + each.getKey().text());
            all += each.getValue();
        }
        return all
                + (all == 1 ? " connection or request" : " connections and requests")
                + " ("
                + String.join(", ", parts)
                + ")";
    }

    private static String within(Duration time) {
        return time.isZero() ? "" : " within " + time.toMillis() / 1000.0 + " s";
    }

    private static String text(@Nullable InetAddress address) {
        return address == null ? "other addresses" : address.getHostAddress();
    }
}
