package io.weir.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.config.VirtualServerConfig;
import io.weir.config.load.ConfigLoader;
import io.weir.config.load.Environment;

import org.junit.jupiter.api.Test;

import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;

/** How slowly a client may take what it was sent; times are those of the default limits. */
class ClientPaceTest {

    private static final long SECOND = ClientPace.LOOK_NANOS;
    private static final int RATE = 240;

    private VirtualServerConfig config = config("{}");
    private final ClientPace pace = new ClientPace();
    private long now = 7 * SECOND;
    private long taken;

    ClientPaceTest() {
        pace.begin(now);
    }

    private static VirtualServerConfig config(String limits) {
        Path name = Path.of("weir.yaml");
        String text =
                """
                virtual-servers:
                  web: {listen: ":8080", pool: ["10.0.0.1:80"], limits: %s}
                """
                        .formatted(limits);
        return Objects.requireNonNull(
                Objects.requireNonNull(
                                ConfigLoader.parse(text, name, Environment.of(Map.of(), name))
                                        .config())
                        .virtualServers()
                        .get("web"));
    }

    /** A second later the client has taken {@code more}, and {@code waiting} bytes are left. */
    private boolean stuck(long more, long waiting) {
        now += SECOND;
        taken += more;
        return pace.stuck(config, now, new Delivery(taken, waiting));
    }

    /** Seconds until a client is stuck that takes {@code each} in every one; 1000 for never. */
    private int patience(long each) {
        for (int i = 0; i < 1000; i++) {
            if (stuck(each, 100_000)) {
                return i;
            }
        }
        return 1000;
    }

    @Test
    void whoTakesNothingIsStuckAfterTheGraceTime() {
        assertThat(patience(0)).isBetween(19, 21);
    }

    @Test
    void whoTakesLessThanTheRateIsStuckSoonAfterTheGraceTime() {
        assertThat(patience(RATE / 10)).isBetween(20, 24);
    }

    @Test
    void whoTakesNearlyTheRateIsStuckInTheEnd() {
        assertThat(patience(RATE - 40)).isBetween(100, 160);
    }

    @Test
    void whoTakesTheRateIsNeverStuck() {
        assertThat(patience(RATE)).isEqualTo(1000);
    }

    @Test
    void aQuickBeginningBuysNoMoreThanTheGraceTimeOnceMore() {
        for (int i = 0; i < 5; i++) {
            assertThat(stuck(50_000, 10_000_000)).isFalse();
        }
        assertThat(patience(1)).isBetween(38, 42);
    }

    @Test
    void anAnswerInDropsIsOwedToNobodyWhoIsFarOff() {
        stuck(0, 10);
        for (int i = 0; i < 200; i++) {
            assertThat(stuck(10, 10)).as("something is always on its way").isFalse();
        }
    }

    @Test
    void whatBandwidthHoldsBackIsNotTheClientsFault() {
        for (int i = 0; i < 100; i++) {
            assertThat(stuck(0, 0)).isFalse();
        }
        assertThat(stuck(0, 5000)).isFalse();
        assertThat(patience(0)).isGreaterThan(15);
    }

    @Test
    void timeInWhichTheEventLoopStoodStillDoesNotCount() {
        stuck(0, 100_000);
        stuck(0, 100_000);
        now += 500 * SECOND;
        assertThat(stuck(0, 100_000)).isFalse();
    }

    @Test
    void aLateLookIsNotHeldAgainstAClientThatWasFastEnough() {
        config = config("{body-grace: 100ms}");
        assertThat(patience(RATE + 10)).isEqualTo(1000);
        assertThat(patience(RATE - 10)).isLessThan(10);
    }
}
