package io.weir.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.http.FieldName;

import org.junit.jupiter.api.Test;

/** Which values of the fields that a response varies by count as the same. */
class VaryKeyTest {

    private static String accept(String value) {
        return VaryKey.normal(FieldName.ACCEPT, value);
    }

    @Test
    void preferencesThatMeanTheSameAreTheSame() {
        assertThat(accept("text/html, a/b;q=0.5")).isEqualTo(accept("a/b; q=0.5,TEXT/html"));
        assertThat(accept("text/html, a/b;q=0.5")).isNotEqualTo(accept("a/b, text/html;q=0.5"));
    }

    @Test
    void withinQuotesEveryCharacterCounts() {
        assertThat(accept("a/b;v=\"X\"")).isNotEqualTo(accept("a/b;v=\"x\""));
        assertThat(accept("a/b;v=\"x, y\"")).isNotEqualTo(accept("a/b;v=\"x,y\""));
        assertThat(accept("a/b;v=\"x,y\",c/d")).isNotEqualTo(accept("c/d,a/b;v=\"x,y\""));
        FieldName other = FieldName.of("X-List");
        assertThat(VaryKey.normal(other, "a , b")).isEqualTo(VaryKey.normal(other, "a,b"));
        assertThat(VaryKey.normal(other, "\"a , b\""))
                .isNotEqualTo(VaryKey.normal(other, "\"a,b\""));
    }
}
