package io.weir.rule;

import io.weir.bandwidth.BandwidthClass;
import io.weir.config.AuthenticatorConfig;
import io.weir.config.ResourceFile;
import io.weir.config.RuleLimits;
import io.weir.event.EventBus;
import io.weir.pool.Pool;
import io.weir.rate.RateClass;
import io.weir.slm.ServiceLevel;
import io.weir.time.Ticker;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.Set;

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

    /** The file of that name that rules may read; null when there is none. */
    @Nullable ResourceFile resource(String name);

    /** The authenticator in force with this name; null when there is none. */
    @Nullable AuthenticatorConfig authenticator(String name);

    /** Whether Weir itself is controlled or watched by way of this port of the machine. */
    boolean isControlPort(int port);

    /** The database of places of addresses; null when there is none. */
    @Nullable Path locations();

    /** The bandwidth class in force with this name; null when there is none. */
    @Nullable BandwidthClass bandwidth(String name);

    /** The kinds of lists that the rule called {@code name} stands in; empty when in none. */
    Set<RulePlace> places(String name);

    /** What is counted about the rule called {@code name}; outlives configurations. */
    RuleCounts counts(String name);
}
