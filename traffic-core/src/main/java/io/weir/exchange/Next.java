package io.weir.exchange;

import io.weir.fault.TrafficFault;

/** What a step of the path decided; there is no other control flow. */
public sealed interface Next {

    /** Go on with the next step. */
    Next CONTINUE = new Continue();

    /** The step has arranged that the exchange goes on later, on the same event loop. */
    Next WAIT = new Wait();

    /** The answer is there, out of the store: go on behind the step that stores. */
    Next STORED = new FromStore();

    /** See {@link Next#STORED}. */
    record FromStore() implements Next {}

    /** See {@link Next#CONTINUE}. */
    record Continue() implements Next {}

    /** See {@link Next#WAIT}. */
    record Wait() implements Next {}

    /** Weir answers by itself; the remaining steps before the response do not run. */
    record Answer(Answered answer) implements Next {}

    /** The exchange cannot go on. */
    record Fail(TrafficFault fault) implements Next {}
}
