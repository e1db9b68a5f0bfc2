package io.weir.explain;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QueryNamesTest {

    @ParameterizedTest
    @CsvSource({
        "/, /",
        "/a?token=secret&b=1, /a?token=&b=",
        "/a?secret, /a?…",
        "/a?secret&x=secret, /a?…&x=",
        "/a?a=se=cret, /a?a=",
        "/a?&&x=1, /a?&&x=",
        "/a?, /a?",
        "http://user:secret@a.example/p?q=secret, /p?q=",
        "http://a.example, /",
        "/redirect?to=http://a.example/x?y=secret, /redirect?to=",
        "*, *",
    })
    void valuesAreTakenOutAndNamesStay(String target, String shown) {
        assertThat(QueryNames.of(target)).isEqualTo(shown);
    }

    @Test
    void whatIsVeryLongIsCut() {
        assertThat(QueryNames.of("/" + "a".repeat(100_000))).hasSize(1025).endsWith("…");
        assertThat(QueryNames.of("/?" + "a=1&".repeat(100_000)).length()).isLessThan(1030);
    }
}
