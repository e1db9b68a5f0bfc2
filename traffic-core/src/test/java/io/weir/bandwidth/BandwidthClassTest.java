package io.weir.bandwidth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.weir.config.BandwidthConfig;
import io.weir.config.BandwidthConfig.Sharing;
import io.weir.pool.ManualTime;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** How much is sent in a second, and by whom. */
class BandwidthClassTest {

    private final ManualTime time = new ManualTime();
    private final BandwidthClasses classes = new BandwidthClasses(time, time);

    private BandwidthClass link(int kilobits, Sharing sharing) {
        classes.configure(Map.of("link", new BandwidthConfig("link", kilobits, sharing, null)));
        return Objects.requireNonNull(classes.named("link"));
    }

    /** Somebody who always has more to send. */
    private static final class Download {
        private final Flow flow;
        private long sent;
        private long waiting;

        Download(BandwidthClass link) {
            flow = link.flow(Runnable::run, this::given);
            begin();
        }

        private void begin() {
            for (long now = flow.take(65536); now > 0; now = flow.take(65536)) {
                sent += now;
            }
            waiting = 65536;
        }

        private void given(long bytes) {
            sent += bytes;
            waiting -= bytes;
            if (waiting == 0) {
                begin();
            }
        }
    }

    private static long all(List<Download> downloads) {
        return downloads.stream().mapToLong(d -> d.sent).sum();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 10, 50})
    void downloadsShareTheMaximumEquallyAndWithinOnePercent(int count) {
        BandwidthClass link = link(10_000, Sharing.MACHINE);
        List<Download> downloads = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            downloads.add(new Download(link));
        }
        time.advance(Duration.ofSeconds(1));
        long[] before = downloads.stream().mapToLong(d -> d.sent).toArray();
        long allBefore = all(downloads);
        time.advance(Duration.ofSeconds(5));
        double kilobits = (all(downloads) - allBefore) * 8 / 5000.0;
        assertThat(kilobits).isCloseTo(10_000, within(100.0));
        for (int i = 0; i < count; i++) {
            double part = (downloads.get(i).sent - before[i]) * 8 / 5000.0;
            assertThat(part).isCloseTo(10_000.0 / count, within(10_000.0 / count / 5));
        }
        assertThat(link.bytes()).isEqualTo(all(downloads));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 64, 1_000_000, 20_000_000})
    void slowAndFastClassesAreExactToo(int kilobits) {
        Download download = new Download(link(kilobits, Sharing.MACHINE));
        time.advance(Duration.ofSeconds(10));
        long before = download.sent;
        // Slow ones send whole packets, so that it takes longer to see an average.
        int seconds = kilobits < 100 ? 500 : 5;
        time.advance(Duration.ofSeconds(seconds));
        assertThat((download.sent - before) * 8 / 1000.0 / seconds)
                .isCloseTo(kilobits, within(kilobits * 0.03));
    }

    @Test
    void aSmallAnswerDoesNotWaitForDownloads() {
        BandwidthClass link = link(10_000, Sharing.MACHINE);
        for (int i = 0; i < 50; i++) {
            new Download(link);
        }
        time.advance(Duration.ofSeconds(1));
        long[] got = {0};
        Flow small = link.flow(Runnable::run, bytes -> got[0] += bytes);
        long atOnce = small.take(1000);
        time.advance(Duration.ofMillis(10));
        assertThat(atOnce + got[0]).as("a second round would come after 58 ms").isEqualTo(1000);
    }

    @Test
    void connectionsThatShareWithNobodyHaveTheMaximumEach() {
        BandwidthClass link = link(1000, Sharing.CONNECTION);
        Download one = new Download(link);
        Download other = new Download(link);
        time.advance(Duration.ofSeconds(5));
        assertThat(one.sent).isCloseTo(625_000, within(12_500L));
        assertThat(other.sent).isCloseTo(625_000, within(12_500L));
        assertThat(link.connections()).isEqualTo(2);
    }

    @Test
    void aChangedMaximumHoldsForThoseWhoSend() {
        Download download = new Download(link(1000, Sharing.MACHINE));
        time.advance(Duration.ofSeconds(2));
        link(4000, Sharing.MACHINE);
        long before = download.sent;
        time.advance(Duration.ofSeconds(1));
        assertThat(download.sent - before).isCloseTo(500_000, within(25_000L));
        download.flow.close();
        long end = download.sent;
        time.advance(Duration.ofSeconds(1));
        assertThat(download.sent).isEqualTo(end);
    }
}
