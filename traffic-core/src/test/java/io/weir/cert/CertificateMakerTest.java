package io.weir.cert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.config.Secret;
import io.weir.testkit.OpenSsl;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.Security;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/** What Weir makes, as {@code openssl} reads it. */
class CertificateMakerTest {

    private final Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);

    @TempDir Path directory;

    private final SecureRandom random = new SecureRandom();
    private final CertificateMaker maker = new CertificateMaker(random, now);
    private OpenSsl openssl = new OpenSsl(Path.of("."));

    @BeforeEach
    void begin() {
        Assumptions.assumeTrue(OpenSsl.isThere());
        openssl = new OpenSsl(directory);
    }

    @ParameterizedTest
    @EnumSource(KeyKind.class)
    void makesCertificatesThatOpensslVerifies(KeyKind kind) throws Exception {
        KeyPair keys = kind.make(random);
        Subject subject = Subject.server(List.of("a.example", "*.A.example", "127.0.0.1", "::1"));
        X509Certificate certificate = maker.selfSigned(keys, subject, Duration.ofDays(90));
        write("a.pem", PemText.certificates(List.of(certificate)));
        NewFiles files = new NewFiles(directory, false);
        files.addSecret("a.key", PemText.key(keys.getPrivate(), null, random));
        files.write();

        assertThat(openssl.run("verify -x509_strict -purpose sslserver -CAfile a.pem a.pem"))
                .contains("a.pem: OK");
        assertThat(openssl.run("x509 -in a.pem -noout -text"))
                .contains("DNS:a.example, DNS:*.a.example, IP Address:127.0.0.1")
                .contains("IP Address:0:0:0:0:0:0:0:1")
                .contains("Subject: CN = a.example")
                .contains("CA:FALSE")
                .contains("TLS Web Server Authentication, TLS Web Client Authentication");
        assertThat(openssl.run("pkey -in a.key -pubout"))
                .isEqualTo(openssl.run("x509 -in a.pem -noout -pubkey"));
        assertThat(certificate.getNotAfter().toInstant()).isEqualTo(now.plus(Duration.ofDays(90)));
        assertThat(certificate.getNotBefore().toInstant()).isBefore(now);
        Identity read = Identity.load(file("a.pem"), file("a.key"), null);
        assertThat(read.privateKey()).isEqualTo(keys.getPrivate());
        assertThat(CertificateCheck.check(file("a.pem"), file("a.key"), null, now)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(KeyKind.class)
    void signsWithAnAuthority(KeyKind kind) throws Exception {
        authority(kind, Duration.ofDays(1000));
        Identity authority = Identity.load(file("ca.pem"), file("ca.key"), null);
        KeyPair keys = KeyKind.EC_P256.make(random);
        List<X509Certificate> chain =
                maker.signed(
                        authority,
                        keys.getPublic(),
                        Subject.server(List.of("b.example")),
                        Duration.ofDays(30));
        write("b.pem", PemText.certificates(chain));
        assertThat(chain).hasSize(1);
        assertThat(openssl.run("verify -x509_strict -purpose sslserver -CAfile ca.pem b.pem"))
                .contains("b.pem: OK");
    }

    @Test
    void endsNoLaterThanTheAuthorityAndKeepsTheAuthoritiesInBetween() throws Exception {
        openssl.chain();
        Identity middle = Identity.load(file("middle.pem"), file("middle.key"), null);
        KeyPair keys = KeyKind.EC_P256.make(random);
        List<X509Certificate> chain =
                maker.signed(
                        middle,
                        keys.getPublic(),
                        Subject.server(List.of("c.example")),
                        Duration.ofDays(900));
        assertThat(chain).hasSize(2);
        assertThat(chain.getLast()).isEqualTo(middle.certificate());
        assertThat(chain.getFirst().getNotAfter()).isEqualTo(middle.certificate().getNotAfter());
        write("c.pem", PemText.certificates(chain));
        assertThat(openssl.run("verify -CAfile root.pem -untrusted c.pem c.pem"))
                .contains("c.pem: OK");
    }

    @Test
    void signsOnlyWithAnAuthority() throws Exception {
        openssl.chain();
        Identity leaf = Identity.load(file("leaf.pem"), file("leaf.key"), null);
        assertThatThrownBy(
                        () ->
                                maker.signed(
                                        leaf,
                                        KeyKind.EC_P256.make(random).getPublic(),
                                        Subject.server(List.of("c.example")),
                                        Duration.ofDays(1)))
                .hasMessage("'CN=leaf' is not the certificate of an authority");
    }

    @ParameterizedTest
    @EnumSource(KeyKind.class)
    void makesRequestsThatOpensslVerifiesAndReadsThemBack(KeyKind kind) throws Exception {
        KeyPair keys = kind.make(random);
        Subject subject =
                Subject.server(List.of("a.example", "b.example", "127.0.0.1"))
                        .withDistinguishedName("CN=a.example, O=Über, C=SE");
        write(
                "a.csr",
                PemText.request(maker.request(keys.getPublic(), keys.getPrivate(), subject)));
        assertThat(openssl.run("req -in a.csr -noout -verify -text"))
                .contains("verify OK")
                .contains("DNS:a.example, DNS:b.example, IP Address:127.0.0.1")
                .contains("C = SE, O = ")
                .contains("CN = a.example");
        assertThat(Shown.read(file("a.csr"), null))
                .singleElement()
                .isInstanceOfSatisfying(
                        Shown.Request.class,
                        request -> {
                            assertThat(request.hosts()).containsExactly("a.example", "b.example");
                            assertThat(request.addresses()).containsExactly("127.0.0.1");
                            assertThat(request.subject()).isEqualTo("CN=a.example, O=Über, C=SE");
                            assertThat(request.genuine()).isTrue();
                        });
    }

    @Test
    void encryptsKeysSoThatOpensslOpensThem() throws Exception {
        KeyPair keys = KeyKind.RSA_2048.make(random);
        write("a.key", PemText.key(keys.getPrivate(), new Secret("correct_horse"), random));
        write("plain.key", PemText.key(keys.getPrivate(), null, random));
        openssl.run("pkey -in a.key -passin pass:correct_horse -out b.key");
        assertThat(Files.readString(file("b.key"))).isEqualTo(Files.readString(file("plain.key")));
    }

    @Test
    void namesOnlyWhatHasAName() {
        assertThat(Subject.server(List.of("bücher.example")).hosts())
                .containsExactly("xn--bcher-kva.example");
        String label = "l".repeat(60);
        String host = label + "." + label + ".example";
        Subject longest = Subject.server(List.of(host));
        assertThat(longest.hosts()).containsExactly(host);
        assertThat(longest.distinguishedName()).isEqualTo("CN=" + label + ".lll");
        assertThat(Subject.named("My \"CA\", Ltd.").distinguishedName())
                .isEqualTo("CN=My \\\"CA\\\"\\, Ltd.");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", " ", "a..example", "-a.example", "a-.example", "a.*.example", "*a.example",
                "*", "a b", "a/b", "1:2", "a.example,DNS:b", "a\nb", "a.exa mple"
            })
    void refusesNamesThatAreNone(String name) {
        assertThatThrownBy(() -> Subject.server(List.of(name)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("the name is '" + name + "', expected a host name");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a.example", "CN"})
    void refusesDistinguishedNamesThatAreNone(String name) {
        Subject subject = Subject.server(List.of("a.example"));
        assertThatThrownBy(() -> subject.withDistinguishedName(name))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("the subject is '" + name + "', expected such as");
    }

    @Test
    void leavesTheProvidersOfTheProcessAsTheyAre() throws Exception {
        KeyPair keys = KeyKind.EC_P256.make(random);
        write("a.key", PemText.key(keys.getPrivate(), new Secret("x"), random));
        assertThat(KeyReader.read(file("a.key"), new Secret("x"))).isEqualTo(keys.getPrivate());
        assertThat(Security.getProvider("BC")).isNull();
    }

    private void authority(KeyKind kind, Duration validity) throws Exception {
        KeyPair keys = kind.make(random);
        X509Certificate certificate = maker.authority(keys, Subject.named("My CA"), validity);
        write("ca.pem", PemText.certificates(List.of(certificate)));
        write("ca.key", PemText.key(keys.getPrivate(), null, random));
    }

    private void write(String name, String text) throws Exception {
        Files.writeString(file(name), text);
    }

    private Path file(String name) {
        return directory.resolve(name);
    }
}
