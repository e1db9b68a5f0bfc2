package io.weir.pool;

import static io.weir.config.NodeConfig.State.DISABLED;
import static io.weir.config.NodeConfig.State.DRAINING;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.pool.NoNode.Reason;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

class QueueTest {

    private static final String A = "10.0.0.1:80";
    private static final String B = "10.0.0.2:80";

    private final World world = new World();

    @Test
    void excessRequestsWaitAndAreServedInOrder() {
        Pool pool = world.apply(Settings.web(A, B).maxTransactionsPerNode(2));
        List<Lease> held = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            held.add(World.lease(pool));
        }
        assertThat(World.node(pool, A).inFlight()).isEqualTo(2);
        assertThat(World.node(pool, B).inFlight()).isEqualTo(2);
        Request[] waiting = waiting(pool, 3);
        assertThat(pool.queued()).isEqualTo(3);

        held.get(0).close();
        runLoops(waiting);
        assertThat(waiting[0].answers).hasSize(1);
        assertThat(((Lease) waiting[0].answers.getFirst()).node()).isSameAs(held.get(0).node());
        assertThat(waiting[1].answers).isEmpty();
        held.get(1).close();
        held.get(2).close();
        runLoops(waiting);

        assertThat(waiting[1].answers).hasSize(1);
        assertThat(waiting[2].answers).hasSize(1);
        assertThat(pool.queued()).isZero();
        assertThat(World.node(pool, A).inFlight() + World.node(pool, B).inFlight()).isEqualTo(4);
    }

    @Test
    void theSmallerOfTheTwoLimitsHolds() {
        Pool pool = world.apply(Settings.web(A).maxTransactionsPerNode(5).maxConnectionsPerNode(2));
        World.lease(pool);
        World.lease(pool);

        waiting(pool, 1);

        assertThat(World.node(pool, A).inFlight()).isEqualTo(2);
    }

    @Test
    void theAnswerComesOnTheLoopOfTheExchange() {
        Pool pool = world.apply(Settings.web(A).maxTransactionsPerNode(1));
        Lease held = World.lease(pool);
        Request[] waiting = waiting(pool, 1);
        held.close();
        assertThat(waiting[0].answers).isEmpty();

        waiting[0].runLoop();

        assertThat(waiting[0].answers).hasSize(1);
    }

    @Test
    void sessionsThatWaitForAStuckNodeShutNobodyOutOfTheOthers() {
        Pool pool = world.apply(Settings.web(A, B).maxTransactionsPerNode(1).maxQueueSize(3));
        PoolNode stuck = World.node(pool, A);
        World.lease(pool, new Request().pinnedTo(stuck));
        for (int i = 0; i < 3; i++) {
            Request session = new Request().pinnedTo(stuck);
            assertThat(pool.choose(session, session)).isInstanceOf(Waiting.class);
        }

        Lease free = World.lease(pool);

        assertThat(free.node()).isSameAs(World.node(pool, B));
        assertThat(World.none(pool).reason()).isEqualTo(Reason.QUEUE_FULL);
    }

    @Test
    void aShorterTimeOutHoldsForThoseWhoWaitAlready() {
        Pool pool =
                world.apply(
                        Settings.web(A)
                                .maxTransactionsPerNode(1)
                                .queueTimeout(Duration.ofMinutes(10)));
        World.lease(pool);
        Request[] waiting = waiting(pool, 1);
        world.pass(Duration.ofSeconds(1));

        world.apply(Settings.web(A).maxTransactionsPerNode(1).queueTimeout(Duration.ofSeconds(3)));
        world.pass(Duration.ofMillis(1_999));
        runLoops(waiting);
        assertThat(waiting[0].answers).isEmpty();
        world.pass(Duration.ofMillis(1));
        runLoops(waiting);

        assertThat(waiting[0].answers).hasSize(1);
        assertThat(((NoNode) waiting[0].answers.getFirst()).reason())
                .isEqualTo(Reason.QUEUE_TIMEOUT);
    }

    @Test
    void newcomersDoNotOvertakeThoseWhoWait() {
        Pool pool = world.apply(Settings.web(A).maxTransactionsPerNode(1));
        Lease held = World.lease(pool);
        Request[] waiting = waiting(pool, 1);
        held.close();
        Request newcomer = new Request();

        assertThat(pool.choose(newcomer, newcomer)).isInstanceOf(Waiting.class);

        runLoops(waiting);
        assertThat(waiting[0].answers.getFirst()).isInstanceOf(Lease.class);
        assertThat(newcomer.answers).isEmpty();
    }

    @Test
    void aFullQueueRefuses() {
        Pool pool = world.apply(Settings.web(A).maxTransactionsPerNode(1).maxQueueSize(2));
        World.lease(pool);
        Request[] waiting = waiting(pool, 2);

        NoNode none = World.none(pool);

        assertThat(none.reason()).isEqualTo(Reason.QUEUE_FULL);
        assertThat(none.text()).contains("web", "2 requests");
        assertThat(pool.queued()).isEqualTo(2);
        assertThat(waiting).allMatch(w -> w.answers.isEmpty());
    }

    @Test
    void whoWaitsTooLongIsToldSo() {
        Pool pool =
                world.apply(
                        Settings.web(A)
                                .maxTransactionsPerNode(1)
                                .queueTimeout(Duration.ofSeconds(10)));
        World.lease(pool);
        Request[] first = waiting(pool, 2);
        world.pass(Duration.ofSeconds(4));
        Request[] second = waiting(pool, 1);
        world.pass(Duration.ofMillis(5_999));
        runLoops(first);
        assertThat(first[0].answers).isEmpty();

        world.pass(Duration.ofMillis(1));
        runLoops(first);
        assertThat(first).allMatch(w -> reason(w) == Reason.QUEUE_TIMEOUT);
        assertThat(pool.queued()).isEqualTo(1);

        world.pass(Duration.ofSeconds(4));
        runLoops(second);
        assertThat(second).allMatch(w -> reason(w) == Reason.QUEUE_TIMEOUT);
        assertThat(pool.queued()).isZero();
    }

    @Test
    void withoutAQueueTimeoutRequestsWaitForEver() {
        Pool pool =
                world.apply(Settings.web(A).maxTransactionsPerNode(1).queueTimeout(Duration.ZERO));
        Lease held = World.lease(pool);
        Request[] waiting = waiting(pool, 1);
        world.pass(Duration.ofDays(2));
        runLoops(waiting);
        assertThat(waiting[0].answers).isEmpty();

        held.close();
        runLoops(waiting);
        assertThat(waiting[0].answers).hasSize(1);
    }

    @Test
    void whoGivesUpHearsNothingAndHoldsNothing() {
        Pool pool = world.apply(Settings.web(A).maxTransactionsPerNode(1));
        Lease held = World.lease(pool);
        Request gone = new Request();
        Waiting place = (Waiting) pool.choose(gone, gone);
        Request[] waiting = waiting(pool, 1);
        place.cancel();
        place.cancel();
        assertThat(pool.queued()).isEqualTo(1);

        held.close();
        gone.runLoop();
        runLoops(waiting);

        assertThat(gone.answers).isEmpty();
        assertThat(waiting[0].answers).hasSize(1);
    }

    @Test
    void aLeaseThatIsUnderWayToSomebodyWhoGivesUpGoesToTheNext() {
        Pool pool = world.apply(Settings.web(A).maxTransactionsPerNode(1));
        Lease held = World.lease(pool);
        Request gone = new Request();
        Waiting place = (Waiting) pool.choose(gone, gone);
        Request[] waiting = waiting(pool, 1);
        held.close();
        place.cancel();

        gone.runLoop();
        runLoops(waiting);

        assertThat(gone.answers).isEmpty();
        assertThat(waiting[0].answers).hasSize(1);
        assertThat(World.node(pool, A).inFlight()).isEqualTo(1);
    }

    @Test
    void whenTheLastNodeDiesTheQueueGoesToTheFailurePool() {
        Pool pool =
                world.apply(
                        Settings.web(A)
                                .monitors("m")
                                .maxTransactionsPerNode(1)
                                .failurePool("sorry"),
                        Settings.of("sorry").node(B));
        World.lease(pool);
        Request[] waiting = waiting(pool, 2);

        pool.monitorResult(Settings.address(A), "m", false, "refused");
        runLoops(waiting);

        assertThat(waiting)
                .allMatch(w -> ((Lease) w.answers.getFirst()).pool().name().equals("sorry"));
        assertThat(pool.queued()).isZero();
    }

    @Test
    void aPlaceInTheFailurePoolsQueueIsGivenUpThroughTheFirstPlace() {
        Pool pool =
                world.apply(
                        Settings.web(A)
                                .monitors("m")
                                .maxTransactionsPerNode(1)
                                .failurePool("sorry"),
                        Settings.of("sorry").node(B).maxTransactionsPerNode(1));
        World.lease(pool);
        World.lease(world.pool("sorry"));
        Request request = new Request();
        Waiting place = (Waiting) pool.choose(request, request);
        pool.monitorResult(Settings.address(A), "m", false, "refused");
        request.runLoop();
        assertThat(request.answers).isEmpty();
        assertThat(world.pool("sorry").queued()).isEqualTo(1);

        place.cancel();

        assertThat(world.pool("sorry").queued()).isZero();
    }

    @Test
    void whenTheLastNodeDiesWithoutFailurePoolTheQueueIsToldSo() {
        Pool pool = world.apply(Settings.web(A).maxTransactionsPerNode(1));
        World.lease(pool);
        Request[] waiting = waiting(pool, 2);

        world.decide(A, DISABLED, null);
        runLoops(waiting);

        assertThat(waiting).allMatch(w -> reason(w) == Reason.ALL_DRAINING_OR_DISABLED);
    }

    @Test
    void aNodeThatRecoversServesTheQueue() {
        Pool pool = world.apply(Settings.web(A, B).monitors("m").maxTransactionsPerNode(1));
        pool.monitorResult(Settings.address(B), "m", false, "refused");
        World.lease(pool);
        Request[] waiting = waiting(pool, 2);

        pool.monitorResult(Settings.address(B), "m", true, null);
        runLoops(waiting);

        assertThat(waiting[0].answers).hasSize(1);
        assertThat(waiting[1].answers).isEmpty();
    }

    @Test
    void aReloadThatLiftsTheLimitServesTheQueue() {
        Pool pool = world.apply(Settings.web(A).maxTransactionsPerNode(1));
        World.lease(pool);
        Request[] waiting = waiting(pool, 3);

        world.apply(Settings.web(A));
        runLoops(waiting);

        assertThat(waiting).allMatch(w -> w.answers.size() == 1);
        assertThat(pool.queued()).isZero();
    }

    @Test
    void whoHasFailedOnTheFreeNodeLetsOthersPass() {
        Pool pool = world.apply(Settings.web(A, B).maxTransactionsPerNode(1));
        List<Lease> held = List.of(World.lease(pool), World.lease(pool));
        Lease onA = held.get(0).node() == World.node(pool, A) ? held.get(0) : held.get(1);
        Request picky = new Request().failedOn(World.node(pool, A));
        assertThat(pool.choose(picky, picky)).isInstanceOf(Waiting.class);
        Request[] waiting = waiting(pool, 1);

        onA.close();
        picky.runLoop();
        runLoops(waiting);

        assertThat(picky.answers).isEmpty();
        assertThat(waiting[0].answers).hasSize(1);
    }

    @Test
    void whoHasFailedOnAllNodesDoesNotWait() {
        Pool pool = world.apply(Settings.web(A).maxTransactionsPerNode(1));
        World.lease(pool);
        waiting(pool, 1);

        assertThat(World.none(pool, new Request().failedOn(World.node(pool, A))).reason())
                .isEqualTo(Reason.ATTEMPTS_EXHAUSTED);
    }

    @Test
    void aSessionWaitsForItsOwnNode() {
        Pool pool = world.apply(Settings.web(A, B).maxTransactionsPerNode(1));
        Lease onA = World.lease(pool, new Request().pinnedTo(World.node(pool, A)));
        Request session = new Request().pinnedTo(World.node(pool, A));
        assertThat(pool.choose(session, session)).isInstanceOf(Waiting.class);

        onA.close();
        session.runLoop();

        assertThat(((Lease) session.answers.getFirst()).node()).isSameAs(World.node(pool, A));
    }

    @Test
    void aSessionOnADrainingNodeIsServedFromTheQueueWhenItsNodeHasRoom() {
        Pool pool = world.apply(Settings.web(A, B).maxTransactionsPerNode(1));
        PoolNode node = World.node(pool, A);
        Lease onA = World.lease(pool, new Request().pinnedTo(node));
        World.lease(pool);
        world.decide(A, DRAINING, null);
        Request session = new Request().pinnedTo(node);
        pool.choose(session, session);
        Request[] waiting = waiting(pool, 1);

        onA.close();
        session.runLoop();
        runLoops(waiting);

        assertThat(session.answers).hasSize(1);
        assertThat(waiting[0].answers).isEmpty();
    }

    private static Request[] waiting(Pool pool, int count) {
        Request[] requests = new Request[count];
        for (int i = 0; i < count; i++) {
            requests[i] = new Request(i);
            assertThat(pool.choose(requests[i], requests[i])).isInstanceOf(Waiting.class);
        }
        return requests;
    }

    private static void runLoops(Request[] requests) {
        for (Request request : requests) {
            request.runLoop();
        }
    }

    private static Reason reason(Request request) {
        return ((NoNode) request.answers.getFirst()).reason();
    }
}
