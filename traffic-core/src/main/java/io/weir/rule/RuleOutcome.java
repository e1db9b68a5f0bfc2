package io.weir.rule;

import io.weir.fault.TrafficFault;

import java.util.List;
import java.util.Map;

/** What a run of a rule came to. */
public sealed interface RuleOutcome {

    /** The next rule runs. */
    RuleOutcome CONTINUE = new Continue();

    /** No further rule of the list runs; the exchange goes on. */
    RuleOutcome STOP = new Stop();

    /** The connection is cut without an answer. */
    RuleOutcome DISCARD = new Discard();

    /** The request goes to a node once more; response rules run again on its answer. */
    RuleOutcome RETRY = new Retry();

    /** The outcome comes later. */
    RuleOutcome SUSPENDED = new Suspended();

    /** See {@link #CONTINUE}. */
    record Continue() implements RuleOutcome {}

    /** See {@link #STOP}. */
    record Stop() implements RuleOutcome {}

    /** See {@link #DISCARD}. */
    record Discard() implements RuleOutcome {}

    /**
     * What is in {@code data} is sent to the client, and the connection is closed. Only where
     * messages have no form of their own.
     *
     * @param data not modified after it was given
     */
    record Close(byte[] data) implements RuleOutcome {}

    /** See {@link #RETRY}. */
    record Retry() implements RuleOutcome {}

    /** See {@link #SUSPENDED}. */
    record Suspended() implements RuleOutcome {}

    /**
     * The rule answers the request itself; no further rule of the list runs.
     *
     * @param body not modified after it was given
     * @param fields further header fields
     */
    record Answer(
            int status,
            String reason,
            String contentType,
            byte[] body,
            List<Map.Entry<String, String>> fields)
            implements RuleOutcome {
        public Answer {
            fields = List.copyOf(fields);
        }
    }

    /** What the rule asked for was not to be had, and the exchange ends with {@code fault}. */
    record Refused(TrafficFault fault) implements RuleOutcome {}

    /** The rule was aborted; {@code text} says why, for logs. */
    record Failed(String text) implements RuleOutcome {}
}
