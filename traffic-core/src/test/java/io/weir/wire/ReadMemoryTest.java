package io.weir.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.AbstractByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ReadMemoryTest {

    private static final int SIZE = 128 * 1024;

    private final ByteBufAllocator allocator = new UnpooledByteBufAllocator(true);
    private final ReadMemory memory = new ReadMemory();

    @AfterEach
    void release() {
        memory.release();
    }

    @Test
    void aBufferThatNobodyHoldsIsUsedAgainAndIsEmpty() {
        ByteBuf first = memory.take(allocator, SIZE);
        first.writeLong(1).readInt();
        first.release();

        ByteBuf second = memory.take(allocator, SIZE);

        assertThat(second).isSameAs(first);
        assertThat(second.readableBytes()).isZero();
        assertThat(second.writableBytes()).isEqualTo(SIZE);
        second.release();
    }

    @Test
    void aBufferOfWhichAPieceStillWaitsIsLeftToItsHolder() {
        ByteBuf first = memory.take(allocator, SIZE);
        first.writeLong(42);
        ByteBuf piece = first.readRetainedSlice(8);
        first.release();

        ByteBuf second = memory.take(allocator, SIZE);
        second.writeLong(7);

        assertThat(second).isNotSameAs(first);
        assertThat(piece.getLong(0)).isEqualTo(42);
        second.release();
        piece.release();
        assertThat(first.refCnt()).as("owners of the first buffer").isZero();
    }

    @Test
    void memoryThatIsNotThereCostsNobodyHisBytesAndIsThereAgainLater() {
        Scarce scarce = new Scarce();
        ByteBuf first = memory.take(scarce, SIZE);
        first.writeLong(42);
        ByteBuf piece = first.readRetainedSlice(8);
        first.release();

        scarce.exhausted = true;
        assertThatThrownBy(() -> memory.take(scarce, SIZE)).isInstanceOf(OutOfMemoryError.class);
        scarce.exhausted = false;
        ByteBuf second = memory.take(scarce, SIZE);
        second.writeLong(7);

        assertThat(second).isNotSameAs(first);
        assertThat(piece.getLong(0)).isEqualTo(42);
        piece.release();
        second.release();
        memory.take(scarce, SIZE).release();
    }

    @Test
    void sizesAreKeptApart() {
        ByteBuf large = memory.take(allocator, SIZE);
        large.release();

        ByteBuf smaller = memory.take(allocator, SIZE / 2);

        assertThat(smaller).isNotSameAs(large);
        assertThat(smaller.capacity()).isEqualTo(SIZE / 2);
        smaller.release();
    }

    @Test
    void nothingIsKeptOnceItWasReleased() {
        ByteBuf before = memory.take(allocator, SIZE);
        before.release();

        memory.release();
        ByteBuf after = memory.take(allocator, SIZE);

        assertThat(before.refCnt()).isZero();
        assertThat(after.refCnt()).isEqualTo(1);
        after.release();
    }

    /** Has no memory to give while it is exhausted. */
    private static final class Scarce extends AbstractByteBufAllocator {
        private boolean exhausted;

        @Override
        protected ByteBuf newHeapBuffer(int initial, int most) {
            return UnpooledByteBufAllocator.DEFAULT.heapBuffer(initial, most);
        }

        @Override
        protected ByteBuf newDirectBuffer(int initial, int most) {
            if (exhausted) {
                throw new OutOfMemoryError("for this test");
            }
            return UnpooledByteBufAllocator.DEFAULT.directBuffer(initial, most);
        }

        @Override
        public boolean isDirectBufferPooled() {
            return false;
        }
    }
}
