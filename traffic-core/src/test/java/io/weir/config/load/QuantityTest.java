package io.weir.config.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;

class QuantityTest {

    @Test
    void aTimeHasAUnitOrMeansSeconds() throws Malformed {
        assertThat(Quantity.time("500ms")).isEqualTo(Duration.ofMillis(500));
        assertThat(Quantity.time("10s")).isEqualTo(Duration.ofSeconds(10));
        assertThat(Quantity.time("10")).isEqualTo(Duration.ofSeconds(10));
        assertThat(Quantity.time("5m")).isEqualTo(Duration.ofMinutes(5));
        assertThat(Quantity.time("1h")).isEqualTo(Duration.ofHours(1));
        assertThat(Quantity.time("2d")).isEqualTo(Duration.ofDays(2));
        assertThat(Quantity.time("0")).isEqualTo(Duration.ZERO);
    }

    @Test
    void aTimeMayHaveThreeDecimals() throws Malformed {
        assertThat(Quantity.time("1.5s")).isEqualTo(Duration.ofMillis(1500));
        assertThat(Quantity.time("0.25")).isEqualTo(Duration.ofMillis(250));
        assertThat(Quantity.time("0.001ms")).isEqualTo(Duration.ofNanos(1000));
        assertThat(Quantity.time("1.005h")).isEqualTo(Duration.ofSeconds(3618));
    }

    @Test
    void whatIsNoTimeIsRefused() {
        for (String text :
                List.of(
                        "",
                        "s",
                        "10 s",
                        "-1s",
                        "+1s",
                        "1e3",
                        "1.s",
                        ".5s",
                        "1.2345s",
                        "10S",
                        "1h30m",
                        "1234567890s",
                        "١s",
                        "0x10",
                        "10\n",
                        "1.5.1s")) {
            assertThatExceptionOfType(Malformed.class)
                    .as(text)
                    .isThrownBy(() -> Quantity.time(text))
                    .satisfies(e -> assertThat(e.code()).isEqualTo(ProblemCode.BAD_TIME));
        }
    }

    @Test
    void aTimeBeyondTenYearsIsRefused() throws Malformed {
        assertThat(Quantity.time("3650d")).isEqualTo(Quantity.LONGEST);
        for (String text : List.of("3650.001d", "999999999d", "999999999.999h", "315360001s")) {
            assertThatExceptionOfType(Malformed.class)
                    .isThrownBy(() -> Quantity.time(text))
                    .satisfies(e -> assertThat(e.code()).isEqualTo(ProblemCode.OUT_OF_RANGE));
        }
    }

    @Test
    void otherWaysToWriteAUnitAreUnderstoodAsHints() {
        assertThat(hintForTime("10sec")).isEqualTo("10s");
        assertThat(hintForTime("10 s")).isEqualTo("10s");
        assertThat(hintForTime("5 Minutes")).isEqualTo("5m");
        assertThat(hintForTime("1hr")).isEqualTo("1h");
        assertThat(hintForTime("ten")).isNull();
        assertThat(hintForSize("64k")).isEqualTo("64KiB");
        assertThat(hintForSize("10mb")).isEqualTo("10MB");
        assertThat(hintForSize("1 GiB")).isEqualTo("1GiB");
        assertThat(hintForSize("much")).isNull();
    }

    @Test
    void aSizeCountsThousandsOr1024s() throws Malformed {
        assertThat(Quantity.size("4096")).isEqualTo(4096);
        assertThat(Quantity.size("4096B")).isEqualTo(4096);
        assertThat(Quantity.size("1kB")).isEqualTo(1000);
        assertThat(Quantity.size("1KB")).isEqualTo(1000);
        assertThat(Quantity.size("10MB")).isEqualTo(10_000_000);
        assertThat(Quantity.size("64KiB")).isEqualTo(65536);
        assertThat(Quantity.size("1MiB")).isEqualTo(1 << 20);
        assertThat(Quantity.size("2GiB")).isEqualTo(2L << 30);
    }

    @Test
    void whatIsNoSizeIsRefused() {
        for (String text : List.of("", "B", "-1", "1.5MiB", "64k", "1 KiB", "1TiB", "0x10")) {
            assertThatExceptionOfType(Malformed.class)
                    .as(text)
                    .isThrownBy(() -> Quantity.size(text));
        }
        assertThatExceptionOfType(Malformed.class)
                .isThrownBy(() -> Quantity.size("999999999999999GiB"))
                .satisfies(e -> assertThat(e.code()).isEqualTo(ProblemCode.OUT_OF_RANGE));
    }

    @Test
    void whatIsWrittenIsReadBack() throws Malformed {
        for (long nanos : new long[] {0, 1000, 1_500_000, 999_000_000, 90_000_000_000L}) {
            Duration time = Duration.ofNanos(nanos);
            assertThat(Quantity.time(Quantity.written(time))).isEqualTo(time);
        }
        for (String text : List.of("0s", "90s", "5m", "36h", "2d", "1500ms", "0.001ms", "1.5ms")) {
            assertThat(Quantity.written(Quantity.time(text))).isEqualTo(text);
        }
        for (String text : List.of("0", "240", "64KiB", "3MiB", "2GiB", "1025")) {
            assertThat(Quantity.written(Quantity.size(text))).isEqualTo(text);
        }
    }

    private static @Nullable String hintForTime(String text) {
        return hint(() -> Quantity.time(text));
    }

    private static @Nullable String hintForSize(String text) {
        return hint(() -> Quantity.size(text));
    }

    private interface Attempt {
        Object run() throws Malformed;
    }

    private static @Nullable String hint(Attempt attempt) {
        try {
            throw new AssertionError(attempt.run() + " was not refused");
        } catch (Malformed e) {
            return e.suggestion();
        }
    }
}
