package io.weir.wire;

import io.netty.buffer.PooledByteBufAllocator;
import io.netty.util.internal.PlatformDependent;

/** How much memory the buffers of all connections take. Safe for every thread. */
final class BufferMemory {

    private static final long PLENTY = PlatformDependent.maxDirectMemory() / 2;

    private BufferMemory() {}

    /** Whether more than half of what the process may have is in use. */
    static boolean isShort() {
        return PooledByteBufAllocator.DEFAULT.pinnedDirectMemory() > PLENTY;
    }
}
