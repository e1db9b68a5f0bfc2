package io.weir.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.config.NodeAddress;
import io.weir.config.NodeConfig.State;
import io.weir.config.NodeLease;
import io.weir.config.Overlay;
import io.weir.config.OverlayEntry;
import io.weir.config.PoolConfig;
import io.weir.config.WeirConfig;
import io.weir.config.load.ConfigLoader;
import io.weir.config.load.Environment;
import io.weir.config.load.Loaded;
import io.weir.control.RecordingEvents;
import io.weir.control.Safety;
import io.weir.control.Safety.Verdict;
import io.weir.control.SafetyJudge;
import io.weir.persist.ClusterKey;
import io.weir.persist.PersistenceClasses;
import io.weir.persist.Session;
import io.weir.persist.SessionSource;
import io.weir.pool.Lease;
import io.weir.pool.NodeNames;
import io.weir.pool.Pool;
import io.weir.pool.PoolNode;
import io.weir.pool.Pools;
import io.weir.pool.Selection;
import io.weir.pool.Use;
import io.weir.testkit.ManualTicker;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** A node is called safe to take when, and only when, nothing is on it and nothing can come. */
class SafeToTakeTest {

    private static final long CLIENT_PAUSE_NANOS = 10_000;

    private static final int SCHEDULES = 10_000;
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final NodeAddress ONE = new NodeAddress("10.0.0.1", 80);
    private static final NodeAddress TWO = new NodeAddress("10.0.0.2", 80);
    private static final NodeAddress THREE = new NodeAddress("10.0.0.3", 80);
    private static final List<NodeAddress> NODES = List.of(ONE, TWO, THREE);

    /** All that can be on a node. */
    private static final List<Safety.Kind> MUST_END =
            List.of(
                    Safety.Kind.REQUESTS,
                    Safety.Kind.TUNNELS,
                    Safety.Kind.H2_STREAMS,
                    Safety.Kind.TCP_STREAMS,
                    Safety.Kind.UDP_SESSIONS,
                    Safety.Kind.SESSIONS);

    private static final WeirConfig WHOLE = config("nodes: ['10.0.0.1:80', '10.0.0.2:80']");
    private static final WeirConfig WITHOUT_ONE = config("nodes: ['10.0.0.2:80']");

    private static final ScheduledExecutorService SCHEDULER =
            Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().factory());

    @AfterAll
    static void stop() {
        SCHEDULER.shutdownNow();
    }

    private static WeirConfig config(String other) {
        String yaml =
                """
                virtual-servers: {web: {listen: ':80', pool: kept}, api: {listen: ':81', pool: other}}
                pools:
                  kept:
                    nodes: ['10.0.0.1:80', '10.0.0.2:80', '10.0.0.3:80']
                    persistence: sticky
                    slow-start: 0s
                  other:
                    slow-start: 0s
                    %s
                persistence-classes:
                  sticky: {type: ip, session-timeout: 10s}
                """
                        .formatted(other);
        Loaded loaded =
                ConfigLoader.parse(
                        yaml, Path.of("weir.yaml"), new Environment(Map.of(), Path.of("none")));
        return Objects.requireNonNull(loaded.config(), () -> loaded.problems().toString());
    }

    @Test
    void itIsSafeWheneverNothingIsThereAndNeverOtherwise() {
        Map<Verdict, Integer> seen = new HashMap<>();
        Map<Safety.Kind, Integer> because = new EnumMap<>(Safety.Kind.class);
        for (int seed = 0; seed < SCHEDULES; seed++) {
            Schedule schedule = new Schedule(seed);
            for (int step = 0; step < 20; step++) {
                schedule.step();
                schedule.check(step, seen, because);
            }
            schedule.end();
        }
        assertThat(seen.get(Verdict.YES)).isGreaterThan(SCHEDULES);
        assertThat(seen.get(Verdict.AFTER)).isGreaterThan(SCHEDULES);
        assertThat(seen.get(Verdict.NO)).isGreaterThan(SCHEDULES);
        for (Safety.Kind kind : MUST_END) {
            assertThat(because.get(kind)).as(kind.keyword()).isGreaterThan(SCHEDULES / 10);
        }
    }

    /** What a random operator and random clients do, beside a model that knows what is where. */
    private static final class Schedule {

        private record Running(Lease lease, NodeAddress node, Use use) {}

        private record Owned(NodeAddress node, long lastUsed) {}

        private final int seed;
        private final Random random;
        private final ManualTicker ticker = new ManualTicker();
        private final long started = ticker.nanos();
        private final Pools pools;
        private final PersistenceClasses classes;
        private final List<Running> running = new ArrayList<>();
        private final Map<Integer, Owned> sessions = new HashMap<>();
        private WeirConfig config = WHOLE;
        private Overlay overlay = Overlay.EMPTY;

        Schedule(int seed) {
            this.seed = seed;
            random = new Random(seed);
            pools =
                    new Pools(
                            ticker,
                            new RecordingEvents(),
                            () -> random,
                            SCHEDULER,
                            NodeNames.of(Map.of()));
            pools.apply(config.pools(), overlay);
            classes =
                    PersistenceClasses.NONE.next(
                            config.persistenceClasses(), ClusterKey.of(new byte[32]));
            classes.enforce();
        }

        void end() {
            running.forEach(r -> r.lease().close());
            pools.close();
        }

        void step() {
            switch (random.nextInt(12)) {
                case 0, 1, 2 -> begin();
                case 3, 4, 5 -> finish();
                case 6 -> ticker.advance(Duration.ofMillis(random.nextInt(6000)));
                case 7 -> {
                    if (!running.isEmpty()) {
                        Use use = Use.values()[random.nextInt(Use.values().length)];
                        int which = random.nextInt(running.size());
                        Running was = running.get(which);
                        was.lease().usedAs(use);
                        running.set(which, new Running(was.lease(), was.node(), use));
                    }
                }
                case 8 -> decide(State.DRAINING);
                case 9 -> decide(random.nextInt(3) == 0 ? State.DISABLED : State.DRAINING);
                case 10 -> {
                    if (random.nextBoolean()) {
                        decide(State.ACTIVE);
                    } else {
                        config = config.equals(WHOLE) ? WITHOUT_ONE : WHOLE;
                        pools.apply(config.pools(), overlay);
                    }
                }
                default -> lease();
            }
        }

        private void begin() {
            int client = random.nextInt(4);
            boolean kept = random.nextBoolean();
            Client asking = new Client(client, classes, pool(kept ? "kept" : "other"));
            Lease lease = asking.lease(ticker.nanos());
            if (lease != null) {
                NodeAddress node = lease.node().address();
                running.add(new Running(lease, node, Use.REQUEST));
                if (kept) {
                    sessions.put(client, new Owned(node, ticker.nanos()));
                }
                if (overlay.lease(node) != null) {
                    throw new AssertionError("seed " + seed + ": held node " + node + " was given");
                }
            }
        }

        private void finish() {
            if (!running.isEmpty()) {
                Lease lease = running.remove(random.nextInt(running.size())).lease();
                lease.replied(200, 1);
                lease.close();
            }
        }

        private void decide(State state) {
            NodeAddress node = NODES.get(random.nextInt(3));
            String pool = random.nextInt(3) == 0 ? "kept" : null;
            overlay =
                    overlay.with(
                            new OverlayEntry(
                                    pool, node, state, null, "ops", "", ticker.now(), null));
            pools.apply(overlay);
        }

        private void lease() {
            NodeAddress node = NODES.get(random.nextInt(3));
            if (overlay.lease(node) != null) {
                overlay = overlay.withoutLease(node);
            } else if (ask(node).verdict() == Verdict.YES) {
                overlay =
                        overlay.with(
                                new NodeLease(
                                        node,
                                        "ops",
                                        "",
                                        ticker.now(),
                                        ticker.now().plusSeconds(3600)));
            }
            pools.apply(overlay);
        }

        private Safety ask(NodeAddress node) {
            NodeUse use = UseReport.of(node, pools, classes, ticker.nanos(), started, null);
            return SafetyJudge.judge(use, overlay, "ops", ticker.now());
        }

        void check(int step, Map<Verdict, Integer> seen, Map<Safety.Kind, Integer> because) {
            for (NodeAddress node : NODES) {
                Safety safety = ask(node);
                seen.merge(safety.verdict(), 1, Integer::sum);
                safety.reasons().forEach(reason -> because.merge(reason.kind(), 1, Integer::sum));
                boolean expected = quiet(node) && mayGo(node);
                mustCount(node, safety.use());
                // Not by assertThat, which would take most of the time of this test.
                if (expected != (safety.verdict() == Verdict.YES)) {
                    throw new AssertionError(
                            "seed "
                                    + seed
                                    + ", step "
                                    + step
                                    + ", expected "
                                    + (expected ? "yes" : "no")
                                    + ", found "
                                    + safety);
                }
            }
        }

        /** Everything that is on the node is counted, and as what it is. */
        private void mustCount(NodeAddress node, NodeUse use) {
            int[] expected = new int[Use.values().length];
            running.stream()
                    .filter(each -> each.node().equals(node))
                    .forEach(each -> expected[each.use().ordinal()]++);
            int[] counted = new int[Use.values().length];
            for (NodeUse.InPool pool : use.pools()) {
                counted[Use.REQUEST.ordinal()] += pool.requests();
                counted[Use.TUNNEL.ordinal()] += pool.tunnels();
                counted[Use.H2_STREAM.ordinal()] += pool.h2Streams();
                counted[Use.TCP_STREAM.ordinal()] += pool.tcpStreams();
                counted[Use.UDP_SESSION.ordinal()] += pool.udpSessions();
            }
            // Pools that have the node no more tell only how many are left.
            boolean same =
                    use.departed().isEmpty()
                            ? Arrays.equals(expected, counted)
                            : use.inFlight() == Arrays.stream(expected).sum();
            if (!same) {
                throw new AssertionError(
                        "seed "
                                + seed
                                + ", expected "
                                + Arrays.toString(expected)
                                + ", found "
                                + use);
            }
        }

        /** Whether no exchange and no session that could use it is on the node. */
        private boolean quiet(NodeAddress node) {
            boolean takesSessions = false;
            for (PoolConfig pool : config.pools().values()) {
                State state = state(pool, node);
                takesSessions |=
                        state != null && state != State.DISABLED && overlay.lease(node) == null;
            }
            boolean session = false;
            for (Owned owned : sessions.values()) {
                session |=
                        owned.node().equals(node)
                                && ticker.nanos() - owned.lastUsed() < TIMEOUT.toNanos();
            }
            return running.stream().noneMatch(r -> r.node().equals(node))
                    && !(session && takesSessions);
        }

        /** Whether the operator wants it out of use, and every pool keeps another one. */
        private boolean mayGo(NodeAddress node) {
            for (PoolConfig pool : config.pools().values()) {
                State state = state(pool, node);
                if (state == null || state == State.DISABLED) {
                    continue;
                }
                boolean active = state == State.ACTIVE && overlay.lease(node) == null;
                boolean another =
                        NODES.stream()
                                .filter(other -> !other.equals(node))
                                .anyMatch(
                                        other ->
                                                state(pool, other) == State.ACTIVE
                                                        && overlay.lease(other) == null);
                if (active || !another) {
                    return false;
                }
            }
            return true;
        }

        private @Nullable State state(PoolConfig pool, NodeAddress node) {
            return pool.nodes().stream()
                    .filter(n -> n.address().equals(node))
                    .map(n -> overlay.stateOf(pool.name(), n))
                    .findFirst()
                    .orElse(null);
        }

        private Pool pool(String name) {
            return Objects.requireNonNull(pools.live().get(name));
        }
    }

    @Test
    void aNameThatStandsForANodePerAddressIsAnsweredForAllOfThem() {
        NodeAddress name = new NodeAddress("app", 80);
        WeirConfig config =
                config(
                        "nodes: ['app:80', '10.0.0.2:80']\n"
                                + "    node-names: node-per-address\n"
                                + "    persistence: sticky");
        ManualTicker ticker = new ManualTicker();
        Pools pools =
                new Pools(
                        ticker,
                        new RecordingEvents(),
                        () -> new Random(1),
                        SCHEDULER,
                        NodeNames.of(
                                Map.of(
                                        "app",
                                        List.of(
                                                InetAddress.ofLiteral("10.1.0.1"),
                                                InetAddress.ofLiteral("10.1.0.2")))));
        pools.apply(config.pools(), Overlay.EMPTY);
        PersistenceClasses classes =
                PersistenceClasses.NONE.next(
                        config.persistenceClasses(), ClusterKey.of(new byte[32]));
        classes.enforce();
        Pool pool = Objects.requireNonNull(pools.live().get("other"));
        List<Lease> leases = new ArrayList<>();
        for (int i = 0; i < 9; i++) {
            leases.add(Objects.requireNonNull(new Client(i, classes, pool).lease(ticker.nanos())));
        }
        List<NodeAddress> used = leases.stream().map(lease -> lease.node().address()).toList();
        int ofName = (int) used.stream().filter(address -> !address.equals(TWO)).count();
        assertThat(used.stream().distinct()).hasSize(3);

        NodeUse use = UseReport.of(name, pools, classes, ticker.nanos(), 0, null);
        assertThat(use.pools())
                .singleElement()
                .satisfies(
                        in -> {
                            assertThat(in.pool()).isEqualTo("other");
                            assertThat(in.state()).isEqualTo("active");
                            assertThat(in.requests()).isEqualTo(ofName);
                            assertThat(in.others()).isEqualTo(1);
                        });
        assertThat(use.sessions()).extracting(NodeUse.Sessions::count).containsExactly(ofName);
        assertThat(use.names())
                .containsExactlyInAnyOrder(
                        name, new NodeAddress("10.1.0.1", 80), new NodeAddress("10.1.0.2", 80));
        leases.forEach(Lease::close);
        pools.close();
    }

    @Test
    void nothingNewReachesANodeWhileALeaseIsHeldHoweverManyAskForIt() throws Exception {
        ManualTicker ticker = new ManualTicker();
        Pools pools =
                new Pools(
                        ticker,
                        new RecordingEvents(),
                        () -> new Random(1),
                        SCHEDULER,
                        NodeNames.of(Map.of()));
        Pool pool =
                Objects.requireNonNull(
                        pools.apply(new LinkedHashMap<>(WHOLE.pools()), Overlay.EMPTY).get("kept"));
        PoolNode node = pool.view().entries().getFirst().node();
        Overlay drained =
                Overlay.EMPTY.with(
                        new OverlayEntry(
                                null,
                                node.address(),
                                State.DRAINING,
                                null,
                                "ops",
                                "",
                                ticker.now(),
                                null));
        Overlay held =
                drained.with(
                        new NodeLease(
                                node.address(),
                                "ops",
                                "",
                                ticker.now(),
                                ticker.now().plusSeconds(3600)));
        AtomicBoolean stop = new AtomicBoolean();
        AtomicInteger served = new AtomicInteger();
        List<Thread> clients = new ArrayList<>();
        CountDownLatch begun = new CountDownLatch(2);
        for (int i = 0; i < 2; i++) {
            clients.add(
                    Thread.ofPlatform()
                            .start(
                                    () -> {
                                        Pinned pinned = new Pinned(node);
                                        while (!stop.get()) {
                                            if (pool.choose(pinned, c -> {}) instanceof Lease l) {
                                                served.addAndGet(l.node() == node ? 1 : 0);
                                                l.close();
                                            }
                                            begun.countDown();
                                            // Two cores are also wanted for the changes.
                                            LockSupport.parkNanos(CLIENT_PAUSE_NANOS);
                                        }
                                    }));
        }
        begun.await();
        for (int round = 0; round < 300; round++) {
            pools.apply(held);
            // Those that had come are counted until they end; then nobody comes.
            while (node.inFlight() > 0) {
                Thread.onSpinWait();
            }
            int before = served.get();
            for (int i = 0; i < 200; i++) {
                Thread.onSpinWait();
            }
            // One may be between its end and our count of it.
            assertThat(served.get() - before).isLessThanOrEqualTo(clients.size());
            pools.apply(drained);
        }
        stop.set(true);
        for (Thread client : clients) {
            client.join();
        }
        pools.close();
    }

    /** A request of a session on one node. */
    private static class Pinned implements Selection {

        private final @Nullable PoolNode node;

        Pinned(@Nullable PoolNode node) {
            this.node = node;
        }

        @Override
        public @Nullable PoolNode pinned() {
            return node;
        }

        @Override
        public boolean tried(PoolNode candidate) {
            return false;
        }

        @Override
        public int attempts() {
            return 0;
        }

        @Override
        public int timedOutAttempts() {
            return 0;
        }

        @Override
        public boolean repeatable() {
            return true;
        }

        @Override
        public Executor loop() {
            return Runnable::run;
        }

        @Override
        public long hash(PoolConfig.HashKey key) {
            return 0;
        }
    }

    /** A client known by its address. */
    private static final class Client extends Pinned implements SessionSource {

        private final int number;
        private final Pool pool;
        private final Session session;

        Client(int number, PersistenceClasses classes, Pool pool) {
            super(null);
            this.number = number;
            this.pool = pool;
            session = Session.begin(classes, this);
        }

        @Nullable Lease lease(long now) {
            while (session.seek(pool, this, now) == Session.Ruling.CHOOSE) {
                if (!(pool.choose(this, later -> {}) instanceof Lease lease)) {
                    return null;
                }
                if (session.took(lease, this, now)) {
                    session.ended();
                    return lease;
                }
                lease.close();
            }
            return null;
        }

        @Override
        public @Nullable PoolNode pinned() {
            return session.pinned();
        }

        @Override
        public InetAddress clientAddress() {
            return InetAddress.ofLiteral("192.0.2." + (number + 1));
        }
    }
}
