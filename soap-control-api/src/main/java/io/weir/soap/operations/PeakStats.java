package io.weir.soap.operations;

import io.weir.control.RefusedException;
import io.weir.control.Traffic;
import io.weir.history.Chart;
import io.weir.history.Series;
import io.weir.soap.call.Call;
import io.weir.soap.call.Handlers;
import io.weir.soap.call.SoapProblem;
import io.weir.soap.table.Backing;

import java.time.Duration;
import java.util.List;

/**
 * The highest figures of the last hour, out of the history of figures: what the table maps to
 * {@code peak}. They are averages of ten seconds, summed over all virtual servers; 0 without a
 * history.
 */
final class PeakStats {

    private static final Duration SPAN = Duration.ofHours(1);

    /** As finely as the last hour is kept. */
    private static final int POINTS = 360;

    private PeakStats() {}

    static void register(Handlers handlers) {
        handlers.general((api, operation, backing) -> call -> peak(call, backing), "peak");
    }

    private static Object peak(Call call, Backing.Mapped backing) throws SoapProblem {
        Traffic traffic = call.services().control().traffic();
        List<String> labels = backing.words().subList(1, backing.words().size());
        List<String> ids =
                traffic.series().stream()
                        .filter(series -> series.name().equals(backing.word(0)))
                        .filter(series -> fits(series, labels))
                        .map(Series::id)
                        .toList();
        if (ids.isEmpty()) {
            return 0L;
        }
        try {
            Chart chart =
                    traffic.chart(ids, call.services().ticker().now().minus(SPAN), null, POINTS);
            return Math.round(highest(chart));
        } catch (RefusedException e) {
            throw call.refused(e);
        }
    }

    private static boolean fits(Series series, List<String> labels) {
        return labels.stream()
                .allMatch(
                        label -> {
                            int equals = label.indexOf('=');
                            return label.substring(equals + 1)
                                    .equals(series.labels().get(label.substring(0, equals)));
                        });
    }

    /** The highest sum of a step. */
    static double highest(Chart chart) {
        double highest = 0;
        int steps = chart.lines().stream().mapToInt(line -> line.values().size()).min().orElse(0);
        for (int i = 0; i < steps; i++) {
            double sum = 0;
            for (Chart.Line line : chart.lines()) {
                double value = line.values().get(i);
                sum += Double.isNaN(value) ? 0 : value;
            }
            highest = Math.max(highest, sum);
        }
        return highest;
    }
}
