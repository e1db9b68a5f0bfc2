package io.weir.function;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Numbers as texts: what JavaScript would write. */
class NumbersTest {

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "-0.0, 0",
        "17, 17",
        "-17, -17",
        "1.5, 1.5",
        "-0.25, -0.25",
        "999999999999999, 999999999999999",
        "1e15, 1000000000000000",
        "9007199254740993, 9007199254740992",
        "123456789012345680000, 123456789012345680000",
        "999999999999999900000, 999999999999999900000",
        "1e21, 1e+21",
        "-1.5e300, -1.5e+300",
        "0.000001, 0.000001",
        "0.00001234, 0.00001234",
        "0.0000001, 1e-7",
        "-1.25e-9, -1.25e-9",
        "1e-300, 1e-300",
        "NaN, NaN",
        "Infinity, Infinity",
        "-Infinity, -Infinity"
    })
    void numbersAreWrittenAsInJavaScript(double number, String text) {
        assertThat(Numbers.text(number)).isEqualTo(text);
    }
}
