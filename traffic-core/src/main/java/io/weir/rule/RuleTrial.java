package io.weir.rule;

import io.weir.config.RuleConfig;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * Runs rules on exchanges that are only described, to try them: no traffic is touched, no server is
 * asked, and no wait takes time. Called on threads that may wait. Safe for every thread.
 */
public interface RuleTrial {

    /**
     * Runs a rule once.
     *
     * @param exchange JSON that describes the exchange; {@code {}} for {@code GET /}; see
     *     docs/rules.md
     * @return JSON that says what the rule decided, what became of the messages, what it logged,
     *     and every call with its result
     * @throws RulesRefusedException when the rule is no sound program
     * @throws IllegalArgumentException when {@code exchange} describes none
     */
    String run(RuleConfig rule, String exchange) throws RulesRefusedException;

    /**
     * Makes a rule ready to run many times on one exchange, without a trace.
     *
     * @param exchange as for {@link #run}
     * @throws RulesRefusedException when the rule is no sound program
     * @throws IllegalArgumentException when {@code exchange} describes none
     */
    Rehearsal rehearse(RuleConfig rule, String exchange) throws RulesRefusedException;

    /**
     * Runs the tests that are written for a rule.
     *
     * @param tests a program that calls {@code test(name, function)}
     * @throws RulesRefusedException when one of them is no sound program
     */
    List<Result> test(RuleConfig rule, RuleConfig tests) throws RulesRefusedException;

    /**
     * One test.
     *
     * @param failure what was wrong; null when nothing was
     */
    record Result(String name, @Nullable String failure) {}
}
