package io.weir.soap.operations;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.history.Chart;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

class PeakStatsTest {

    @Test
    void theHighestIsThatOfAllVirtualServersAtOneMoment() {
        Chart chart =
                new Chart(
                        Instant.EPOCH,
                        Instant.EPOCH.plusSeconds(30),
                        Duration.ofSeconds(10),
                        List.of(
                                new Chart.Line("a", List.of(Double.NaN, 3.0, 9.0)),
                                new Chart.Line("b", List.of(7.0, 8.0, Double.NaN))));

        assertThat(PeakStats.highest(chart)).isEqualTo(11.0);
    }
}
