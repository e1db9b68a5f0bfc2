package io.weir.log;

import org.jspecify.annotations.Nullable;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * A bounded queue of lines from many threads to one, in memory that is allocated once. Offering
 * takes no lock and never waits: when there is no room, the line is refused.
 *
 * <p>Positions count bytes since the beginning and are taken modulo the capacity. A line takes
 * whole cells of 64 bytes. Offering moves {@code tail} past the cells, copies the line and then
 * writes its length to the slot of the first cell; a length other than 0 therefore means that the
 * line is complete. The reader clears the slot and moves {@code head}, which gives the cells back.
 */
final class LineQueue {

    /** Where the reader gets each line. */
    @FunctionalInterface
    interface Reader {
        /** Takes {@code length} bytes at {@code offset}; they are gone after the call. */
        void line(FileAccessLog owner, byte[] bytes, int offset, int length);
    }

    private static final int CELL_SHIFT = 6;
    private static final int CELL = 1 << CELL_SHIFT;

    private static final VarHandle HEAD;
    private static final VarHandle TAIL;
    private static final VarHandle LENGTHS = MethodHandles.arrayElementVarHandle(int[].class);

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            HEAD = lookup.findVarHandle(LineQueue.class, "head", long.class);
            TAIL = lookup.findVarHandle(LineQueue.class, "tail", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final int capacity;
    private final int mask;

    /** One longest line longer than the capacity, so that no line is ever in two pieces. */
    private final byte[] bytes;

    private final int[] lengths;
    private final @Nullable FileAccessLog[] owners;

    @SuppressWarnings("unused") // accessed through TAIL
    private long tail;

    @SuppressWarnings("unused") // accessed through HEAD
    private long head;

    /**
     * An empty queue.
     *
     * @param capacity in bytes, a power of two of at least two longest lines
     */
    LineQueue(int capacity) {
        if (Integer.bitCount(capacity) != 1 || capacity < 2 * ByteSink.MAX_LINE) {
            throw new IllegalArgumentException(
                    "queue capacity "
                            + capacity
                            + " is not a power of two of at least "
                            + 2 * ByteSink.MAX_LINE);
        }
        this.capacity = capacity;
        this.mask = capacity - 1;
        this.bytes = new byte[capacity + ByteSink.MAX_LINE];
        this.lengths = new int[capacity >>> CELL_SHIFT];
        this.owners = new @Nullable FileAccessLog[capacity >>> CELL_SHIFT];
    }

    /** Adds a line, or returns false when there is no room. Safe for every thread. */
    boolean offer(FileAccessLog owner, byte[] line, int length) {
        if (length == 0 || length > ByteSink.MAX_LINE) {
            return false;
        }
        int taken = cells(length);
        long at;
        do {
            at = (long) TAIL.getVolatile(this);
            if (at + taken - (long) HEAD.getAcquire(this) > capacity) {
                return false;
            }
        } while (!TAIL.weakCompareAndSet(this, at, at + taken));
        int index = (int) at & mask;
        System.arraycopy(line, 0, bytes, index, length);
        int cell = index >>> CELL_SHIFT;
        owners[cell] = owner;
        // A full fence: the caller looks next at whether the reader sleeps, and that look must not
        // come before the line can be seen.
        LENGTHS.setVolatile(lengths, cell, length);
        return true;
    }

    /** Hands at most {@code max} lines to {@code reader}. For one thread only. */
    int drain(Reader reader, int max) {
        long at = head;
        int lines = 0;
        while (lines < max) {
            int index = (int) at & mask;
            int cell = index >>> CELL_SHIFT;
            int length = (int) LENGTHS.getAcquire(lengths, cell);
            if (length == 0) {
                break;
            }
            try {
                FileAccessLog owner = owners[cell];
                if (owner != null) {
                    reader.line(owner, bytes, index, length);
                }
            } finally {
                // Also when the reader failed: the same line again would fail again.
                owners[cell] = null;
                lengths[cell] = 0;
                at += cells(length);
                HEAD.setRelease(this, at);
            }
            lines++;
        }
        return lines;
    }

    /** Position after the latest line that was offered. */
    long offered() {
        return (long) TAIL.getVolatile(this);
    }

    /** Position after the latest line that was drained. */
    long drained() {
        return (long) HEAD.getAcquire(this);
    }

    private static int cells(int length) {
        return (length + CELL - 1) & -CELL;
    }
}
