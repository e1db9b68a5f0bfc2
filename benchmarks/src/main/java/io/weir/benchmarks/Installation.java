package io.weir.benchmarks;

import io.weir.config.Overlay;
import io.weir.config.WeirConfig;
import io.weir.config.load.ConfigLoader;
import io.weir.config.load.Environment;
import io.weir.config.load.Loaded;
import io.weir.event.BoundedEventBus;
import io.weir.exchange.Account;
import io.weir.exchange.ErrorPages;
import io.weir.exchange.VirtualServer;
import io.weir.metrics.Metrics;
import io.weir.pool.NodeNames;
import io.weir.pool.Pool;
import io.weir.pool.Pools;
import io.weir.time.Ticker;

import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A virtual server called {@code web} in front of ten nodes that are never asked. Safe for every
 * thread.
 */
final class Installation implements AutoCloseable {

    private static final int NODES = 10;

    private final BoundedEventBus events;
    private final ScheduledExecutorService scheduler;
    private final WeirConfig config;
    private final Pool pool;

    /**
     * Makes all of it.
     *
     * @param algorithm that chooses the nodes
     */
    Installation(String algorithm) {
        config = configuration(algorithm);
        Ticker ticker = Ticker.system();
        events = BoundedEventBus.start(ticker);
        scheduler =
                Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().factory());
        Pools pools =
                new Pools(
                        ticker,
                        events,
                        ThreadLocalRandom::current,
                        scheduler,
                        NodeNames.of(Map.of()));
        pool = Objects.requireNonNull(pools.apply(config.pools(), Overlay.EMPTY).get("web"));
    }

    private static WeirConfig configuration(String algorithm) {
        String nodes =
                IntStream.rangeClosed(1, NODES)
                        .mapToObj(i -> "{address: 10.0.0." + i + ":80, weight: " + i + "}")
                        .collect(Collectors.joining(", ", "[", "]"));
        String text =
                """
                virtual-servers:
                  web: {listen: "127.0.0.1:0", pool: web}
                pools:
                  web: {algorithm: %s, slow-start: 0, nodes: %s}
                """
                        .formatted(algorithm, nodes);
        Loaded loaded =
                ConfigLoader.parse(
                        text,
                        Path.of("weir.yaml"),
                        new Environment(Map.of(), Path.of("no-secrets")));
        WeirConfig config = loaded.config();
        if (config == null) {
            throw new IllegalStateException(loaded.problems() + " in " + text);
        }
        return config;
    }

    /** The pool with the ten nodes. */
    Pool pool() {
        return pool;
    }

    /** The virtual server, new at every call, as after a reload. */
    VirtualServer virtualServer() {
        return new VirtualServer(
                Objects.requireNonNull(config.virtualServers().get("web")),
                pool,
                new Account(new Metrics(1).virtualServer("web"), 1),
                ErrorPages.PLAIN);
    }

    @Override
    public void close() {
        scheduler.shutdownNow();
        events.close();
    }
}
