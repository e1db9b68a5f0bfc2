package io.weir.js;

import io.weir.rule.RuleOutcome;
import io.weir.rule.RuleSide;

import org.jspecify.annotations.Nullable;

import java.util.function.Supplier;

/**
 * All rules of a configuration on one event loop. When a rule could be stopped only by closing the
 * context, a new one is made in the background; until it is there rules fail, and nothing waits.
 */
final class LoopRules {

    private static final RuleOutcome NOT_THERE =
            new RuleOutcome.Failed("a rule had to be stopped, and its context is being made anew");

    private final Supplier<Guest> maker;
    private volatile @Nullable Guest guest;

    LoopRules(Supplier<Guest> maker) {
        this.maker = maker;
        this.guest = maker.get();
    }

    /** Runs the program at {@code index} for {@code side}. */
    RuleOutcome run(int index, RuleSide side) {
        Guest now = guest;
        if (now == null) {
            return NOT_THERE;
        }
        RuleOutcome outcome = now.run(index, side);
        if (now.lost()) {
            guest = null;
            Thread.ofPlatform().daemon().name("weir-rule-context").start(() -> guest = maker.get());
        }
        return outcome;
    }
}
