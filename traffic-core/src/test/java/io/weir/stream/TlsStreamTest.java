package io.weir.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.testkit.Await;
import io.weir.testkit.ConfigText;
import io.weir.testkit.FakeNode;
import io.weir.testkit.RawClient;
import io.weir.testkit.RunningWeir;
import io.weir.testkit.TestCa;
import io.weir.testkit.TlsClient;
import io.weir.testkit.WeirExtension;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

import javax.net.ssl.SSLContext;

/** TCP services whose clients come over TLS. */
class TlsStreamTest {

    @RegisterExtension static final WeirExtension WEIR = new WeirExtension();

    @TempDir Path directory;
    private TestCa ca;

    @BeforeEach
    void start() {
        ca = new TestCa("ca");
        ca.issue("a.example").write(directory, "a");
    }

    private ConfigText config(String engine, String protocol, FakeNode... nodes) {
        return ConfigText.of(nodes)
                .global("tls-engine: " + engine)
                .virtualServer("protocol: " + protocol, tls(""));
    }

    private String tls(String more) {
        return "tls: {certificate: "
                + directory.resolve("a.pem")
                + ", key: "
                + directory.resolve("a.key")
                + more
                + "}";
    }

    private TlsClient client(RunningWeir weir, String version) throws IOException {
        return WEIR.closing(TlsClient.to(weir.port(), ca.trusting(), "a.example", version));
    }

    @ParameterizedTest
    @CsvSource({"openssl, TLSv1.2", "openssl, TLSv1.3", "jdk, TLSv1.2", "jdk, TLSv1.3"})
    void aNodeThatSpeaksFirstIsHeard(String engine, String version) throws IOException {
        FakeNode node = WEIR.node("n", Dialogues.greeting("220 mail.test"));
        RunningWeir weir = WEIR.start(config(engine, "smtp", node));
        RawClient client = client(weir, version).raw();
        assertThat(client.exactly(15)).isEqualTo("220 mail.test\r\n");
        client.send("QUIT\r\n");
        assertThat(client.exactly(11)).isEqualTo("OK n QUIT\r\n");
        // Strict: an end without close_notify would be an error.
        assertThat(client.closedByPeer()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"openssl, TLSv1.2", "openssl, TLSv1.3", "jdk, TLSv1.2", "jdk, TLSv1.3"})
    void aClientThatSpeaksFirstIsAnswered(String engine, String version) throws IOException {
        FakeNode node = WEIR.node("n", Dialogues.answeringLines());
        RunningWeir weir = WEIR.start(config(engine, "client-first", node));
        RawClient client = client(weir, version).raw();
        for (int i = 0; i < 20; i++) {
            client.send("line " + i + "\r\n");
            String answer = "OK n line " + i + "\r\n";
            assertThat(client.exactly(answer.length())).isEqualTo(answer);
        }
        assertThat(node.connections()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"openssl", "jdk"})
    void noNodeIsKeptBusyByAClientThatDoesNotFinishItsHandshake(String engine) {
        FakeNode node = WEIR.node("n", Dialogues.greeting("220 mail.test"));
        RunningWeir weir = WEIR.start(config(engine, "smtp", node));
        try (RawClient client = RawClient.to(weir.port())) {
            client.send("\u0016\u0003\u0001\u0001\u0000\u0001\u0000");
            client.halfClose();
            assertThat(client.closedByPeer()).isTrue();
        }
        assertThat(node.connections()).isZero();
    }

    @ParameterizedTest
    @CsvSource({"openssl, TLSv1.2", "openssl, TLSv1.3", "jdk, TLSv1.2", "jdk, TLSv1.3"})
    void everythingSentBeforeACloseNotifyReachesTheNodeWithItsEnd(String engine, String version)
            throws IOException {
        FakeNode node =
                WEIR.node(
                        "n",
                        connection -> {
                            connection.drain();
                            connection.freeze();
                        });
        RunningWeir weir = WEIR.start(config(engine, "stream", node));
        RawClient client = client(weir, version).raw();
        String sent = "x".repeat(100_000) + "the end";
        client.send(sent);
        client.halfClose();
        Await.until(
                "everything to be there",
                () ->
                        node.connectionLog().size() == 1
                                && node.connectionLog().getFirst().received() == sent.length());
        assertThat(
                        new String(
                                node.connectionLog().getFirst().transcript(),
                                StandardCharsets.ISO_8859_1))
                .isEqualTo(sent);
    }

    @ParameterizedTest
    @CsvSource({"openssl, TLSv1.2", "openssl, TLSv1.3", "jdk, TLSv1.2", "jdk, TLSv1.3"})
    void whatANodeSendsBeforeItsEndReachesTheClientWithACloseNotify(String engine, String version)
            throws IOException {
        String sent = "y".repeat(300_000);
        FakeNode node =
                WEIR.node(
                        "n",
                        connection -> {
                            connection.send(sent);
                            connection.halfClose();
                            connection.drain();
                        });
        RunningWeir weir = WEIR.start(config(engine, "stream", node));
        RawClient client = client(weir, version).raw();
        assertThat(new String(client.rest(), StandardCharsets.ISO_8859_1)).isEqualTo(sent);
    }

    @ParameterizedTest
    @ValueSource(strings = {"smtp", "client-first", "http"})
    void aResumedSessionStaysOnItsNode(String protocol) throws IOException {
        FakeNode[] nodes = new FakeNode[3];
        for (int i = 0; i < nodes.length; i++) {
            nodes[i] =
                    switch (protocol) {
                        case "smtp" -> WEIR.node("n" + i, Dialogues.greeting("220 n" + i));
                        case "http" -> WEIR.node("n" + i);
                        default -> WEIR.node("n" + i, Dialogues.answeringLines());
                    };
        }
        RunningWeir weir =
                WEIR.start(
                        ConfigText.of(nodes)
                                        .global("tls-engine: openssl", "event-loops: 2")
                                        .virtualServer(
                                                "protocol: " + protocol, tls(", tickets: false"))
                                        .pool("persistence: sticky", "slow-start: 0s")
                                + "persistence-classes:\n  sticky: {type: ssl-session-id}\n");
        for (int c = 0; c < 3; c++) {
            SSLContext context = ca.trusting();
            String home = null;
            for (int i = 0; i < 4; i++) {
                try (TlsClient client =
                        TlsClient.to(weir.port(), context, "a.example", "TLSv1.2")) {
                    String served = serving(client.raw(), protocol);
                    assertThat(served).isEqualTo(home == null ? served : home);
                    home = served;
                }
            }
        }
        for (FakeNode node : nodes) {
            assertThat(node.connections()).as("every node has a client").isPositive();
        }
    }

    private static String serving(RawClient client, String protocol) {
        return switch (protocol) {
            case "smtp" -> client.exactly(8).substring(4, 6);
            case "http" ->
                    client.exchange("GET / HTTP/1.1\r\nHost: a.example\r\n\r\n")
                            .fields()
                            .values("X-Node")
                            .getFirst();
            default -> {
                client.send("WHO\r\n");
                yield client.exactly(10).substring(3, 5);
            }
        };
    }
}
