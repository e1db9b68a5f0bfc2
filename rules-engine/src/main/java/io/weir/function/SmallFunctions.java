package io.weir.function;

import io.weir.event.CustomEvents;
import io.weir.event.ObjectRef;

import org.jspecify.annotations.Nullable;

/** Families that have a few functions each. */
public final class SmallFunctions {

    private SmallFunctions() {}

    /** Functions {@code rule.*}. */
    public static final class RuleFunctions {
        private final CurrentRun run;

        RuleFunctions(CurrentRun run) {
            this.run = run;
        }

        @RuleFunction("The name of the rule that runs.")
        public String getName() {
            return run.rule();
        }

        @RuleFunction("REQUEST, RESPONSE or COMPLETION.")
        public String getState() {
            return run.side().state().name();
        }
    }

    /** Functions {@code event.*}. */
    public static final class EventFunctions {
        private final CurrentRun run;

        EventFunctions(CurrentRun run) {
            this.run = run;
        }

        @RuleFunction("Raises the custom event called name.")
        public void emit(@Nullable String name, @Nullable String message) {
            CustomEvents.emit(
                    run.world().events(),
                    name,
                    message,
                    ObjectRef.virtualServer(run.side().virtualServer()));
        }
    }

    /** Functions {@code stats.*}: milliseconds. */
    public static final class StatsFunctions {
        private static final double MILLI = 1e6;
        private final CurrentRun run;

        StatsFunctions(CurrentRun run) {
            this.run = run;
        }

        @RuleFunction("How long the request waited for a node, in ms.")
        public double getQueueTime() {
            return run.side().nanosInQueue() / MILLI;
        }

        @RuleFunction("How long the node took to the head of its answer, in ms.")
        public double getServerResponseTime() {
            return run.side().nanosOfNode() / MILLI;
        }

        @RuleFunction("How long the exchange has taken, in ms.")
        public double getTransactionDuration() {
            return run.side().nanosSinceBegin() / MILLI;
        }
    }

    /** Functions {@code counter.*} and {@code counter64.*}. */
    public static final class CounterFunctions {
        private final Counters counters;

        CounterFunctions(Counters counters) {
            this.counters = counters;
        }

        @RuleFunction
        public void increment(Any number) {
            increment(number, 1);
        }

        @RuleFunction("Adds to the counter with this number or name.")
        public void increment(Any number, int by) {
            counters.add(Numbers.text(number.value()), by);
        }
    }

    /** Functions {@code recentconns.*}: the exchanges that are kept to be explained. */
    public static final class RecentFunctions {
        private final CurrentRun run;

        RecentFunctions(CurrentRun run) {
            this.run = run;
        }

        @RuleFunction("Puts the exchange among those that are kept to be explained.")
        public void include() {
            run.side().kept(true);
        }

        @RuleFunction("Keeps the exchange from being kept to be explained, whatever becomes of it.")
        public void exclude() {
            run.side().kept(false);
        }

        @RuleFunction("Whether a rule has put the exchange among those that are kept.")
        public int markedForInclusion() {
            return run.side().kept() ? 1 : 0;
        }
    }

    /** Functions {@code requestlog.*}: the line in the access log. */
    public static final class RequestLogFunctions {
        private final CurrentRun run;

        RequestLogFunctions(CurrentRun run) {
            this.run = run;
        }

        @RuleFunction("Gives the exchange a line in the access log, where there is one.")
        public void include() {
            run.side().logged(true);
        }

        @RuleFunction("Keeps the exchange out of the access log.")
        public void exclude() {
            run.side().logged(false);
        }

        @RuleFunction("Whether the exchange gets a line in the access log.")
        public int markedForInclusion() {
            return run.side().logged() ? 1 : 0;
        }
    }
}
