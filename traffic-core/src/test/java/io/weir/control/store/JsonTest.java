package io.weir.control.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;

class JsonTest {

    @Test
    void readsWhatItWrote() {
        Object document =
                Json.object(
                        "text",
                        "a \"quoted\"\n\u001b[31mline €",
                        "number",
                        42L,
                        "fraction",
                        1.5,
                        "truth",
                        true,
                        "nothing",
                        null,
                        "list",
                        Arrays.asList("a", null, List.of(), Json.object()));
        assertThat(Json.read(Json.write(document))).isEqualTo(document);
    }

    @Test
    void staysOnOneLine() {
        assertThat(Json.write(Json.object("text", "a\nb\r\nc"))).doesNotContain("\n", "\r");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "{",
                "{\"a\":1",
                "{\"a\":1}{}",
                "{\"a\":1,\"a\":2}",
                "{a:1}",
                "[1,]",
                "NaN",
                "01",
                "'a'",
                "{\"a\":1} x",
                "9999999999999999999999",
                "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]"
            })
    void refusesWhatIsNotStrictJsonWithinItsBounds(String text) {
        assertThatThrownBy(() -> Json.read(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void writesEverythingElseAsText() {
        assertThat(Json.write(List.of(Path.of("/a/b"), Instant.EPOCH)))
                .isEqualTo("[\"/a/b\",\"1970-01-01T00:00:00Z\"]");
    }

    @Test
    void saysThatAnObjectWasExpected() {
        assertThatThrownBy(() -> Json.readObject("[1]")).hasMessage("expected a JSON object");
    }
}
