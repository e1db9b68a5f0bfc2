package io.weir.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.weir.testkit.Await;
import io.weir.testkit.ConfigText;
import io.weir.testkit.FakeNode;
import io.weir.testkit.Fields;
import io.weir.testkit.OpenSsl;
import io.weir.testkit.RawClient;
import io.weir.testkit.RunningWeir;
import io.weir.testkit.ShiftedTicker;
import io.weir.testkit.TestCa;
import io.weir.testkit.TlsClient;
import io.weir.testkit.WeirExtension;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.concurrent.atomic.AtomicInteger;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;

/** Clients come over TLS and nodes notice nothing of it, whichever engine does the work. */
class TlsFromClientsTest {

    private static final String GET = "GET /a HTTP/1.1\r\nHost: a.example\r\n\r\n";

    /** Type of the records that close_notify comes in. */
    private static final int ALERT = 21;

    @RegisterExtension static final WeirExtension WEIR = new WeirExtension();

    @TempDir Path directory;
    private FakeNode node;
    private TestCa ca;

    @BeforeEach
    void start() {
        node = WEIR.node("n");
        ca = new TestCa("ca");
        ca.issue("a.example").write(directory, "a");
    }

    private ConfigText config(String engine, String... more) {
        StringBuilder tls = new StringBuilder("tls: {certificate: " + file("a.pem"));
        tls.append(", key: ").append(file("a.key"));
        for (String each : more) {
            tls.append(", ").append(each);
        }
        return ConfigText.of(node)
                .global("tls-engine: " + engine, "event-loops: 2")
                .virtualServer(tls.append("}").toString());
    }

    private String file(String name) {
        return directory.resolve(name).toString();
    }

    private String other(String name) {
        return "{certificate: " + file(name + ".pem") + ", key: " + file(name + ".key") + "}";
    }

    @ParameterizedTest
    @ValueSource(strings = {"openssl", "jdk"})
    void anExchangeGoesThroughAndTheNodeLearnsThatItWasSecure(String engine) throws IOException {
        RunningWeir weir = WEIR.start(config(engine, "headers: true", "hsts: 365d"));
        for (String version : new String[] {"TLSv1.2", "TLSv1.3"}) {
            try (TlsClient client =
                    TlsClient.to(weir.port(), ca.trusting(), "a.example", version)) {
                var first = client.exchange(GET);
                assertThat(first.status()).isEqualTo(200);
                assertThat(first.fields().values("Strict-Transport-Security"))
                        .containsExactly("max-age=31536000");
                assertThat(client.exchange(GET).status()).isEqualTo(200);
                assertThat(client.session().getProtocol()).isEqualTo(version);
            }
            Fields fields = node.received().getLast().fields();
            assertThat(fields.values("X-Forwarded-Proto")).containsExactly("https");
            assertThat(fields.values("SSLProtocol")).containsExactly(version);
            assertThat(fields.values("SSLServerName")).containsExactly("a.example");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"openssl", "jdk"})
    void theNameThatIsAskedForDecidesWhichCertificateIsShown(String engine) throws IOException {
        ca.issue("b.example").write(directory, "b");
        ca.issue("*.c.example").write(directory, "c");
        RunningWeir weir =
                WEIR.start(
                        config(engine, "certificates: [" + other("b") + ", " + other("c") + "]"));
        assertThat(shown(weir, "b.example")).isEqualTo("CN=b.example");
        assertThat(shown(weir, "B.Example")).isEqualTo("CN=b.example");
        assertThat(shown(weir, "x.c.example")).isEqualTo("CN=*.c.example");
        assertThat(shown(weir, "x.y.c.example")).isEqualTo("CN=a.example");
        assertThat(shown(weir, "a.example")).isEqualTo("CN=a.example");
        assertThat(shown(weir, null)).isEqualTo("CN=a.example");
    }

    private String shown(
            RunningWeir weir, @org.jspecify.annotations.Nullable String name, String... versions)
            throws IOException {
        String[] any = versions.length == 0 ? new String[] {"TLSv1.3", "TLSv1.2"} : versions;
        try (TlsClient client = TlsClient.to(weir.port(), ca.trusting(), name, any)) {
            return client.certificate().getSubjectX500Principal().getName();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"openssl", "jdk"})
    void strictSniRefusesNamesThatNobodyHas(String engine) throws IOException {
        RunningWeir weir = WEIR.start(config(engine, "strict-sni: true"));
        assertThat(shown(weir, "a.example")).isEqualTo("CN=a.example");
        assertThatThrownBy(() -> shown(weir, "other.example"))
                .isInstanceOf(SSLException.class)
                .hasMessageContaining("unrecognized_name");
        assertThatThrownBy(() -> shown(weir, null)).isInstanceOf(SSLException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"openssl", "jdk"})
    void anRsaAndAnEllipticCertificateStandSideBySide(String engine) throws IOException {
        ca.issueRsa("a.example").write(directory, "rsa");
        RunningWeir weir = WEIR.start(config(engine, "certificates: [" + other("rsa") + "]"));
        assertThat(key(weir, "TLSv1.3", "TLS_AES_128_GCM_SHA256")).isInstanceOf(ECPublicKey.class);
        assertThat(key(weir, "TLSv1.2", "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"))
                .isInstanceOf(ECPublicKey.class);
        assertThat(key(weir, "TLSv1.2", "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"))
                .isInstanceOf(RSAPublicKey.class);
    }

    private Object key(RunningWeir weir, String version, String suite) throws IOException {
        SSLContext context = ca.trusting();
        try (var socket =
                (javax.net.ssl.SSLSocket)
                        context.getSocketFactory().createSocket("127.0.0.1", weir.port())) {
            socket.setEnabledProtocols(new String[] {version});
            socket.setEnabledCipherSuites(new String[] {suite});
            socket.startHandshake();
            return socket.getSession().getPeerCertificates()[0].getPublicKey();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"openssl", "jdk"})
    void sessionsAreResumedByIdAndByTicket(String engine) throws IOException {
        RunningWeir weir =
                WEIR.start(
                        config(engine)
                                .virtualServer(
                                        "log: '%{tls_version}w %{tls_handshake}w"
                                                + " %{tls_server_name}w %{tls_cipher}w'"));
        for (String version : new String[] {"TLSv1.2", "TLSv1.3"}) {
            SSLContext context = ca.trusting();
            for (int i = 0; i < 2; i++) {
                try (TlsClient client = TlsClient.to(weir.port(), context, "a.example", version)) {
                    assertThat(client.exchange(GET).status()).isEqualTo(200);
                }
            }
        }
        Path log = weir.logs().resolve("web.log");
        Await.until("four lines", () -> lines(log) == 4);
        assertThat(Files.readAllLines(log))
                .extracting(line -> line.substring(0, line.lastIndexOf(' ')))
                .containsExactly(
                        "TLSv1.2 full a.example",
                        "TLSv1.2 resumed a.example",
                        "TLSv1.3 full a.example",
                        "TLSv1.3 resumed a.example");
    }

    @Test
    void aSessionIsResumedAtAnotherMemberOfACluster() {
        assumeTrue(OpenSsl.isThere());
        ConfigText config = config("openssl", "ticket-keys: cluster", "session-cache: 0");
        String key = "cluster-key: a key for every member";
        RunningWeir one = WEIR.start(config.global(key));
        RunningWeir two = WEIR.start(config.global(key));
        RunningWeir stranger = WEIR.start(config.global("cluster-key: a key of another one"));
        OpenSsl client = new OpenSsl(directory);
        String ask = "s_client -tls1_2 -servername a.example -connect 127.0.0.1:";
        assertThat(client.run(ask + one.port() + " -sess_out session")).contains("New, TLSv1.2");
        assertThat(client.run(ask + two.port() + " -sess_in session")).contains("Reused, TLSv1.2");
        assertThat(client.run(ask + stranger.port() + " -sess_in session"))
                .contains("New, TLSv1.2");
    }

    private static int lines(Path log) {
        try {
            return Files.readAllLines(log).size();
        } catch (IOException e) {
            return 0;
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"openssl", "jdk"})
    void theModernProfileSpeaksTheNewestVersionOnly(String engine) throws IOException {
        RunningWeir weir = WEIR.start(config(engine, "profile: modern"));
        assertThat(shown(weir, "a.example", "TLSv1.3")).isEqualTo("CN=a.example");
        assertThatThrownBy(() -> shown(weir, "a.example", "TLSv1.2"))
                .isInstanceOf(SSLException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"openssl", "jdk"})
    void bodiesOfEverySizeComeThroughWhole(String engine) throws IOException {
        RunningWeir weir = WEIR.start(config(engine));
        try (TlsClient client = TlsClient.to(weir.port(), ca.trusting(), "a.example")) {
            for (int size : new int[] {1, 1000, 16_384, 16_385, 100_000, 1_000_000}) {
                String body = "x".repeat(size);
                var response =
                        client.exchange(
                                "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: "
                                        + size
                                        + "\r\n\r\n"
                                        + body);
                assertThat(response.body()).hasSize(size);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"openssl", "jdk"})
    void aNewCertificateIsShownAtOnceAndNoHandshakeFails(String engine) throws Exception {
        RunningWeir weir = WEIR.start(config(engine));
        AtomicInteger failures = new AtomicInteger();
        AtomicInteger handshakes = new AtomicInteger();
        boolean[] on = {true};
        Thread load =
                Thread.ofVirtual()
                        .start(
                                () -> {
                                    while (on[0]) {
                                        try (TlsClient client =
                                                TlsClient.to(
                                                        weir.port(), ca.trusting(), "a.example")) {
                                            client.exchange(GET);
                                            handshakes.incrementAndGet();
                                        } catch (IOException | RuntimeException e) {
                                            failures.incrementAndGet();
                                        }
                                    }
                                });
        for (int i = 0; i < 5; i++) {
            TestCa.Issued next = ca.issue("a.example").write(directory, "a");
            weir.apply(config(engine).toString());
            try (TlsClient client = TlsClient.to(weir.port(), ca.trusting(), "a.example")) {
                assertThat(client.certificate()).isEqualTo(next.certificate());
            }
            int before = handshakes.get();
            Await.until(
                    "more handshakes", () -> handshakes.get() > before + 3 || failures.get() > 0);
        }
        on[0] = false;
        load.join();
        assertThat(failures.get()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"openssl", "jdk"})
    void aCertificateThatCannotBeUsedLeavesEverythingAsItIs(String engine) throws IOException {
        RunningWeir weir = WEIR.start(config(engine));
        Files.writeString(directory.resolve("a.pem"), "nonsense");
        assertThat(weir.tryApply(config(engine).toString()).applied()).isFalse();
        assertThat(shown(weir, "a.example")).isEqualTo("CN=a.example");
    }

    @ParameterizedTest
    @ValueSource(strings = {"openssl", "jdk"})
    void somebodyWhoSpeaksHttpInTheClearIsTold(String engine) {
        RunningWeir weir = WEIR.start(config(engine));
        try (RawClient client = RawClient.to(weir.port())) {
            var response = client.exchange(GET);
            assertThat(response.status()).isEqualTo(400);
            assertThat(new String(response.body(), StandardCharsets.US_ASCII)).contains("HTTPS");
            assertThat(client.closedByPeer()).isTrue();
        }
        assertThat(node.connections()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"openssl", "jdk"})
    void garbageIsNotAnswered(String engine) {
        RunningWeir weir = WEIR.start(config(engine));
        for (String garbage :
                new String[] {"\u0000\u0001\u0002\u0003", "\u0080\u0080aaaa", "\u0016\u0003"}) {
            try (RawClient client = RawClient.to(weir.port())) {
                client.send(garbage).halfClose();
                assertThat(client.closedByPeer()).isTrue();
            }
        }
        assertThat(node.connections()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"openssl", "jdk"})
    void aHandshakeThatDribblesEndsInTime(String engine) {
        RunningWeir weir = WEIR.start(config(engine, "handshake-timeout: 300ms"));
        try (RawClient client = RawClient.to(weir.port())) {
            client.send("\u0016\u0003\u0001\u0001\u0000\u0001\u0000");
            assertThat(client.closedByPeer()).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"openssl", "jdk"})
    void aFirstMessageWithoutEndIsCutAtTheLimit(String engine) {
        RunningWeir weir = WEIR.start(config(engine, "max-handshake-size: 2048"));
        try (RawClient client = RawClient.to(weir.port())) {
            // One message of 64 KiB in records of 512 bytes.
            client.send("\u0016\u0003\u0001\u0002\u0000\u0001\u0001\u0000\u0000" + "a".repeat(508));
            for (int i = 0; i < 8; i++) {
                client.trySend(
                        ("\u0016\u0003\u0001\u0002\u0000" + "a".repeat(512))
                                .getBytes(StandardCharsets.ISO_8859_1));
            }
            assertThat(client.closedByPeer()).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"openssl", "jdk"})
    void aHelloInManyPiecesIsUnderstood(String engine) throws IOException {
        RunningWeir weir = WEIR.start(config(engine));
        try (DribblingProxy slow = new DribblingProxy(weir.port());
                TlsClient client = TlsClient.to(slow.port(), ca.trusting(), "a.example")) {
            assertThat(client.exchange(GET).status()).isEqualTo(200);
        }
    }

    /** The clock stands, so that no look at the connection ends it. */
    @ParameterizedTest
    @ValueSource(strings = {"openssl", "jdk"})
    void aClientThatHasTakenItsLeaveIsNotWaitedFor(String engine) throws IOException {
        ShiftedTicker clock = new ShiftedTicker();
        RunningWeir weir = WEIR.start(config(engine), clock);
        clock.stop();
        try {
            for (String version : new String[] {"TLSv1.2", "TLSv1.3"}) {
                TlsClient client = TlsClient.to(weir.port(), ca.trusting(), "a.example", version);
                assertThat(client.exchange(GET).status()).isEqualTo(200);
                client.close();
            }
            Await.until("the connections to end", () -> weir.clientConnections() == 0);
        } finally {
            clock.goOn();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"openssl", "jdk"})
    void aResponseThatIsCutHasNoProperEnd(String engine) throws Exception {
        node.behave(
                connection -> {
                    if (connection.request() != null) {
                        connection.send(
                                "HTTP/1.1 200 OK\r\n\r\nhalf".getBytes(StandardCharsets.US_ASCII));
                        connection.exactly(1);
                    }
                });
        RunningWeir weir = WEIR.start(config(engine).virtualServer("timeout: 300ms"));
        try (DribblingProxy wire = new DribblingProxy(weir.port());
                TlsClient client =
                        TlsClient.to(wire.port(), ca.trusting(), "a.example", "TLSv1.2")) {
            client.raw().send("GET / HTTP/1.0\r\n\r\n");
            client.raw().head("GET");
            assertThat(client.raw().exactly(4)).isEqualTo("half");
            assertThat(wire.records()).doesNotContain(ALERT);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"openssl", "jdk"})
    void aResponseThatIsWholeEndsProperly(String engine) throws Exception {
        node.behave(
                connection -> {
                    if (connection.request() != null) {
                        connection.send(
                                "HTTP/1.1 200 OK\r\n\r\nwhole".getBytes(StandardCharsets.US_ASCII));
                    }
                });
        RunningWeir weir = WEIR.start(config(engine));
        try (DribblingProxy wire = new DribblingProxy(weir.port());
                TlsClient client =
                        TlsClient.to(wire.port(), ca.trusting(), "a.example", "TLSv1.2")) {
            client.raw().send("GET / HTTP/1.0\r\n\r\n");
            client.raw().head("GET");
            assertThat(new String(client.raw().rest(), StandardCharsets.US_ASCII))
                    .isEqualTo("whole");
            assertThat(wire.records()).endsWith(ALERT);
        }
    }
}
