package io.weir.persist;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.testkit.ConfigText;
import io.weir.testkit.FakeNode;
import io.weir.testkit.ReceivedResponse;
import io.weir.testkit.RunningWeir;
import io.weir.testkit.TestCa;
import io.weir.testkit.TlsClient;
import io.weir.testkit.WeirExtension;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;

import javax.net.ssl.SSLContext;

/** Sessions that are known by their TLS session, when their node dies or drains. */
class TlsSessionStickinessTest {

    private static final String GET = "GET / HTTP/1.1\r\nHost: a.example\r\n\r\n";

    @RegisterExtension static final WeirExtension WEIR = new WeirExtension();

    @TempDir Path directory;
    private final TestCa ca = new TestCa("ca");
    private FakeNode[] nodes;
    private RunningWeir weir;
    private String yaml;

    @BeforeEach
    @SuppressWarnings("NullAway.Init") // what is started comes with each test
    void nodes() {
        ca.issue("a.example").write(directory, "a");
        nodes = new FakeNode[] {WEIR.node("n0"), WEIR.node("n1"), WEIR.node("n2")};
    }

    private void start(String... more) {
        yaml =
                ConfigText.of(nodes)
                                .global("tls-engine: openssl", "event-loops: 2")
                                .virtualServer(
                                        "tls: {certificate: "
                                                + directory.resolve("a.pem")
                                                + ", key: "
                                                + directory.resolve("a.key")
                                                + ", tickets: false}")
                                .pool(
                                        "algorithm: random",
                                        "persistence: sticky",
                                        "node-connection-attempts: 1",
                                        "slow-start: 0s",
                                        "retry-budget: 100")
                        + "persistence-classes:\n  sticky: {type: ssl-session-id"
                        + String.join("", more)
                        + "}\n";
        weir = WEIR.start(yaml);
    }

    private ReceivedResponse get(SSLContext client) throws IOException {
        try (TlsClient connection = TlsClient.to(weir.port(), client, "a.example", "TLSv1.2")) {
            return connection.exchange(GET);
        }
    }

    private String served(SSLContext client) throws IOException {
        return get(client).field("X-Node");
    }

    private FakeNode node(String name) {
        return Arrays.stream(nodes).filter(n -> n.name().equals(name)).findFirst().orElseThrow();
    }

    private String inState(String name, String state) {
        String address = node(name).address();
        return yaml.replace(address, "{address: '" + address + "', state: " + state + "}");
    }

    @Test
    void whenTheNodeDiesTheSessionMovesForGood() throws IOException {
        start();
        SSLContext client = ca.trusting();
        String home = served(client);
        assertThat(served(client)).isEqualTo(home);
        node(home).kill();
        String next = served(client);
        assertThat(next).isNotEqualTo(home).isNotEmpty();
        node(home).revive();
        for (int i = 0; i < 20; i++) {
            assertThat(served(client)).isEqualTo(next);
        }
    }

    @Test
    void whenTheNodeDiesTheClassMayRedirectOrCutTheClientOff() throws IOException {
        start(", failure-mode: url, url: 'https://sorry.test/gone'");
        SSLContext client = ca.trusting();
        FakeNode home = node(served(client));
        home.kill();
        ReceivedResponse redirected = get(client);
        assertThat(redirected.status()).isEqualTo(302);
        assertThat(redirected.field("Location")).isEqualTo("https://sorry.test/gone");

        home.revive();
        start(", failure-mode: close");
        SSLContext another = ca.trusting();
        node(served(another)).kill();
        try (TlsClient connection = TlsClient.to(weir.port(), another, "a.example", "TLSv1.2")) {
            assertThat(connection.exchange(GET).status()).isEqualTo(503);
            assertThat(connection.raw().closedByPeer()).isTrue();
        }
    }

    @Test
    void aDrainingNodeKeepsItsSessionsAndADisabledOneDoesNot() throws IOException {
        start();
        SSLContext client = ca.trusting();
        String home = served(client);
        weir.apply(inState(home, "draining"));
        for (int i = 0; i < 10; i++) {
            assertThat(served(client)).isEqualTo(home);
        }
        for (int i = 0; i < 10; i++) {
            assertThat(served(ca.trusting())).isNotEqualTo(home);
        }
        weir.apply(inState(home, "disabled"));
        assertThat(served(client)).isNotEqualTo(home).isNotEmpty();
    }
}
