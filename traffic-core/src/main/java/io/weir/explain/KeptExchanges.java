package io.weir.explain;

import io.weir.explain.KeptExchange.Reason;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The finished exchanges that are kept, up to a number and a size. Safe for every thread, event
 * loops included: adding takes a lock that is held for a moment only.
 *
 * <p>When there are too many, the oldest one of the most frequent reason goes, so that a flood of
 * errors does not push out the samples that they can be compared with.
 */
public final class KeptExchanges {

    private final Map<Reason, ArrayDeque<Entry>> byReason = new EnumMap<>(Reason.class);
    private final Map<String, Entry> byId = new HashMap<>();
    private int most;
    private long mostBytes;
    private long bytes;
    private long sequence;

    private record Entry(long number, KeptExchange exchange, int size) {}

    /**
     * What a query found, the latest first.
     *
     * @param next id to go on with, {@link KeptQuery#before}; null at the end
     */
    public record Page(List<KeptExchange> exchanges, @Nullable String next) {
        public Page {
            exchanges = List.copyOf(exchanges);
        }
    }

    /** An empty store; see {@link #limit}. */
    public KeptExchanges(int most, long mostBytes) {
        this.most = most;
        this.mostBytes = mostBytes;
        for (Reason each : Reason.values()) {
            byReason.put(each, new ArrayDeque<>());
        }
    }

    /**
     * Changes the limits, which may let old exchanges go.
     *
     * @param number of exchanges; 0 keeps none
     * @param size of all of them in bytes
     */
    public synchronized void limit(int number, long size) {
        most = number;
        mostBytes = size;
        evict();
    }

    /** Keeps an exchange. */
    public void add(KeptExchange exchange) {
        int size = exchange.size();
        synchronized (this) {
            Entry entry = new Entry(sequence++, exchange, size);
            Entry before = byId.put(exchange.id(), entry);
            if (before != null) {
                queue(before).remove(before);
                bytes -= before.size();
            }
            queue(entry).addLast(entry);
            bytes += size;
            evict();
        }
    }

    private ArrayDeque<Entry> queue(Entry of) {
        return byReason.computeIfAbsent(of.exchange().kept(), r -> new ArrayDeque<>());
    }

    private void evict() {
        while (!byId.isEmpty() && (byId.size() > most || bytes > mostBytes)) {
            ArrayDeque<Entry> longest = new ArrayDeque<>();
            for (ArrayDeque<Entry> each : byReason.values()) {
                longest = each.size() > longest.size() ? each : longest;
            }
            Entry oldest = longest.removeFirst();
            byId.remove(oldest.exchange().id());
            bytes -= oldest.size();
        }
    }

    /** The exchange called {@code id}; null when it is not kept. */
    public synchronized @Nullable KeptExchange get(String id) {
        Entry entry = byId.get(id);
        return entry == null ? null : entry.exchange();
    }

    /** The latest exchange that is kept as an error; null when there is none. */
    public synchronized @Nullable KeptExchange lastError() {
        Entry entry = byReason.getOrDefault(Reason.ERROR, new ArrayDeque<>()).peekLast();
        return entry == null ? null : entry.exchange();
    }

    /** How many are kept. */
    public synchronized int count() {
        return byId.size();
    }

    /** About how many bytes they take. */
    public synchronized long bytes() {
        return bytes;
    }

    /** What fits {@code query}, the newest first. */
    public Page find(KeptQuery query) {
        List<Entry> all = new ArrayList<>();
        long below = Long.MAX_VALUE;
        synchronized (this) {
            String before = query.before();
            Entry last = before == null ? null : byId.get(before);
            if (last != null) {
                below = last.number();
            }
            all.addAll(byId.values());
        }
        all.sort(Comparator.comparingLong(Entry::number).reversed());
        List<KeptExchange> found = new ArrayList<>();
        for (Entry each : all) {
            if (each.number() < below && query.fits(each.exchange())) {
                if (found.size() == query.max()) {
                    return new Page(found, found.isEmpty() ? null : found.getLast().id());
                }
                found.add(each.exchange());
            }
        }
        return new Page(found, null);
    }
}
