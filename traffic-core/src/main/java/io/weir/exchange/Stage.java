package io.weir.exchange;

import io.weir.explain.ConnectionState;

import org.jspecify.annotations.Nullable;

/** Says what an exchange that is under way waits for. To be called on its event loop. */
public final class Stage {

    private Stage() {}

    /** What {@code x} waits for. */
    public static ConnectionState of(Exchange x) {
        if (ruleOf(x) != null) {
            return ConnectionState.EXECUTING_RULE;
        }
        NodeSide node = x.attempts().side();
        if (x.record().status() != 0) {
            return node == null || !x.client().writable()
                    ? ConnectionState.WRITING_TO_CLIENT
                    : ConnectionState.READING_FROM_NODE;
        }
        if (node == null) {
            return ConnectionState.CONNECTING_TO_NODE;
        }
        if (x.requestComplete()) {
            return ConnectionState.READING_FROM_NODE;
        }
        return node.writable()
                ? ConnectionState.READING_FROM_CLIENT
                : ConnectionState.WRITING_TO_NODE;
    }

    /** The rule that holds {@code x} up; null when none does. */
    public static @Nullable String ruleOf(Exchange x) {
        RuleRun rules = x.rulesIfAny();
        return rules == null ? null : rules.waits();
    }

    /** What a stream waits for; both directions are open most of the time. */
    static ConnectionState of(StreamExchange x) {
        StreamEnd node = x.node();
        if (node == null) {
            return x.waitsForClient()
                    ? ConnectionState.READING_FROM_CLIENT
                    : ConnectionState.CONNECTING_TO_NODE;
        }
        if (!x.client().writable()) {
            return ConnectionState.WRITING_TO_CLIENT;
        }
        if (!node.writable()) {
            return ConnectionState.WRITING_TO_NODE;
        }
        return x.record().replyNanos() == 0
                ? ConnectionState.READING_FROM_NODE
                : ConnectionState.READING_FROM_CLIENT;
    }
}
