package io.weir.config.load;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.List;

class NearestTest {

    private static final List<String> KEYS =
            List.of("listen", "pool", "timeout", "keepalive-timeout", "max-client-buffer");

    @Test
    void slipsOfTheFingerAreFound() {
        assertThat(Nearest.to("lisen", KEYS)).isEqualTo("listen");
        assertThat(Nearest.to("litsen", KEYS)).isEqualTo("listen");
        assertThat(Nearest.to("pol", KEYS)).isEqualTo("pool");
        assertThat(Nearest.to("pools", KEYS)).isEqualTo("pool");
    }

    @Test
    void otherWaysToJoinWordsAreFound() {
        assertThat(Nearest.to("keepalive_timeout", KEYS)).isEqualTo("keepalive-timeout");
        assertThat(Nearest.to("maxClientBuffer", KEYS)).isEqualTo("max-client-buffer");
        assertThat(Nearest.to("CLIENT BUFFER", KEYS)).isEqualTo("max-client-buffer");
    }

    @Test
    void theNearestOfSeveralIsTaken() {
        assertThat(Nearest.to("timeot", KEYS)).isEqualTo("timeout");
    }

    @Test
    void aFarFetchedNameIsNotOffered() {
        assertThat(Nearest.to("backend", KEYS)).isNull();
        assertThat(Nearest.to("x", KEYS)).isNull();
        assertThat(Nearest.to("", KEYS)).isNull();
        assertThat(Nearest.to("pool".repeat(100), KEYS)).isNull();
    }
}
