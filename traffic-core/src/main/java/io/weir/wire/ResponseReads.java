package io.weir.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.DefaultMaxMessagesRecvByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.util.UncheckedBooleanSupplier;

/**
 * How large the reads of one connection to a node are: as large as what is still to come, so that a
 * response takes as few system calls as it can, but no larger than what the client has room for.
 * Before its head is there, it is taken to be about as long as the last one on the connection.
 * Confined to one event loop.
 */
final class ResponseReads extends DefaultMaxMessagesRecvByteBufAllocator {

    private static final int SMALLEST = 1024;
    private static final int FIRST = 8 * 1024;
    private static final int HEAD = 4 * 1024;

    /** Large reads save system calls; this bounds what one read can hold beyond the buffers. */
    private static final int LARGEST = 128 * 1024;

    /** Reads of one connection before others have their turn: a head, and what is behind it. */
    private static final int READS_IN_A_ROW = 2;

    private final WireLoop loop;
    private final Asker asker;
    private int expected = FIRST;
    private int next = FIRST;
    private long seen;
    private long left;
    private boolean unread;

    /** Whether what is told of next has been told of by {@link #passedOn}. */
    private boolean counted;

    /**
     * @param asker for whom is read
     */
    ResponseReads(WireLoop loop, Asker asker) {
        super(READS_IN_A_ROW);
        this.loop = loop;
        this.asker = asker;
    }

    /** A response is awaited. */
    void awaited() {
        if (unread) {
            // The head is read, and a body like the last one's is not.
            unread = false;
            expected = HEAD;
            seen = 0;
        } else if (seen > 0) {
            // Halved at most: one short answer between long ones says little about the next.
            expected = (int) Math.max(Math.min(seen, LARGEST), expected >> 1);
            seen = 0;
        }
        left = 0;
        next = expected;
    }

    /** The head of the response is there, and {@code bytes} of its body are not. */
    void toCome(long bytes) {
        left = bytes;
    }

    /** So many bytes of the response go on unread. */
    void passedOn(int bytes) {
        unread = true;
        counted = true;
        left -= Math.min(bytes, left);
    }

    private int size() {
        int most = Math.min(LARGEST, loop.allowance());
        long bytes = Math.min(left > 0 ? left : next, most);
        // One more than expected: a read that leaves room tells that nothing else is there.
        int size = (int) Math.min(Math.max(Long.highestOneBit(bytes) << 1, SMALLEST), most);
        int room = asker.room(size);
        return room < size ? Math.max(Integer.highestOneBit(room), SMALLEST) : size;
    }

    @Override
    @SuppressWarnings("deprecation") // the name of the type, which Netty itself still uses
    public RecvByteBufAllocator.Handle newHandle() {
        return new Reads();
    }

    private final class Reads extends MaxMessageHandle {

        @Override
        public ByteBuf allocate(ByteBufAllocator alloc) {
            return loop.readMemory().take(alloc, size());
        }

        @Override
        public int guess() {
            return size();
        }

        /** Others have to wait until it is clear whether a response was the last to come. */
        @Override
        public boolean continueReading(UncheckedBooleanSupplier maybeMore) {
            return super.continueReading(maybeMore) || maybeMore.get() && asker.mustLookBehind();
        }

        @Override
        public void lastBytesRead(int bytes) {
            if (counted) {
                counted = false;
            } else if (bytes > 0) {
                seen += bytes;
                left -= Math.min(bytes, left);
                next = bytes == attemptedBytesRead() ? LARGEST : bytes;
                loop.read(bytes);
            }
            super.lastBytesRead(bytes);
        }
    }
}
