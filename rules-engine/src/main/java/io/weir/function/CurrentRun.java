package io.weir.function;

import io.weir.event.EventTag;
import io.weir.event.ObjectRef;
import io.weir.rule.CarriedSide;
import io.weir.rule.HttpSide;
import io.weir.rule.RuleCounts;
import io.weir.rule.RuleOutcome;
import io.weir.rule.RuleSide;
import io.weir.rule.RuleState;
import io.weir.rule.RuleWorld;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;

/**
 * The run of a rule that is under way: all functions of one event loop act on it. It begins with
 * {@link #begin}, and when a function has ended the rule every further call is turned away.
 * Confined to one thread at a time.
 */
public final class CurrentRun {

    /** Groups that a match hands to the rule: {@code $1} to {@code $9}. */
    private static final int GROUPS = 9;

    private final RuleWorld world;
    private final Fields fields = new Fields();
    private final EndOfRuleException endOfRule = new EndOfRuleException();
    private final String[] groups = new String[GROUPS];
    private boolean groupsUsed;
    private String rule = "";
    private RuleCounts counts = new RuleCounts();
    private @Nullable RuleSide side;
    private @Nullable RuleOutcome outcome;
    private @Nullable Operation pending;
    private @Nullable Sockets sockets;
    private boolean resumed;
    private boolean mayWait;
    private long partBegan;
    private @Nullable Object result;

    public CurrentRun(RuleWorld world) {
        this.world = world;
        Arrays.fill(groups, "");
    }

    // ---- for the language in front

    /** A run of the rule called {@code name} begins. */
    public void begin(String name, RuleCounts itsCounts, RuleSide exchange, boolean waits) {
        rule = name;
        counts = itsCounts;
        side = exchange;
        outcome = null;
        pending = null;
        sockets = null;
        resumed = false;
        result = null;
        partBegan = 0;
        mayWait = waits && exchange.state() != RuleState.COMPLETION;
        if (groupsUsed) {
            Arrays.fill(groups, "");
            groupsUsed = false;
        }
    }

    /** The run goes on, from its beginning, and the first operation that waits has this result. */
    public void resume(
            String name,
            RuleCounts itsCounts,
            RuleSide exchange,
            @Nullable Object value,
            @Nullable Sockets opened) {
        begin(name, itsCounts, exchange, true);
        sockets = opened;
        resumed = true;
        result = value;
    }

    /** What the run came to; what was said by a terminating function cannot be taken back. */
    public RuleOutcome end() {
        RuleOutcome said = outcome;
        side = null;
        outcome = null;
        return said == null ? RuleOutcome.CONTINUE : said;
    }

    /** Whether a function has ended or suspended the rule. */
    public boolean ended() {
        return outcome != null;
    }

    /** What a suspended rule waits for. */
    public @Nullable Operation pending() {
        return pending;
    }

    /** The connections that the rule has opened; null when it has opened none. */
    public @Nullable Sockets opened() {
        return sockets;
    }

    /** The connections of the rule. */
    Sockets sockets() {
        Sockets made = sockets;
        if (made == null) {
            made = new Sockets();
            sockets = made;
        }
        return made;
    }

    /** A group of the last match, from 1; empty when there is none. */
    public String group(int number) {
        return groups[number - 1];
    }

    /** All groups, for a run that is gone through again. */
    public String[] groups() {
        return groups.clone();
    }

    /** Sets all groups. */
    public void groups(String[] values) {
        System.arraycopy(values, 0, groups, 0, GROUPS);
        groupsUsed = true;
    }

    // ---- for functions

    /** The exchange. */
    RuleSide side() {
        RuleSide exchange = side;
        if (outcome != null || exchange == null) {
            throw endOfRule;
        }
        return exchange;
    }

    /** The exchange, for functions that are about HTTP. */
    HttpSide http() {
        if (side() instanceof HttpSide http) {
            return http;
        }
        throw new RuleErrorException("there is no HTTP message here: the service is another one");
    }

    /** The connection or datagram; null where the service is HTTP. */
    @Nullable CarriedSide carried() {
        return side() instanceof CarriedSide carried ? carried : null;
    }

    /** Header fields, for the rules of this event loop. */
    Fields fields() {
        return fields;
    }

    RuleWorld world() {
        return world;
    }

    String rule() {
        return rule;
    }

    /** What is counted about the rule. */
    RuleCounts counts() {
        return counts;
    }

    /** Ends the rule: does not return. */
    void finish(RuleOutcome how) {
        over(how);
        side();
    }

    /**
     * Ends the rule, for functions that are marked as ending it: they return to the language in
     * front, which leaves the rule. Cheaper than to unwind it from here.
     */
    void over(RuleOutcome how) {
        side();
        outcome = how;
    }

    /** The call that the rule waited in goes on and needs no result. */
    void settle() {
        resumed = false;
        result = null;
    }

    /** How long the rule has worked since its last pause, or since this was first asked. */
    long nanosOfPart() {
        long now = world.ticker().nanos();
        if (partBegan == 0) {
            partBegan = now;
        }
        return now - partBegan;
    }

    /** Whether the next wait is the one that is over, so that it returns its result. */
    boolean resuming() {
        return resumed;
    }

    /** Waits for {@code operation} and returns its result. */
    @Nullable Object await(String function, Operation operation) {
        side();
        if (resumed) {
            resumed = false;
            Object value = result;
            result = null;
            if (value instanceof OverLimitException over) {
                finish(new RuleOutcome.Failed(function + ": " + over.getMessage()));
            }
            if (value instanceof RuntimeException failure) {
                throw failure;
            }
            return value;
        }
        if (!mayWait) {
            throw new RuleErrorException(
                    function
                            + (side().state() == RuleState.COMPLETION
                                    ? " cannot be called in a completion rule, which may not wait"
                                    : " has to be called by its name, because the rule waits"));
        }
        pending = operation;
        outcome = RuleOutcome.SUSPENDED;
        throw endOfRule;
    }

    void group(int number, @Nullable String value) {
        groupsUsed = true;
        groups[number - 1] = value == null ? "" : value;
    }

    void clearGroups() {
        Arrays.fill(groups, "");
    }

    /** Raises an event about the rule. */
    void event(EventTag tag, String text) {
        world.events()
                .emit(
                        tag,
                        text,
                        ObjectRef.rule(rule),
                        ObjectRef.virtualServer(side().virtualServer()));
    }
}
