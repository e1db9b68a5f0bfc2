package io.weir.wire;

import io.netty.buffer.PooledByteBufAllocator;
import io.netty.util.internal.PlatformDependent;

/** How much memory the buffers of all connections take. Safe for every thread. */
public final class BufferMemory {

    private static final long MIN_UNWATCHED = 256 * 1024;

    private static final long ALL = PlatformDependent.maxDirectMemory();

    /** {@link #allowance} while there is plenty. */
    static final int ANY = Integer.MAX_VALUE;

    /** The same when more than a quarter is in use. */
    private static final int LITTLE = 8 * 1024;

    /** The same when more than two thirds are: what is held in small pieces leaves no gaps. */
    static final int LEAST = 1024;

    private BufferMemory() {}

    /** Share of what the process may have that is in use, 0 to 1. */
    public static double share() {
        return (double) PooledByteBufAllocator.DEFAULT.pinnedDirectMemory() / ALL;
    }

    /**
     * How many bytes may be read at once, and wait for one slow peer, as memory is now.
     *
     * @param before what it was when it was asked last: memory that was short stays so until there
     *     is a good deal again, since it would be both by turns
     */
    static int allowance(int before) {
        return allowance(before, PooledByteBufAllocator.DEFAULT.pinnedDirectMemory(), ALL);
    }

    /** The same when {@code used} of {@code all} bytes are in use. */
    static int allowance(int before, long used, long all) {
        if (used > (before == LEAST ? all / 2 : all / 3 * 2)) {
            return LEAST;
        }
        return used > (before == ANY ? all / 4 : all / 16 * 3) ? LITTLE : ANY;
    }

    /**
     * When most of what the process may have has been taken from the system, gives back what the
     * calling event loop keeps for buffers to come and has not needed of late: of each size many
     * are kept, and none of them serves another size.
     */
    static void trim() {
        // 0 or -1 where it is not counted.
        if (PlatformDependent.usedDirectMemory() > ALL / 4 * 3) {
            var _ = PooledByteBufAllocator.DEFAULT.trimCurrentThreadCache();
        }
    }

    /** Bytes that one event loop may read before it looks again whether memory is short. */
    static long unwatched() {
        return Math.max(MIN_UNWATCHED, ALL / 64);
    }
}
