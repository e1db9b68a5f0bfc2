package io.weir.pool;

import static io.weir.config.NodeConfig.State.ACTIVE;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.util.Map;

/** How each algorithm spreads traffic over the nodes of a live pool. */
class DistributionTest {

    private static final String A = "10.0.0.1:80";
    private static final String B = "10.0.0.2:80";
    private static final String C = "10.0.0.3:80";

    private final World world = new World();

    @Test
    void roundRobinSharesDifferByOneRequestAtMost() {
        Pool pool = world.apply(Settings.web(A, B, C));

        Map<String, Integer> counts = World.serve(pool, 1000);

        assertThat(counts.values()).allMatch(count -> count == 333 || count == 334);
    }

    @Test
    void roundRobinOverAddressesOfBothFamiliesAndANameIsEven() {
        world.names.found("localhost", "127.0.0.1", "::1");
        Pool pool = world.apply(Settings.web("127.0.0.1:8080", "[::1]:8080", "localhost:8080"));

        Map<String, Integer> counts = World.serve(pool, 3000);

        assertThat(counts)
                .containsOnlyKeys("127.0.0.1:8080", "[::1]:8080", "localhost:8080")
                .allSatisfy((node, count) -> assertThat(count).isBetween(940, 1060));
    }

    @Test
    void weightedRoundRobinFollowsTheWeights() {
        Pool pool = world.apply(weighted("weighted-round-robin"));

        Map<String, Integer> counts = World.serve(pool, 8000);

        assertThat(counts.get(A)).isBetween(920, 1080);
        assertThat(counts.get(B)).isBetween(1920, 2080);
        assertThat(counts.get(C)).isBetween(4920, 5080);
    }

    @Test
    void aWeightChangedByTheOperatorHoldsAtOnce() {
        Pool pool = world.apply(Settings.web(A, B, C).algorithm("weighted-round-robin"));
        World.serve(pool, 100);

        world.decide(C, null, 8);

        Map<String, Integer> counts = World.serve(pool, 1000);
        assertThat(counts.get(A)).isBetween(80, 120);
        assertThat(counts.get(B)).isBetween(80, 120);
        assertThat(counts.get(C)).isBetween(780, 820);
    }

    @Test
    void randomPassesAChiSquareTest() {
        Pool pool = world.apply(Settings.web(A, B, C).algorithm("random"));

        Map<String, Integer> counts = World.serve(pool, 10_000);

        double chiSquare = 0;
        for (int count : counts.values()) {
            chiSquare += Math.pow(count - 10_000 / 3.0, 2) / (10_000 / 3.0);
        }
        // Two degrees of freedom: 0.02 and 9.21 are the 1 % and 99 % points.
        assertThat(chiSquare).isBetween(0.02, 9.21);
    }

    @Test
    void leastConnectionsSparesTheSlowNode() {
        Pool pool = world.apply(Settings.web(A, B, C).algorithm("least-connections"));
        Simulation traffic =
                new Simulation(world, pool)
                        .delay(C, Duration.ofMillis(100))
                        .inFlight(100, Duration.ofSeconds(20));

        assertThat(traffic.share(C)).isLessThan(0.15);
    }

    @Test
    void weightedLeastConnectionsKeepsConnectionsInProportion() {
        Pool pool = world.apply(weighted("weighted-least-connections"));
        Request[] requests = new Request[400];
        for (int i = 0; i < requests.length; i++) {
            requests[i] = new Request(i);
            World.lease(pool, requests[i]);
        }

        assertThat(World.node(pool, A).inFlight()).isCloseTo(50, within(7));
        assertThat(World.node(pool, B).inFlight()).isCloseTo(100, within(15));
        assertThat(World.node(pool, C).inFlight()).isCloseTo(250, within(37));
    }

    @Test
    void weightedLeastConnectionsKeepsConnectionsInProportionUnderUnevenLoad() {
        Pool pool = world.apply(weighted("weighted-least-connections"));
        Simulation traffic =
                new Simulation(world, pool)
                        .delay(A, Duration.ofMillis(20))
                        .delay(B, Duration.ofMillis(40))
                        .delay(C, Duration.ofMillis(60));
        world.time.at(
                Duration.ofSeconds(10),
                () -> {
                    assertThat(World.node(pool, A).inFlight()).isCloseTo(25, within(4));
                    assertThat(World.node(pool, B).inFlight()).isCloseTo(50, within(8));
                    assertThat(World.node(pool, C).inFlight()).isCloseTo(125, within(19));
                });

        traffic.inFlight(200, Duration.ofSeconds(11));

        assertThat(world.time.elapsed()).isEqualTo(Duration.ofSeconds(11));
    }

    @ParameterizedTest
    @ValueSource(ints = {30, 300, 3000})
    void fastestResponseTimeLeavesTheSlowNodeAlone(int perSecond) {
        Pool pool = world.apply(Settings.web(A, B, C).algorithm("fastest-response-time"));
        Simulation traffic =
                new Simulation(world, pool)
                        .delay(C, Duration.ofMillis(100))
                        .rate(perSecond, Duration.ofSeconds(10))
                        .forget()
                        .rate(perSecond, Duration.ofSeconds(20));

        assertThat(traffic.share(C)).isLessThan(0.10);
        assertThat(traffic.share(A)).isGreaterThan(0.3);
        assertThat(traffic.share(B)).isGreaterThan(0.3);
    }

    @Test
    void fastestResponseTimeNoticesThatTheSlowNodeHasBecomeFast() {
        Pool pool = world.apply(Settings.web(A, B, C).algorithm("fastest-response-time"));
        Simulation traffic =
                new Simulation(world, pool)
                        .delay(C, Duration.ofMillis(200))
                        .rate(100, Duration.ofSeconds(20));

        traffic.delay(C, Duration.ofMillis(10)).rate(100, Duration.ofSeconds(60));

        assertThat(traffic.forget().rate(100, Duration.ofSeconds(5)).share(C)).isGreaterThan(0.25);
    }

    @Test
    void fastestResponseTimeDoesNotPourEverythingIntoANodeThatHasStoppedAnswering() {
        Pool pool =
                world.apply(
                        Settings.web(A, B, C)
                                .algorithm("fastest-response-time")
                                .passiveMonitoring(false));
        Simulation traffic = new Simulation(world, pool).delay(A, Duration.ofMillis(5));
        traffic.rate(100, Duration.ofSeconds(20));

        traffic.forget().delay(A, Duration.ofSeconds(600)).rate(100, Duration.ofSeconds(20));

        assertThat(World.node(pool, A).inFlight()).isLessThan(20);
    }

    @ParameterizedTest
    @ValueSource(ints = {30, 300, 3000})
    void perceptiveIsNoSlowerThanRoundRobinAndFindsOutWhenTheSlowNodeBecomesFast(int perSecond) {
        Pool even = world.apply(Settings.web(A, B, C));
        Simulation roundRobin =
                new Simulation(world, even)
                        .delay(C, Duration.ofMillis(100))
                        .rate(perSecond, Duration.ofSeconds(20));
        World other = new World();
        Pool pool = other.apply(Settings.web(A, B, C).algorithm("perceptive"));
        Simulation perceptive =
                new Simulation(other, pool)
                        .delay(C, Duration.ofMillis(100))
                        .rate(perSecond, Duration.ofSeconds(20));

        assertThat(perceptive.meanMillis()).isLessThanOrEqualTo(roundRobin.meanMillis());

        perceptive.delay(C, Duration.ofMillis(10)).rate(perSecond, Duration.ofSeconds(55));
        perceptive.forget().rate(perSecond, Duration.ofSeconds(5));
        assertThat(perceptive.share(C)).isGreaterThan(0.25);
    }

    @Test
    void perceptiveGivesFasterNodesMoreWhenNodesAreBusy() {
        Pool pool = world.apply(Settings.web(A, B, C).algorithm("perceptive"));
        Simulation traffic =
                new Simulation(world, pool)
                        .delay(A, Duration.ofMillis(10))
                        .delay(B, Duration.ofMillis(20))
                        .delay(C, Duration.ofMillis(40))
                        .inFlight(100, Duration.ofSeconds(10))
                        .forget()
                        .inFlight(100, Duration.ofSeconds(10));

        assertThat(traffic.share(A)).isGreaterThan(traffic.share(B) * 1.5);
        assertThat(traffic.share(B)).isGreaterThan(traffic.share(C) * 1.5);
    }

    @Test
    void powerOfTwoChoicesSparesTheSlowNode() {
        Pool pool = world.apply(Settings.web(A, B, C).algorithm("power-of-two-choices"));
        Simulation traffic =
                new Simulation(world, pool)
                        .delay(C, Duration.ofMillis(100))
                        .inFlight(100, Duration.ofSeconds(20));

        assertThat(traffic.share(C)).isLessThan(0.15);
        assertThat(traffic.share(A)).isCloseTo(traffic.share(B), within(0.05));
    }

    @Test
    void consistentHashSendsEqualKeysToTheSameNodeWhileOthersFail() {
        Pool pool = world.apply(Settings.web(A, B, C).algorithm("consistent-hash"));
        String[] before = new String[300];
        for (int key = 0; key < before.length; key++) {
            before[key] = World.serve(pool, new Request(key));
        }
        assertThat(before).contains(A, B, C);

        world.decide(B, io.weir.config.NodeConfig.State.DISABLED, null);

        for (int key = 0; key < before.length; key++) {
            String now = World.serve(pool, new Request(key));
            if (before[key].equals(B)) {
                assertThat(now).isNotEqualTo(B);
            } else {
                assertThat(now).isEqualTo(before[key]);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "round-robin",
                "least-connections",
                "weighted-least-connections",
                "fastest-response-time",
                "perceptive",
                "power-of-two-choices",
                "random"
            })
    void idleEqualNodesAreAllUsed(String algorithm) {
        Pool pool = world.apply(Settings.web(A, B, C).algorithm(algorithm));

        Map<String, Integer> counts = World.serve(pool, 3000);

        assertThat(counts)
                .hasSize(3)
                .allSatisfy((node, count) -> assertThat(count).isBetween(850, 1150));
    }

    private static Settings weighted(String algorithm) {
        return Settings.web()
                .node(A, ACTIVE, 1, 1)
                .node(B, ACTIVE, 2, 1)
                .node(C, ACTIVE, 5, 1)
                .algorithm(algorithm);
    }
}
