package io.weir.metrics;

import com.codahale.metrics.Counter;
import com.codahale.metrics.Gauge;
import com.codahale.metrics.Histogram;
import com.codahale.metrics.Metric;
import com.codahale.metrics.MetricRegistry;
import com.codahale.metrics.Reservoir;
import com.codahale.metrics.Snapshot;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/**
 * The figures of one virtual server: its identity is the name, so they outlive reloads. Safe for
 * every thread. Event loops count through {@link #onLoop}; everybody reads the sums.
 */
public final class VirtualServerMetrics {

    /** Reasons of faults that get a series of their own; later ones are counted as other. */
    private static final int MAX_REASONS = 64;

    private static final String OTHER = "other";

    private final String name;
    private final MetricRegistry registry;
    private final VirtualServerCounts[] loops;
    private final LatencyHistogram duration = new LatencyHistogram();
    private final LatencyHistogram firstByte = new LatencyHistogram();
    private final RecentLatency recent = RecentLatency.of(firstByte);
    private final Map<String, LongAdder> faults = new ConcurrentHashMap<>();
    private final Map<String, LongAdder> handshakeFailures = new ConcurrentHashMap<>();

    /** Names in the registry; null once removed. Guarded by this. */
    private @Nullable List<String> registered = new ArrayList<>();

    VirtualServerMetrics(String name, int loopCount, MetricRegistry registry) {
        this.name = name;
        this.registry = registry;
        this.loops = new VirtualServerCounts[loopCount];
        for (int i = 0; i < loopCount; i++) {
            loops[i] = new VirtualServerCounts(this);
        }
        registerAll();
    }

    private void registerAll() {
        gauge(CoreFamilies.VS_CONNECTIONS, this::connections);
        counter(CoreFamilies.VS_CONNECTIONS_ACCEPTED, () -> sum(VirtualServerCounts.ACCEPTED));
        counter(CoreFamilies.VS_CONNECTIONS_REFUSED, () -> sum(VirtualServerCounts.REFUSED));
        gauge(CoreFamilies.VS_EXCHANGES, this::exchanges);
        counter(CoreFamilies.VS_REQUESTS, this::requests);
        counter(CoreFamilies.VS_RETRIES, () -> sum(VirtualServerCounts.RETRIES));
        counter(CoreFamilies.VS_RESPONSES, () -> sum(VirtualServerCounts.STATUS_NONE), "none");
        counter(CoreFamilies.VS_RESPONSES, () -> sum(VirtualServerCounts.STATUS_1XX), "1xx");
        counter(CoreFamilies.VS_RESPONSES, () -> sum(VirtualServerCounts.STATUS_2XX), "2xx");
        counter(CoreFamilies.VS_RESPONSES, () -> sum(VirtualServerCounts.STATUS_3XX), "3xx");
        counter(CoreFamilies.VS_RESPONSES, () -> sum(VirtualServerCounts.STATUS_4XX), "4xx");
        counter(CoreFamilies.VS_RESPONSES, () -> sum(VirtualServerCounts.STATUS_5XX), "5xx");
        counter(CoreFamilies.VS_RECEIVED, () -> sum(VirtualServerCounts.FROM_CLIENT), "client");
        counter(CoreFamilies.VS_RECEIVED, () -> sum(VirtualServerCounts.FROM_NODE), "node");
        counter(CoreFamilies.VS_SENT, () -> sum(VirtualServerCounts.TO_CLIENT), "client");
        counter(CoreFamilies.VS_SENT, () -> sum(VirtualServerCounts.TO_NODE), "node");
        counter(CoreFamilies.VS_HANDSHAKES, () -> sum(VirtualServerCounts.HANDSHAKES_FULL), "full");
        counter(
                CoreFamilies.VS_HANDSHAKES,
                () -> sum(VirtualServerCounts.HANDSHAKES_RESUMED),
                "resumed");
        register(CoreFamilies.VS_DURATION, new LatencyView(duration));
        register(CoreFamilies.VS_FIRST_BYTE, new LatencyView(firstByte));
    }

    /** The virtual server's name. */
    public String name() {
        return name;
    }

    /**
     * The part that event loop number {@code loop} counts in; always the same object.
     *
     * @throws ArrayIndexOutOfBoundsException if there is no such loop
     */
    public VirtualServerCounts onLoop(int loop) {
        return loops[loop];
    }

    /** Durations of exchanges. */
    public LatencyHistogram duration() {
        return duration;
    }

    /** Times to the first byte of the response. */
    public LatencyHistogram firstByte() {
        return firstByte;
    }

    /** Times to the first byte of the response in the last minute. */
    public RecentLatency recent() {
        return recent;
    }

    /** Client connections open now. */
    public long connections() {
        return sum(VirtualServerCounts.ACCEPTED) - sum(VirtualServerCounts.CLOSED);
    }

    /** Exchanges under way now. */
    public long exchanges() {
        return sum(VirtualServerCounts.BEGUN) - sum(VirtualServerCounts.ENDED);
    }

    /** Exchanges begun since the start. */
    public long requests() {
        return sum(VirtualServerCounts.BEGUN);
    }

    /** Faults of every reason since the start. */
    public long faults() {
        return faults.values().stream().mapToLong(LongAdder::sum).sum();
    }

    /**
     * Counts a fault, also from outside the event loops.
     *
     * @param reason a short word of a closed list, such as {@code node_unreachable}
     */
    public void fault(String reason) {
        count(faults, CoreFamilies.VS_FAULTS, reason).increment();
    }

    /**
     * Counts a handshake that came to nothing.
     *
     * @param reason a short word of a closed list, such as {@code timeout}
     */
    public void handshakeFailed(String reason) {
        count(handshakeFailures, CoreFamilies.VS_HANDSHAKE_FAILURES, reason).increment();
    }

    private LongAdder count(Map<String, LongAdder> counts, MetricFamily family, String reason) {
        LongAdder count = counts.get(reason);
        return count != null ? count : newReason(counts, family, reason);
    }

    private synchronized LongAdder newReason(
            Map<String, LongAdder> counts, MetricFamily family, String reason) {
        String known = counts.size() < MAX_REASONS || counts.containsKey(reason) ? reason : OTHER;
        LongAdder count = counts.get(known);
        if (count == null) {
            count = new LongAdder();
            counts.put(known, count);
            counter(family, count::sum, known);
        }
        return count;
    }

    /** Takes all series out of the registry; later counts are not shown any more. */
    synchronized void remove() {
        List<String> names = registered;
        registered = null;
        if (names != null) {
            names.forEach(registry::remove);
        }
    }

    private long sum(int count) {
        long sum = 0;
        for (VirtualServerCounts loop : loops) {
            sum += loop.read(count);
        }
        return sum;
    }

    private void counter(MetricFamily family, LongSupplier value, String... further) {
        register(family, new CounterView(value), further);
    }

    private void gauge(MetricFamily family, LongSupplier value) {
        register(family, (Gauge<Long>) value::getAsLong);
    }

    private synchronized void register(MetricFamily family, Metric metric, String... further) {
        List<String> names = registered;
        if (names != null) {
            String[] values = new String[1 + further.length];
            values[0] = name;
            System.arraycopy(further, 0, values, 1, further.length);
            String key = MetricName.of(family, values).toString();
            registry.register(key, metric);
            names.add(key);
        }
    }

    /** A Dropwizard counter that shows a count kept elsewhere. */
    private static final class CounterView extends Counter {
        private final LongSupplier value;

        CounterView(LongSupplier value) {
            this.value = value;
        }

        @Override
        public long getCount() {
            return value.getAsLong();
        }

        @Override
        public void inc(long n) {
            throw new UnsupportedOperationException("this count is kept by the event loops");
        }

        @Override
        public void dec(long n) {
            throw new UnsupportedOperationException("this count is kept by the event loops");
        }
    }

    /** A Dropwizard histogram, in nanoseconds, over a latency histogram. */
    private static final class LatencyView extends Histogram {
        private final LatencyHistogram latencies;

        LatencyView(LatencyHistogram latencies) {
            super(
                    new Reservoir() {
                        @Override
                        public int size() {
                            return getSnapshot().size();
                        }

                        @Override
                        public void update(long nanos) {
                            latencies.recordNanos(nanos);
                        }

                        @Override
                        public Snapshot getSnapshot() {
                            return latencies.snapshot();
                        }
                    });
            this.latencies = latencies;
        }

        @Override
        public long getCount() {
            return latencies.snapshot().count();
        }
    }
}
