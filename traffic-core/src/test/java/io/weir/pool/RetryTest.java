package io.weir.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.pool.NoNode.Reason;

import org.junit.jupiter.api.Test;

import java.time.Duration;

class RetryTest {

    private static final String A = "10.0.0.1:80";
    private static final String B = "10.0.0.2:80";
    private static final String C = "10.0.0.3:80";

    private final World world = new World();

    @Test
    void aRetryGoesToANodeThatWasNotTried() {
        Pool pool = world.apply(Settings.web(A, B, C));
        for (int i = 0; i < 20; i++) {
            Request retry = new Request().failedOn(World.node(pool, A));
            String second = World.serve(pool, retry);
            assertThat(second).isNotEqualTo(A);
        }
        assertThat(World.node(pool, B).retries() + World.node(pool, C).retries()).isEqualTo(20);
        assertThat(World.node(pool, A).retries()).isZero();
    }

    @Test
    void aRequestTriesEveryNodeWhenNoLimitIsSet() {
        Pool pool = world.apply(Settings.web(A, B, C));
        Request request = new Request();
        for (int i = 0; i < 3; i++) {
            request.failedOn(World.lease(pool, request).node());
        }

        NoNode none = World.none(pool, request);

        assertThat(none.reason()).isEqualTo(Reason.ATTEMPTS_EXHAUSTED);
        assertThat(none.text()).contains("pool web");
    }

    @Test
    void maxConnectionAttemptsBoundsTheNodesTried() {
        Pool pool = world.apply(Settings.web(A, B, C).maxConnectionAttempts(2));
        Request request = new Request();
        request.failedOn(World.lease(pool, request).node());
        request.failedOn(World.lease(pool, request).node());

        NoNode none = World.none(pool, request);

        assertThat(none.reason()).isEqualTo(Reason.ATTEMPTS_EXHAUSTED);
        assertThat(none.text()).contains("2 nodes").contains("max-connection-attempts");
    }

    @Test
    void maxTimedOutConnectionAttemptsBoundsTheSlowOnesAmongThem() {
        Pool pool = world.apply(Settings.web(A, B, C).maxTimedOutConnectionAttempts(1));
        PoolNode first = World.node(pool, A);
        assertThat(World.none(pool, new Request().timedOutOn(first)).text())
                .contains("max-timed-out-connection-attempts");
        World.lease(pool, new Request().failedOn(first));
    }

    @Test
    void littleTrafficMayAlwaysBeRetried() {
        Pool pool = world.apply(Settings.web(A).retryBudget(1));
        int allowed = 0;
        while (pool.mayRetry()) {
            allowed++;
        }
        assertThat(allowed).isEqualTo(RetryBudget.FLOOR_PER_SECOND * 10);

        world.pass(Duration.ofSeconds(9));
        assertThat(pool.mayRetry()).isFalse();
        world.pass(Duration.ofSeconds(1));
        assertThat(pool.mayRetry()).isTrue();
    }

    @Test
    void theBudgetIsAPartOfTheRequestsOfTheLastTenSeconds() {
        Pool pool = world.apply(Settings.web(A).retryBudget(20));
        for (int second = 0; second < 30; second++) {
            World.serve(pool, 500);
            world.pass(Duration.ofSeconds(1));
        }
        int allowed = 0;
        while (pool.mayRetry()) {
            allowed++;
        }
        assertThat(allowed).isBetween(890, 1000);
    }

    @Test
    void requestsOfLongAgoBuyNoRetries() {
        Pool pool = world.apply(Settings.web(A).retryBudget(20));
        World.serve(pool, 5000);
        world.pass(Duration.ofSeconds(60));

        int allowed = 0;
        while (pool.mayRetry()) {
            allowed++;
        }
        assertThat(allowed).isEqualTo(100);
    }

    @Test
    void aBudgetOfZeroAllowsNoRetries() {
        assertThat(world.apply(Settings.web(A).retryBudget(0)).mayRetry()).isFalse();
    }

    @Test
    void retriesDoNotBuyRetries() {
        Pool pool = world.apply(Settings.web(A, B).retryBudget(20));
        World.serve(pool, 10);
        Request retry = new Request().failedOn(World.node(pool, A));
        for (int i = 0; i < 5000; i++) {
            World.serve(pool, retry);
        }

        assertThat(pool.requests()).isEqualTo(10);
    }
}
