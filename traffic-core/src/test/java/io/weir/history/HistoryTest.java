package io.weir.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.weir.metrics.MetricFamily;
import io.weir.metrics.MetricSink;
import io.weir.testkit.ManualTicker;
import io.weir.testkit.MemoryTempDir;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

class HistoryTest {

    private static final MetricFamily LOAD =
            MetricFamily.gauge("test_load_bytes", "What is carried.", "side");
    private static final MetricFamily ASKED =
            MetricFamily.counter("test_asked_total", "What was asked.");
    private static final MetricFamily LATE =
            MetricFamily.gauge("test_late_seconds", "How late.", "quantile");
    private static final String LEFT = "test_load_bytes{side=\"left\"}";
    private static final String WORST = "test_late_seconds{quantile=\"0.99\"}";

    @TempDir(factory = MemoryTempDir.class)
    Path directory;

    private final ManualTicker ticker = new ManualTicker(Instant.parse("2026-03-01T12:00:00Z"));
    private final Map<String, Double> loads = new LinkedHashMap<>();
    private final List<@Nullable String> troubles = new ArrayList<>();
    private double asked;
    private double late;
    private @Nullable History open;

    private void collect(MetricSink sink) {
        loads.forEach((side, load) -> sink.sample(LOAD, load, side));
        sink.sample(ASKED, asked);
        sink.sample(LATE, late, "0.99");
    }

    private History open(long size) throws IOException {
        History before = open;
        if (before != null) {
            before.close();
        }
        History history = History.open(directory, size, this::collect, ticker, troubles::add);
        open = history;
        return history;
    }

    private History open() throws IOException {
        return open(2 << 20);
    }

    @Test
    void figuresOfThisMomentAreReadAnewAfterHalfASecondAndCountersAreAsTheyStand()
            throws Exception {
        History history = open();
        loads.put("left", 7.0);
        asked = 1000;
        List<String> ids = List.of(LEFT, ASKED.name(), "no such series");
        Instant first = ticker.now();
        assertThat(history.now(ids))
                .isEqualTo(new History.Present(first, Map.of(LEFT, 7.0, ASKED.name(), 1000.0)));
        asked = 1250;
        ticker.advance(Duration.ofMillis(499));
        assertThat(history.now(ids).time()).isEqualTo(first);
        ticker.advance(Duration.ofMillis(1));
        loads.clear();
        assertThat(history.now(ids).values()).isEqualTo(Map.of(ASKED.name(), 1250.0));
    }

    @AfterEach
    void close() throws IOException {
        History last = open;
        if (last != null) {
            last.close();
        }
    }

    /** Samples for so long, every ten seconds. */
    private void sample(History history, Duration time) {
        for (long i = 0; i < time.toSeconds() / 10; i++) {
            ticker.advance(Duration.ofSeconds(10));
            history.sample();
        }
    }

    private List<Double> values(History history, String id, Duration back, int points)
            throws IOException {
        Chart chart = history.read(List.of(id), ticker.now().minus(back), null, points);
        return chart.lines().getFirst().values();
    }

    private static double lastOf(List<Double> values) {
        return values.stream().filter(v -> !v.isNaN()).reduce(Double.NaN, (a, b) -> b);
    }

    @Test
    void gaugesAreKeptAsTheyAreAndCountersAsRates() throws IOException {
        History history = open();
        for (int i = 1; i <= 6; i++) {
            loads.put("left", (double) i);
            asked += 50;
            sample(history, Duration.ofSeconds(10));
        }
        assertThat(values(history, LEFT, Duration.ofSeconds(50), 100))
                .containsExactly(1.0, 2.0, 3.0, 4.0, 5.0);
        assertThat(values(history, "test_asked_total", Duration.ofSeconds(50), 100))
                .containsExactly(Double.NaN, 5.0, 5.0, 5.0, 5.0);
        Series rate = history.series().get(1);
        assertThat(rate.kind()).isEqualTo(Series.Kind.COUNTER);
        assertThat(rate.unit()).isEqualTo("/s");
        assertThat(history.series().getFirst().unit()).isEqualTo("bytes");
        assertThat(history.series().getFirst().labels()).containsExactly(Map.entry("side", "left"));
    }

    @Test
    void aCountThatBeginsAnewMakesNoNegativeRate() throws IOException {
        History history = open();
        asked = 1000;
        sample(history, Duration.ofSeconds(20));
        asked = 10;
        sample(history, Duration.ofSeconds(10));
        asked = 40;
        sample(history, Duration.ofSeconds(10));
        assertThat(values(history, "test_asked_total", Duration.ofSeconds(40), 100))
                .containsExactly(Double.NaN, Double.NaN, 0.0, Double.NaN);
        ticker.advance(Duration.ofSeconds(10));
        assertThat(lastOf(values(history, "test_asked_total", Duration.ofSeconds(40), 100)))
                .isEqualTo(3.0);
    }

    @Test
    void theFurtherBackTheCoarserAndNothingIsLostOnTheWay() throws IOException {
        History history = open();
        loads.put("left", 7.0);
        sample(history, Duration.ofHours(3));
        late = 3;
        sample(history, Duration.ofSeconds(10));
        late = 0;
        sample(history, Duration.ofHours(3));
        // Three hours ago only minutes are kept: the average of gauges, the worst of quantiles.
        Chart minutes =
                history.read(
                        List.of(LEFT, WORST),
                        ticker.now().minus(Duration.ofHours(5)),
                        null,
                        10_000);
        assertThat(minutes.step()).isEqualTo(Duration.ofMinutes(1));
        assertThat(minutes.lines().get(0).values().stream().filter(v -> v == 7.0).count())
                .isGreaterThan(295);
        assertThat(minutes.lines().get(1).values().stream().filter(v -> v == 3.0).count())
                .isEqualTo(1);
        ticker.advance(Duration.ofDays(3));
        history.sample();
        Chart later =
                history.read(List.of(WORST), ticker.now().minus(Duration.ofDays(4)), null, 10_000);
        assertThat(later.step()).isEqualTo(Duration.ofMinutes(10));
        assertThat(later.lines().getFirst().values()).contains(3.0);
        ticker.advance(Duration.ofDays(30));
        Chart months =
                history.read(List.of(WORST), ticker.now().minus(Duration.ofDays(90)), null, 100);
        assertThat(months.lines().getFirst().values()).hasSizeBetween(80, 101).contains(3.0);
        ticker.advance(Duration.ofDays(60));
        Chart gone =
                history.read(List.of(WORST), ticker.now().minus(Duration.ofDays(90)), null, 100);
        assertThat(gone.lines().getFirst().values()).doesNotContain(3.0);
    }

    @Test
    void whatWasWrittenIsThereAfterARestartAndCoarseRowsAreMadeUpFor() throws IOException {
        History history = open();
        loads.put("left", 4.0);
        sample(history, Duration.ofMinutes(30));
        // As after a crash in the middle: a coarse file is gone.
        Files.delete(directory.resolve("every-600s"));
        history = open();
        ticker.advance(Duration.ofMinutes(10));
        history.sample();
        ticker.advance(Duration.ofDays(5));
        Chart chart =
                history.read(List.of(LEFT), ticker.now().minus(Duration.ofDays(6)), null, 10_000);
        assertThat(chart.lines().getFirst().values().stream().filter(v -> v == 4.0).count())
                .isBetween(2L, 4L);
        assertThat(history.series()).extracting(Series::id).contains(LEFT);
    }

    @Test
    void aRowThatIsHalfWrittenCountsAsNotThere() throws IOException {
        History history = open();
        loads.put("left", 4.0);
        sample(history, Duration.ofSeconds(50));
        history.close();
        Path file = directory.resolve("every-10s");
        int width = RingFile.ROW_HEADER + History.columns(2 << 20) * Float.BYTES;
        long slot = Math.floorMod(ticker.now().getEpochSecond() / 10 - 2, 720L);
        try (RandomAccessFile raw = new RandomAccessFile(file.toFile(), "rw")) {
            raw.seek(64 + slot * width + RingFile.ROW_HEADER);
            raw.writeFloat(999);
        }
        open = null;
        history = open();
        ticker.advance(Duration.ofSeconds(10));
        assertThat(values(history, LEFT, Duration.ofSeconds(50), 100))
                .containsExactly(4.0, 4.0, Double.NaN, 4.0, 4.0);
    }

    @Test
    void theFilesNeverGrowBeyondTheirSizeAndWhatIsTooMuchIsTold() throws IOException {
        long size = 2 << 20;
        History history = open(size);
        int room = History.columns(size);
        for (int i = 0; i < room + 5; i++) {
            loads.put("side " + i, 1.0);
        }
        sample(history, Duration.ofHours(2).plusMinutes(10));
        assertThat(history.series()).hasSize(room);
        assertThat(troubles.getLast()).startsWith("7 figures have no history: there is room for ");
        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files.mapToLong(f -> f.toFile().length()).sum()).isLessThanOrEqualTo(size);
        }
        loads.clear();
        loads.put("side 0", 1.0);
        sample(history, Duration.ofSeconds(10));
        assertThat(troubles.getLast()).startsWith("2 figures");
    }

    @Test
    void aSeriesThatIsLongOverGivesItsPlaceAndNotItsValuesToANewOne() throws IOException {
        long size = 1 << 20;
        History history = open(size);
        int room = History.columns(size);
        for (int i = 0; i < room; i++) {
            loads.put("side " + i, 9.0);
        }
        sample(history, Duration.ofMinutes(5));
        loads.remove("side 0");
        loads.put("new", 1.0);
        sample(history, Duration.ofSeconds(10));
        assertThat(history.unknown(List.of("test_load_bytes{side=\"new\"}"))).hasSize(1);
        ticker.advance(Duration.ofDays(91));
        sample(history, Duration.ofMinutes(2));
        assertThat(values(history, "test_load_bytes{side=\"new\"}", Duration.ofMinutes(2), 100))
                .contains(1.0)
                .doesNotContain(9.0);
        assertThat(history.unknown(List.of("test_load_bytes{side=\"side 0\"}"))).hasSize(1);
        history = open(size);
        assertThat(history.unknown(List.of("test_load_bytes{side=\"new\"}"))).isEmpty();
    }

    @Test
    void labelsOfAnyTextComeBackAsTheyWere() throws IOException {
        String odd = "a\tb\\n\"c\"\nd é";
        loads.put(odd, 2.0);
        History history = open();
        sample(history, Duration.ofSeconds(20));
        Series before = history.series().getFirst();
        assertThat(before.labels()).containsEntry("side", odd);
        history = open();
        assertThat(history.series().getFirst()).isEqualTo(before);
        ticker.advance(Duration.ofSeconds(10));
        assertThat(lastOf(values(history, before.id(), Duration.ofMinutes(1), 10)))
                .isCloseTo(2.0, within(0.001));
    }

    @Test
    void aDamagedCatalogMeansAnEmptyHistoryRatherThanValuesUnderWrongNames() throws IOException {
        History history = open();
        loads.put("left", 4.0);
        sample(history, Duration.ofMinutes(1));
        history.close();
        open = null;
        Path catalog = directory.resolve("series");
        Files.writeString(catalog, Files.readString(catalog).replace("left", "lost"));
        history = open();
        assertThat(history.series()).isEmpty();
        loads.put("left", 5.0);
        sample(history, Duration.ofSeconds(20));
        ticker.advance(Duration.ofSeconds(10));
        assertThat(values(history, LEFT, Duration.ofMinutes(2), 100))
                .contains(5.0)
                .doesNotContain(4.0);
    }
}
