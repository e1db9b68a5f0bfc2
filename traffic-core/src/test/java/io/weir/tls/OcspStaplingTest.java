package io.weir.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.cert.Identity;
import io.weir.config.GlobalConfig;
import io.weir.config.TlsConfig;
import io.weir.config.WeirConfig;
import io.weir.config.load.ConfigLoader;
import io.weir.config.load.Environment;
import io.weir.testkit.Await;
import io.weir.testkit.ConfigText;
import io.weir.testkit.ManualTicker;
import io.weir.testkit.OpenSsl;
import io.weir.testkit.RunningWeir;
import io.weir.testkit.TestCa;
import io.weir.testkit.TlsClient;
import io.weir.testkit.WeirExtension;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import javax.net.ssl.ExtendedSSLSession;

/** What the authority says about a certificate goes along with it, when it is of use to clients. */
class OcspStaplingTest {

    @RegisterExtension static final WeirExtension WEIR = new WeirExtension();

    @TempDir Path directory;
    private TestCa ca;
    private OcspResponder responder;

    @BeforeEach
    void start() throws IOException {
        Assumptions.assumeTrue(OpenSsl.isThere(), "openssl");
        ca = new TestCa("ca");
        responder = new OcspResponder(directory, ca);
    }

    @AfterEach
    void stop() {
        responder.close();
    }

    private RunningWeir weir(String more) {
        return WEIR.start(config(more));
    }

    private ConfigText config(String more) {
        return ConfigText.of(WEIR.node("n"))
                .global("tls-engine: openssl")
                .virtualServer(
                        "tls: {certificate: "
                                + directory.resolve("a.pem")
                                + ", key: "
                                + directory.resolve("a.key")
                                + ", ocsp-stapling: true"
                                + more
                                + "}");
    }

    private List<byte[]> stapled(RunningWeir weir, String version) {
        try (TlsClient client = TlsClient.to(weir.port(), ca.trusting(), "a.example", version)) {
            return ((ExtendedSSLSession) client.session()).getStatusResponses();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void theResponderThatTheCertificateNamesIsAskedOnce(String version) throws IOException {
        TestCa.Issued issued = ca.issueWithResponder(responder.address(), "a.example");
        issued.write(directory, "a");
        responder.good(issued.certificate());
        RunningWeir weir = weir("");
        Await.until("a stapled response", () -> !stapled(weir, version).isEmpty());
        byte[] response = stapled(weir, version).getFirst();
        assertThat(response).isEqualTo(Files.readAllBytes(directory.resolve("http.resp")));
        assertThat(responder.asked()).isEqualTo(1);
    }

    @Test
    void aFileIsTakenInItsPlace() throws IOException {
        TestCa.Issued issued = ca.issueWithResponder(responder.address(), "a.example");
        issued.write(directory, "a");
        Path file = responder.good(issued.certificate()).answerAbout(issued, "file");
        RunningWeir weir = weir(", ocsp-file: " + file);
        Await.until("a stapled response", () -> !stapled(weir, "TLSv1.3").isEmpty());
        assertThat(stapled(weir, "TLSv1.3").getFirst()).isEqualTo(Files.readAllBytes(file));
        assertThat(responder.asked()).isZero();
    }

    @Test
    void clientsAreServedWhileTheResponderSaysNothingGood() {
        TestCa.Issued issued = ca.issueWithResponder(responder.address(), "a.example");
        issued.write(directory, "a");
        responder.revoked(issued.certificate());
        RunningWeir weir = weir("");
        Await.until("the responder to be asked", () -> responder.asked() == 1);
        assertThat(stapled(weir, "TLSv1.3")).isEmpty();
    }

    @Test
    void aResponderWithoutAnAddressIsAFailureLikeOthers() throws Exception {
        ca.issueWithResponder("http://[none", "a.example").write(directory, "a");
        WeirConfig config =
                Objects.requireNonNull(
                        ConfigLoader.parse(
                                        config("").toString(),
                                        Path.of("t.yaml"),
                                        new Environment(Map.of(), Path.of("none")))
                                .config());
        TlsConfig settings =
                Objects.requireNonNull(
                        Objects.requireNonNull(config.virtualServers().get("web")).tls());
        ServerTls tls =
                ServerTls.of(
                        settings,
                        TlsEngine.of(GlobalConfig.TlsEngine.JDK),
                        List.of(),
                        Runnable::run);
        List<Runnable> asked = new ArrayList<>();
        ManualTicker ticker = new ManualTicker();
        Stapling stapling = new Stapling(asked::add, ticker);
        for (int times = 1; times <= 2; times++) {
            stapling.look(List.of(tls));
            assertThat(asked).hasSize(times);
            asked.getLast().run();
            ticker.advance(Duration.ofMinutes(6));
        }
        tls.release();
    }

    @Test
    void aResponseCountsWhileTheIssuerStandsBehindIt() throws Exception {
        TestCa.Issued issued = ca.issue("a.example");
        Identity identity = identity(issued);
        byte[] good = answer(responder.good(issued.certificate()), issued, "good");
        Instant now = Instant.now();
        assertThat(OcspResponse.check(good, identity, now).until())
                .isBetween(now.plus(Duration.ofDays(6)), now.plus(Duration.ofDays(8)));
        refused(good, identity, now.plus(Duration.ofDays(8)), "was good until");
        refused(good, identity, now.minus(Duration.ofDays(1)), "not good before");
        byte[] revoked = answer(responder.revoked(issued.certificate()), issued, "revoked");
        refused(revoked, identity, now, "does not say that it is good");
        byte[] unknown =
                answer(responder.good(ca.issue("b.example").certificate()), issued, "unknown");
        refused(unknown, identity, now, "does not say that it is good");
        refused(good, identity(ca.issue("c.example")), now, "another certificate");
        refused(new byte[] {1, 2, 3}, identity, now, "malformed");
    }

    @Test
    void aResponseThatAnybodyElseHasSignedIsRefused() throws Exception {
        TestCa.Issued issued = ca.issue("a.example");
        Identity identity = identity(issued);
        responder.good(issued.certificate());
        // Issued by the authority, but not for answering.
        ca.issue("neighbour").write(directory, "neighbour");
        refused(answer(responder.signer("neighbour"), issued, "n"), identity, "not signed by");
        new TestCa("ca").write(directory.resolve("m.pem")).writeKey(directory.resolve("m.key"));
        refused(answer(responder.signer("m"), issued, "m"), identity, "not signed by");
        OpenSsl openssl = new OpenSsl(directory);
        openssl.key("delegate", "RSA -pkeyopt rsa_keygen_bits:2048");
        openssl.signed("delegate", "authority", "extendedKeyUsage=OCSPSigning");
        assertThat(
                        OcspResponse.check(
                                answer(responder.signer("delegate"), issued, "d"),
                                identity,
                                Instant.now()))
                .isNotNull();
    }

    private Identity identity(TestCa.Issued issued) throws Exception {
        String name = issued.certificate().getSerialNumber().toString();
        issued.write(directory, name);
        return Identity.load(
                directory.resolve(name + ".pem"), directory.resolve(name + ".key"), null);
    }

    private static byte[] answer(OcspResponder by, TestCa.Issued about, String name)
            throws IOException {
        return Files.readAllBytes(by.answerAbout(about, name));
    }

    private static void refused(byte[] response, Identity identity, String why) {
        refused(response, identity, Instant.now(), why);
    }

    private static void refused(byte[] response, Identity identity, Instant now, String why) {
        assertThatThrownBy(() -> OcspResponse.check(response, identity, now))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(why);
    }
}
