package io.weir.persist;

import io.weir.config.Overlay;
import io.weir.config.PoolConfig;
import io.weir.config.WeirConfig;
import io.weir.config.load.ConfigLoader;
import io.weir.config.load.Environment;
import io.weir.config.load.Loaded;
import io.weir.event.BoundedEventBus;
import io.weir.pool.Choice;
import io.weir.pool.Lease;
import io.weir.pool.NodeFailure;
import io.weir.pool.NodeNames;
import io.weir.pool.Pool;
import io.weir.pool.PoolNode;
import io.weir.pool.Pools;
import io.weir.pool.Selection;
import io.weir.testkit.ManualTicker;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Predicate;

/** Real pools and classes, asked for nodes the way connections of any protocol do; close it. */
final class Desk implements AutoCloseable {

    private final ManualTicker ticker = new ManualTicker();
    private final BoundedEventBus events = BoundedEventBus.start(ticker);
    private final ScheduledExecutorService scheduler =
            Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().factory());
    private final Pools pools =
            new Pools(
                    ticker,
                    events,
                    ThreadLocalRandom::current,
                    scheduler,
                    NodeNames.of(
                            Map.of(
                                    "alice-pc.test",
                                    List.of(InetAddress.ofLiteral("10.0.0.7")),
                                    "bob-pc.test",
                                    List.of(InetAddress.ofLiteral("10.0.0.8")))));
    private volatile PersistenceClasses classes = PersistenceClasses.NONE;

    Desk(String yaml) {
        apply(yaml);
    }

    void apply(String yaml) {
        Loaded loaded =
                ConfigLoader.parse(
                        "virtual-servers: {web: {listen: ':80', pool: p}}\n" + yaml,
                        Path.of("weir.yaml"),
                        new Environment(Map.of(), Path.of("no-secrets")));
        WeirConfig config = loaded.config();
        if (config == null) {
            throw new AssertionError(loaded.problems() + " in " + yaml);
        }
        Map<String, PoolConfig> wanted = config.pools();
        pools.apply(wanted, Overlay.EMPTY);
        classes =
                classes.next(
                        config.persistenceClasses(),
                        ClusterKey.of("a key".getBytes(StandardCharsets.UTF_8)));
        classes.enforce();
    }

    PersistenceClasses classes() {
        return classes;
    }

    Pool pool(String name) {
        return Objects.requireNonNull(pools.live().get(name));
    }

    /** Lets time pass. */
    void advance(Duration time) {
        ticker.advance(time);
    }

    /** Lets clients of no session get errors until the breaker of the pool {@code p} opens. */
    void tripBreaker() {
        while (!pool("p").breakerRefuses(ticker.nanos())) {
            Caller client = caller();
            client.session = Session.begin(classes, client);
            if (pool("p").choose(client, _ -> {}) instanceof Lease lease) {
                lease.replied(500, 1);
                lease.close();
            }
        }
    }

    /** A client that has said nothing about its session yet. */
    Caller caller() {
        return new Caller();
    }

    @Override
    public void close() {
        pools.close();
        scheduler.shutdownNow();
        events.close();
    }

    /** One client with one attempt after the other, each a session of its own to the classes. */
    final class Caller implements SessionSource, Selection {

        private @Nullable InetAddress address = InetAddress.ofLiteral("192.0.2.1");
        private byte @Nullable [] tls;
        private @Nullable String key;
        private @Nullable String node;
        private @Nullable String named;
        private final List<PoolNode> tried = new ArrayList<>();
        private @Nullable Session session;
        private Session.Ruling ruling = Session.Ruling.CHOOSE;

        Caller from(String literal) {
            address = InetAddress.ofLiteral(literal);
            return this;
        }

        Caller withTls(int... id) {
            tls = new byte[id.length];
            for (int i = 0; i < id.length; i++) {
                tls[i] = (byte) id[i];
            }
            return this;
        }

        Caller withKey(String given) {
            key = given;
            return this;
        }

        Caller withNode(String given) {
            node = given;
            return this;
        }

        Caller inClass(String name) {
            named = name;
            return this;
        }

        /** The node that serves; empty when the class forbids another one. */
        String served() {
            tried.clear();
            Lease lease = lease();
            String served = lease == null ? "" : lease.node().address().toString();
            if (lease != null) {
                lease.replied(200, 1);
                lease.close();
            }
            ended();
            return served;
        }

        /** The node that serves after the first one has refused the connection. */
        String servedAtSecondAttempt() {
            tried.clear();
            Lease first = Objects.requireNonNull(lease());
            first.failed(NodeFailure.REFUSED);
            tried.add(first.node());
            first.close();
            Lease second = lease();
            String served = second == null ? "" : second.node().address().toString();
            if (second != null) {
                second.close();
            }
            ended();
            return served;
        }

        /** Asks once; a node that {@code refuses} names refuses the connection. */
        void refusedBy(Predicate<String> refuses) {
            tried.clear();
            Lease lease = Objects.requireNonNull(lease());
            if (refuses.test(lease.node().address().toString())) {
                lease.failed(NodeFailure.REFUSED);
            }
            lease.close();
            ended();
        }

        private void ended() {
            Objects.requireNonNull(session).ended();
        }

        private @Nullable Lease lease() {
            if (tried.isEmpty()) {
                session = Session.begin(classes, this);
            }
            Session s = Objects.requireNonNull(session);
            while (true) {
                ruling = s.seek(pool("p"), this, ticker.nanos());
                if (ruling != Session.Ruling.CHOOSE) {
                    return null;
                }
                Choice choice = pool("p").choose(this, later -> {});
                if (!(choice instanceof Lease lease)) {
                    return null;
                }
                if (s.took(lease, this, ticker.nanos())) {
                    return lease;
                }
                lease.close();
            }
        }

        Session.Ruling ruling() {
            return ruling;
        }

        @Nullable Verdict verdict() {
            return Objects.requireNonNull(session).verdict();
        }

        @Override
        public @Nullable InetAddress clientAddress() {
            return address;
        }

        @Override
        public byte @Nullable [] tlsSessionId() {
            return tls;
        }

        @Override
        public @Nullable String persistenceKey() {
            return key;
        }

        @Override
        public @Nullable String persistenceNode() {
            return node;
        }

        @Override
        public @Nullable String persistenceClass() {
            return named;
        }

        @Override
        public boolean tried(PoolNode candidate) {
            return tried.contains(candidate);
        }

        @Override
        public int timedOutAttempts() {
            return 0;
        }

        @Override
        public int attempts() {
            return tried.size();
        }

        @Override
        public @Nullable PoolNode pinned() {
            return Objects.requireNonNull(session).pinned();
        }

        @Override
        public Executor loop() {
            return Runnable::run;
        }

        @Override
        public long hash(PoolConfig.HashKey hashKey) {
            return 0;
        }
    }
}
