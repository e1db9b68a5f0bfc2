package io.weir.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.config.BreakerConfig;

import org.junit.jupiter.api.Test;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;

class CircuitBreakerTest {

    private static final BreakerConfig QUICK =
            new BreakerConfig(
                    true,
                    Duration.ofSeconds(10),
                    4,
                    50,
                    Duration.ofMinutes(1),
                    Duration.ofMinutes(1),
                    1);

    private final World world = new World();

    @Test
    void whatIsAnsweredElsewhereSaysNothingAboutThePool() {
        Pool pool = world.apply(Settings.web("10.0.0.1:80").breaker(QUICK));
        PoolNode other =
                pool.outsider(new InetSocketAddress(InetAddress.ofLiteral("192.0.2.9"), 80));
        for (int i = 0; i < 10; i++) {
            Lease lease = (Lease) pool.choose(other, new Request());
            if (i % 2 == 0) {
                lease.failed(NodeFailure.REFUSED);
            } else {
                lease.replied(500, 1000);
            }
            lease.close();
        }

        assertThat(pool.breaker()).isEqualTo(BreakerStatus.CLOSED);
        assertThat(World.serve(pool)).isEqualTo("10.0.0.1:80");
    }

    @Test
    void askingWhetherTheBreakerRefusesLetsNobodyThrough() {
        Pool pool = world.apply(Settings.web("10.0.0.1:80").breaker(QUICK));
        assertThat(pool.breakerRefuses(world.time.nanos())).isFalse();
        for (int i = 0; i < 4; i++) {
            World.fail(pool, "10.0.0.1:80", NodeFailure.RESET);
        }
        assertThat(pool.breakerRefuses(world.time.nanos())).isTrue();
        world.pass(Duration.ofMinutes(1));
        for (int i = 0; i < 3; i++) {
            assertThat(pool.breakerRefuses(world.time.nanos())).isFalse();
        }

        Lease probe = World.lease(pool);
        assertThat(pool.breakerRefuses(world.time.nanos())).isTrue();
        assertThat(World.none(pool).reason()).isEqualTo(NoNode.Reason.BREAKER_OPEN);
        probe.replied(200, 1000);
        assertThat(pool.breakerRefuses(world.time.nanos())).isFalse();
    }
}
