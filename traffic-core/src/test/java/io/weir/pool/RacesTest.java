package io.weir.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.config.NodeConfig;
import io.weir.config.Overlay;
import io.weir.config.OverlayEntry;
import io.weir.config.PoolConfig;
import io.weir.time.Ticker;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** Many event loops on one pool while everything about it changes. */
@Timeout(120)
class RacesTest {

    private static final String A = "10.0.0.1:80";
    private static final String B = "10.0.0.2:80";
    private static final int LOOPS = 4;

    private final Ticker ticker = Ticker.system();
    private final RecordedEvents events = new RecordedEvents(ticker);
    private final ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor();
    private final Pools pools =
            new Pools(
                    ticker, events, ThreadLocalRandom::current, scheduler, NodeNames.of(Map.of()));
    private final List<ExecutorService> loops = new ArrayList<>();

    RacesTest() {
        for (int i = 0; i < LOOPS; i++) {
            loops.add(Executors.newSingleThreadExecutor());
        }
    }

    @AfterEach
    void stop() {
        loops.forEach(ExecutorService::shutdownNow);
        scheduler.shutdownNow();
        pools.close();
    }

    @Test
    void everyRequestIsServedOnceUnderALimitAndNoWakeUpIsLost() throws Exception {
        Pool pool =
                apply(
                        Settings.web(A, B)
                                .maxTransactionsPerNode(3)
                                .maxQueueSize(0)
                                .queueTimeout(Duration.ZERO));
        AtomicInteger most = new AtomicInteger();

        List<Client> clients =
                run(pool, 8, 10_000, client -> most.accumulateAndGet(client.seen, Math::max));

        assertThat(clients).allSatisfy(c -> assertThat(c.served).isEqualTo(10_000));
        assertThat(most.get()).isBetween(1, 3);
        assertThat(clients.stream().mapToInt(c -> c.waits).sum())
                .as("the queue was used")
                .isPositive();
        assertQuiet(pool);
        assertThat(World.node(pool, A).requests() + World.node(pool, B).requests())
                .isEqualTo(8L * LOOPS * 10_000);
    }

    @Test
    void twoExchangesThatEndAtTheSameMomentMakeRoomForTwo() throws Exception {
        Pool pool = apply(Settings.web(A).maxTransactionsPerNode(2).queueTimeout(Duration.ZERO));
        CyclicBarrier together = new CyclicBarrier(2);
        for (int round = 0; round < 5_000; round++) {
            List<Lease> held = List.of(World.lease(pool), World.lease(pool));
            List<Request> waiting = List.of(new Request(), new Request());
            waiting.forEach(request -> pool.choose(request, request));
            List<Future<?>> ends = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                Lease lease = held.get(i);
                ends.add(
                        loops.get(i)
                                .submit(
                                        () -> {
                                            together.await();
                                            lease.close();
                                            return null;
                                        }));
            }
            for (Future<?> end : ends) {
                end.get();
            }
            awaitEmptyQueue(pool);
            for (Request request : waiting) {
                request.runLoop();
                ((Lease) request.answers.getFirst()).close();
            }
        }
    }

    @Test
    void countsComeOutEvenWhenClientsGiveUpWhileTheyWait() throws Exception {
        Pool pool = apply(Settings.web(A).maxTransactionsPerNode(1).queueTimeout(Duration.ZERO));
        CountDownLatch done = new CountDownLatch(LOOPS);
        for (ExecutorService loop : loops) {
            loop.execute(() -> new Quitter(pool, loop, done, 20_000).next());
        }

        assertThat(done.await(100, TimeUnit.SECONDS)).isTrue();

        assertQuiet(pool);
    }

    @Test
    void nothingIsLostWhileNodesDrainFailAndAreReloaded() throws Exception {
        Settings settings =
                Settings.web(A, B)
                        .monitors("m")
                        .maxTransactionsPerNode(2)
                        .maxQueueSize(0)
                        .slowStart(Duration.ofMillis(1))
                        .queueTimeout(Duration.ZERO);
        Pool pool = apply(settings);
        PoolNode node = World.node(pool, B);
        AtomicBoolean stop = new AtomicBoolean();
        Thread operator =
                Thread.ofPlatform()
                        .daemon()
                        .start(
                                () -> {
                                    boolean drain = false;
                                    while (!stop.get()) {
                                        drain = !drain;
                                        pools.apply(drain ? draining() : Overlay.EMPTY);
                                        apply(settings);
                                    }
                                });
        Thread monitor =
                Thread.ofPlatform()
                        .daemon()
                        .start(
                                () -> {
                                    boolean ok = false;
                                    while (!stop.get()) {
                                        ok = !ok;
                                        pool.monitorResult(
                                                Settings.address(B), "m", ok, ok ? null : "no");
                                        while (node.status().health() instanceof Health.Down == ok
                                                && !stop.get()) {
                                            Thread.onSpinWait();
                                        }
                                    }
                                });

        List<Client> clients;
        try {
            clients = run(pool, 4, 5_000, client -> {});
        } finally {
            stop.set(true);
        }
        operator.join();
        monitor.join();

        assertThat(clients).allSatisfy(c -> assertThat(c.served + c.refused).isEqualTo(5_000));
        assertThat(clients.stream().mapToInt(c -> c.served).sum()).isPositive();
        pools.apply(Overlay.EMPTY);
        pool.monitorResult(Settings.address(B), "m", true, null);
        assertQuiet(pool);
        assertThat(events.all()).noneMatch(e -> e.tag() == io.weir.event.EventTag.INTERNALERROR);
        assertThat(alternate("nodefail", "nodeworking")).isTrue();
        assertThat(alternate("pooldied", "poolok")).isTrue();
    }

    @Test
    void aRequestAlwaysFindsANodeWhileOneTakesOverFromTheOther() throws Exception {
        Pool pool = apply(Settings.web(A).slowStart(Duration.ZERO));
        AtomicBoolean stop = new AtomicBoolean();
        List<Future<?>> traffic = new ArrayList<>();
        for (ExecutorService loop : loops) {
            traffic.add(
                    loop.submit(
                            () -> {
                                while (!stop.get()) {
                                    World.serve(pool);
                                }
                            }));
        }
        try {
            for (int round = 0; round < 300; round++) {
                apply(Settings.web(round % 2 == 0 ? B : A).slowStart(Duration.ZERO));
            }
            apply(
                    Settings.web()
                            .node(A, NodeConfig.State.ACTIVE, 1, 1)
                            .node(B, NodeConfig.State.DRAINING, 1, 1));
            for (int round = 0; round < 300; round++) {
                boolean first = round % 2 == 0;
                pools.apply(
                        state(A, first ? NodeConfig.State.DISABLED : NodeConfig.State.ACTIVE)
                                .with(
                                        state(
                                                        B,
                                                        first
                                                                ? NodeConfig.State.ACTIVE
                                                                : NodeConfig.State.DRAINING)
                                                .entries()
                                                .getFirst()));
            }
        } finally {
            stop.set(true);
        }
        for (Future<?> loop : traffic) {
            loop.get();
        }
    }

    @Test
    void nothingBeginsOnANodeAfterItsDrainWasReported() throws Exception {
        Pool pool = apply(Settings.web(A, B).slowStart(Duration.ZERO));
        PoolNode node = World.node(pool, A);
        AtomicBoolean stop = new AtomicBoolean();
        List<Future<?>> traffic = new ArrayList<>();
        for (ExecutorService loop : loops) {
            traffic.add(
                    loop.submit(
                            () -> {
                                while (!stop.get()) {
                                    World.lease(pool).close();
                                }
                            }));
        }
        try {
            for (int round = 0; round < 100; round++) {
                pools.apply(draining());
                while (!reportedSinceLast("nodedrained")) {
                    Thread.onSpinWait();
                }
                long requests = node.requests();
                Thread.onSpinWait();
                assertThat(node.requests()).isEqualTo(requests);
                pools.apply(Overlay.EMPTY);
            }
        } finally {
            stop.set(true);
        }
        for (Future<?> loop : traffic) {
            loop.get();
        }
    }

    private Pool apply(Settings settings) {
        PoolConfig config = settings.build();
        return pools.apply(Map.of(config.name(), config), Overlay.EMPTY).values().iterator().next();
    }

    private static Overlay draining() {
        return state(A, NodeConfig.State.DRAINING);
    }

    private static Overlay state(String node, NodeConfig.State state) {
        return Overlay.EMPTY.with(
                new OverlayEntry(
                        null, Settings.address(node), state, null, "ops", "", Instant.EPOCH, null));
    }

    private boolean reportedSinceLast(String tag) {
        return events.take().stream().anyMatch(text -> text.startsWith(tag));
    }

    /** Whether events of the two kinds took turns for each object, the first kind first. */
    private boolean alternate(String first, String second) {
        Set<String> open = new HashSet<>();
        for (var event : events.all()) {
            String object = event.objects().getLast().name();
            if (event.tag().keyword().equals(first) && !open.add(object)
                    || event.tag().keyword().equals(second) && !open.remove(object)) {
                return false;
            }
        }
        return true;
    }

    private static void awaitEmptyQueue(Pool pool) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (pool.queued() != 0 && System.nanoTime() < deadline) {
            Thread.onSpinWait();
        }
        assertThat(pool.queued()).isZero();
    }

    private static void assertQuiet(Pool pool) {
        awaitEmptyQueue(pool);
        for (PoolView.Entry entry : pool.view().entries()) {
            assertThat(entry.node().inFlight()).as("%s", entry.node()).isZero();
        }
    }

    private List<Client> run(Pool pool, int perLoop, int requests, Consumer<Client> whileServed)
            throws Exception {
        CountDownLatch done = new CountDownLatch(LOOPS * perLoop);
        List<Client> clients = new ArrayList<>();
        for (ExecutorService loop : loops) {
            for (int i = 0; i < perLoop; i++) {
                clients.add(new Client(pool, loop, done, requests, whileServed));
            }
        }
        clients.forEach(client -> client.loop.execute(client::next));
        assertThat(done.await(100, TimeUnit.SECONDS)).as("everybody is served").isTrue();
        return clients;
    }

    /** One client after another request, on one event loop. */
    private abstract static class Exchange implements Selection, Consumer<Choice> {
        final Pool pool;
        final Executor loop;
        final CountDownLatch done;
        int left;

        Exchange(Pool pool, Executor loop, CountDownLatch done, int left) {
            this.pool = pool;
            this.loop = loop;
            this.done = done;
            this.left = left;
        }

        @Override
        public boolean tried(PoolNode node) {
            return false;
        }

        @Override
        public int timedOutAttempts() {
            return 0;
        }

        @Override
        public int attempts() {
            return 0;
        }

        @Override
        public @Nullable PoolNode pinned() {
            return null;
        }

        @Override
        public Executor loop() {
            return loop;
        }

        @Override
        public long hash(PoolConfig.HashKey key) {
            return left;
        }
    }

    private static final class Client extends Exchange {
        private final Consumer<Client> whileServed;
        private int served;
        private int refused;
        private int waits;
        private int seen;

        Client(
                Pool pool,
                Executor loop,
                CountDownLatch done,
                int left,
                Consumer<Client> whileServed) {
            super(pool, loop, done, left);
            this.whileServed = whileServed;
        }

        void next() {
            if (left == 0) {
                done.countDown();
                return;
            }
            left--;
            Choice choice = pool.choose(this, this);
            if (choice instanceof Waiting) {
                waits++;
            } else {
                accept(choice);
            }
        }

        @Override
        public void accept(Choice choice) {
            switch (choice) {
                case Lease lease -> {
                    seen = lease.node().inFlight();
                    whileServed.accept(this);
                    served++;
                    // The exchange ends in a later turn of the loop, as real ones do.
                    loop.execute(
                            () -> {
                                lease.replied(200, 1000);
                                lease.close();
                                next();
                            });
                }
                case NoNode _ -> {
                    refused++;
                    loop.execute(this::next);
                }
                case Waiting _ -> throw new AssertionError("a place is no answer");
            }
        }
    }

    /** Gives up every second time it has to wait, at any moment. */
    private static final class Quitter extends Exchange {
        private int round;

        Quitter(Pool pool, Executor loop, CountDownLatch done, int left) {
            super(pool, loop, done, left);
        }

        void next() {
            if (left == 0) {
                done.countDown();
                return;
            }
            left--;
            Choice choice = pool.choose(this, this);
            if (choice instanceof Waiting place) {
                if (round++ % 2 == 0) {
                    loop.execute(
                            () -> {
                                place.cancel();
                                next();
                            });
                    // Whichever comes first, the answer or the end; the other finds it done.
                    answerExpected = false;
                } else {
                    answerExpected = true;
                }
            } else {
                answerExpected = true;
                accept(choice);
            }
        }

        private boolean answerExpected;

        @Override
        public void accept(Choice choice) {
            ((Lease) choice).close();
            if (answerExpected) {
                loop.execute(this::next);
            }
        }
    }
}
