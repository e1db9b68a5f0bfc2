package io.weir.cache;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.BitSet;
import java.util.Random;

class CoverageTest {

    private static final int LENGTH = 60;

    @Test
    void knowsWhatASetOfBitsKnows() {
        Random random = new Random(2);
        for (int round = 0; round < 2000; round++) {
            Coverage coverage = Coverage.NONE;
            BitSet bits = new BitSet();
            for (int i = random.nextInt(8); i >= 0; i--) {
                int from = random.nextInt(LENGTH);
                int to = from + 1 + random.nextInt(Math.min(12, LENGTH - from));
                coverage = coverage.with(from, to);
                bits.set(from, to);
            }
            same(coverage, bits);
        }
    }

    private static void same(Coverage coverage, BitSet bits) {
        int runs = 0;
        for (int at = 0; at < LENGTH; at++) {
            int end = bits.get(at) ? bits.nextClearBit(at) : at;
            assertThat(coverage.end(at)).isEqualTo(end);
            boolean begins = bits.get(at) && (at == 0 || !bits.get(at - 1));
            runs += begins ? 1 : 0;
        }
        assertThat(coverage.count()).isEqualTo(runs);
        assertThat(coverage.bytes()).isEqualTo(bits.cardinality());
        assertThat(coverage.firstGap()).isEqualTo(bits.nextClearBit(0));
        assertThat(coverage.lastGap(LENGTH)).isEqualTo(bits.previousClearBit(LENGTH - 1) + 1);
    }

    @Test
    void tellsWhereTheNextRunBegins() {
        Coverage coverage = Coverage.NONE.with(10, 20).with(30, 40);
        assertThat(coverage.next(0, 99)).isEqualTo(10);
        assertThat(coverage.next(11, 99)).isEqualTo(30);
        assertThat(coverage.next(31, 99)).isEqualTo(99);
    }
}
