package io.weir.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.DefaultMaxMessagesRecvByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;

/**
 * How much a connection reads at once of which nobody knows how much will come: little while little
 * comes, then more with each read that was full, because large reads cost the least by far. When
 * the memory is short all reads are small, so that many slow takers cannot hold much. Confined to
 * one event loop, whose connections share it.
 */
public final class GrowingReads extends DefaultMaxMessagesRecvByteBufAllocator {

    private static final int SMALLEST = 2 * 1024;
    private static final int FIRST = 8 * 1024;
    private static final int GROWTH = 4;

    /** Reads of one connection before others have their turn. */
    private static final int READS_IN_A_ROW = 4;

    private final WireLoop loop;
    private final int largest;

    /**
     * @param largest bytes of one read; what nobody takes of them is held
     */
    public GrowingReads(WireLoop loop, int largest) {
        super(READS_IN_A_ROW);
        this.loop = loop;
        this.largest = largest;
    }

    @Override
    @SuppressWarnings("deprecation") // the name of the type, which Netty itself still uses
    public RecvByteBufAllocator.Handle newHandle() {
        return new Sizes();
    }

    private final class Sizes extends MaxMessageHandle {
        private int size = FIRST;
        private int smallOnes;

        @Override
        public ByteBuf allocate(ByteBufAllocator alloc) {
            return loop.readMemory().take(alloc, guess());
        }

        @Override
        public int guess() {
            return Math.min(size, loop.allowance());
        }

        @Override
        public void lastBytesRead(int bytes) {
            if (bytes >= size && bytes == attemptedBytesRead()) {
                size = Math.min(size * GROWTH, largest);
                smallOnes = 0;
            }
            loop.read(Math.max(bytes, 0));
            super.lastBytesRead(bytes);
        }

        @Override
        public void readComplete() {
            if (totalBytesRead() > size / GROWTH) {
                smallOnes = 0;
            } else if (++smallOnes == 2) {
                smallOnes = 0;
                size = Math.max(size / GROWTH, SMALLEST);
            }
        }
    }
}
