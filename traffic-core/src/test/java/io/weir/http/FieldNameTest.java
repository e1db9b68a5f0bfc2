package io.weir.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** Field names: the table of well-known ones, and names that are not in it. */
class FieldNameTest {

    /** Every public constant. */
    static List<FieldName> wellKnown() throws IllegalAccessException {
        List<FieldName> names = new ArrayList<>();
        for (Field field : FieldName.class.getFields()) {
            if (Modifier.isStatic(field.getModifiers()) && field.getType() == FieldName.class) {
                names.add((FieldName) field.get(null));
            }
        }
        return names;
    }

    @ParameterizedTest
    @MethodSource("wellKnown")
    void wellKnownNameIsOneInstanceInAnySpelling(FieldName name) {
        String text = name.toString();
        StringBuilder mixed = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            String letter = text.substring(i, i + 1);
            mixed.append(
                    i % 2 == 0 ? letter.toLowerCase(Locale.ROOT) : letter.toUpperCase(Locale.ROOT));
        }
        for (String spelt :
                List.of(
                        text,
                        text.toLowerCase(Locale.ROOT),
                        text.toUpperCase(Locale.ROOT),
                        mixed.toString())) {
            assertThat(FieldName.of(spelt)).as(spelt).isSameAs(name);
            RequestHead head =
                    HeadReading.completeRequest("GET / HTTP/1.1\r\n" + spelt + ": v\r\n\r\n");
            assertThat(head.knownName(0)).as("parsed " + spelt).isSameAs(name);
        }
    }

    @ParameterizedTest
    @MethodSource("wellKnown")
    void nameThatIsAlmostWellKnownIsNot(FieldName name) {
        String text = name.toString();
        for (String spelt :
                List.of(
                        text + "x",
                        "x" + text,
                        text.substring(1) + text.charAt(0),
                        text.replace('-', '_') + "_",
                        text.substring(0, text.length() - 1) + "~")) {
            FieldName other = FieldName.of(spelt);
            assertThat(other).as(spelt).isNotSameAs(name);
            assertThat(other).hasToString(spelt);
        }
    }

    @Test
    void wellKnownNamesAreAllDifferent() throws IllegalAccessException {
        Set<String> texts =
                wellKnown().stream()
                        .map(name -> name.toString().toLowerCase(Locale.ROOT))
                        .collect(Collectors.toSet());
        assertThat(texts).hasSameSizeAs(wellKnown());
        assertThat(texts).hasSizeGreaterThan(50);
    }

    /** Bytes that differ only in the bit that letters have for their case are no letters. */
    @Test
    void onlyLettersHaveCase() {
        RequestHead head =
                HeadReading.completeRequest("GET / HTTP/1.1\r\nX_Y: 1\r\nA^B: 2\r\nA~B: 3\r\n\r\n");
        assertThat(head.get(FieldName.of("A^B"))).isEqualTo("2");
        assertThat(head.get(FieldName.of("a~b"))).isEqualTo("3");
        assertThat(head.get(FieldName.of("X\u007fY"))).isNull();
    }

    @Test
    void hopByHopNamesAreThoseOfTheRfcAndTheirOldFriends() throws IllegalAccessException {
        assertThat(wellKnown().stream().filter(FieldName::hopByHop))
                .containsExactlyInAnyOrder(
                        FieldName.CONNECTION,
                        FieldName.KEEP_ALIVE,
                        FieldName.PROXY_CONNECTION,
                        FieldName.TE,
                        FieldName.UPGRADE,
                        FieldName.HTTP2_SETTINGS,
                        FieldName.TRANSFER_ENCODING);
        assertThat(FieldName.of("X-Own").hopByHop()).isFalse();
    }

    @Test
    void trailersMayHoldOnlyWhatDoesNotRouteFrameOrAuthenticate() throws IllegalAccessException {
        assertThat(wellKnown().stream().filter(FieldName::allowedInTrailers))
                .containsExactlyInAnyOrder(FieldName.ETAG, FieldName.LAST_MODIFIED);
        assertThat(FieldName.of("X-Checksum").allowedInTrailers()).isTrue();
    }
}
