package io.weir.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.config.OutlierConfig;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** Nodes that answer worse than they should are left out for a while. */
class OutliersTest {

    private static final String A = "10.0.0.1:80";
    private static final String B = "10.0.0.2:80";
    private static final String C = "10.0.0.3:80";
    private static final Duration INTERVAL = Duration.ofSeconds(10);

    private final World world = new World();

    private static OutlierConfig on() {
        return new OutlierConfig(
                true,
                INTERVAL,
                10,
                50,
                3,
                Duration.ofMillis(100),
                50,
                Duration.ofSeconds(30),
                Duration.ofMinutes(2));
    }

    /** One exchange; {@code bad} answers with {@code status} after {@code nanos}. */
    private static String serve(Pool pool, String bad, int status, long nanos) {
        Lease lease = World.lease(pool);
        boolean isBad = lease.node().address().equals(Settings.address(bad));
        lease.replied(isBad ? status : 200, isBad ? nanos : 5_000_000);
        lease.close();
        return lease.node().address().toString();
    }

    private static Map<String, Integer> rounds(
            Pool pool, int count, String bad, int status, long nanos) {
        Map<String, Integer> counts = new LinkedHashMap<>();
        for (int i = 0; i < count; i++) {
            counts.merge(serve(pool, bad, status, nanos), 1, Integer::sum);
        }
        return counts;
    }

    @Test
    void aNodeThatAnswersWithErrorsIsLeftOutAndComesBackAfterATrial() {
        Pool pool = world.apply(Settings.web(A, B, C).outliers(on()));
        rounds(pool, 60, A, 500, 1000);
        assertThat(World.node(pool, A).status().health().usable()).isTrue();
        world.time.advance(INTERVAL);
        assertThat(World.node(pool, A).status().health())
                .isInstanceOfSatisfying(
                        Health.Down.class,
                        down ->
                                assertThat(down.cause())
                                        .startsWith("20 of 20 requests failed within 10.0 s"));
        assertThat(world.events.take()).containsExactly("nodefail " + A);
        assertThat(rounds(pool, 30, A, 500, 1000)).containsOnlyKeys(B, C);
        PoolView.Entry entry = pool.view().entries().getFirst();
        assertThat(entry.ejected()).isTrue();
        assertThat(pool.view().standing(entry))
                .startsWith("is ejected (20 of 20 requests failed within 10.0 s, so it is left");

        world.time.advance(Duration.ofSeconds(30));
        assertThat(rounds(pool, 30, A, 500, 1000)).as("one trial, which fails").containsEntry(A, 1);
        world.time.advance(Duration.ofSeconds(59));
        assertThat(rounds(pool, 30, A, 200, 1000)).as("twice as long").doesNotContainKey(A);
        world.time.advance(Duration.ofSeconds(2));
        assertThat(rounds(pool, 1, A, 200, 1000)).as("a trial that passes").containsOnlyKeys(A);
        assertThat(World.node(pool, A).status().health().usable()).isTrue();
        assertThat(pool.view().entries().getFirst().ejected()).isFalse();
        assertThat(world.events.take()).containsExactly("nodeworking " + A);
    }

    @Test
    void aNodeThatIsMuchSlowerThanTheOthersIsLeftOut() {
        Pool pool = world.apply(Settings.web(A, B, C).outliers(on()));
        rounds(pool, 60, B, 200, 400_000_000);
        world.time.advance(INTERVAL);
        assertThat(World.node(pool, B).status().health())
                .isInstanceOfSatisfying(
                        Health.Down.class,
                        down -> assertThat(down.cause()).contains("of the other nodes 5 ms"));
        assertThat(rounds(pool, 30, B, 200, 1000)).containsOnlyKeys(A, C);
    }

    @Test
    void noMoreThanTheShareOfNodesIsLeftOut() {
        Pool pool = world.apply(Settings.web(A, B).outliers(on()));
        for (int i = 0; i < 60; i++) {
            Lease lease = World.lease(pool);
            lease.replied(500, 1000);
            lease.close();
        }
        world.time.advance(INTERVAL);
        assertThat(world.events.take()).hasSize(1);
        assertThat(pool.view().alive()).isTrue();
        Pool single = world.apply(Settings.web(C).outliers(on()));
        for (int i = 0; i < 60; i++) {
            Lease lease = World.lease(single);
            lease.replied(500, 1000);
            lease.close();
        }
        world.time.advance(INTERVAL);
        assertThat(single.view().alive()).as("the only node").isTrue();
    }

    @Test
    void fewRequestsSayNothingAndSwitchedOffNobodyIsJudged() {
        Pool pool = world.apply(Settings.web(A, B, C).outliers(on()));
        rounds(pool, 27, A, 500, 1000);
        world.time.advance(INTERVAL);
        assertThat(World.node(pool, A).status().health().usable()).isTrue();
        rounds(pool, 60, A, 500, 1000);
        world.time.advance(INTERVAL);
        assertThat(World.node(pool, A).status().health().usable()).isFalse();
        world.apply(Settings.web(A, B, C));
        assertThat(World.node(pool, A).status().health().usable()).isTrue();
        rounds(pool, 60, A, 500, 1000);
        world.time.advance(INTERVAL);
        assertThat(World.node(pool, A).status().health().usable()).isTrue();
    }
}
