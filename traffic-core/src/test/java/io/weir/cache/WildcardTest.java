package io.weir.cache;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WildcardTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/a | /a | true",
                "/a | /ab | false",
                "/a* | /a | true",
                "/a* | /a/b?c=d | true",
                "*.css | /x/y.css | true",
                "*.css | /x/y.css?v=1 | false",
                "/*/b/*c | /a/b/b/c | true",
                "/*/b/*c | /a/b/b/d | false",
                "* | /anything | true",
                "/a\\*b | /a*b | true",
                "/a\\*b | /axb | false",
                "/a?b | /axb | false",
                "/a?b | /a?b | true",
            })
    void fits(String pattern, String text, boolean expected) {
        assertThat(new Wildcard(pattern).fits(text)).isEqualTo(expected);
    }

    @Test
    void theEmptyOneFitsEverything() {
        assertThat(Wildcard.ANY.fits("")).isTrue();
        assertThat(Wildcard.ANY.fits("/a")).isTrue();
    }

    @Test
    void anExactOneTakesNoCharacterForMore() {
        String odd = "/a*b\\c?d";
        assertThat(Wildcard.exactly(odd).fits(odd)).isTrue();
        assertThat(Wildcard.exactly(odd).fits("/axb\\c?d")).isFalse();
    }

    @Test
    @Timeout(30)
    void aPatternOfStarsEndsSoon() {
        String text = "a".repeat(4000);
        assertThat(new Wildcard("*a".repeat(500) + "*b").fits(text)).isFalse();
    }
}
