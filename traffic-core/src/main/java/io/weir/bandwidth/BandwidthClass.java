package io.weir.bandwidth;

import io.weir.config.BandwidthConfig;
import io.weir.config.BandwidthConfig.Sharing;
import io.weir.time.Ticker;

import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongConsumer;

/**
 * A bandwidth class in force. It lives as long as its name is configured, or a connection uses it;
 * new settings hold at once for the connections that are there. Safe for every thread.
 */
public final class BandwidthClass {

    /** Picoseconds that a byte takes at one kilobit per second. */
    private static final long COST_AT_ONE = 8_000_000_000L;

    private final Ticker ticker;
    private final ScheduledExecutorService timer;
    private final Bucket shared;
    private final AtomicInteger connections = new AtomicInteger();
    private final LongAdder alone = new LongAdder();
    private volatile BandwidthConfig config;

    BandwidthClass(BandwidthConfig config, Ticker ticker, ScheduledExecutorService timer) {
        this.config = config;
        this.ticker = ticker;
        this.timer = timer;
        this.shared = new Bucket(ticker, timer, this::cost);
    }

    private long cost() {
        return COST_AT_ONE / config.maximum();
    }

    /** The settings. */
    public BandwidthConfig config() {
        return config;
    }

    void configure(BandwidthConfig next) {
        config = next;
    }

    /**
     * The part of a new connection.
     *
     * @param loop where {@code taker} is called
     * @param taker sends so many bytes of those that were held back
     */
    public Flow flow(Executor loop, LongConsumer taker) {
        boolean together = config.sharing() == Sharing.MACHINE;
        Bucket bucket = together ? shared : new Bucket(ticker, timer, this::cost);
        connections.incrementAndGet();
        return new Flow(
                bucket,
                loop,
                taker,
                () -> {
                    connections.decrementAndGet();
                    if (!together) {
                        alone.add(bucket.given());
                    }
                },
                ticker.nanos());
    }

    /** Connections of the class. */
    public int connections() {
        return connections.get();
    }

    /** Connections that share the maximum and wait for their turn. */
    public int waiting() {
        return shared.waiting();
    }

    /**
     * Bytes sent since the start. Those of a connection that has the maximum for itself are counted
     * when it ends.
     */
    public long bytes() {
        return shared.given() + alone.sum();
    }
}
