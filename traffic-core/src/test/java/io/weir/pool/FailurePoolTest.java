package io.weir.pool;

import static io.weir.config.NodeConfig.State.DISABLED;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.pool.NoNode.Reason;

import org.junit.jupiter.api.Test;

import java.time.Duration;

class FailurePoolTest {

    private static final String A = "10.0.0.1:80";
    private static final String B = "10.0.0.2:80";
    private static final String SORRY = "10.0.1.1:80";

    private final World world = new World();

    @Test
    void servesWhenAllNodesHaveFailedAndNoLonger() {
        Pool pool = world.apply(web().monitors("m"), sorry());
        verdict(pool, A, false);
        assertThat(World.serve(pool, 10)).containsOnlyKeys(B);

        verdict(pool, B, false);
        Lease lease = World.lease(pool);
        assertThat(lease.pool().name()).isEqualTo("sorry");
        assertThat(lease.node().address()).isEqualTo(Settings.address(SORRY));
        assertThat(lease.node().poolName()).isEqualTo("sorry");

        verdict(pool, A, true);
        assertThat(World.serve(pool, 10)).containsOnlyKeys(A);
    }

    @Test
    void servesWhenTheOperatorKeepsRequestsOffAllNodes() {
        Pool pool = world.apply(web(), sorry());
        world.decide(A, DISABLED, null);
        world.decide(B, DISABLED, null);

        assertThat(World.serve(pool)).isEqualTo(SORRY);
    }

    @Test
    void doesNotServeWhenARequestHasFailedOnEveryNodeThatIsWell() {
        Pool pool = world.apply(web(), sorry());
        Request retry = new Request().failedOn(World.node(pool, A)).failedOn(World.node(pool, B));

        assertThat(World.none(pool, retry).reason()).isEqualTo(Reason.ATTEMPTS_EXHAUSTED);
    }

    @Test
    void takesOverARequestWhoseTrialHasFailed() {
        Pool pool = world.apply(Settings.web(A).failurePool("sorry"), sorry());
        World.condemn(pool, A);
        assertThat(World.serve(pool)).isEqualTo(SORRY);
        world.pass(Duration.ofSeconds(60));
        Request request = new Request();
        Lease trial = World.lease(pool, request);
        assertThat(trial.node().address()).isEqualTo(Settings.address(A));
        trial.failed(NodeFailure.REFUSED);
        trial.close();

        assertThat(World.serve(pool, request.failedOn(trial.node()))).isEqualTo(SORRY);
    }

    @Test
    void countsTheAttemptsOnItsOwnNodesOnly() {
        Pool pool =
                world.apply(
                        Settings.web(A).failurePool("sorry").monitors("m"),
                        sorry().maxConnectionAttempts(1));
        Request request = new Request().failedOn(World.node(pool, A));
        verdict(pool, A, false);

        assertThat(World.serve(pool, request)).isEqualTo(SORRY);

        request.failedOn(World.node(world.pool("sorry"), SORRY));
        assertThat(World.none(pool, request).text()).contains("max-connection-attempts");
    }

    @Test
    void aChainIsFollowedToItsEnd() {
        Pool pool =
                world.apply(
                        Settings.web(A).failurePool("second").monitors("m"),
                        Settings.of("second").node(B).failurePool("sorry").monitors("m"),
                        sorry());
        verdict(pool, A, false);
        assertThat(World.serve(pool)).isEqualTo(B);
        verdict(world.pool("second"), B, false);
        assertThat(World.serve(pool)).isEqualTo(SORRY);

        world.decide(SORRY, DISABLED, null);
        NoNode none = World.none(pool);
        assertThat(none.reason()).isEqualTo(Reason.ALL_FAILED);
        assertThat(none.text()).contains("Pool web", "Pool second", "Pool sorry");
    }

    @Test
    void aReloadMayChangeTheFailurePool() {
        Pool pool = world.apply(web().monitors("m"), sorry());
        verdict(pool, A, false);
        verdict(pool, B, false);

        world.apply(
                web().monitors("m").failurePool("other"), Settings.of("other").node("10.9.9.9:1"));

        assertThat(World.serve(pool)).isEqualTo("10.9.9.9:1");
    }

    @Test
    void circlesAndHolesAreRefusedAndNothingChanges() {
        Pool pool = world.apply(Settings.web(A));

        assertThatThrownBy(
                        () ->
                                world.apply(
                                        Settings.web(B).failurePool("two"),
                                        Settings.of("two").node(B).failurePool("web")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("its own failure pool");
        assertThatThrownBy(() -> world.apply(Settings.web(B).failurePool("nowhere")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("nowhere");
        assertThatThrownBy(() -> world.apply(Settings.web(B).algorithm("best")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("best");
        assertThatThrownBy(() -> world.apply(Settings.web("[fe80::1%nowhere9]:80")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("nowhere9");

        assertThat(World.serve(pool)).isEqualTo(A);
        assertThat(world.pools.live()).containsOnlyKeys("web");
    }

    private static Settings web() {
        return Settings.web(A, B).failurePool("sorry");
    }

    private static Settings sorry() {
        return Settings.of("sorry").node(SORRY);
    }

    private static void verdict(Pool pool, String node, boolean ok) {
        pool.monitorResult(Settings.address(node), "m", ok, ok ? null : "refused");
    }
}
