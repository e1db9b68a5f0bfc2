package io.weir.pool;

import static io.weir.config.NodeConfig.State.ACTIVE;
import static io.weir.config.NodeConfig.State.DRAINING;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.time.Duration;

class PriorityListTest {

    private static final String A = "10.0.0.1:80";
    private static final String B = "10.0.0.2:80";
    private static final String C = "10.0.0.3:80";

    private final World world = new World();

    @Test
    void theLowerListIsUsedOnlyWhileTheUpperIsTooShort() {
        Pool pool = world.apply(twoAndOne().monitors("m"));
        assertThat(World.serve(pool, 1000)).containsOnlyKeys(A, B);

        pool.monitorResult(Settings.address(A), "m", false, "dead");
        assertThat(World.serve(pool, 1000)).containsOnlyKeys(B, C);

        pool.monitorResult(Settings.address(A), "m", true, null);
        assertThat(World.serve(pool, 1000)).containsOnlyKeys(A, B);
        world.pass(Duration.ofSeconds(60));
        assertThat(World.serve(pool, 1000)).containsOnlyKeys(A, B);
    }

    @Test
    void aDrainingNodeDoesNotCountAsUsable() {
        Pool pool = world.apply(twoAndOne());

        world.decide(A, DRAINING, null);

        assertThat(World.serve(pool, 1000)).containsOnlyKeys(B, C);
    }

    @Test
    void aWholeListIsUsedEvenWhenOneNodeWouldDo() {
        Pool pool = world.apply(twoAndOne().priorityNodes(1));

        assertThat(World.serve(pool, 1000)).containsOnlyKeys(A, B);
    }

    @Test
    void asManyListsAsNeededAreTakenIn() {
        Pool pool =
                world.apply(
                        Settings.web()
                                .node(A, ACTIVE, 1, 1)
                                .node(B, ACTIVE, 1, 3)
                                .node(C, ACTIVE, 1, 2)
                                .priorityNodes(3));

        assertThat(World.serve(pool, 300)).containsOnlyKeys(A, B, C);
    }

    @Test
    void prioritiesMeanNothingWhenListsAreOff() {
        Pool pool = world.apply(twoAndOne().priorityNodes(0));

        assertThat(World.serve(pool, 300)).containsOnlyKeys(A, B, C);
    }

    @Test
    void aRequestThatHasFailedOnTheUpperListGoesToTheLower() {
        Pool pool = world.apply(twoAndOne());

        Request retry = new Request().failedOn(World.node(pool, A)).failedOn(World.node(pool, B));

        assertThat(World.serve(pool, retry)).isEqualTo(C);
    }

    @Test
    void aCondemnedNodeOfAListThatIsNotNeededIsNotTriedOut() {
        Pool pool = world.apply(twoAndOne());
        world.decide(A, DRAINING, null);
        World.condemn(pool, C);
        world.undecide(A);
        world.pass(Duration.ofMinutes(10));

        assertThat(World.serve(pool, 100)).containsOnlyKeys(A, B);
    }

    private static Settings twoAndOne() {
        return Settings.web()
                .node(A, ACTIVE, 1, 2)
                .node(B, ACTIVE, 1, 2)
                .node(C, ACTIVE, 1, 1)
                .priorityNodes(2);
    }
}
