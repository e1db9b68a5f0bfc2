package io.weir.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.testkit.ConfigText;

import org.junit.jupiter.api.Test;

import java.util.HashSet;
import java.util.Set;

/** What exchanges do with what rules and TLS tell about their sessions. */
class SessionOfExchangeTest {

    private static final String ASK = "GET / HTTP/1.1\r\nHost: w.test\r\n\r\n";
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

    private static OneExchange with(String pool, String classes) {
        return OneExchange.of(
                ConfigText.ofNodes("10.0.0.1:80", "10.0.0.2:80", "10.0.0.3:80")
                                .pool(pool, "slow-start: 0s")
                        + "persistence-classes:\n"
                        + classes);
    }

    @Test
    void clientsOfTlsGetACookieThatOnlyTlsCarries() {
        try (OneExchange plain = with("persistence: t", "  t: {type: transparent}\n");
                OneExchange secure = with("persistence: t", "  t: {type: transparent}\n").secure();
                OneExchange own =
                        with(
                                        "persistence: t",
                                        "  t: {type: transparent, directives: SameSite=None}\n")
                                .secure()) {
            assertThat(plain.answered(ASK, OK)).containsPattern("; Path=/; HttpOnly\r\n");
            assertThat(secure.answered(ASK, OK))
                    .contains("; Path=/; HttpOnly; Secure; SameSite=Lax\r\n");
            assertThat(own.answered(ASK, OK))
                    .contains("; Path=/; HttpOnly; Secure; SameSite=None\r\n");
        }
    }

    @Test
    void anAnswerThatIsStoredBeginsASessionWithTheOneWhoHasAskedForIt() {
        String config =
                ConfigText.ofNodes("10.0.0.1:80", "10.0.0.2:80")
                                .virtualServer("cache: true")
                                .pool("persistence: t", "slow-start: 0s")
                        + "persistence-classes:\n  t: {type: transparent}\n";
        String answer = OK.replace("\r\n\r\n", "\r\nCache-Control: max-age=60\r\n\r\n");
        try (OneExchange x = OneExchange.of(config)) {
            assertThat(x.exchanged(ASK, answer)).contains("Set-Cookie: X-Mapping-");
            assertThat(x.exchanged(ASK, answer)).doesNotContain("Set-Cookie");
            assertThat(x.nodeAsked()).isFalse();
        }
    }

    @Test
    void anAnswerThatSharedCachesLeaveAloneGetsNoFurtherWord() {
        try (OneExchange x = with("persistence: t", "  t: {type: transparent}\n")) {
            String answer = OK.replace("\r\n\r\n", "\r\nCache-Control: private, max-age=1\r\n\r\n");
            assertThat(x.answered(ASK, answer))
                    .contains("Set-Cookie: X-Mapping-")
                    .doesNotContain("no-cache");
        }
    }

    @Test
    void aRuleGivesTheKeyOrTheNodeOrTheClass() {
        String classes = "  u: {type: universal}\n  n: {type: named}\n";
        try (OneExchange x = with("persistence: u", classes)) {
            Set<String> all = new HashSet<>();
            for (int user = 0; user < 9; user++) {
                String key = "user " + user;
                x.ruled(e -> e.session().key(key)).answered(ASK, OK);
                String home = x.node();
                all.add(home);
                for (int i = 0; i < 4; i++) {
                    x.ruled(e -> {}).answered(ASK, OK);
                    x.ruled(e -> e.session().key(key)).answered(ASK, OK);
                    assertThat(x.node()).isEqualTo(home);
                }
            }
            assertThat(all).hasSizeGreaterThan(1);
            for (int i = 0; i < 6; i++) {
                x.ruled(
                                e -> {
                                    e.session().chosenClass("n");
                                    e.session().node("10.0.0.2:8080");
                                })
                        .answered(ASK, OK);
                assertThat(x.node()).as("another port of the same host").isEqualTo("10.0.0.2:80");
            }
        }
    }

    @Test
    void aTlsSessionIsOneSession() {
        try (OneExchange x = with("persistence: s", "  s: {type: ssl-session-id}\n")) {
            x.withTlsSession((byte) 1, (byte) 2).answered(ASK, OK);
            String home = x.node();
            for (int i = 0; i < 5; i++) {
                x.withTlsSession((byte) 9, (byte) i).answered(ASK, OK);
                x.withTlsSession((byte) 1, (byte) 2).answered(ASK, OK);
                assertThat(x.node()).isEqualTo(home);
            }
        }
    }
}
