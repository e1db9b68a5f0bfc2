package io.weir.rule;

import org.jspecify.annotations.Nullable;

/**
 * The answer of an exchange as a rule sends it piece by piece, while it takes the body of the
 * node's answer piece by piece (TrafficScript's {@code http.stream.*}). Neither is ever there as a
 * whole: the node is not read while the rule has enough, and the rule waits while the client is
 * full. Confined to the event loop of the exchange.
 */
public interface RuleStream {

    /** Whether the answer has begun. */
    boolean begun();

    /** Whether the answer has begun, and is not finished. */
    boolean open();

    /**
     * Begins the answer. In response rules the fields of the node's answer stay, but for those that
     * {@code head} has and those that say how the body is framed and coded.
     *
     * @param head its body is not looked at
     * @param length of the body; negative when it is not known
     * @return null, or why that is not possible
     */
    @Nullable String begin(RuleOutcome.Answer head, long length);

    // ---- the body of the node's answer, decoded

    /** Bytes that have come and were not taken. */
    int available();

    /** Whether nothing more will come. */
    boolean complete();

    /** Calls {@code done} when {@code bytes} are available, or nothing more will come. */
    void awaitBody(int bytes, Runnable done);

    /**
     * The index behind {@code delimiter} in the available bytes; -1 when it is not there.
     *
     * @param within how many bytes to look at
     * @param last whether to look for the last one rather than the first
     */
    int find(byte[] delimiter, int within, boolean last);

    /** Takes the first {@code count} of the available bytes. */
    byte[] take(int count);

    // ---- the body of the answer to the client

    /** Whether the client takes more. */
    boolean writable();

    /** Calls {@code done} when the client takes more. */
    void awaitRoom(Runnable done);

    /**
     * Sends a piece.
     *
     * @param data not modified after it was given
     * @return whether the length that was announced has room for it; nothing was sent otherwise
     */
    boolean write(byte[] data);

    /** The answer is complete. */
    void finish();

    /** What is left of the node's body follows as it is, and then the answer is complete. */
    void passOn();
}
