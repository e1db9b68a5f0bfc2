package io.weir.pool;

import static io.weir.config.NodeConfig.State.DISABLED;
import static io.weir.config.NodeConfig.State.DRAINING;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.time.Duration;

/** Live traffic condemns nodes and finds out when they are well again. */
class PassiveMonitoringTest {

    private static final String A = "10.0.0.1:80";
    private static final String B = "10.0.0.2:80";

    private final World world = new World();

    @ParameterizedTest
    @EnumSource(NodeFailure.class)
    void threeFailuresInARowCondemnANode(NodeFailure why) {
        Pool pool = world.apply(Settings.web(A, B));
        World.fail(pool, A, why);
        World.fail(pool, A, why);
        assertThat(World.serve(pool, 2)).containsOnlyKeys(A, B);
        World.fail(pool, A, why);
        World.fail(pool, A, why);
        assertThat(world.events.take()).isEmpty();
        World.fail(pool, A, why);

        assertThat(world.events.take()).containsExactly("nodefail " + A);
        assertThat(World.node(pool, A).status().health())
                .isEqualTo(
                        new Health.Down(
                                "3 failures in a row, the last: " + why.text(), world.time.now()));
        assertThat(World.serve(pool, 100)).containsOnlyKeys(B);
        assertThat(World.node(pool, A).failures()).isEqualTo(5);
    }

    @Test
    void anAnswerOf503CountsOnceHoweverItIsToldOf() {
        Pool pool = world.apply(Settings.web(A, B));
        for (int i = 0; i < 2; i++) {
            Lease lease = World.leaseOf(pool, A);
            lease.failed(NodeFailure.BUSY_503);
            lease.replied(503, 1000);
            lease.close();
        }
        assertThat(World.serve(pool, 100)).containsOnlyKeys(A, B);
        World.fail(pool, A, NodeFailure.BUSY_503);
        World.fail(pool, A, NodeFailure.BUSY_503);
        Lease lease = World.leaseOf(pool, A);
        lease.replied(503, 1000);
        lease.close();

        assertThat(World.serve(pool, 100)).containsOnlyKeys(B);
        assertThat(World.node(pool, A).responses(5)).isEqualTo(3);
        assertThat(World.node(pool, A).failures()).isEqualTo(5);
    }

    @ParameterizedTest
    @EnumSource(
            value = NodeFailure.class,
            names = {"CLOSED_EARLY", "RESET", "BAD_RESPONSE", "BUSY_503"})
    void theOnlyNodeGoesOnAsLongAsItIsThere(NodeFailure why) {
        Pool pool = world.apply(Settings.web(A, B));
        World.condemn(pool, B);
        for (int i = 0; i < 10; i++) {
            World.fail(pool, A, why);
        }
        assertThat(World.serve(pool, 10)).containsOnlyKeys(A);

        World.condemn(pool, A);
        assertThat(pool.view().alive()).isFalse();
    }

    @Test
    void theOnlyNodeIsCondemnedAllTheSameWhereAFailurePoolServesInstead() {
        Pool pool = world.apply(Settings.web(A).failurePool("sorry"), Settings.of("sorry").node(B));
        for (int i = 0; i < 3; i++) {
            World.fail(pool, A, NodeFailure.CLOSED_EARLY);
        }
        assertThat(World.serve(pool, 10)).containsOnlyKeys(B);
    }

    @Test
    void otherErrorsOfTheApplicationAreAnswers() {
        Pool pool = world.apply(Settings.web(A));
        for (int i = 0; i < 20; i++) {
            Lease lease = World.lease(pool);
            lease.replied(500, 1000);
            lease.close();
        }
        assertThat(pool.view().alive()).isTrue();
        assertThat(World.node(pool, A).failures()).isZero();
    }

    @Test
    void aDrainingNodeIsGivenBackToItsSessionsAndTheNextFailureTakesItAgain() {
        Pool pool = world.apply(Settings.web(A, B));
        PoolNode node = World.node(pool, A);
        world.decide(A, DRAINING, null);
        for (int i = 0; i < 3; i++) {
            failSession(pool, node);
        }
        assertThat(World.serve(pool, new Request().pinnedTo(node))).isEqualTo(B);
        world.pass(Duration.ofSeconds(59));
        assertThat(World.serve(pool, new Request().pinnedTo(node))).isEqualTo(B);
        world.pass(Duration.ofSeconds(1));
        assertThat(World.serve(pool, 10)).as("no new sessions").containsOnlyKeys(B);

        failSession(pool, node);
        assertThat(World.serve(pool, new Request().pinnedTo(node))).isEqualTo(B);
        assertThat(world.events.take()).containsExactly("nodedrained " + A, "nodefail " + A);
        world.pass(Duration.ofSeconds(60));

        assertThat(World.serve(pool, new Request().pinnedTo(node))).isEqualTo(A);
        assertThat(world.events.take()).containsExactly("nodeworking " + A);
        failSession(pool, node);
        assertThat(World.serve(pool, new Request().pinnedTo(node))).isEqualTo(A);
    }

    @Test
    void aCondemnedNodeThatIsDrainedIsGivenBackToItsSessions() {
        Pool pool = world.apply(Settings.web(A, B));
        PoolNode node = World.node(pool, A);
        World.condemn(pool, A);
        world.pass(Duration.ofSeconds(30));
        world.decide(A, DRAINING, null);
        world.pass(Duration.ofSeconds(29));
        assertThat(World.serve(pool, new Request().pinnedTo(node))).isEqualTo(B);

        world.pass(Duration.ofSeconds(1));

        assertThat(World.serve(pool, new Request().pinnedTo(node))).isEqualTo(A);
    }

    private static void failSession(Pool pool, PoolNode node) {
        Lease lease = World.lease(pool, new Request().pinnedTo(node));
        assertThat(lease.node()).isSameAs(node);
        lease.failed(NodeFailure.RESET);
        lease.close();
    }

    @Test
    void aNodeThatWasDisabledBeginsWithoutFailures() {
        Pool pool = world.apply(Settings.web(A, B).slowStart(Duration.ZERO));
        World.condemn(pool, A);
        world.decide(A, DISABLED, null);
        world.undecide(A);

        World.fail(pool, A, NodeFailure.RESET);

        assertThat(World.serve(pool, 10)).containsOnlyKeys(A, B);
    }

    @Test
    void failuresFromBeforePassiveMonitoringWasSwitchedOffDoNotCountAfterwards() {
        Pool pool = world.apply(Settings.web(A, B).slowStart(Duration.ZERO));
        World.condemn(pool, A);
        world.apply(Settings.web(A, B).slowStart(Duration.ZERO).passiveMonitoring(false));
        world.apply(Settings.web(A, B).slowStart(Duration.ZERO));

        World.fail(pool, A, NodeFailure.RESET);

        assertThat(World.serve(pool, 10)).containsOnlyKeys(A, B);
    }

    @Test
    void whatBreaksAfterTheAnswerBeganIsCountedButCondemnsNobody() {
        Pool pool = world.apply(Settings.web(A));
        for (int i = 0; i < 5; i++) {
            Lease lease = World.lease(pool);
            lease.replied(200, 1000);
            lease.failed(NodeFailure.RESET);
            lease.close();
        }
        assertThat(pool.view().alive()).isTrue();
        assertThat(World.node(pool, A).failures()).isEqualTo(5);
    }

    @Test
    void aCondemnedNodeIsLeftAloneAndThenTriedOutUntilItWorks() {
        Pool pool = world.apply(Settings.web(A, B));
        World.condemn(pool, A);
        world.pass(Duration.ofMillis(59_999));
        assertThat(World.serve(pool, 100)).containsOnlyKeys(B);

        world.pass(Duration.ofMillis(1));
        Request request = new Request();
        Lease trial = World.lease(pool, request);
        assertThat(trial.node()).isSameAs(World.node(pool, A));
        assertThat(World.serve(pool, 100)).as("one trial at a time").containsOnlyKeys(B);
        trial.failed(NodeFailure.REFUSED);
        trial.close();
        assertThat(pool.mayRetry()).isTrue();
        assertThat(World.serve(pool, request.failedOn(trial.node()))).isEqualTo(B);

        assertThat(World.serve(pool, 100)).as("left alone again").containsOnlyKeys(B);
        world.pass(Duration.ofSeconds(60));
        Lease good = World.lease(pool);
        assertThat(good.node()).isSameAs(World.node(pool, A));
        good.replied(200, 1000);
        good.close();

        assertThat(world.events.take()).containsExactly("nodefail " + A, "nodeworking " + A);
        assertThat(World.node(pool, A).status().health()).isEqualTo(new Health.Up());
    }

    @Test
    void aTrialThatEndsWithoutAVerdictIsRepeatedAtOnce() {
        Pool pool = world.apply(Settings.web(A, B));
        World.condemn(pool, A);
        world.pass(Duration.ofSeconds(60));
        World.lease(pool).close();

        assertThat(World.lease(pool).node()).isSameAs(World.node(pool, A));
    }

    @Test
    void requestsThatMustNotBeRepeatedAreNotUsedForTrialsUnlessNothingElseComes() {
        Pool pool = world.apply(Settings.web(A, B));
        World.condemn(pool, A);
        world.pass(Duration.ofSeconds(60));
        assertThat(World.serve(pool, new Request().notRepeatable())).isEqualTo(B);

        world.pass(Duration.ofSeconds(60));
        assertThat(World.serve(pool, new Request().notRepeatable())).isEqualTo(A);
    }

    @Test
    void aRecoveredNodeNeedsThreeNewFailuresToBeCondemnedAgain() {
        Pool pool = world.apply(Settings.web(A, B).slowStart(Duration.ZERO));
        World.condemn(pool, A);
        world.pass(Duration.ofSeconds(60));
        World.serve(pool, 10);
        World.fail(pool, A, NodeFailure.RESET);
        World.fail(pool, A, NodeFailure.RESET);

        assertThat(World.serve(pool, 100)).containsKeys(A, B);
        assertThat(world.events.take()).containsExactly("nodefail " + A, "nodeworking " + A);
    }

    @Test
    void exchangesFromBeforeTheRecoveryDoNotCondemnTheNodeAgain() {
        Pool pool = world.apply(Settings.web(A).monitors("m"));
        Lease[] old = new Lease[10];
        for (int i = 0; i < old.length; i++) {
            old[i] = World.lease(pool);
        }
        World.condemn(pool, A);
        pool.monitorResult(Settings.address(A), "m", false, "refused");
        pool.monitorResult(Settings.address(A), "m", true, null);
        assertThat(pool.view().alive()).isTrue();

        for (Lease lease : old) {
            lease.failed(NodeFailure.REPLY_TIMEOUT);
            lease.close();
        }

        assertThat(pool.view().alive()).isTrue();
    }

    @Test
    void failuresThatComeWhileTheNodeIsDownRaiseNothing() {
        Pool pool = world.apply(Settings.web(A, B));
        Lease[] old = new Lease[20];
        for (int i = 0; i < old.length; i++) {
            old[i] = World.lease(pool);
        }
        for (Lease lease : old) {
            if (lease.node() == World.node(pool, A)) {
                lease.failed(NodeFailure.CONNECT_TIMEOUT);
            }
            lease.close();
        }
        assertThat(world.events.take()).containsExactly("nodefail " + A);
    }

    @Test
    void aMonitorThatSawTheOutageEndsTheQuarantine() {
        Pool pool = world.apply(Settings.web(A, B).monitors("m").slowStart(Duration.ZERO));
        World.condemn(pool, A);
        pool.monitorResult(Settings.address(A), "m", false, "refused");
        pool.monitorResult(Settings.address(A), "m", true, null);

        assertThat(World.serve(pool, 100)).containsEntry(A, 50);
        assertThat(world.events.take()).containsExactly("nodefail " + A, "nodeworking " + A);
    }

    @Test
    void aMonitorThatPassesAllTheTimeDoesNotEndTheQuarantine() {
        Pool pool = world.apply(Settings.web(A, B).monitors("m"));
        pool.monitorResult(Settings.address(A), "m", true, null);
        World.condemn(pool, A);
        pool.monitorResult(Settings.address(A), "m", true, null);

        assertThat(World.serve(pool, 100)).containsOnlyKeys(B);
    }

    @Test
    void aNodeThatAMonitorFailsIsNotTriedOut() {
        Pool pool = world.apply(Settings.web(A, B).monitors("m"));
        World.condemn(pool, A);
        pool.monitorResult(Settings.address(A), "m", false, "refused");
        world.pass(Duration.ofMinutes(10));

        assertThat(World.serve(pool, 100)).containsOnlyKeys(B);
    }

    @Test
    void theOnlyNodeIsTriedOutToo() {
        Pool pool = world.apply(Settings.web(A));
        World.condemn(pool, A);
        assertThat(World.none(pool).text()).contains("3 failures in a row");
        world.pass(Duration.ofSeconds(60));

        assertThat(World.serve(pool)).isEqualTo(A);
        assertThat(world.events.take())
                .containsExactly("nodefail " + A, "pooldied web", "nodeworking " + A, "poolok web");
    }

    @Test
    void withoutPassiveMonitoringFailuresAreOnlyCounted() {
        Pool pool = world.apply(Settings.web(A).passiveMonitoring(false));
        for (int i = 0; i < 10; i++) {
            World.fail(pool, A, NodeFailure.REFUSED);
        }
        assertThat(pool.view().alive()).isTrue();
        assertThat(World.node(pool, A).failures()).isEqualTo(10);
    }

    @Test
    void switchingPassiveMonitoringOffSetsCondemnedNodesFree() {
        Pool pool = world.apply(Settings.web(A));
        World.condemn(pool, A);
        world.apply(Settings.web(A).passiveMonitoring(false));

        assertThat(pool.view().alive()).isTrue();
    }

    @Test
    void theFirstAnswerShowsThatANodeIsUp() {
        Pool pool = world.apply(Settings.web(A));
        assertThat(World.node(pool, A).status().health()).isEqualTo(new Health.Unchecked(true));
        World.serve(pool);
        assertThat(World.node(pool, A).status().health()).isEqualTo(new Health.Up());
    }
}
