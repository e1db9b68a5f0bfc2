package io.weir.runtime;

import io.weir.metrics.MetricSink;
import io.weir.metrics.MetricSource;
import io.weir.metrics.RuleFamilies;
import io.weir.rule.RuleCounts;
import io.weir.rule.RuleFigures;

import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** The figures of rules, read when the metrics page is written. */
public final class RuleMetrics implements MetricSource {

    private static final List<String> TIMES =
            List.of("10us", "100us", "1ms", "10ms", "100ms", "more");

    private final Supplier<Map<String, RuleCounts>> rules;
    private final Supplier<RuleFigures> figures;

    /**
     * @param rules what is counted about each rule, by name
     * @param figures what the functions of all rules have come to
     */
    public RuleMetrics(Supplier<Map<String, RuleCounts>> rules, Supplier<RuleFigures> figures) {
        this.rules = rules;
        this.figures = figures;
    }

    @Override
    public void collect(MetricSink sink) {
        rules.get().forEach((name, counts) -> collect(name, counts, sink));
        RuleFigures all = figures.get();
        all.counters().forEach((name, count) -> sink.sample(RuleFamilies.COUNTER, count, name));
        sink.sample(RuleFamilies.DATA_ENTRIES, all.dataEntries());
        sink.sample(RuleFamilies.DATA_BYTES, all.dataBytes());
    }

    private static void collect(String rule, RuleCounts counts, MetricSink sink) {
        long aborted = counts.aborts();
        long answered = counts.answers();
        long discarded = counts.discards();
        long retried = counts.retries();
        long ended = aborted + answered + discarded + retried;
        long rest = Math.max(0, counts.runs() - ended);
        sink.sample(RuleFamilies.RUNS, rest, rule, "passed");
        sink.sample(RuleFamilies.RUNS, answered, rule, "answered");
        sink.sample(RuleFamilies.RUNS, discarded, rule, "discarded");
        sink.sample(RuleFamilies.RUNS, retried, rule, "retried");
        sink.sample(RuleFamilies.RUNS, aborted, rule, "aborted");
        sink.sample(RuleFamilies.WAITS, counts.suspensions(), rule);
        sink.sample(RuleFamilies.SELECTS, counts.selects(), rule);
        sink.sample(RuleFamilies.WARNINGS, counts.warnings(), rule);
        sink.sample(RuleFamilies.SECONDS, counts.nanos() / 1e9, rule);
        sink.sample(RuleFamilies.STATEMENTS, counts.statements(), rule);
        for (int i = 0; i < TIMES.size(); i++) {
            sink.sample(RuleFamilies.TIME, counts.byTime(i), rule, TIMES.get(i));
        }
    }
}
