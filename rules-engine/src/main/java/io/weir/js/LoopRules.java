package io.weir.js;

import io.weir.rule.RuleOutcome;
import io.weir.rule.RuleSide;

import org.graalvm.polyglot.PolyglotException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/**
 * All rules of a configuration on one event loop. When a rule could be stopped only by closing the
 * context, a new one is made in the background; until it is there rules fail, and nothing waits.
 */
final class LoopRules {

    private static final Logger LOG = LoggerFactory.getLogger(LoopRules.class);

    private static final RuleOutcome NOT_THERE =
            new RuleOutcome.Failed("a rule had to be stopped, and its context is being made anew");

    private final Supplier<Guest> maker;
    private final AtomicBoolean making = new AtomicBoolean();
    private volatile @Nullable Guest guest;

    LoopRules(Supplier<Guest> maker) {
        this.maker = maker;
        this.guest = maker.get();
    }

    /** Runs the program at {@code index} for {@code side}. */
    RuleOutcome run(int index, RuleSide side) {
        Guest now = guest;
        if (now == null) {
            renew();
            return NOT_THERE;
        }
        RuleOutcome outcome = now.run(index, side);
        if (now.lost()) {
            guest = null;
            renew();
        }
        return outcome;
    }

    /** Makes a context unless one is being made; one that fails is tried again by the next run. */
    private void renew() {
        if (making.compareAndSet(false, true)) {
            Thread.ofPlatform().daemon().name("weir-rule-context").start(this::make);
        }
    }

    private void make() {
        try {
            guest = maker.get();
        } catch (PolyglotException | IllegalStateException e) {
            LOG.warn("the context of the rules could not be made anew: {}", e.toString());
        } finally {
            making.set(false);
        }
    }
}
