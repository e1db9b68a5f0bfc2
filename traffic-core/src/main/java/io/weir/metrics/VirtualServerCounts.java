package io.weir.metrics;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * One event loop's part of the counts of a virtual server. Written by that event loop only, with
 * plain additions and no atomic instruction; read by every thread, at most a moment late.
 */
public final class VirtualServerCounts {

    /** Positions of the counts in the array. */
    enum Count {
        ACCEPTED,
        REFUSED,
        CLOSED,
        BEGUN,
        ENDED,
        STATUS_NONE,
        STATUS_1XX,
        STATUS_2XX,
        STATUS_3XX,
        STATUS_4XX,
        STATUS_5XX,
        RETRIES,
        FROM_CLIENT,
        TO_CLIENT,
        FROM_NODE,
        TO_NODE
    }

    private static final VarHandle CELL = MethodHandles.arrayElementVarHandle(long[].class);

    /** A cache line on each side, so that two event loops never write to the same one. */
    private static final int PADDING = 8;

    private static final int LENGTH = PADDING + Count.values().length + PADDING;

    private final VirtualServerMetrics whole;
    private final long[] cells = new long[LENGTH];

    VirtualServerCounts(VirtualServerMetrics whole) {
        this.whole = whole;
    }

    /** A client connection was accepted. */
    public void connectionOpened() {
        add(Count.ACCEPTED, 1);
    }

    /** A client connection that was counted as opened has ended. */
    public void connectionClosed() {
        add(Count.CLOSED, 1);
    }

    /** A client connection was closed at once because a limit was reached. */
    public void connectionRefused() {
        add(Count.REFUSED, 1);
    }

    /** An exchange has begun. */
    public void exchangeBegan() {
        add(Count.BEGUN, 1);
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
        add(Count.ENDED, 1);
        add(classOf(status), 1);
        whole.duration().recordNanos(nanos);
        if (firstByteNanos >= 0) {
            whole.firstByte().recordNanos(firstByteNanos);
        }
    }

    /** A request was sent again to another node. */
    public void retried() {
        add(Count.RETRIES, 1);
    }

    /** Bytes came from a client. */
    public void fromClient(long bytes) {
        add(Count.FROM_CLIENT, bytes);
    }

    /** Bytes went to a client. */
    public void toClient(long bytes) {
        add(Count.TO_CLIENT, bytes);
    }

    /** Bytes came from a node. */
    public void fromNode(long bytes) {
        add(Count.FROM_NODE, bytes);
    }

    /** Bytes went to a node. */
    public void toNode(long bytes) {
        add(Count.TO_NODE, bytes);
    }

    /**
     * Something went wrong; slower than the other counts.
     *
     * @param reason a short word of a closed list, such as {@code node_unreachable}
     */
    public void fault(String reason) {
        whole.fault(reason);
    }

    long read(Count count) {
        return (long) CELL.getOpaque(cells, PADDING + count.ordinal());
    }

    private void add(Count count, long n) {
        int i = PADDING + count.ordinal();
        // Opaque: never torn, never cached in a register; ordering against other counts is not
        // needed because a page of figures is a snapshot of none of them in particular.
        CELL.setOpaque(cells, i, cells[i] + n);
    }

    private static Count classOf(int status) {
        return switch (status / 100) {
            case 1 -> Count.STATUS_1XX;
            case 2 -> Count.STATUS_2XX;
            case 3 -> Count.STATUS_3XX;
            case 4 -> Count.STATUS_4XX;
            case 5 -> Count.STATUS_5XX;
            default -> Count.STATUS_NONE;
        };
    }
}
