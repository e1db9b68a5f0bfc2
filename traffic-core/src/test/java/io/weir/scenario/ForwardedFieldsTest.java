package io.weir.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.testkit.ConfigText;
import io.weir.testkit.FakeNode;
import io.weir.testkit.Fields;
import io.weir.testkit.RawClient;
import io.weir.testkit.ReceivedResponse;
import io.weir.testkit.RunningWeir;
import io.weir.testkit.WeirExtension;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What nodes are told about the client is Weir's own knowledge, not what the client says. */
class ForwardedFieldsTest {

    private static final String SPOOFED =
            "GET /a HTTP/1.1\r\nHost: weir.test\r\n"
                    + "X-Forwarded-For: 6.6.6.6\r\n"
                    + "x-forwarded-for: 6.6.6.7\r\n"
                    + "X-Forwarded-Proto: https\r\n"
                    + "X-Cluster-Client-Ip: 6.6.6.8\r\n\r\n";

    @RegisterExtension static final WeirExtension WEIR = new WeirExtension();

    private FakeNode node;

    @BeforeEach
    void start() {
        node = WEIR.node("n");
    }

    private Fields seenBy(ConfigText config, String source, String request) {
        RunningWeir weir = WEIR.start(config);
        try (RawClient client = RawClient.to(weir.port(), source)) {
            assertThat(client.exchange(request).status()).isEqualTo(200);
        }
        return node.received().get(node.requests() - 1).fields();
    }

    @Test
    void addressOfTheClientReplacesWhatAnUntrustedClientClaims() {
        Fields fields = seenBy(ConfigText.of(node), "127.0.0.2", SPOOFED);

        assertThat(fields.values("X-Forwarded-For")).containsExactly("127.0.0.2");
        assertThat(fields.values("X-Cluster-Client-Ip")).containsExactly("127.0.0.2");
        assertThat(fields.values("X-Forwarded-Proto")).containsExactly("http");
        assertThat(fields.toString()).doesNotContain("6.6.6.");
    }

    @Test
    void claimsAreRemovedEvenWhenNothingIsAdded() {
        Fields fields =
                seenBy(
                        ConfigText.of(node)
                                .virtualServer(
                                        "forwarding: { cluster-ip: false, forwarded-for: false,"
                                                + " forwarded-proto: false, via: false }"),
                        "127.0.0.2",
                        SPOOFED);

        assertThat(fields.has("X-Forwarded-For")).isFalse();
        assertThat(fields.has("X-Cluster-Client-Ip")).isFalse();
        assertThat(fields.has("X-Forwarded-Proto")).isFalse();
        assertThat(fields.has("Via")).isFalse();
    }

    @Test
    void listOfATrustedProxyIsContinued() {
        Fields fields =
                seenBy(
                        ConfigText.of(node).global("trusted-proxies: [127.0.0.0/8]"),
                        "127.0.0.2",
                        "GET /a HTTP/1.1\r\nHost: weir.test\r\nX-Forwarded-For: 203.0.113.7\r\n"
                                + "X-Forwarded-Proto: https\r\n\r\n");

        assertThat(String.join(", ", fields.values("X-Forwarded-For")))
                .isEqualTo("203.0.113.7, 127.0.0.2");
        assertThat(fields.values("X-Forwarded-Proto")).containsExactly("https");
    }

    @Test
    void viaIsAddedBehindThoseThatAreThere() {
        Fields fields =
                seenBy(
                        ConfigText.of(node),
                        "127.0.0.1",
                        "GET /a HTTP/1.1\r\nHost: weir.test\r\nVia: 1.0 before\r\n\r\n");

        assertThat(String.join(", ", fields.values("Via")))
                .matches("1\\.0 before, (HTTP/)?1\\.1 .+");
    }

    @Test
    void protocolOfViaIsThatOfTheReceivedMessage() {
        Fields fields =
                seenBy(
                        ConfigText.of(node),
                        "127.0.0.1",
                        "GET /a HTTP/1.0\r\nHost: weir.test\r\n\r\n");

        assertThat(String.join(", ", fields.values("Via"))).matches("(HTTP/)?1\\.0 .+");
    }

    @Test
    void fieldThatConnectionNamesCannotRemoveWhatWeirAdds() {
        Fields fields =
                seenBy(
                        ConfigText.of(node),
                        "127.0.0.2",
                        "GET /a HTTP/1.1\r\nHost: weir.test\r\n"
                                + "Connection: X-Forwarded-For, X-Cluster-Client-Ip, Via, Host\r\n"
                                + "\r\n");

        assertThat(fields.values("X-Forwarded-For")).containsExactly("127.0.0.2");
        assertThat(fields.values("X-Cluster-Client-Ip")).containsExactly("127.0.0.2");
        assertThat(fields.has("Via")).isTrue();
        assertThat(fields.values("Host")).containsExactly("weir.test");
    }

    @Test
    void connectionOfAClientIsNotThatOfTheNode() {
        RunningWeir weir = WEIR.start(ConfigText.of(node).global("event-loops: 1"));
        for (int i = 1; i <= 5; i++) {
            try (RawClient client = RawClient.to(weir.port())) {
                ReceivedResponse response =
                        client.exchange(
                                "GET /a HTTP/1.1\r\nHost: weir.test\r\nConnection: close\r\n\r\n");
                assertThat(response.field("X-Number")).isEqualTo(String.valueOf(i));
            }
        }
    }
}
