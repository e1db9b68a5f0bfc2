package io.weir.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.Arrays;

/** The character classes, each against the sentence of the RFC that defines it. */
class OctetsTest {

    @Test
    void tokenCharactersAreThoseOfRfc9110() {
        for (int b = 0; b < 256; b++) {
            boolean token =
                    b >= '0' && b <= '9'
                            || b >= 'A' && b <= 'Z'
                            || b >= 'a' && b <= 'z'
                            || "!#$%&'*+-.^_`|~".indexOf(b) >= 0;
            assertThat(Octets.token((byte) b)).as("%s", b).isEqualTo(token);
        }
    }

    @Test
    void targetCharactersAreVisibleAsciiWithoutTheFragmentSign() {
        for (int b = 0; b < 256; b++) {
            assertThat(Octets.target((byte) b))
                    .as("%s", b)
                    .isEqualTo(b > 0x20 && b < 0x7f && b != '#');
        }
    }

    @Test
    void hexadecimalDigitsHaveTheirValue() {
        for (int b = 0; b < 256; b++) {
            int value = b < 128 ? Character.digit(b, 16) : -1;
            assertThat(Octets.hex((byte) b)).as("%s", b).isEqualTo(value);
        }
    }

    @Test
    void onlyAsciiLettersAreLowered() {
        for (int b = 0; b < 256; b++) {
            byte lower = (byte) (b >= 'A' && b <= 'Z' ? b + 32 : b);
            assertThat(Octets.lower((byte) b)).as("%s", b).isEqualTo(lower);
        }
    }

    /** Eight bytes are looked at together: each byte value at each place, in each surrounding. */
    @Test
    void firstControlCharacterIsFoundWhereverItIs() {
        for (byte filling : new byte[] {' ', 'a', '~', (byte) 0x80, (byte) 0xff, '!'}) {
            for (int length = 1; length <= 19; length++) {
                byte[] bytes = new byte[length + 2];
                for (int at = 0; at < length; at++) {
                    for (int b = 0; b < 256; b++) {
                        Arrays.fill(bytes, filling);
                        bytes[at] = (byte) b;
                        boolean control = b < 0x20 || b == 0x7f;
                        int expected = control ? at : length;
                        if (Octets.firstControl(bytes, 0, length) != expected) {
                            throw new AssertionError(
                                    b + " at " + at + " of " + length + " among " + filling);
                        }
                    }
                }
            }
        }
    }

    @Test
    void theFirstOfSeveralControlCharactersCounts() {
        byte[] bytes =
                "abcdefghij\tklm\r\0nop".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        assertThat(Octets.firstControl(bytes, 0, bytes.length)).isEqualTo(10);
        assertThat(Octets.firstControl(bytes, 11, bytes.length)).isEqualTo(14);
        assertThat(Octets.firstControl(bytes, 15, bytes.length)).isEqualTo(15);
        assertThat(Octets.firstControl(bytes, 16, bytes.length)).isEqualTo(bytes.length);
        assertThat(Octets.firstControl(bytes, 0, 5)).as("before the end only").isEqualTo(5);
        assertThat(Octets.firstControl(bytes, 3, 3)).isEqualTo(3);
    }
}
