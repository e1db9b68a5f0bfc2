package io.weir.rule;

import org.jspecify.annotations.Nullable;

/** The rules of one configuration, ready to run. Safe for every thread. */
public interface RuleSet {

    /** The rule called {@code name}; null when there is none. */
    @Nullable Rule rule(String name);
}
