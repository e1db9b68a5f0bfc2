package io.weir.rule;

import io.weir.config.RuleLimits;
import io.weir.event.EventBus;
import io.weir.pool.Pool;
import io.weir.rate.RateClass;
import io.weir.slm.ServiceLevel;
import io.weir.time.Ticker;

import org.jspecify.annotations.Nullable;

/** What rules may see of the Weir around them. Safe for every thread. */
public interface RuleWorld {

    /** How many event loops there are. */
    int eventLoops();

    RuleLimits limits();

    EventBus events();

    Ticker ticker();

    /** The pool in force with this name; null when there is none. */
    @Nullable Pool pool(String name);

    /** The service level class in force with this name; null when there is none. */
    @Nullable ServiceLevel serviceLevel(String name);

    /** The rate class in force with this name; null when there is none. */
    @Nullable RateClass rate(String name);

    /** What is counted about the rule called {@code name}; outlives configurations. */
    RuleCounts counts(String name);
}
