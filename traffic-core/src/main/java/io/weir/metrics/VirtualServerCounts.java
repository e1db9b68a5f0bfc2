package io.weir.metrics;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * One event loop's part of the counts of a virtual server. Written by that event loop only, with
 * plain additions and no atomic instruction; read by every thread, at most a moment late.
 */
public final class VirtualServerCounts {

    // Positions of the counts in the array, which begins and ends with a cache line that nobody
    // writes to, so that two event loops never write to the same one.
    private static final int PADDING = 8;
    static final int ACCEPTED = PADDING;
    static final int REFUSED = PADDING + 1;
    static final int CLOSED = PADDING + 2;
    static final int BEGUN = PADDING + 3;
    static final int ENDED = PADDING + 4;
    static final int STATUS_NONE = PADDING + 5;
    static final int STATUS_1XX = PADDING + 6;
    static final int STATUS_2XX = PADDING + 7;
    static final int STATUS_3XX = PADDING + 8;
    static final int STATUS_4XX = PADDING + 9;
    static final int STATUS_5XX = PADDING + 10;
    static final int RETRIES = PADDING + 11;
    static final int FROM_CLIENT = PADDING + 12;
    static final int TO_CLIENT = PADDING + 13;
    static final int FROM_NODE = PADDING + 14;
    static final int TO_NODE = PADDING + 15;
    static final int HANDSHAKES_FULL = PADDING + 16;
    static final int HANDSHAKES_RESUMED = PADDING + 17;
    private static final int LENGTH = PADDING + 18 + PADDING;

    private static final VarHandle CELL = MethodHandles.arrayElementVarHandle(long[].class);

    private final VirtualServerMetrics whole;
    private final long[] cells = new long[LENGTH];

    VirtualServerCounts(VirtualServerMetrics whole) {
        this.whole = whole;
    }

    /** A client connection was accepted. */
    public void connectionOpened() {
        add(ACCEPTED, 1);
    }

    /** A client connection that was counted as opened has ended. */
    public void connectionClosed() {
        add(CLOSED, 1);
    }

    /** A client connection was closed at once because a limit was reached. */
    public void connectionRefused() {
        add(REFUSED, 1);
    }

    /** A TLS handshake with a client has succeeded from scratch. */
    public void handshakeFull() {
        add(HANDSHAKES_FULL, 1);
    }

    /** A TLS handshake with a client has taken up an earlier session. */
    public void handshakeResumed() {
        add(HANDSHAKES_RESUMED, 1);
    }

    /**
     * A TLS handshake with a client came to nothing; slower than the other counts.
     *
     * @param reason a short word of a closed list, such as {@code timeout}
     */
    public void handshakeFailed(String reason) {
        whole.handshakeFailed(reason);
    }

    /** An exchange has begun. */
    public void exchangeBegan() {
        add(BEGUN, 1);
    }

    /**
     * An exchange that was counted as begun has ended.
     *
     * @param status sent to the client; 0 when it got none
     * @param nanos from the first byte of the request to the last byte of the response
     * @param firstByteNanos from the first byte of the request to the first byte of the response;
     *     negative when there was no response
     */
    public void exchangeEnded(int status, long nanos, long firstByteNanos) {
        add(ENDED, 1);
        add(classOf(status), 1);
        whole.duration().recordNanos(nanos);
        if (firstByteNanos >= 0) {
            whole.firstByte().recordNanos(firstByteNanos);
        }
    }

    /** A request was sent again to another node. */
    public void retried() {
        add(RETRIES, 1);
    }

    /** Bytes came from a client. */
    public void fromClient(long bytes) {
        add(FROM_CLIENT, bytes);
    }

    /** Bytes went to a client. */
    public void toClient(long bytes) {
        add(TO_CLIENT, bytes);
    }

    /** Bytes came from a node. */
    public void fromNode(long bytes) {
        add(FROM_NODE, bytes);
    }

    /** Bytes went to a node. */
    public void toNode(long bytes) {
        add(TO_NODE, bytes);
    }

    /**
     * Something went wrong; slower than the other counts.
     *
     * @param reason a short word of a closed list, such as {@code node_unreachable}
     */
    public void fault(String reason) {
        whole.fault(reason);
    }

    long read(int count) {
        return (long) CELL.getOpaque(cells, count);
    }

    private void add(int count, long n) {
        // Opaque: never torn, never cached in a register; ordering against other counts is not
        // needed because a page of figures is a snapshot of none of them in particular.
        CELL.setOpaque(cells, count, cells[count] + n);
    }

    private static int classOf(int status) {
        return switch (status / 100) {
            case 1 -> STATUS_1XX;
            case 2 -> STATUS_2XX;
            case 3 -> STATUS_3XX;
            case 4 -> STATUS_4XX;
            case 5 -> STATUS_5XX;
            default -> STATUS_NONE;
        };
    }
}
