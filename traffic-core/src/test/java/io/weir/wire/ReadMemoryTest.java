package io.weir.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.AbstractByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Random;
import java.util.Set;

class ReadMemoryTest {

    private static final int SIZE = 128 * 1024;

    private static final int SMALL = 16 * 1024;

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
    void smallBuffersThatWereHeldTogetherAreAllUsedAgain() {
        Set<ByteBuf> used = identitySet();
        for (int turn = 0; turn < 5; turn++) {
            List<ByteBuf> held = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                held.add(memory.take(allocator, SMALL));
            }
            assertThat(identitySet(held)).as("buffers held at once").hasSize(20);
            used.addAll(held);
            held.forEach(ByteBuf::release);
        }
        assertThat(used).hasSize(20);
    }

    @Test
    void whateverManyHoldNobodyGetsTheBufferOfAnother() {
        Random random = new Random(3);
        List<ByteBuf> held = new ArrayList<>();
        for (int i = 0; i < 5_000; i++) {
            ByteBuf buffer = memory.take(allocator, SMALL);
            assertThat(buffer.readableBytes()).isZero();
            held.add(buffer.writeInt(i));
            while (held.size() > 60 || !held.isEmpty() && random.nextInt(10) < 4) {
                held.remove(random.nextInt(held.size())).release();
            }
            for (ByteBuf other : held) {
                assertThat(other.refCnt()).isBetween(1, 2);
            }
            assertThat(held.stream().mapToInt(b -> b.getInt(0)).distinct().count())
                    .isEqualTo(held.size());
        }
        held.forEach(ByteBuf::release);
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

    private static Set<ByteBuf> identitySet() {
        return Collections.newSetFromMap(new IdentityHashMap<>());
    }

    private static Set<ByteBuf> identitySet(List<ByteBuf> of) {
        Set<ByteBuf> set = identitySet();
        set.addAll(of);
        return set;
    }
}
