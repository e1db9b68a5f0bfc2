package io.weir.rule;

/** Where in the life of an exchange a rule runs. */
public enum RuleState {
    REQUEST,
    RESPONSE,
    COMPLETION
}
