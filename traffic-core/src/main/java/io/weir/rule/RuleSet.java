package io.weir.rule;

import org.jspecify.annotations.Nullable;

/** The rules of one configuration, ready to run. Safe for every thread. */
@FunctionalInterface
public interface RuleSet {

    /** The rule called {@code name}; null when there is none. */
    @Nullable Rule rule(String name);

    /**
     * A configuration with these rules comes into force: until then, rules in force before see
     * nothing of it. Called for each such configuration; may wait for a disk.
     */
    default void inForce() {}
}
