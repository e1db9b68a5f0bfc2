package io.weir.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.handler.ssl.OpenSslContextOption;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.weir.testkit.Await;
import io.weir.testkit.ConfigText;
import io.weir.testkit.OpenSsl;
import io.weir.testkit.RawClient;
import io.weir.testkit.RunningWeir;
import io.weir.testkit.TestCa;
import io.weir.testkit.TlsClient;
import io.weir.testkit.WeirExtension;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/** What handshakes agree upon, what is counted of them, and certificates that change meanwhile. */
class HandshakesTest {

    @RegisterExtension static final WeirExtension WEIR = new WeirExtension();

    @TempDir Path directory;
    private TestCa ca;

    @BeforeEach
    void start() {
        ca = new TestCa("ca");
        ca.issue("a.example").write(directory, "a");
    }

    private ConfigText config(String engine, String... more) {
        return ConfigText.of(WEIR.node("n"))
                .global("tls-engine: " + engine, "event-loops: 2")
                .virtualServer(
                        "tls: {certificate: "
                                + directory.resolve("a.pem")
                                + ", key: "
                                + directory.resolve("a.key")
                                + String.join("", more)
                                + "}");
    }

    /** The cipher suite of a handshake that offers just this. */
    private String offering(RunningWeir weir, String version, String suites, String groups)
            throws IOException {
        try (SSLSocket socket =
                (SSLSocket)
                        ca.trusting().getSocketFactory().createSocket("127.0.0.1", weir.port())) {
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setProtocols(new String[] {version});
            parameters.setCipherSuites(suites.split(","));
            parameters.setNamedGroups(groups.split(","));
            socket.setSSLParameters(parameters);
            socket.startHandshake();
            return socket.getSession().getCipherSuite();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"openssl", "jdk"})
    void theSuitesThatTheOperatorChoseAreSpokenInTheirOrder(String engine) throws IOException {
        String chosen = "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256";
        String second = "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384";
        String other = "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256";
        RunningWeir weir =
                WEIR.start(config(engine, ", ciphers: [" + chosen + ", " + second + "]"));
        String all = other + "," + second + "," + chosen;
        assertThat(offering(weir, "TLSv1.2", all, "x25519,secp256r1")).isEqualTo(chosen);
        assertThat(offering(weir, "TLSv1.2", other + "," + second, "x25519,secp256r1"))
                .isEqualTo(second);
        assertThatThrownBy(() -> offering(weir, "TLSv1.2", other, "x25519,secp256r1"))
                .isInstanceOf(SSLException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"openssl", "jdk"})
    void theGroupsThatTheOperatorChoseAreSpokenAndNoOthers(String engine) throws IOException {
        RunningWeir weir = WEIR.start(config(engine, ", curves: [P-384]"));
        String suite = "TLS_AES_128_GCM_SHA256";
        assertThat(offering(weir, "TLSv1.3", suite, "x25519,secp384r1")).isEqualTo(suite);
        assertThatThrownBy(() -> offering(weir, "TLSv1.3", suite, "x25519,secp256r1"))
                .isInstanceOf(SSLException.class);
    }

    @Test
    void aClientThatSpeaksOnlyTheGroupAgainstQuantumComputersIsServed() throws Exception {
        RunningWeir weir = WEIR.start(config("openssl"));
        assertThat(NativeHandshake.with(weir.port(), "X25519MLKEM768")).isEqualTo("TLSv1.3");
        RunningWeir without = WEIR.start(config("openssl", ", curves: [X25519]"));
        assertThatThrownBy(() -> NativeHandshake.with(without.port(), "X25519MLKEM768"))
                .isInstanceOf(SSLException.class);
    }

    /**
     * With a group that the client does not offer first: its second message is answered as well.
     */
    @Test
    void everyCertificateIsSignedForWithItsOwnKey() throws IOException {
        ca.issueRsa("r.example").write(directory, "r");
        ca.issueRsa("s.example").write(directory, "s");
        String others =
                Stream.of("r", "s")
                        .map(directory::resolve)
                        .map(f -> "{certificate: " + f + ".pem, key: " + f + ".key}")
                        .collect(Collectors.joining(", ", ", certificates: [", "]"));
        RunningWeir weir = WEIR.start(config("openssl", others + ", curves: [P-384]"));
        for (String name : List.of("r.example", "s.example", "a.example", "r.example")) {
            for (String version : List.of("TLSv1.2", "TLSv1.3")) {
                try (TlsClient client = TlsClient.to(weir.port(), ca.trusting(), name, version)) {
                    assertThat(client.certificate().getSubjectX500Principal().getName())
                            .isEqualTo("CN=" + name);
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"openssl", "jdk"})
    void aKeyUnderAPassPhraseServes(String engine) throws IOException {
        Assumptions.assumeTrue(OpenSsl.isThere(), "openssl");
        new OpenSsl(directory)
                .run("pkcs8 -topk8 -v2 aes-256-cbc -in a.key -out locked.key -passout pass:sesame");
        String yaml =
                config(engine, ", key-passphrase: sesame")
                        .toString()
                        .replace("a.key", "locked.key");
        RunningWeir weir = WEIR.start(yaml);
        try (TlsClient client = TlsClient.to(weir.port(), ca.trusting(), "a.example")) {
            assertThat(client.certificate().getSubjectX500Principal().getName())
                    .isEqualTo("CN=a.example");
        }
        var refused = weir.tryApply(yaml.replace("sesame", "open"));
        assertThat(refused.applied()).isFalse();
        assertThat(refused.objects().toString()).contains("locked.key").doesNotContain("sesame");
    }

    @ParameterizedTest
    @ValueSource(strings = {"openssl", "jdk"})
    void handshakesAreCountedByKindAndFailuresByReason(String engine) throws IOException {
        RunningWeir weir = WEIR.start(config(engine, ", strict-sni: true"));
        SSLContext client = ca.trusting();
        for (int i = 0; i < 3; i++) {
            TlsClient connection = TlsClient.to(weir.port(), client, "a.example");
            connection.exchange("GET / HTTP/1.1\r\nHost: a.example\r\n\r\n");
            connection.close();
        }
        try (RawClient plain = RawClient.to(weir.port())) {
            assertThat(plain.exchange("GET / HTTP/1.0\r\n\r\n").status()).isEqualTo(400);
        }
        assertThatThrownBy(() -> TlsClient.to(weir.port(), ca.trusting(), "b.example"))
                .isInstanceOf(SSLException.class);
        assertThatThrownBy(() -> TlsClient.to(weir.port(), new TestCa("x").trusting(), "a.example"))
                .isInstanceOf(SSLException.class);
        assertThatThrownBy(() -> TlsClient.to(weir.port(), client, "a.example", "TLSv1.1"))
                .isInstanceOf(Exception.class);
        Await.until(
                "the last failure to be counted",
                () -> weir.metrics().contains("reason=\"client_refused\""));
        assertThat(weir.metrics().lines())
                .contains(
                        handshakes("handshakes_total", "kind=\"full\"", 1),
                        handshakes("handshakes_total", "kind=\"resumed\"", 2),
                        handshakes("handshake_failures_total", "reason=\"plain_http\"", 1),
                        handshakes("handshake_failures_total", "reason=\"unknown_name\"", 1),
                        handshakes("handshake_failures_total", "reason=\"client_refused\"", 1));
    }

    private static String handshakes(String family, String label, int count) {
        return "weir_virtual_server_tls_"
                + family
                + "{virtual_server=\"web\","
                + label
                + "} "
                + count;
    }

    @Test
    void aHundredNewConnectionsInASecondSeeANewCertificateAndNoFailure() throws Exception {
        RunningWeir weir = WEIR.start(config("openssl"));
        ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();
        ConcurrentLinkedQueue<Shown> shown = new ConcurrentLinkedQueue<>();
        AtomicInteger begun = new AtomicInteger();
        ThreadFactory threads = Thread.ofVirtual().factory();
        try (ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor()) {
            var beats =
                    clock.scheduleAtFixedRate(
                            () -> {
                                // A machine that cannot keep pace has fewer, not ever more.
                                if (begun.get() - shown.size() - failures.size() < 16) {
                                    begun.incrementAndGet();
                                    threads.newThread(() -> connect(weir, shown, failures)).start();
                                }
                            },
                            0,
                            10,
                            TimeUnit.MILLISECONDS);
            Await.until("the first 100", () -> shown.size() >= 100 || !failures.isEmpty());
            assertThat(failures).isEmpty();
            TestCa.Issued next = ca.issue("a.example").write(directory, "a");
            weir.apply(config("openssl").toString());
            long late = System.nanoTime();
            Await.until(
                    "100 that began later",
                    () -> !failures.isEmpty() || begunAfter(late, shown).size() >= 100);
            beats.cancel(false);
            Await.until("all to be over", () -> shown.size() + failures.size() == begun.get());
            assertThat(failures).isEmpty();
            assertThat(begunAfter(late, shown))
                    .allMatch(each -> each.serial.equals(next.certificate().getSerialNumber()));
        }
    }

    private static List<Shown> begunAfter(long nanos, Collection<Shown> shown) {
        return shown.stream().filter(each -> each.begun - nanos > 0).toList();
    }

    private record Shown(long begun, java.math.BigInteger serial) {}

    /**
     * A handshake from scratch, by a client that has no session to resume, and a request under it.
     */
    private void connect(
            RunningWeir weir,
            ConcurrentLinkedQueue<Shown> shown,
            ConcurrentLinkedQueue<String> failures) {
        long begun = System.nanoTime();
        SSLContext trusting = ca.trusting();
        try (TlsClient client = TlsClient.to(weir.port(), trusting, "a.example")) {
            int status = client.exchange("GET / HTTP/1.1\r\nHost: a.example\r\n\r\n").status();
            if (status == 200) {
                shown.add(new Shown(begun, client.certificate().getSerialNumber()));
            } else {
                failures.add("status " + status);
            }
        } catch (IOException | RuntimeException | AssertionError e) {
            failures.add(e.toString());
        }
    }

    /** A handshake by BoringSSL, which speaks groups that the JDK does not. */
    private static final class NativeHandshake {

        private NativeHandshake() {}

        /** The version that was agreed upon with a client that offers one group. */
        static String with(int port, String group) throws Exception {
            var context =
                    SslContextBuilder.forClient()
                            .sslProvider(SslProvider.OPENSSL)
                            .trustManager(InsecureTrustManagerFactory.INSTANCE)
                            .endpointIdentificationAlgorithm(null)
                            .option(OpenSslContextOption.GROUPS, new String[] {group})
                            .build();
            var loops =
                    new io.netty.channel.MultiThreadIoEventLoopGroup(
                            1, io.netty.channel.nio.NioIoHandler.newFactory());
            try {
                // Not asked of the pipeline, which is empty once the connection has ended.
                var handler = context.newHandler(io.netty.buffer.ByteBufAllocator.DEFAULT);
                var channel =
                        new io.netty.bootstrap.Bootstrap()
                                .group(loops)
                                .channel(io.netty.channel.socket.nio.NioSocketChannel.class)
                                .handler(handler)
                                .connect("127.0.0.1", port)
                                .sync()
                                .channel();
                handler.handshakeFuture().await();
                Throwable cause = handler.handshakeFuture().cause();
                String version = handler.engine().getSession().getProtocol();
                channel.close().sync();
                if (cause instanceof Exception e) {
                    throw e;
                }
                return version;
            } finally {
                loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
                io.netty.util.ReferenceCountUtil.release(context);
            }
        }
    }
}
