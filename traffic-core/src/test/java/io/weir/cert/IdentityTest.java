package io.weir.cert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.cert.Finding.Kind;
import io.weir.config.Secret;
import io.weir.testkit.OpenSsl;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;

/** Identities from files that {@code openssl} wrote. */
class IdentityTest {

    private static final Secret PASSPHRASE = new Secret("correct horse");

    @TempDir static Path directory;

    private static OpenSsl openssl = new OpenSsl(Path.of("."));

    @BeforeAll
    static void make() {
        Assumptions.assumeTrue(OpenSsl.isThere());
        openssl = new OpenSsl(directory).chain();
        openssl.key("other", "EC -pkeyopt ec_paramgen_curve:P-256");
    }

    @Test
    void readsAKeyAndItsChain() throws Exception {
        Identity identity = Identity.load("web", file("chain.pem"), file("leaf.key"), null);
        assertThat(identity.name()).isEqualTo("web");
        assertThat(identity.keyType()).isEqualTo(KeyType.EC);
        assertThat(identity.chain()).hasSize(2);
        assertThat(identity.hostNames()).containsExactly("*.a.example", "a.example");
        assertThat(openssl.run("x509 -in leaf.pem -noout -fingerprint -sha256"))
                .containsIgnoringCase("fingerprint=" + identity.fingerprint());
        assertThat(identity.notBefore()).isBefore(identity.notAfter());
        assertThat(identity)
                .isEqualTo(Identity.load(file("chain.pem"), file("leaf.key"), null))
                .isNotEqualTo(Identity.load(file("root.pem"), file("root.key"), null));
    }

    @Test
    void takesTheCommonNameOnlyWithoutAlternativeNames() throws Exception {
        assertThat(Identity.load(file("root.pem"), file("root.key"), null).hostNames())
                .containsExactly("root");
        openssl.run("req -x509 -new -key root.key -subj /CN=Ann,Bob -days 9 -out people.pem");
        assertThat(Identity.load(file("people.pem"), file("root.key"), null).hostNames()).isEmpty();
        openssl.key("addressed", "EC -pkeyopt ec_paramgen_curve:P-256");
        openssl.signed("addressed", "root", "subjectAltName=IP:127.0.0.1");
        assertThat(Identity.load(file("addressed.pem"), file("addressed.key"), null).hostNames())
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "pkcs8 -topk8 -nocrypt -in {}.key",
                "pkcs8 -topk8 -nocrypt -outform DER -in {}.key",
                "pkcs8 -topk8 -v2 aes-256-cbc -in {}.key -passout pass:correct_horse",
                "pkcs8 -topk8 -v2 aes-128-cbc -v2prf hmacWithSHA1 -in {}.key -passout"
                        + " pass:correct_horse",
                "pkcs8 -topk8 -scrypt -in {}.key -passout pass:correct_horse",
                "pkcs8 -topk8 -v1 PBE-SHA1-3DES -in {}.key -passout pass:correct_horse",
                "pkey -traditional -in {}.key",
                "pkey -traditional -aes-256-cbc -in {}.key -passout pass:correct_horse",
            })
    void readsEveryFormOfKeys(String form) throws Exception {
        Secret passphrase = new Secret("correct_horse");
        for (String name : List.of("root", "leaf")) {
            openssl.run(form.replace("{}", name) + " -out form.key");
            assertThat(Identity.load(file(name + ".pem"), file("form.key"), passphrase).keyType())
                    .isEqualTo(name.equals("root") ? KeyType.RSA : KeyType.EC);
            if (form.contains("pass:")) {
                refuses(
                        name + ".pem",
                        "form.key",
                        null,
                        Kind.PASSPHRASE,
                        "there is no pass phrase");
                refuses(
                        name + ".pem",
                        "form.key",
                        new Secret("wrong"),
                        Kind.PASSPHRASE,
                        "the pass phrase does not open");
            }
        }
    }

    @Test
    void readsKeyAndChainFromOneFileWithParametersAndRemarks() throws Exception {
        openssl.run("ecparam -name prime256v1 -genkey -out both.key");
        openssl.run("req -x509 -new -key both.key -subj /CN=both -days 9 -out both.pem");
        Files.writeString(file("remark"), "Bag Attributes\n    friendlyName: x\n");
        Path one = openssl.join("one", "remark", "both.pem", "remark", "both.key");
        assertThat(Identity.load(one, one, null).hostNames()).containsExactly("both");
    }

    // ---- what is refused

    @Test
    void refusesAKeyOfAnotherCertificateAndNamesBoth() throws IOException {
        refuses(
                "chain.pem",
                "other.key",
                null,
                Kind.KEY_MISMATCH,
                "other.key: the private key (EC P-256) does not belong to the first certificate of "
                        + file("chain.pem")
                        + ", 'CN=leaf' (EC P-256), expected its key");
        refuses("chain.pem", "root.key", null, Kind.KEY_MISMATCH, "(RSA 2048) does not belong");
    }

    @Test
    void saysWhichCertificateTheKeyBelongsTo() {
        openssl.join("turned.pem", "middle.pem", "leaf.pem");
        refuses(
                "turned.pem",
                "leaf.key",
                null,
                Kind.KEY_MISMATCH,
                "it belongs to certificate 2, expected that one first");
    }

    @Test
    void refusesAChainOutOfOrderOrWithAGap() {
        openssl.join("order.pem", "leaf.pem", "root.pem", "middle.pem");
        refuses(
                "order.pem",
                "leaf.key",
                null,
                Kind.CHAIN_ORDER,
                "certificate 1 'CN=leaf' is issued by certificate 3, expected that one right"
                        + " after");
        openssl.join("gap.pem", "leaf.pem", "root.pem");
        refuses(
                "gap.pem",
                "leaf.key",
                null,
                Kind.CHAIN_GAP,
                "certificate 1 'CN=leaf' is issued by 'CN=middle' and followed by 'CN=root'");
        openssl.join("twice.pem", "leaf.pem", "middle.pem", "middle.pem");
        refuses(
                "twice.pem",
                "leaf.key",
                null,
                Kind.CHAIN_ORDER,
                "certificate 3 'CN=middle' stands twice");
    }

    @Test
    void refusesAnIssuerOfTheSameNameWithAnotherKey() {
        openssl.key("impostor", "EC -pkeyopt ec_paramgen_curve:P-256");
        openssl.run("req -x509 -new -key impostor.key -subj /CN=middle -days 9 -out impostor.pem");
        openssl.join("impostor-chain.pem", "leaf.pem", "impostor.pem");
        refuses(
                "impostor-chain.pem",
                "leaf.key",
                null,
                Kind.CHAIN_BROKEN,
                "is signed with another key");
    }

    @Test
    void refusesAnIssuerThatIsNoAuthority() {
        openssl.key("below", "EC -pkeyopt ec_paramgen_curve:P-256");
        openssl.signed("below", "leaf", "subjectAltName=DNS:b.example");
        openssl.join("below-chain.pem", "below.pem", "leaf.pem");
        refuses(
                "below-chain.pem",
                "below.key",
                null,
                Kind.CHAIN_BROKEN,
                "'CN=leaf' is no authority");
    }

    @Test
    void refusesShortKeysAndOldHashes() {
        openssl.key("short", "RSA -pkeyopt rsa_keygen_bits:1024");
        openssl.signed("short", "root", "subjectAltName=DNS:b.example");
        refuses(
                "short.pem",
                "short.key",
                null,
                Kind.WEAK_KEY,
                "the private key is RSA 1024, expected RSA of");
        openssl.key("old", "EC -pkeyopt ec_paramgen_curve:P-256");
        openssl.signed("old", "root", "subjectAltName=DNS:b.example", "-sha1 -days 9");
        refuses(
                "old.pem",
                "old.key",
                null,
                Kind.WEAK_SIGNATURE,
                "is signed with SHA1withRSA, expected");
        openssl.key("curve", "EC -pkeyopt ec_paramgen_curve:secp256k1");
        openssl.signed("curve", "root", "subjectAltName=DNS:b.example");
        refuses(
                "curve.pem",
                "curve.key",
                null,
                Kind.WEAK_KEY,
                "is EC on curve secp256k1, expected");
        openssl.join("weak-chain.pem", "leaf.pem", "short.pem");
        assertThat(
                        CertificateCheck.check(
                                file("weak-chain.pem"), file("leaf.key"), null, Instant.now()))
                .extracting(Finding::kind)
                .containsExactly(Kind.CHAIN_GAP, Kind.WEAK_KEY);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "none.pem     | leaf.key     | none.pem: there is no such file",
                "chain.pem    | none.key     | none.key: there is no such file",
                "leaf.key     | leaf.key     | leaf.key: found PRIVATE KEY, expected a certificate",
                "chain.pem    | chain.pem    | chain.pem: found CERTIFICATE, expected a private"
                        + " key",
                "empty        | leaf.key     | empty: there is no PEM block in it, expected a"
                        + " certificate",
                "chain.pem    | empty        | empty: there is no PEM block in it, expected a"
                        + " private key",
                "cut.pem      | leaf.key     | cut.pem: the block CERTIFICATE in line 1 has no"
                        + " matching END",
                "chain.pem    | cut.key      | cut.key: the block PRIVATE KEY in line 1 has no"
                        + " matching END",
                "chain.pem    | spoilt.key   | spoilt.key: the block PRIVATE KEY in line 1 is not"
                        + " Base64",
                "chain.pem    | damaged.key  | damaged.key: the private key cannot be used",
                "chain.pem    | ed.key       | ed.key: the private key cannot be used",
                "chain.pem    | two.key      | two.key: found 2 private keys, expected one",
                "damaged.pem  | leaf.key     | damaged.pem: the block CERTIFICATE in line 1 is no"
                        + " X.509",
            })
    void saysWhatIsInAFileAndWhatWasExpected(String certificate, String key, String message)
            throws IOException {
        String plain = Files.readString(file("leaf.key"));
        Files.writeString(file("empty"), "");
        Files.writeString(file("cut.pem"), Files.readString(file("chain.pem")).substring(0, 300));
        Files.writeString(file("cut.key"), plain.substring(0, 120));
        Files.writeString(file("spoilt.key"), plain.replaceFirst("M", "!"));
        Files.writeString(file("damaged.key"), pem("PRIVATE KEY", new byte[40]));
        Files.writeString(file("damaged.pem"), pem("CERTIFICATE", new byte[40]));
        openssl.key("ed", "ED25519");
        openssl.join("two.key", "leaf.key", "other.key");
        refuses(certificate, key, null, Kind.UNREADABLE, message);
    }

    // ---- what is only doubtful

    @Test
    void warnsOfDatesWithoutRefusing() throws Exception {
        Instant end = Identity.load(file("chain.pem"), file("leaf.key"), null).notAfter();
        assertThat(kindsAt(end.minus(Duration.ofDays(40)))).isEmpty();
        assertThat(kindsAt(end.minus(Duration.ofDays(10))))
                .containsExactly(Kind.EXPIRES_SOON, Kind.EXPIRES_SOON);
        assertThat(kindsAt(end.plus(Duration.ofDays(1))))
                .containsExactly(Kind.EXPIRED, Kind.EXPIRED);
        assertThat(kindsAt(end.minus(Duration.ofDays(300))))
                .containsExactly(Kind.NOT_YET_VALID, Kind.NOT_YET_VALID);
    }

    @Test
    void warnsOfAnIntermediateThatSeemsToBeMissing() {
        openssl.key("lonely", "EC -pkeyopt ec_paramgen_curve:P-256");
        openssl.signed(
                "lonely",
                "middle",
                "authorityInfoAccess=caIssuers;URI:http://a.example/middle.der");
        assertThat(
                        CertificateCheck.check(
                                file("lonely.pem"), file("lonely.key"), null, Instant.now()))
                .singleElement()
                .satisfies(
                        finding -> {
                            assertThat(finding.kind()).isEqualTo(Kind.CHAIN_INCOMPLETE);
                            assertThat(finding.isError()).isFalse();
                            assertThat(finding.message())
                                    .contains(
                                            "'CN=lonely' stands alone and is issued by"
                                                    + " 'CN=middle'");
                        });
    }

    @Test
    void warnsOfAKeyThatEveryoneCanRead() throws IOException {
        Path open = openssl.join("open.key", "leaf.key");
        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rw-r--r--"));
        assertThat(CertificateCheck.check(file("chain.pem"), open, null, Instant.now()))
                .extracting(Finding::kind)
                .containsExactly(Kind.KEY_EXPOSED);
    }

    @Test
    void tellsEveryProblemOfBothFilesAtOnce() {
        assertThat(CertificateCheck.check(file("none.pem"), file("none.key"), null, Instant.now()))
                .extracting(Finding::toString)
                .containsExactly(
                        file("none.pem") + ": there is no such file",
                        file("none.key") + ": there is no such file");
    }

    // ---- secrecy

    @Test
    void showsNothingOfTheKeyInAnyText() throws Exception {
        Identity identity = Identity.load(file("root.pem"), file("root.key"), PASSPHRASE);
        byte[] der = identity.privateKey().getEncoded();
        String base64 = Base64.getEncoder().encodeToString(der);
        assertThat(identity.toString()).isEqualTo("Identity[root.pem, CN=root]");
        Pem pem = Pem.read(file("root.key"), "a key");
        assertThat(pem + " " + pem.blocks())
                .doesNotContain(base64.substring(100, 120))
                .contains("PRIVATE KEY in line 1");
    }

    // ---- authorities and revocation

    @Test
    void readsAuthoritiesAndRevocationLists() throws Exception {
        openssl.join("bundle.pem", "root.pem", "middle.pem", "root.pem");
        TrustAnchors anchors = TrustAnchors.load(file("bundle.pem"));
        assertThat(anchors.certificates()).hasSize(2);
        assertThat(anchors.keyStore().size()).isEqualTo(2);
        assertThatThrownBy(() -> Crls.load(file("bundle.pem")))
                .hasMessageContaining("found CERTIFICATE, expected a revocation list");
        assertThatThrownBy(() -> TrustAnchors.load(file("leaf.key")))
                .hasMessageContaining("found PRIVATE KEY, expected a certificate");
    }

    private static List<Kind> kindsAt(Instant now) {
        return CertificateCheck.check(file("chain.pem"), file("leaf.key"), null, now).stream()
                .map(Finding::kind)
                .toList();
    }

    private static void refuses(
            String certificate,
            String key,
            @Nullable Secret passphrase,
            Kind kind,
            String message) {
        assertThatThrownBy(() -> Identity.load(file(certificate), file(key), passphrase))
                .isInstanceOfSatisfying(
                        BadCertificateException.class,
                        e -> assertThat(e.finding().kind()).isEqualTo(kind))
                .hasMessageContaining(message)
                .hasNoCause();
        assertThat(CertificateCheck.check(file(certificate), file(key), passphrase, Instant.now()))
                .anyMatch(Finding::isError);
    }

    private static String pem(String type, byte[] octets) {
        return "-----BEGIN "
                + type
                + "-----\n"
                + Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
                        .encodeToString(octets)
                + "\n-----END "
                + type
                + "-----\n";
    }

    private static Path file(String name) {
        return openssl.file(name);
    }
}
