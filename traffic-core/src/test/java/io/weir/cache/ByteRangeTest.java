package io.weir.cache;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ByteRangeTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "bytes=0-4 | 0-4",
                "BYTES = 0-4 | whole",
                "bytes=5- | 5-9",
                "bytes=-3 | 7-9",
                "bytes=-30 | 0-9",
                "bytes=3-30 | 3-9",
                "bytes=10- | nothing",
                "bytes=-0 | nothing",
                "bytes=4-3 | whole",
                "bytes=a-3 | whole",
                "bytes=- | whole",
                "items=0-4 | whole",
                "bytes=0-2,3-5 | 0-5",
                "bytes=3-5, 0-3 | 0-5",
                "bytes=0-9,2-3 | 0-9",
                "bytes=0-2,4-5 | whole",
                "bytes=0-2,20-30 | 0-2",
                "bytes=20-30,40-50 | nothing",
                "bytes=0-2,-3 | whole",
                "bytes=0-6,-3 | 0-9",
                "bytes=0-2,x | whole",
            })
    void asksForAPartOfTenBytes(String field, String expected) {
        ByteRange range = ByteRange.of(field, 10);
        String found =
                range == null
                        ? "whole"
                        : range.satisfiable() ? range.first() + "-" + range.last() : "nothing";
        assertThat(found).isEqualTo(expected);
    }

    @Test
    void manyRangesMeanTheWhole() {
        assertThat(ByteRange.of("bytes=" + "0-0,".repeat(100) + "0-0", 10)).isNull();
    }
}
