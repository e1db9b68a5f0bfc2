package io.weir.rule;

/**
 * A rule and a described exchange that it can run on again and again, at the speed of traffic and
 * away from it: see {@link RuleTrial#rehearse}. Confined to one thread.
 */
public interface Rehearsal extends AutoCloseable {

    /** Runs the rule once more, on the messages as its last run has left them. */
    RuleOutcome run();

    /** Makes the request what it was described as, if it is one of HTTP. */
    void renew();

    @Override
    void close();
}
