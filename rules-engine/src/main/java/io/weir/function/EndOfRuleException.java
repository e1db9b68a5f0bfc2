package io.weir.function;

/**
 * Unwinds a rule that is over, or has to wait. A rule that catches it gains nothing: every further
 * call throws it again, and the outcome stands.
 */
public final class EndOfRuleException extends RuntimeException {

    private static final long serialVersionUID = 1;

    EndOfRuleException() {
        super("the rule has ended", null, false, false);
    }
}
