package io.weir.rule;

import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/** What is counted about one rule, whatever configuration it belongs to. Safe for every thread. */
public final class RuleCounts {

    /** Times of runs are counted by these bounds, in nanoseconds, and beyond. */
    public static final List<Long> BOUNDS =
            List.of(10_000L, 100_000L, 1_000_000L, 10_000_000L, 100_000_000L);

    private final LongAdder runs = new LongAdder();
    private final LongAdder aborts = new LongAdder();
    private final LongAdder suspensions = new LongAdder();
    private final LongAdder answers = new LongAdder();
    private final LongAdder discards = new LongAdder();
    private final LongAdder retries = new LongAdder();
    private final LongAdder selects = new LongAdder();
    private final LongAdder warnings = new LongAdder();
    private final LongAdder nanos = new LongAdder();
    private final LongAdder statements = new LongAdder();
    private final LongAdder[] byTime = new LongAdder[BOUNDS.size() + 1];

    public RuleCounts() {
        for (int i = 0; i < byTime.length; i++) {
            byTime[i] = new LongAdder();
        }
    }

    /**
     * One part of a run, from its begin or resumption to its end or suspension, is over.
     *
     * @param executed statements of the rule's own text
     */
    public void ran(RuleOutcome outcome, long nanoseconds, long executed) {
        nanos.add(nanoseconds);
        statements.add(executed);
        int bound = 0;
        while (bound < BOUNDS.size() && nanoseconds > BOUNDS.get(bound)) {
            bound++;
        }
        byTime[bound].increment();
        if (outcome instanceof RuleOutcome.Suspended) {
            suspensions.increment();
            return;
        }
        runs.increment();
        switch (outcome) {
            case RuleOutcome.Failed failed -> aborts.increment();
            case RuleOutcome.Answer answer -> answers.increment();
            case RuleOutcome.Discard discard -> discards.increment();
            case RuleOutcome.Retry retry -> retries.increment();
            case RuleOutcome.Close close -> answers.increment();
            default -> {}
        }
    }

    /** A pool was chosen. */
    public void selected() {
        selects.increment();
    }

    /** A run took longer than it should. */
    public void warned() {
        warnings.increment();
    }

    public long runs() {
        return runs.sum();
    }

    public long aborts() {
        return aborts.sum();
    }

    public long suspensions() {
        return suspensions.sum();
    }

    public long answers() {
        return answers.sum();
    }

    public long discards() {
        return discards.sum();
    }

    public long retries() {
        return retries.sum();
    }

    public long selects() {
        return selects.sum();
    }

    public long warnings() {
        return warnings.sum();
    }

    /** Time in all runs together. */
    public long nanos() {
        return nanos.sum();
    }

    /** Statements of the rule's own text, executed in all runs together. */
    public long statements() {
        return statements.sum();
    }

    /** Runs that took at most the bound at {@code index}; behind the last bound all longer ones. */
    public long byTime(int index) {
        return byTime[index].sum();
    }
}
