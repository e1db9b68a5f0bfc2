package io.weir.cert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.testkit.OpenSsl;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Revocation lists that {@code openssl ca} made, and how chains fare with them. */
class CrlsTest {

    private static final String CA =
            """
            [ca]
            default_ca = own
            [own]
            database = index.txt
            default_md = sha256
            """;

    @TempDir static Path directory;

    private static OpenSsl openssl = new OpenSsl(Path.of("."));

    @BeforeAll
    static void make() throws Exception {
        Assumptions.assumeTrue(OpenSsl.isThere());
        openssl = new OpenSsl(directory);
        openssl.authority("root", "EC -pkeyopt ec_paramgen_curve:P-256");
        for (String name : List.of("good", "stolen")) {
            openssl.key(name, "EC -pkeyopt ec_paramgen_curve:P-256");
            openssl.signed(name, "root", "basicConstraints=CA:FALSE");
        }
        Files.writeString(openssl.file("ca.conf"), CA);
        Files.writeString(openssl.file("index.txt"), "");
        String ca = "ca -config ca.conf -keyfile root.key -cert root.pem ";
        openssl.run(ca + "-revoke stolen.pem");
        openssl.run(ca + "-gencrl -crldays 30 -out new.crl");
        openssl.run(
                ca
                        + "-gencrl -crl_nextupdate 20200101000000Z -crl_lastupdate 20190101000000Z"
                        + " -out old.crl");
    }

    @Test
    void tellsARevokedCertificateFromAGoodOne() throws Exception {
        Crls crls = Crls.load(openssl.file("new.crl"));
        validate("good", crls);
        validate("stolen", null);
        assertThatThrownBy(() -> validate("stolen", crls))
                .isInstanceOfSatisfying(
                        CertPathValidatorException.class,
                        e -> assertThat(e.getReason()).isEqualTo(BasicReason.REVOKED));
    }

    @Test
    void trustsNobodyWhenTheListIsOutOfDateOrOfAnotherAuthority() throws Exception {
        openssl.authority("other", "EC -pkeyopt ec_paramgen_curve:P-256");
        openssl.run(
                "ca -config ca.conf -keyfile other.key -cert other.pem -gencrl -crldays 9 -out"
                        + " other.crl");
        for (String list : List.of("old.crl", "other.crl")) {
            Crls crls = Crls.load(openssl.file(list));
            assertThatThrownBy(() -> validate("good", crls))
                    .as(list)
                    .isInstanceOf(CertPathValidatorException.class);
        }
    }

    @Test
    void readsSeveralListsAndSaysWhichAreOutOfDate() throws Exception {
        Path both = openssl.join("both.crl", "new.crl", "old.crl");
        Instant now = Instant.now();
        Crls crls = Crls.load(both);
        assertThat(crls.lists()).hasSize(2);
        assertThat(crls.outOfDate(now)).hasSize(1);
        assertThat(CertificateCheck.checkCrls(both, now))
                .singleElement()
                .satisfies(
                        finding -> {
                            assertThat(finding.kind()).isEqualTo(Finding.Kind.OUT_OF_DATE);
                            assertThat(finding.message())
                                    .contains("of 'CN=root' was to be replaced by 2020-01-01");
                        });
        assertThat(CertificateCheck.checkCrls(both, now.plus(Duration.ofDays(31)))).hasSize(2);
        assertThat(CertificateCheck.checkAnchors(openssl.file("root.pem"), now)).isEmpty();
        assertThat(
                        CertificateCheck.checkAnchors(
                                openssl.file("root.pem"), now.plus(Duration.ofDays(500))))
                .extracting(Finding::kind)
                .containsExactly(Finding.Kind.EXPIRED);
    }

    private static void validate(String name, @Nullable Crls crls)
            throws GeneralSecurityException, BadCertificateException {
        X509Certificate certificate =
                CertificateReader.certificates(openssl.file(name + ".pem")).getFirst();
        CertPathValidator.getInstance("PKIX")
                .validate(
                        CertificateFactory.getInstance("X.509")
                                .generateCertPath(List.of(certificate)),
                        TrustAnchors.load(openssl.file("root.pem")).parameters(crls, true));
    }
}
