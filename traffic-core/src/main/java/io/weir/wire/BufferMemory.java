package io.weir.wire;

import io.netty.buffer.PooledByteBufAllocator;
import io.netty.util.internal.PlatformDependent;

/** How much memory the buffers of all connections take. Safe for every thread. */
public final class BufferMemory {

    private static final long MIN_UNWATCHED = 256 * 1024;

    private static final long ALL = PlatformDependent.maxDirectMemory();
    private static final long PLENTY = ALL / 4;

    /** Where memory that was short is short no more: apart from that, it would be both by turns. */
    private static final long AMPLE = ALL / 16 * 3;

    private BufferMemory() {}

    /** Share of what the process may have that is in use, 0 to 1. */
    public static double share() {
        return (double) PooledByteBufAllocator.DEFAULT.pinnedDirectMemory() / ALL;
    }

    /**
     * Whether more than a quarter of what the process may have is in use.
     *
     * @param before what it was when it was asked last: memory that was short stays so until there
     *     is a good deal again
     */
    static boolean isShort(boolean before) {
        return PooledByteBufAllocator.DEFAULT.pinnedDirectMemory() > (before ? AMPLE : PLENTY);
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
