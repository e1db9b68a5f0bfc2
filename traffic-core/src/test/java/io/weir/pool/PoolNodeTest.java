package io.weir.pool;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The counts of a node. */
class PoolNodeTest {

    private static final String A = "10.0.0.1:80";

    private static final String B = "10.0.0.2:80";
    private static final String C = "10.0.0.3:80";

    private final World world = new World();

    @Test
    void aLeaseCountsUntilItIsClosedAndOnceOnly() {
        Pool pool = world.apply(Settings.web(A));
        PoolNode node = World.node(pool, A);
        Lease one = World.lease(pool);
        Lease two = World.lease(pool);
        assertThat(node.inFlight()).isEqualTo(2);

        one.close();
        one.close();
        assertThat(node.inFlight()).isEqualTo(1);
        two.close();
        assertThat(node.inFlight()).isZero();
        assertThat(node.requests()).isEqualTo(2);
    }

    @Test
    void aClosedLeaseSaysNothingMore() {
        Pool pool = world.apply(Settings.web(A));
        Lease lease = World.lease(pool);
        lease.close();
        lease.replied(200, 1000);
        lease.failed(NodeFailure.RESET);

        assertThat(World.node(pool, A).responses(2)).isZero();
        assertThat(World.node(pool, A).failures()).isZero();
    }

    @Test
    void answersAreCountedByClass() {
        Pool pool = world.apply(Settings.web(A));
        for (int status : new int[] {101, 200, 204, 304, 404, 499, 500, 999}) {
            Lease lease = World.lease(pool);
            lease.replied(status, 1000);
            lease.close();
        }
        PoolNode node = World.node(pool, A);

        assertThat(List.of(1, 2, 3, 4, 5)).map(node::responses).containsExactly(1L, 2L, 1L, 2L, 1L);
    }

    @Test
    void lastUseIsTheBeginningOrEndOfTheLastExchange() {
        Pool pool = world.apply(Settings.web(A));
        PoolNode node = World.node(pool, A);
        assertThat(node.used()).isFalse();
        Lease lease = World.lease(pool);
        assertThat(node.used()).isTrue();
        world.pass(Duration.ofSeconds(5));
        lease.close();
        world.pass(Duration.ofSeconds(7));

        assertThat(world.time.nanos() - node.lastUsedNanos())
                .isEqualTo(Duration.ofSeconds(7).toNanos());
    }

    @Test
    void idleConnectionsAreBounded() {
        PoolNode node = World.node(world.apply(Settings.web(A)), A);
        for (int i = 0; i < 3; i++) {
            assertThat(node.tryOpen()).isTrue();
        }
        assertThat(node.tryKeepIdle(2)).isTrue();
        assertThat(node.tryKeepIdle(2)).isTrue();
        assertThat(node.tryKeepIdle(2)).isFalse();
        assertThat(node.tryKeepIdle(0)).as("no limit").isTrue();
        node.idleTaken();
        node.connectionClosed();

        assertThat(node.idleConnections()).isEqualTo(2);
        assertThat(node.connections()).isEqualTo(2);
    }

    @Test
    void idleConnectionsMakeRoomForOpenOnes() {
        PoolNode node = World.node(world.apply(Settings.web(A).maxConnectionsPerNode(2)), A);
        List<Integer> wanted = new ArrayList<>();
        node.onIdleUnwanted(wanted::add);
        assertThat(node.tryOpen()).isTrue();
        assertThat(node.tryKeepIdle(50)).isTrue();
        assertThat(node.tryOpen()).isTrue();
        assertThat(wanted).isEmpty();

        assertThat(node.tryOpen()).as("one too many").isFalse();

        assertThat(wanted).containsExactly(1);
        assertThat(node.connections()).isEqualTo(2);
        node.idleTaken();
        node.connectionClosed();
        assertThat(node.tryOpen()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"perceptive", "fastest-response-time"})
    void tunnelsDoNotKeepRequestsFromTheirNode(String algorithm) {
        Pool pool = world.apply(Settings.web(A, B, C).algorithm(algorithm));
        for (String node : List.of(A, B, C)) {
            World.leaseOf(pool, node).replied(101, 5_000_000);
        }

        Map<String, Integer> served = new HashMap<>();
        for (int i = 0; i < 300; i++) {
            world.pass(Duration.ofMillis(100));
            Lease lease = World.lease(pool);
            world.pass(Duration.ofMillis(5));
            lease.replied(200, 5_000_000);
            lease.close();
            served.merge(lease.node().address().toString(), 1, Integer::sum);
        }

        assertThat(served)
                .containsOnlyKeys(A, B, C)
                .allSatisfy((_, n) -> assertThat(n).isGreaterThan(50));
    }

    @Test
    void aNodeThatOwesAnAnswerIsTakenForAsSlowAsItHasBeenSilent() {
        Pool pool = world.apply(Settings.web(A));
        PoolNode node = World.node(pool, A);
        Lease tunnel = World.lease(pool);
        tunnel.replied(101, 5_000_000);
        world.pass(Duration.ofSeconds(9));
        Lease silent = World.lease(pool);
        world.pass(Duration.ofSeconds(2));
        assertThat(node.expectedNanos(world.time.nanos())).isEqualTo(2_000_000_000);

        silent.failed(NodeFailure.REPLY_TIMEOUT);
        silent.close();
        assertThat(node.expectedNanos(world.time.nanos())).isBetween(1L, 5_000_000L);
        World.lease(pool).close();
        world.pass(Duration.ofSeconds(9));
        assertThat(node.expectedNanos(world.time.nanos()))
                .as("an attempt without an end in words")
                .isBetween(1L, 5_000_000L);
    }

    @Test
    void bytesAreCounted() {
        PoolNode node = World.node(world.apply(Settings.web(A)), A);
        node.countBytes(10, 3);
        node.countBytes(0, 4);

        assertThat(node.bytesIn()).isEqualTo(10);
        assertThat(node.bytesOut()).isEqualTo(7);
    }

    @Test
    void errorsDoNotCountAsFastAnswers() {
        Pool pool = world.apply(Settings.web(A));
        Lease lease = World.lease(pool);
        lease.replied(200, 40_000_000);
        lease.close();
        for (int i = 0; i < 100; i++) {
            world.pass(Duration.ofMillis(100));
            Lease error = World.lease(pool);
            error.replied(500, 1_000);
            error.close();
        }
        assertThat(World.node(pool, A).responseNanos()).isEqualTo(40_000_000);
    }
}
