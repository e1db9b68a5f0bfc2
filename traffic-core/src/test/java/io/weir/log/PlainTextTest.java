package io.weir.log;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PlainTextTest {

    @Test
    void plainWordsStayAsTheyAre() {
        assertThat(PlainText.of("Node 10.0.0.1:80 \"fails\": größer, 漢字 😀 {}[]%"))
                .isEqualTo("Node 10.0.0.1:80 \"fails\": größer, 漢字 😀 {}[]%");
    }

    @Test
    void whatWouldEndTheLineOrCommandATerminalIsEscaped() {
        assertThat(PlainText.of("a\nb\r\tc\\d")).isEqualTo("a\\nb\\r\\tc\\\\d");
        assertThat(PlainText.of("\u001b[31m\u0000\u007f\u009b2J"))
                .isEqualTo("\\u001b[31m\\u0000\\u007f\\u009b2J");
        assertThat(PlainText.of("x\u202ey\u2028z\u2029\u200b\ufeff"))
                .isEqualTo("x\\u202ey\\u2028z\\u2029\\u200b\\ufeff");
    }

    @Test
    void halvesOfCharactersAreEscaped() {
        assertThat(PlainText.of("a\ud83db\ude00")).isEqualTo("a\\ud83db\\ude00");
        assertThat(PlainText.of("\ud83d")).isEqualTo("\\ud83d");
    }

    @Test
    void noCharacterGetsThroughThatIsNotPrintable() {
        for (int c = 0; c <= 0xffff; c++) {
            String text = PlainText.of("" + (char) c);
            assertThat(text.chars().noneMatch(Character::isISOControl)).isTrue();
            assertThat(text.lines().count()).isEqualTo(1);
        }
    }
}
