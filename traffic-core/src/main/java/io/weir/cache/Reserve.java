package io.weir.cache;

import java.util.function.LongConsumer;

/**
 * What the entries of the store leave of its memory to others: to bodies under way, and to those
 * that clients still read though their entries are gone. Little at first, more when it was not
 * enough, and less again when nobody has needed it for a while. Safe for every thread.
 */
final class Reserve {

    /** The part of the memory that is always left. */
    private static final int LEAST = 64;

    /** The part that is left at most; a filling that needs more finds no room. */
    private static final int MOST = 2;

    /** Entries that come between two looks at how much is needed. */
    private static final int PERIOD = 1024;

    private final Memory memory;
    private final LongConsumer bound;
    private long size;
    private long bytes;
    private int entries;

    /**
     * @param bound lets entries take so many bytes from now on, and evicts what is above
     */
    Reserve(Memory memory, long size, LongConsumer bound) {
        this.memory = memory;
        this.bound = bound;
        this.size = size;
        this.bytes = size / LEAST;
    }

    /** Bytes that entries may take now. */
    static long atFirst(long size) {
        return size - size / LEAST;
    }

    /** The memory has another size from now on. */
    synchronized void resize(long next) {
        size = next;
        set(next / LEAST);
    }

    /**
     * There is no room for {@code wanted} bytes: entries make room, where they may be asked to.
     *
     * @return whether it is worth looking again
     */
    synchronized boolean makeRoom(long wanted) {
        long needed = memory.outside() + wanted;
        if (needed > size / MOST) {
            return false;
        }
        set(needed <= bytes ? bytes : Math.max(needed, Math.min(2 * bytes, size / MOST)));
        return true;
    }

    /** One more entry is in the store. */
    synchronized void entered() {
        if (++entries < PERIOD) {
            return;
        }
        entries = 0;
        if (memory.takePeak() < bytes / 4 && bytes > size / LEAST) {
            set(Math.max(size / LEAST, bytes / 2));
        }
    }

    private void set(long next) {
        bytes = next;
        bound.accept(size - next);
    }
}
