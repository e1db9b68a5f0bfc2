package io.weir.pool;

import io.weir.balance.BalancerFactory;
import io.weir.config.NodeAddress;
import io.weir.config.NodeConfig;
import io.weir.config.Overlay;
import io.weir.config.PoolConfig;
import io.weir.event.EventBus;
import io.weir.time.Ticker;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/**
 * All live pools. A pool is known by its name and a node by pool and address: what lives under such
 * a name, counts and health above all, survives every change of the configuration that keeps the
 * name. Safe for every thread but an event loop.
 */
public final class Pools implements AutoCloseable {

    /** How long a change waits for the first look-up of new node names. */
    private static final Duration SETTLE = Duration.ofMillis(500);

    private final Ticker ticker;
    private final EventBus events;
    private final Supplier<? extends RandomGenerator> random;
    private final ScheduledExecutorService scheduler;
    private final NodeNames names;

    /** Held while a change is made, so that changes come one after the other. */
    private final ReentrantLock changing = new ReentrantLock();

    private volatile Map<String, Pool> live = Map.of();

    /** Pools that are not live any more, but may be used by whoever knows them still. */
    private final ClosedPools closed = new ClosedPools();

    private final Departed departed = new Departed();

    /**
     * @param random asked at every choice, on the choosing thread
     * @param scheduler runs short tasks that never block
     */
    public Pools(
            Ticker ticker,
            EventBus events,
            Supplier<? extends RandomGenerator> random,
            ScheduledExecutorService scheduler,
            NodeNames names) {
        this.ticker = ticker;
        this.events = events;
        this.random = random;
        this.scheduler = scheduler;
        this.names = names;
    }

    /** The pools of the configuration in force, by name. */
    public Map<String, Pool> live() {
        return live;
    }

    /**
     * Makes the pools those of {@code wanted}. Exchanges under way keep the leases they have. A
     * pool that is no longer wanted lets its exchanges end and goes. May wait a moment for new node
     * names to be looked up, but not until they resolve.
     *
     * @return the pools by name, in the order of {@code wanted}
     * @throws IllegalArgumentException if an algorithm, a failure pool or the scope of an IPv6
     *     address does not exist or failure pools form a circle; nothing is changed then
     */
    public Map<String, Pool> apply(Map<String, PoolConfig> wanted, Overlay overlay) {
        check(wanted);
        Map<String, Pool> next = new LinkedHashMap<>();
        changing.lock();
        try {
            Map<String, Pool> before = live;
            for (PoolConfig config : wanted.values()) {
                Pool pool = before.get(config.name());
                next.put(
                        config.name(),
                        pool != null
                                ? pool
                                : new Pool(
                                        config,
                                        ticker,
                                        events,
                                        random,
                                        scheduler,
                                        names,
                                        departed::add));
            }
            Overlay inForce = overlay.unexpired(ticker.now());
            for (PoolConfig config : wanted.values()) {
                Pool pool = find(next, config.name());
                String failurePool = config.failurePool();
                pool.apply(config, inForce, failurePool == null ? null : find(next, failurePool));
            }
            List<Pool> gone =
                    before.values().stream().filter(p -> next.get(p.name()) != p).toList();
            // Before they are live no more, so that whoever counts finds them at any moment.
            closed.add(gone);
            live = Collections.unmodifiableMap(next);
            gone.forEach(Pool::close);
            closed.all().forEach(pool -> pool.apply(inForce));
        } finally {
            changing.unlock();
        }
        settle();
        return Collections.unmodifiableMap(next);
    }

    /**
     * Puts {@code overlay} in force with the pools that live; entries that have expired are left
     * out.
     */
    public void apply(Overlay overlay) {
        changing.lock();
        try {
            Overlay inForce = overlay.unexpired(ticker.now());
            live.values().forEach(pool -> pool.apply(inForce));
            closed.all().forEach(pool -> pool.apply(inForce));
        } finally {
            changing.unlock();
        }
    }

    /**
     * Exchanges on {@code node}, as operators call it, in pools which have it no more, or are live
     * no more; by name of the pool. Asked after {@link #live()}, it misses none that was there
     * then.
     */
    public Map<String, Integer> departed(NodeAddress node) {
        closed.nodes(node).forEach(departed::add);
        return departed.inFlight(node);
    }

    /**
     * When such an exchange last began or ended, as reading of the ticker; null when there was none
     * for long, or never.
     */
    public @Nullable Long departedLastUsedNanos(NodeAddress node) {
        return departed.lastUsedNanos(node);
    }

    /**
     * Cuts the connections of {@code node}, as operators call it, in the pool of that name, and
     * what runs on still in one that has the node no more, or is live no more.
     */
    public void cut(String pool, NodeAddress node) {
        Pool found = live.get(pool);
        if (found != null) {
            found.cut(node);
        }
        closed.nodes(node).forEach(departed::add);
        departed.busy(pool, node).forEach(PoolNode::cutConnections);
    }

    /** Ends all name look-ups. */
    @Override
    public void close() {
        live.values().forEach(Pool::close);
    }

    private void settle() {
        try {
            names.settle(SETTLE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Pool find(Map<String, Pool> pools, String name) {
        Pool pool = pools.get(name);
        if (pool == null) {
            throw new IllegalArgumentException("there is no pool " + name);
        }
        return pool;
    }

    /**
     * Looks whether {@link #apply} takes {@code wanted}.
     *
     * @throws IllegalArgumentException as {@link #apply} does
     */
    public static void check(Map<String, PoolConfig> wanted) {
        Set<String> algorithms =
                BalancerFactory.all().stream()
                        .map(BalancerFactory::keyword)
                        .collect(Collectors.toSet());
        for (PoolConfig config : wanted.values()) {
            for (NodeConfig node : config.nodes()) {
                // Throws for a scope that the machine does not have, as in fe80::1%eth9.
                Wanted.literal(node.address().host());
            }
            if (!algorithms.contains(config.algorithm())) {
                throw new IllegalArgumentException(
                        "pool " + config.name() + ": unknown algorithm " + config.algorithm());
            }
            Set<String> passed = new HashSet<>();
            @Nullable PoolConfig at = config;
            while (at != null) {
                if (!passed.add(at.name())) {
                    throw new IllegalArgumentException(
                            "pool " + at.name() + " is its own failure pool: " + passed);
                }
                String failurePool = at.failurePool();
                at = failurePool == null ? null : wanted.get(failurePool);
                if (failurePool != null && at == null) {
                    throw new IllegalArgumentException(
                            "pool " + config.name() + ": there is no failure pool " + failurePool);
                }
            }
        }
    }
}
