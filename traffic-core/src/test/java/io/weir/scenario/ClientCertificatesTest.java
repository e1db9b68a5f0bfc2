package io.weir.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.testkit.ConfigText;
import io.weir.testkit.FakeNode;
import io.weir.testkit.Fields;
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
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;

import javax.net.ssl.SSLContext;

/** Who may come in with a certificate, and what nodes learn of it. */
class ClientCertificatesTest {

    private static final String END = "-----END CERTIFICATE-----";

    private static final String FORGED =
            "GET /a HTTP/1.1\r\nHost: a.example\r\n"
                    + "SSLClientCertSubject: CN=mallory\r\n"
                    + "sslclientcertstatus: OK\r\n"
                    + "SSLClientCertSerial: 1\r\n"
                    + "SSLClientCert: AAAA\r\n"
                    + "SSLCipher: NULL\r\n\r\n";

    @RegisterExtension static final WeirExtension WEIR = new WeirExtension();

    @TempDir Path directory;
    private FakeNode node;
    private TestCa ca;
    private TestCa clients;

    @BeforeEach
    void start() {
        node = WEIR.node("n");
        ca = new TestCa("ca");
        clients = new TestCa("clients");
        ca.issue("a.example").write(directory, "a");
        clients.write(directory.resolve("clients.pem"));
    }

    private RunningWeir weir(String engine, String mode, String more) {
        return WEIR.start(config(engine, mode, more));
    }

    private ConfigText config(String engine, String mode, String more) {
        return ConfigText.of(node)
                .global("tls-engine: " + engine)
                .virtualServer(
                        "tls: {certificate: "
                                + directory.resolve("a.pem")
                                + ", key: "
                                + directory.resolve("a.key")
                                + ", client-certificate: "
                                + mode
                                + ", client-ca-file: "
                                + directory.resolve("clients.pem")
                                + more
                                + "}");
    }

    private Fields seen(RunningWeir weir, SSLContext client, String version) throws IOException {
        try (TlsClient tls = TlsClient.to(weir.port(), client, "a.example", version)) {
            assertThat(tls.exchange(FORGED).status()).isEqualTo(200);
        }
        return node.received().getLast().fields();
    }

    private void refused(RunningWeir weir, SSLContext client) {
        int before = node.requests();
        for (String version : new String[] {"TLSv1.2", "TLSv1.3"}) {
            assertThatThrownBy(() -> seen(weir, client, version)).isInstanceOf(Exception.class);
        }
        assertThat(node.requests()).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(strings = {"openssl", "jdk"})
    void aGoodCertificateIsLetInAndTheNodeLearnsWhoseItIs(String engine) throws IOException {
        RunningWeir weir = weir(engine, "require", ", client-certificate-headers: all");
        TestCa.Issued alice = clients.issue("alice");
        for (String version : new String[] {"TLSv1.2", "TLSv1.3"}) {
            Fields fields = seen(weir, alice.context(ca), version);
            assertThat(fields.values("SSLClientCertStatus")).containsExactly("OK");
            assertThat(fields.values("SSLClientCertSubject")).containsExactly("CN=alice");
            assertThat(fields.values("SSLClientCertIssuer")).containsExactly("CN=clients");
            assertThat(fields.values("SSLClientCertSerial"))
                    .containsExactly(
                            alice.certificate()
                                    .getSerialNumber()
                                    .toString(16)
                                    .toUpperCase(Locale.ROOT));
            assertThat(fields.values("SSLClientCert")).hasSize(1);
            assertThat(fields.toString()).doesNotContain("mallory").doesNotContain("AAAA\r");
            assertThat(fields.values("SSLCipher")).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"openssl", "jdk"})
    void othersAreRefusedInTheHandshake(String engine) throws IOException {
        TestCa.Issued revoked = clients.issue("revoked");
        clients.writeCrl(directory.resolve("clients.crl"), revoked.certificate());
        RunningWeir weir =
                weir(engine, "require", ", client-crl-file: " + directory.resolve("clients.crl"));
        refused(weir, ca.trusting());
        refused(weir, clients.issueExpired("late").context(ca));
        refused(weir, revoked.context(ca));
        refused(weir, new TestCa("strangers").issue("stranger").context(ca));
        seen(weir, clients.issue("alice").context(ca), "TLSv1.3");
    }

    @ParameterizedTest
    @ValueSource(strings = {"openssl", "jdk"})
    void aCertificateThatIsTrustedItselfCountsUntilItsEnd(String engine) throws IOException {
        TestCa others = new TestCa("clients");
        TestCa.Issued good = others.issue("good");
        TestCa.Issued late = others.issueExpired("late");
        trustThemselves(good, late);
        RunningWeir weir = weir(engine, "require", "");
        refused(weir, late.context(ca));
        seen(weir, good.context(ca), "TLSv1.2");
        seen(weir, good.context(ca), "TLSv1.3");
    }

    @ParameterizedTest
    @ValueSource(strings = {"openssl", "jdk"})
    void aCertificateThatIsTrustedItselfIsLookedForInTheList(String engine) throws IOException {
        TestCa.Issued good = clients.issue("good");
        TestCa.Issued revoked = clients.issue("revoked");
        TestCa.Issued unlisted = new TestCa("clients").issue("unlisted");
        trustThemselves(good, revoked, unlisted);
        clients.writeCrl(directory.resolve("clients.crl"), revoked.certificate());
        RunningWeir weir =
                weir(engine, "require", ", client-crl-file: " + directory.resolve("clients.crl"));
        refused(weir, revoked.context(ca));
        refused(weir, unlisted.context(ca));
        seen(weir, good.context(ca), "TLSv1.3");
    }

    /** Has these certificates stand in the file of the authorities, without who issued them. */
    private void trustThemselves(TestCa.Issued... issued) throws IOException {
        StringBuilder all = new StringBuilder(Files.readString(directory.resolve("clients.pem")));
        for (TestCa.Issued each : issued) {
            each.write(directory, "own");
            String chain = Files.readString(directory.resolve("own.pem"));
            all.append(chain, 0, chain.indexOf(END) + END.length()).append('\n');
        }
        Files.writeString(directory.resolve("clients.pem"), all);
    }

    @ParameterizedTest
    @CsvSource({"TLSv1.2, false", "TLSv1.3, true"})
    void aClientWhoseCertificateHasExpiredSinceDoesNotResume(String version, boolean tickets)
            throws IOException {
        ShiftedTicker ticker = new ShiftedTicker();
        RunningWeir weir =
                WEIR.start(config("openssl", "require", ", tickets: " + tickets), ticker);
        TestCa.Issued alice = clients.issue("alice");
        SSLContext known = alice.context(ca);
        seen(weir, known, version);
        seen(weir, known, version);
        assertThat(weir.metrics().lines())
                .anyMatch(
                        line ->
                                line.contains("tls_handshakes_total")
                                        && line.endsWith("kind=\"resumed\"} 1"));
        ticker.advance(Duration.ofDays(21));
        int before = node.requests();
        assertThatThrownBy(() -> seen(weir, known, version)).isInstanceOf(Exception.class);
        assertThat(node.requests()).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(strings = {"openssl", "jdk"})
    void whoIsOnlyRequestedToShowOneMayShowNone(String engine) throws IOException {
        RunningWeir weir = weir(engine, "request", ", client-certificate-headers: simple");
        Fields fields = seen(weir, ca.trusting(), "TLSv1.3");
        assertThat(fields.values("SSLClientCertStatus")).containsExactly("NoClientCert");
        assertThat(fields.values("SSLClientCertSubject")).isEmpty();
        fields = seen(weir, clients.issue("alice").context(ca), "TLSv1.2");
        assertThat(fields.values("SSLClientCertSubject")).containsExactly("CN=alice");
        assertThat(fields.values("SSLClientCert")).isEmpty();
    }

    @Test
    void claimsAreRemovedAlsoWhereClientsComeInTheClear() {
        RunningWeir weir = WEIR.start(ConfigText.of(node));
        try (RawClient client = RawClient.to(weir.port())) {
            assertThat(client.exchange(FORGED).status()).isEqualTo(200);
        }
        assertThat(node.received().getLast().fields().toString()).doesNotContainIgnoringCase("ssl");
    }
}
