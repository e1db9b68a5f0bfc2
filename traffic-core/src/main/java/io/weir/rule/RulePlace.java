package io.weir.rule;

/**
 * A kind of list that a rule stands in.
 *
 * @param http whether the service is HTTP, rather than one whose protocol is not known
 * @param state which of its lists
 */
public record RulePlace(boolean http, RuleState state) {}
