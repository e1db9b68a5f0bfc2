package io.weir.pool;

import static io.weir.config.NodeConfig.State.DISABLED;
import static io.weir.config.NodeConfig.State.DRAINING;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.event.EventBus.Subscription;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** A node that comes into use gets its share little by little. */
class SlowStartTest {

    private static final String A = "10.0.0.1:80";
    private static final String B = "10.0.0.2:80";
    private static final String C = "10.0.0.3:80";

    private final World world = new World();

    static Stream<Arguments> everyAlgorithmAtLowAndHighLoad() {
        return Stream.of(
                        "round-robin",
                        "weighted-round-robin",
                        "least-connections",
                        "weighted-least-connections",
                        "fastest-response-time",
                        "random",
                        "perceptive",
                        "power-of-two-choices",
                        "consistent-hash")
                .flatMap(
                        algorithm ->
                                Stream.of(2, 20, 200)
                                        .map(millis -> Arguments.of(algorithm, millis)));
    }

    @ParameterizedTest
    @MethodSource("everyAlgorithmAtLowAndHighLoad")
    void anEnabledNodeGetsASmallPartFirstAndItsShareInTheEnd(String algorithm, int millis) {
        Pool pool = world.apply(Settings.web(A, B, C).algorithm(algorithm));
        world.decide(C, DISABLED, null);
        Simulation traffic = new Simulation(world, pool).delay(Duration.ofMillis(millis));
        traffic.rate(300, Duration.ofSeconds(10)).forget();

        world.undecide(C);

        traffic.rate(300, Duration.ofSeconds(5));
        assertThat(traffic.share(C)).as("seconds 0 to 5").isBetween(0.02, 0.10);
        traffic.rate(300, Duration.ofSeconds(20)).forget();
        traffic.rate(300, Duration.ofSeconds(5));
        assertThat(traffic.share(C)).as("seconds 25 to 30").isBetween(0.27, 0.36);
        traffic.forget().rate(300, Duration.ofSeconds(20));
        assertThat(traffic.share(C)).as("afterwards").isBetween(0.29, 0.38);
        assertThat(pool.view().entries()).noneMatch(PoolView.Entry::ramping);
    }

    @Test
    void theFirstRequestComesAtOnce() {
        world.apply(Settings.web(A, B));
        world.pass(Duration.ofMinutes(1));

        Pool pool = world.apply(Settings.web(A, B, C));

        assertThat(World.serve(pool)).isEqualTo(C);
        assertThat(World.serve(pool, 20)).containsOnlyKeys(A, B);
    }

    @Test
    void nodesThatThePoolBeginsWithHaveTheirShareAtOnce() {
        Pool pool = world.apply(Settings.web(A, B, C));

        assertThat(World.serve(pool, 300)).containsEntry(A, 100).containsEntry(C, 100);
    }

    @Test
    void aNewPoolInARunningConfigurationHasNoRamp() {
        world.apply(Settings.web(A));
        world.pass(Duration.ofMinutes(1));

        world.apply(Settings.web(A), Settings.of("new").node(B).node(C));

        assertThat(World.serve(world.pool("new"), 100)).containsEntry(B, 50).containsEntry(C, 50);
    }

    @Test
    void anUndrainedNodeRamps() {
        Pool pool = world.apply(Settings.web(A, B));
        world.decide(B, DRAINING, null);
        world.pass(Duration.ofMinutes(1));
        world.undecide(B);

        assertThat(World.serve(pool, 100).get(A)).isEqualTo(99);
    }

    @Test
    void aRecoveredNodeRamps() {
        Pool pool = world.apply(Settings.web(A, B).monitors("m"));
        pool.monitorResult(Settings.address(B), "m", false, "dead");
        world.pass(Duration.ofMinutes(1));
        pool.monitorResult(Settings.address(B), "m", true, null);

        assertThat(World.serve(pool, 100).get(A)).isEqualTo(99);
        world.pass(Duration.ofSeconds(31));
        assertThat(World.serve(pool, 100)).containsEntry(A, 50);
    }

    @Test
    void theRampIsCancelledWhenTheOtherNodesAreGone() {
        Pool pool = world.apply(Settings.web(A, B).monitors("m"));
        pool.monitorResult(Settings.address(B), "m", false, "dead");
        pool.monitorResult(Settings.address(B), "m", true, null);
        assertThat(World.serve(pool, 100).get(A)).isEqualTo(99);

        pool.monitorResult(Settings.address(A), "m", false, "dead");
        assertThat(World.serve(pool, 100)).containsOnlyKeys(B);

        pool.monitorResult(Settings.address(A), "m", true, null);
        assertThat(World.serve(pool, 100).get(B)).as("A ramps, B does not any more").isEqualTo(99);
    }

    @Test
    void aRampingNodeTakesOverWhenTheOthersAreFull() {
        Pool pool = world.apply(Settings.web(A, B).monitors("m").maxTransactionsPerNode(5));
        pool.monitorResult(Settings.address(B), "m", false, "dead");
        pool.monitorResult(Settings.address(B), "m", true, null);

        for (int i = 0; i < 10; i++) {
            World.lease(pool);
        }

        assertThat(World.node(pool, B).inFlight()).isEqualTo(5);
    }

    @Test
    void aRetryOnTheOnlyOtherNodeGoesThereHoweverYoungItIs() {
        Pool pool = world.apply(Settings.web(A, B).monitors("m"));
        pool.monitorResult(Settings.address(B), "m", false, "dead");
        pool.monitorResult(Settings.address(B), "m", true, null);
        World.serve(pool);

        Request retry = new Request().failedOn(World.node(pool, A));

        assertThat(World.serve(pool, retry)).isEqualTo(B);
    }

    @Test
    void requestsBesideAnEndedRampHaveTheViewMadeAnewOnce() {
        Pool pool = world.apply(Settings.web(A, B).monitors("m"));
        pool.monitorResult(Settings.address(B), "m", false, "dead");
        pool.monitorResult(Settings.address(B), "m", true, null);
        assertThat(pool.view().open().anyRamping()).isTrue();
        AtomicInteger views = new AtomicInteger();
        try (Subscription _ =
                pool.onChange(
                        view -> {
                            // While one change is being made others have to wait.
                            if (views.incrementAndGet() == 1) {
                                world.time.advance(Duration.ofSeconds(31));
                                for (int i = 0; i < 1000; i++) {
                                    World.lease(pool).close();
                                }
                            }
                        })) {
            world.decide(A, null, 2);
        }

        assertThat(pool.view().open().anyRamping()).isFalse();
        assertThat(views).as("views of the decision and of the ended ramp").hasValue(2);
    }

    @Test
    void withoutSlowStartTheShareIsWholeAtOnce() {
        Pool pool = world.apply(Settings.web(A, B).slowStart(Duration.ZERO));
        world.decide(B, DISABLED, null);
        world.undecide(B);

        assertThat(World.serve(pool, 100)).containsEntry(A, 50);
    }
}
