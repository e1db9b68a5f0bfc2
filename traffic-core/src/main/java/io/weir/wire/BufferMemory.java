package io.weir.wire;

import io.netty.buffer.PooledByteBufAllocator;
import io.netty.util.internal.PlatformDependent;

/** How much memory the buffers of all connections take. Safe for every thread. */
public final class BufferMemory {

    private static final long PLENTY = PlatformDependent.maxDirectMemory() / 2;

    private BufferMemory() {}

    /** Share of what the process may have that is in use, 0 to 1. */
    public static double share() {
        return (double) PooledByteBufAllocator.DEFAULT.pinnedDirectMemory()
                / PlatformDependent.maxDirectMemory();
    }

    /** Whether more than half of what the process may have is in use. */
    static boolean isShort() {
        return PooledByteBufAllocator.DEFAULT.pinnedDirectMemory() > PLENTY;
    }
}
