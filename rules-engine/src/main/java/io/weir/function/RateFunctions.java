package io.weir.function;

import static io.weir.function.Bytes.orEmpty;

import io.weir.event.EventTag;
import io.weir.rate.RateClass;
import io.weir.rate.Turn;
import io.weir.rule.RuleOutcome;
import io.weir.rule.RuleSide;

import org.jspecify.annotations.Nullable;

import java.util.function.Consumer;

/** Functions {@code rate.*}. */
public final class RateFunctions {

    private final CurrentRun run;

    RateFunctions(CurrentRun run) {
        this.run = run;
    }

    private @Nullable RateClass named(@Nullable String name) {
        RateClass found = run.world().rate(orEmpty(name));
        if (found == null) {
            run.event(
                    EventTag.NORATE,
                    "rule "
                            + run.rule()
                            + " asked for the rate class '"
                            + name
                            + "', which is not there");
        }
        return found;
    }

    /** The outcome of a turn, from the queue to the rule; both on the event loop. */
    private static final class Later {
        private @Nullable Consumer<@Nullable Object> taker;

        void outcome(Turn.Outcome what) {
            Consumer<@Nullable Object> rule = taker;
            if (rule != null) {
                taker = null;
                rule.accept(what);
            }
        }

        /** Gives the place up; what else the rule holds is let go where it would go on. */
        void leave(Turn turn) {
            turn.cancel();
            outcome(Turn.Outcome.REFUSED);
        }
    }

    private int queue(@Nullable String name, @Nullable String context) {
        RateClass rate = named(name);
        if (rate == null) {
            return 0;
        }
        Object outcome;
        if (run.resuming()) {
            outcome = run.await("rate.use", done -> {});
        } else {
            RuleSide side = run.side();
            Later later = new Later();
            Turn turn = rate.use(context, side.loop(), later::outcome);
            outcome = turn.atOnce();
            if (outcome == null) {
                try {
                    outcome =
                            run.await(
                                    "rate.use",
                                    done -> {
                                        later.taker = done;
                                        side.whenLeft(() -> later.leave(turn));
                                    });
                } catch (RuleErrorException e) {
                    turn.cancel();
                    throw e;
                }
            }
        }
        if (outcome != Turn.Outcome.PASSED) {
            run.finish(new RuleOutcome.Refused(rate.refusal(context)));
        }
        return 1;
    }

    private static @Nullable String given(@Nullable String context) {
        return orEmpty(context).isEmpty() ? null : context;
    }

    @RuleFunction(suspends = true)
    public int use(@Nullable String name) {
        return queue(name, null);
    }

    @RuleFunction(
            value =
                    "Waits for the exchange's turn in a rate class, where each context has a rate"
                        + " of its own; 0 when there is no such class. When the queue is full, or"
                        + " the wait would be too long, the request is refused: with 429 in a"
                        + " context, else with 503.",
            suspends = true)
    public int use(@Nullable String name, @Nullable String context) {
        return queue(name, given(context));
    }

    private int once(@Nullable String name, @Nullable String context) {
        RateClass rate = named(name);
        return rate == null ? -1 : rate.tryUse(context) ? 1 : 0;
    }

    @RuleFunction
    public int use_noQueue(@Nullable String name) {
        return once(name, null);
    }

    @RuleFunction(
            "Whether the exchange may go on at once: 1, or 0 when the rate is used up, -1 when"
                    + " there is no such class.")
    public int use_noQueue(@Nullable String name, @Nullable String context) {
        return once(name, given(context));
    }

    @RuleFunction
    public int getbacklog(@Nullable String name) {
        RateClass rate = named(name);
        return rate == null ? 0 : rate.figures().queued();
    }

    @RuleFunction("How many wait for their turn in a rate class, or in one of its contexts.")
    public int getbacklog(@Nullable String name, @Nullable String context) {
        RateClass rate = named(name);
        return rate == null ? 0 : rate.backlog(given(context));
    }
}
