package io.weir.pool;

import static io.weir.config.NodeConfig.State.DISABLED;
import static io.weir.config.NodeConfig.State.DRAINING;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.pool.NoNode.Reason;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/** What monitors and operators say, and what becomes of it. */
class HealthTest {

    private static final String A = "10.0.0.1:80";
    private static final String B = "10.0.0.2:80";
    private static final String C = "10.0.0.3:80";

    private final World world = new World();

    @Test
    void nodesAreUsedBeforeTheirMonitorsSpeakWhenThePoolBegins() {
        Pool pool = world.apply(Settings.web(A, B).monitors("m"));

        assertThat(World.node(pool, A).status().health()).isEqualTo(new Health.Unchecked(true));
        assertThat(World.serve(pool, 100)).containsOnlyKeys(A, B);
        assertThat(world.events.take()).isEmpty();
    }

    @Test
    void aNodeAddedToARunningPoolGetsNothingBeforeEveryMonitorHasPassed() {
        world.apply(Settings.web(A, B).monitors("m", "n"));

        Pool pool = world.apply(Settings.web(A, B, C).monitors("m", "n").slowStart(Duration.ZERO));
        assertThat(World.serve(pool, 100)).containsOnlyKeys(A, B);
        pass(pool, C, "m");
        assertThat(World.serve(pool, 100)).containsOnlyKeys(A, B);
        pass(pool, C, "n");

        assertThat(World.serve(pool, 100)).containsOnlyKeys(A, B, C);
        assertThat(World.node(pool, C).status().health()).isEqualTo(new Health.Up());
        assertThat(world.events.take()).isEmpty();
    }

    @Test
    void aNodeAddedToARunningPoolWithoutMonitorsIsUsedAtOnce() {
        world.apply(Settings.web(A, B));

        Pool pool = world.apply(Settings.web(A, B, C).slowStart(Duration.ZERO));

        assertThat(World.serve(pool, 99)).containsOnlyKeys(A, B, C);
    }

    @Test
    void aMonitorThatIsNewToAPoolPutsNobodyOutOfUse() {
        world.apply(Settings.web(A, B).monitors("m"));
        Pool pool = world.apply(Settings.web(A, B, C).monitors("m"));
        pass(pool, C, "m");
        world.pass(Duration.ofSeconds(30));

        world.apply(Settings.web(A, B, C).monitors("m", "n"));

        assertThat(World.serve(pool, 99)).containsEntry(A, 33).containsEntry(C, 33);
    }

    @Test
    void aNodeIsDownAsLongAsOneMonitorFails() {
        Pool pool = world.apply(Settings.web(A, B).monitors("m", "n"));
        fail(pool, A, "m", "refused");
        fail(pool, A, "n", "garbage");
        pass(pool, A, "m");

        assertThat(World.serve(pool, 100)).containsOnlyKeys(B);
        assertThat(World.node(pool, A).status().health())
                .isEqualTo(new Health.Down("monitor n: garbage", world.time.now()));

        pass(pool, A, "n");
        assertThat(World.node(pool, A).status().health()).isEqualTo(new Health.Up());
    }

    @Test
    void aVerdictThatIsRetractedHoldsNoLonger() {
        Pool pool = world.apply(Settings.web(A, B).monitors("m").slowStart(Duration.ZERO));
        fail(pool, A, "m", "refused");
        pool.monitorRetracts(Settings.address(A), "m");
        assertThat(World.serve(pool, 10)).containsOnlyKeys(A, B);

        pool.monitorResult(null, "m", false, "machine down");
        assertThat(pool.view().alive()).isFalse();
        pool.monitorRetracts(null, "m");
        assertThat(World.serve(pool, 10)).containsOnlyKeys(A, B);
    }

    @Test
    void aNodeInUseStaysSoWhenTheVerdictIsRetractedThatBroughtItThere() {
        world.apply(Settings.web(A).monitors("m"));
        Pool pool = world.apply(Settings.web(A, B).monitors("m").slowStart(Duration.ZERO));
        pool.monitorResult(null, "m", true, null);
        assertThat(World.serve(pool, 10)).containsOnlyKeys(A, B);

        pool.monitorRetracts(null, "m");

        assertThat(World.serve(pool, 10)).containsOnlyKeys(A, B);
    }

    @Test
    void anOutageRaisesOneEventAndItsEndAnother() {
        Pool pool = world.apply(Settings.web(A, B).monitors("m", "n"));
        pass(pool, A, "m");
        pass(pool, A, "n");
        fail(pool, A, "m", "refused");
        fail(pool, A, "m", "timed out");
        fail(pool, A, "n", "refused");
        pass(pool, A, "m");
        fail(pool, A, "m", "refused");
        assertThat(world.events.take()).containsExactly("nodefail " + A);

        pass(pool, A, "m");
        assertThat(world.events.take()).isEmpty();
        pass(pool, A, "n");
        pass(pool, A, "n");
        assertThat(world.events.take()).containsExactly("nodeworking " + A);
    }

    @Test
    void theOutageBeganWhenTheNodeFailedFirst() {
        Pool pool = world.apply(Settings.web(A).monitors("m", "n"));
        fail(pool, A, "m", "refused");
        Health.Down first = (Health.Down) World.node(pool, A).status().health();
        world.pass(Duration.ofSeconds(9));
        pass(pool, A, "n");
        fail(pool, A, "m", "timed out");

        assertThat(World.node(pool, A).status().health())
                .isEqualTo(new Health.Down("monitor m: timed out", first.since()));
    }

    @Test
    void aPoolDiesWithItsLastNodeAndRecoversWithTheFirst() {
        Pool pool = world.apply(Settings.web(A, B).monitors("m"));
        fail(pool, A, "m", "refused");
        world.pass(Duration.ofSeconds(9));
        assertThat(pool.view().deadSince()).isNull();
        fail(pool, B, "m", "refused");
        assertThat(world.events.take())
                .containsExactly("nodefail " + A, "nodefail " + B, "pooldied web");
        assertThat(pool.view().alive()).isFalse();
        Health.Down last = (Health.Down) World.node(pool, B).status().health();
        assertThat(pool.view().deadSince()).isEqualTo(last.since());
        world.pass(Duration.ofSeconds(9));
        fail(pool, A, "m", "timed out");
        assertThat(pool.view().deadSince()).isEqualTo(last.since());
        assertThat(World.none(pool).reason()).isEqualTo(Reason.ALL_FAILED);
        assertThat(World.none(pool).text()).contains("web", A, B, "monitor m: refused");

        pass(pool, B, "m");
        assertThat(world.events.take()).containsExactly("nodeworking " + B, "poolok web");
        assertThat(World.serve(pool)).isEqualTo(B);
        assertThat(pool.view().deadSince()).isNull();
    }

    @Test
    void aPoolWideMonitorSpeaksForAllNodes() {
        Pool pool = world.apply(Settings.web(A, B).monitors("db"));
        pool.monitorResult(null, "db", false, "database is down");
        assertThat(World.none(pool).text()).contains("database is down");
        assertThat(world.events.take()).containsExactly("pooldied web");

        pool.monitorResult(null, "db", true, null);
        assertThat(World.serve(pool, 100)).containsEntry(A, 50);
        assertThat(world.events.take()).containsExactly("poolok web");
        assertThat(World.node(pool, A).status().health()).isEqualTo(new Health.Up());
    }

    @Test
    void verdictsOfUnknownMonitorsAndNodesAreIgnored() {
        Pool pool = world.apply(Settings.web(A).monitors("m"));
        fail(pool, A, "other", "refused");
        fail(pool, C, "m", "refused");
        pool.monitorResult(null, "other", false, "refused");

        assertThat(World.serve(pool)).isEqualTo(A);
        assertThat(world.events.take()).isEmpty();
    }

    @Test
    void aVerdictNeverUndoesADrain() {
        Pool pool = world.apply(Settings.web(A, B).monitors("m"));
        world.decide(A, DRAINING, null);
        fail(pool, A, "m", "refused");
        pass(pool, A, "m");

        assertThat(World.node(pool, A).status())
                .isEqualTo(new NodeStatus(Admin.DRAINING, new Health.Up()));
        assertThat(World.serve(pool, 100)).containsOnlyKeys(B);
    }

    @Test
    void aDrainNeverUndoesAVerdict() {
        Pool pool = world.apply(Settings.web(A, B).monitors("m"));
        fail(pool, A, "m", "refused");
        world.decide(A, DRAINING, null);
        world.undecide(A);

        assertThat(World.serve(pool, 100)).containsOnlyKeys(B);
    }

    @Test
    void aDrainingNodeTakesItsSessionsOnly() {
        Pool pool = world.apply(Settings.web(A, B));
        PoolNode node = World.node(pool, A);
        world.decide(A, DRAINING, null);

        assertThat(World.serve(pool, 100)).containsOnlyKeys(B);
        assertThat(World.serve(pool, new Request().pinnedTo(node))).isEqualTo(A);

        world.decide(A, DISABLED, null);
        assertThat(World.serve(pool, new Request().pinnedTo(node))).isEqualTo(B);
    }

    @Test
    void aSessionStaysOnItsNodeWhateverTheAlgorithmSays() {
        Pool pool = world.apply(Settings.web(A, B));
        PoolNode node = World.node(pool, A);
        for (int i = 0; i < 10; i++) {
            assertThat(World.serve(pool, new Request().pinnedTo(node))).isEqualTo(A);
        }
        assertThat(World.serve(pool, new Request().pinnedTo(node).failedOn(node))).isEqualTo(B);
    }

    @Test
    void theDrainIsReportedWhenTheLastExchangeEnds() {
        Pool pool = world.apply(Settings.web(A));
        Lease one = World.lease(pool);
        Lease two = World.lease(pool);
        AtomicInteger idleClosed = new AtomicInteger();
        World.node(pool, A).onIdleUnwanted(most -> idleClosed.incrementAndGet());
        world.decide(A, DRAINING, null);
        one.close();
        assertThat(world.events.take()).isEmpty();
        assertThat(idleClosed).hasValue(0);

        two.close();
        assertThat(idleClosed).hasValue(1);
        assertThat(world.events.take()).containsExactly("nodedrained " + A);
        World.serve(pool, new Request().pinnedTo(World.node(pool, A)));
        assertThat(world.events.take()).as("once for each drain").isEmpty();
    }

    @Test
    void drainingAnIdleNodeIsReportedAtOnceAndEachDrainAnew() {
        Pool pool = world.apply(Settings.web(A, B));
        world.decide(A, DRAINING, null);
        assertThat(world.events.take()).containsExactly("nodedrained " + A);
        world.undecide(A);
        world.decide(A, DRAINING, null);
        assertThat(world.events.take()).containsExactly("nodedrained " + A);
        assertThat(pool.view().alive()).isTrue();
    }

    @Test
    void drainsAndDisablesHoldInTheirOwnPoolOnly() {
        world.apply(Settings.of("one").node(A).node(B), Settings.of("two").node(A).node(B));

        world.decide("one", A, DISABLED, null);

        assertThat(World.serve(world.pool("one"), 100)).containsOnlyKeys(B);
        assertThat(World.serve(world.pool("two"), 100)).containsOnlyKeys(A, B);
    }

    @Test
    void aDisabledNodeForgetsItsVerdictsAndWaitsForNewOnes() {
        Pool pool = world.apply(Settings.web(A, B).monitors("m"));
        fail(pool, A, "m", "refused");
        world.decide(A, DISABLED, null);
        fail(pool, A, "m", "late result of a check that was under way");
        assertThat(World.node(pool, A).status().health()).isEqualTo(new Health.Unchecked(false));

        world.undecide(A);
        assertThat(World.serve(pool, 100)).containsOnlyKeys(B);
        pass(pool, A, "m");
        assertThat(World.serve(pool)).isEqualTo(A);
        assertThat(world.events.take()).containsExactly("nodefail " + A, "nodeworking " + A);
    }

    @Test
    void disablingClosesIdleConnectionsAndLetsExchangesEnd() {
        Pool pool = world.apply(Settings.web(A, B));
        PoolNode node = World.node(pool, A);
        AtomicInteger idleClosed = new AtomicInteger();
        AtomicInteger cut = new AtomicInteger();
        node.onIdleUnwanted(most -> idleClosed.incrementAndGet());
        node.onDeath(cut::incrementAndGet);

        world.decide(A, DISABLED, null);

        assertThat(idleClosed).hasValue(1);
        assertThat(cut).hasValue(0);
        assertThat(node.tryKeepIdle(50)).isFalse();
    }

    @Test
    void whenAllNodesAreDisabledThePoolHasNotDied() {
        Pool pool = world.apply(Settings.web(A, B));
        world.decide(A, DISABLED, null);
        world.decide(B, DRAINING, null);
        world.events.take();

        assertThat(World.none(pool).reason()).isEqualTo(Reason.ALL_DRAINING_OR_DISABLED);
        assertThat(pool.view().alive()).isFalse();
        assertThat(world.events.take()).isEmpty();
    }

    @Test
    void anEmptyPoolSaysSo() {
        assertThat(World.none(world.apply(Settings.web())))
                .isEqualTo(new NoNode(Reason.EMPTY, "Pool web has no nodes"));
    }

    @Test
    void closeOnDeathCutsTheConnectionsOfAFailingNode() {
        for (boolean cutting : new boolean[] {true, false}) {
            World own = new World();
            Settings settings = Settings.web(A, B).monitors("m");
            Pool pool = own.apply(cutting ? settings.closeOnDeath() : settings);
            AtomicInteger cut = new AtomicInteger();
            AtomicInteger idle = new AtomicInteger();
            World.node(pool, A).onDeath(cut::incrementAndGet);
            World.node(pool, A).onIdleUnwanted(most -> idle.incrementAndGet());

            fail(pool, A, "m", "refused");
            fail(pool, A, "m", "timed out");

            assertThat(cut).hasValue(cutting ? 1 : 0);
            assertThat(idle).hasValue(cutting ? 0 : 1);
        }
    }

    @Test
    void aClosedSubscriptionHearsNothing() {
        Pool pool = world.apply(Settings.web(A, B).monitors("m").closeOnDeath());
        AtomicInteger cut = new AtomicInteger();
        World.node(pool, A).onDeath(cut::incrementAndGet).close();

        fail(pool, A, "m", "refused");

        assertThat(cut).hasValue(0);
    }

    @Test
    void watchersSeeEveryNewView() {
        Pool pool = world.apply(Settings.web(A, B).monitors("m"));
        AtomicInteger dead = new AtomicInteger();
        var watching =
                pool.onChange(
                        view ->
                                dead.set(
                                        (int)
                                                view.entries().stream()
                                                        .filter(
                                                                e ->
                                                                        e.status().health()
                                                                                instanceof
                                                                                Health.Down)
                                                        .count()));
        fail(pool, A, "m", "refused");
        assertThat(dead).hasValue(1);
        watching.close();
        fail(pool, B, "m", "refused");
        assertThat(dead).hasValue(1);
    }

    private static void fail(Pool pool, String node, String monitor, String cause) {
        pool.monitorResult(Settings.address(node), monitor, false, cause);
    }

    private static void pass(Pool pool, String node, String monitor) {
        pool.monitorResult(Settings.address(node), monitor, true, null);
    }
}
