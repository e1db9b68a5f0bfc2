package io.weir.config.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.config.WeirConfig;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/** A file of which the end is missing is not taken for a smaller configuration. */
class CutShortTest {

    private static final String SMALLEST =
            """
            virtual-servers:
              web:
                listen: :8080
                pool: [10.0.0.11:80, 10.0.0.12:80]
            """;

    private static final String LARGER =
            """
            # The shop.
            virtual-servers:
              web:
                listen:
                  - :8080
                  - 127.0.0.1:8081
                pool: shop
                limits:
                  max-headers: 50
              api:
                listen: :8082
                pool: api
                timeout: 120s

            pools:
              shop:
                nodes:
                  - 10.0.0.11:80
                  - address: 10.0.0.12:80
                    weight: 5
                algorithm: weighted-round-robin
                failure-pool: sorry
                monitors: [shop health]
              api:
                nodes: [10.0.0.21:80]
                keepalive: true
              sorry:
                nodes: ["10.0.0.31:80"]

            monitors:
              shop health:
                type: http
                body-regex: 'all well'
            """;

    @Test
    void theSmallestFileCutAnywhereIsNeverAcceptedInSilence() {
        Loading.config(SMALLEST);
        for (int length = 0; length < SMALLEST.length(); length++) {
            assertThat(Loading.text(SMALLEST.substring(0, length)).problems())
                    .as(SMALLEST.substring(0, length))
                    .isNotEmpty();
        }
    }

    @Test
    void aFramedFileCutAnywhereIsRefused() {
        String framed = ConfigWriter.canonical(Loading.config(LARGER));
        Loading.config(framed);
        // The last newline is not needed: what it ends is the end marker.
        for (int length = 0; length < framed.length() - 1; length++) {
            assertThat(Loading.text(framed.substring(0, length)).config())
                    .as("the first %d characters", length)
                    .isNull();
        }
    }

    @Test
    void aJsonFileCutAnywhereIsRefused() {
        String json = SchemaKeys.flow(SchemaKeys.baseWithoutFiles());
        assertThat(Loading.text(json).config()).isNotNull();
        for (int length = 0; length < json.length(); length++) {
            assertThat(Loading.text(json.substring(0, length)).config())
                    .as(json.substring(0, length))
                    .isNull();
        }
    }

    @Test
    void aFileCutInsideALineIsNeverAcceptedInSilence() {
        for (int length = 0; length < LARGER.length(); length++) {
            if (length > 0 && LARGER.charAt(length - 1) == '\n') {
                continue;
            }
            assertThat(Loading.text(LARGER.substring(0, length)).problems())
                    .as(LARGER.substring(0, length))
                    .isNotEmpty();
        }
    }

    @Test
    void aFileCutBetweenLinesIsNoticedUnlessOnlySettingsOfItsLastObjectAreLost() {
        WeirConfig whole = Loading.config(LARGER);
        int silent = 0;
        for (int length = 1; length < LARGER.length(); length++) {
            if (LARGER.charAt(length - 1) != '\n') {
                continue;
            }
            Loaded loaded = Loading.text(LARGER.substring(0, length));
            if (!loaded.problems().isEmpty()) {
                continue;
            }
            WeirConfig left = Objects.requireNonNull(loaded.config());
            assertThat(left.virtualServers()).isEqualTo(whole.virtualServers());
            assertThat(left.pools()).isEqualTo(whole.pools());
            assertThat(left.monitors().keySet()).isEqualTo(whole.monitors().keySet());
            silent++;
        }
        // After "shop health: {type: http}" nothing is missing that must be there.
        assertThat(silent).isEqualTo(1);
    }

    @Test
    void aFileCutInsideACharacterIsRefused() {
        String text = SMALLEST.replace("web", "wéb");
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        byte[] cut = Arrays.copyOf(bytes, text.indexOf('é') + 1);
        List<Problem> problems = LoadingFiles.load(cut).problems();
        assertThat(problems).extracting(Problem::code).containsExactly(ProblemCode.NOT_TEXT);
    }
}
