package io.weir.wire;

import static io.weir.wire.BufferMemory.ANY;
import static io.weir.wire.BufferMemory.LEAST;
import static io.weir.wire.BufferMemory.allowance;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The less memory there is for buffers, the less is read at once. */
class BufferMemoryTest {

    private static final int LITTLE = 8 * 1024;

    @Test
    void lessIsReadAtOnceTheMoreMemoryIsInUse() {
        assertThat(allowance(ANY, 25, 100)).isEqualTo(ANY);
        assertThat(allowance(ANY, 26, 100)).isEqualTo(LITTLE);
        assertThat(allowance(LITTLE, 66, 100)).isEqualTo(LITTLE);
        assertThat(allowance(LITTLE, 67, 100)).isEqualTo(LEAST);
        assertThat(allowance(ANY, 67, 100)).isEqualTo(LEAST);
    }

    @Test
    void memoryThatWasShortStaysShortUntilThereIsAGoodDealAgain() {
        assertThat(allowance(LEAST, 51, 100)).isEqualTo(LEAST);
        assertThat(allowance(LEAST, 50, 100)).isEqualTo(LITTLE);
        assertThat(allowance(LITTLE, 19, 100)).isEqualTo(LITTLE);
        assertThat(allowance(LITTLE, 18, 100)).isEqualTo(ANY);
    }
}
