package io.weir.rule;

import org.jspecify.annotations.Nullable;

/**
 * A connection or a datagram that Weir carries without knowing its protocol, as the rules of one
 * list see it. Confined to its event loop.
 */
public interface CarriedSide extends RuleSide {

    /** What the client has sent and no node has got. */
    Held request();

    /** What the node has sent and the client has not got; null in request rules. */
    @Nullable Held response();

    /**
     * Lets the client have the first {@code length} bytes that the node has sent, while rules still
     * run; for response rules. Datagrams go whole, and wait for the end of the rules.
     */
    void flush(int length);

    /**
     * Sends {@code data} to the client when the rules of the list are over, in the place of what a
     * node would answer; what the client has sent is dropped.
     */
    void answer(byte[] data);

    /** Bytes of one direction, held back while rules look at them. */
    interface Held {

        int length();

        /** A copy of all that has come. */
        byte[] bytes();

        /** Whether no more will come, or rules may not hold more. */
        boolean complete();

        /** Calls {@code done} once {@code length} bytes are there, or {@link #complete}. */
        void await(int length, Runnable done);

        /** Puts {@code bytes} in the place of what has come. */
        void replace(byte[] bytes);

        /** Lets only the first {@code length} bytes go on before the other side has answered. */
        void endAt(int length);
    }
}
