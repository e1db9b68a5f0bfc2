package io.weir.wire;

import io.netty.channel.DefaultMaxMessagesRecvByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;

/**
 * How much is read from a node in one step: as much as came in one go lately. A size that turned
 * out too small grows at once; one that is too large shrinks only after several answers, so that a
 * node whose answers differ is still read with few system calls. Each connection's handle is
 * confined to its event loop.
 */
final class NodeReads extends DefaultMaxMessagesRecvByteBufAllocator {

    private static final int SMALLEST = 1024;
    private static final int FIRST = 8 * 1024;

    /** Large reads save system calls; they bound what one read can hold beyond the buffers. */
    private static final int LARGEST = 128 * 1024;

    private static final int GROWTH = 4;

    /** Answers in a row that needed less than half. */
    private static final int PATIENCE = 8;

    @Override
    @SuppressWarnings("deprecation") // Netty still asks allocators for this type
    public RecvByteBufAllocator.Handle newHandle() {
        return new Sizes();
    }

    private final class Sizes extends MaxMessageHandle {
        private int size = FIRST;
        private int small;

        @Override
        public int guess() {
            return size;
        }

        @Override
        public void lastBytesRead(int bytes) {
            if (bytes == attemptedBytesRead()) {
                size = Math.min(size * GROWTH, LARGEST);
                small = 0;
            }
            super.lastBytesRead(bytes);
        }

        @Override
        public void readComplete() {
            if (totalBytesRead() >= size / 2) {
                small = 0;
            } else if (++small >= PATIENCE) {
                small = 0;
                size = Math.max(size / 2, SMALLEST);
            }
        }
    }
}
