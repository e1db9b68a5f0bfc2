package io.weir.rule;

/**
 * A rule that is ready to run on every event loop. What one run leaves behind another one cannot
 * see, unless it was put into a store on purpose.
 */
public interface Rule {

    String name();

    /**
     * Runs on the event loop of {@code side} and never blocks it. A rule that has to wait says
     * {@link RuleOutcome.Suspended} and tells the outcome later by {@link RuleSide#resume}, on the
     * same event loop.
     */
    RuleOutcome run(RuleSide side);
}
