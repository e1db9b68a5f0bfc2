package io.weir.js;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.testkit.Behaviour;
import io.weir.testkit.FakeNode;
import io.weir.testkit.RunningWeir;
import io.weir.testkit.TestCa;
import io.weir.testkit.TlsClient;
import io.weir.testkit.WeirExtension;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Path;

/** What rules see of the certificates of a client connection. */
class RulesOnTlsTest {

    @RegisterExtension static final WeirExtension WEIR = new WeirExtension();

    @TempDir Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"openssl", "jdk"})
    void bothCertificatesCanBeRead(String engine) throws IOException {
        TestCa ca = new TestCa("Weir test CA").write(directory.resolve("ca.pem"));
        TestCa.Issued server = ca.issue("shop.test").write(directory, "server");
        TestCa.Issued client = ca.issue("alice");
        FakeNode web = WEIR.node("web");
        RunningWeir weir =
                new RuledWeir(directory, web)
                        .global("tls-engine: " + engine)
                        .virtualServer(
                                "tls: {certificate: server.pem, key: server.key,"
                                        + " client-certificate: request, client-ca-file: ca.pem}")
                        .request(
                                """
                                http.sendResponse(200, 'text/plain', [ssl.serverCertCommonName(),
                                    ssl.serverCertSubject(), ssl.serverCertIssuer(), ssl.serverCertVersion(),
                                    ssl.serverCertSerial(), ssl.serverCertSHA1().length,
                                    ssl.serverCert().split('BEGIN').length - 1,
                                    ssl.clientCertCommonName(), ssl.clientCertChain().split('BEGIN').length > 1].join('|'));
                                """)
                        .start(WEIR);
        try (TlsClient tls = TlsClient.to(weir.port(), client.context(ca), "shop.test")) {
            assertThat(tls.exchange("GET / HTTP/1.1\r\nHost: shop.test\r\n\r\n").text())
                    .isEqualTo(
                            "shop.test|CN=shop.test|CN=Weir test CA|3|"
                                    + server.certificate().getSerialNumber().toString(16)
                                    + "|40|1|alice|true");
        }
    }

    @Test
    void everythingAboutTheConnectionAndItsCertificatesIsTold() throws IOException {
        TestCa ca = new TestCa("Weir test CA").write(directory.resolve("ca.pem"));
        ca.issue("shop.test").write(directory, "server");
        TestCa.Issued client = ca.issue("alice");
        FakeNode web = WEIR.node("web");
        RunningWeir weir =
                new RuledWeir(directory, web)
                        .virtualServer(
                                "tls: {certificate: server.pem, key: server.key,"
                                        + " client-certificate: request, client-ca-file: ca.pem}")
                        .request(
                                """
                                http.sendResponse(200, 'text/plain', [ssl.isSSL(), ssl.getTLSServerName(),
                                    ssl.clientCertStatus(), ssl.clientCertSubject(), ssl.clientCertIssuer(),
                                    ssl.clientCertVersion(), ssl.clientCertSerial(), ssl.clientCertSerialDec(),
                                    ssl.clientCertSHA1().length, ssl.clientCertHash().length > 0,
                                    ssl.clientCert().split('BEGIN').length - 1,
                                    ssl.clientCertAlgorithm() === ssl.serverCertAlgorithm(),
                                    ssl.clientCertPublicKey() === ssl.serverCertPublicKey(),
                                    ssl.clientCertHash() === ssl.serverCertHash(),
                                    ssl.clientCertStartDate() !== ssl.clientCertEndDate(),
                                    ssl.serverCertStartDate() !== ssl.serverCertEndDate(),
                                    ssl.clientCipher().length > 0, typeof ssl.sslSessionID()].join('|'));
                                """)
                        .start(WEIR);
        try (TlsClient tls = TlsClient.to(weir.port(), client.context(ca), "shop.test")) {
            assertThat(tls.exchange("GET / HTTP/1.1\r\nHost: shop.test\r\n\r\n").text())
                    .isEqualTo(
                            "1|shop.test|OK|CN=alice|CN=Weir test CA|3|"
                                    + client.certificate().getSerialNumber().toString(16)
                                    + "|"
                                    + client.certificate().getSerialNumber()
                                    + "|40|true|1|true|false|false|true|true|true|string");
        }
    }

    @Test
    void aRuleSaysWhichNameTheNodeHasToProve() {
        TestCa ca = new TestCa("Weir test CA").write(directory.resolve("ca.pem"));
        FakeNode app =
                WEIR.closing(
                        FakeNode.secured(
                                "app", ca.issue("app.test").context(ca), Behaviour.answering()));
        RuledWeir ruled =
                new RuledWeir(directory, app)
                        .poolKeys(
                                "tls: {enabled: true, ca-file: ca.pem}",
                                "passive-monitoring: false")
                        .request("ssl.setTLSServerName(http.getRawQueryString());");
        ruled.start(WEIR);
        assertThat(ruled.get("/?app.test").status()).isEqualTo(200);
        assertThat(ruled.get("/?other.test").status()).isEqualTo(502);
        assertThat(ruled.get("/?app.test").status()).isEqualTo(200);
        assertThat(ruled.get("/?no%20name").status()).isEqualTo(500);
    }
}
