package io.weir.function;

/** A function cannot do what a rule asks for; the rule may catch it. */
public final class RuleErrorException extends RuntimeException {

    private static final long serialVersionUID = 1;

    public RuleErrorException(String text) {
        super(text);
    }
}
