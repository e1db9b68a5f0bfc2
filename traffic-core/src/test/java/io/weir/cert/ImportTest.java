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
import org.junit.jupiter.params.provider.ValueSource;

import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.Arrays;

/** Identities that others made. */
class ImportTest {

    private static final Secret PASSPHRASE = new Secret("correct_horse");

    @TempDir static Path directory;

    private static OpenSsl openssl = new OpenSsl(Path.of("."));

    @BeforeAll
    static void make() {
        Assumptions.assumeTrue(OpenSsl.isThere());
        openssl = new OpenSsl(directory).chain();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " -keypbe PBE-SHA1-3DES -certpbe PBE-SHA1-3DES -macalg sha1",
                " -keypbe AES-256-CBC -certpbe NONE",
            })
    void readsPkcs12OfOpenssl(String options) throws Exception {
        openssl.run(
                "pkcs12 -export -in chain.pem -inkey leaf.key -passout pass:correct_horse -out"
                        + " a.p12"
                        + options);
        Identity identity = Import.read("a", file("a.p12"), null, PASSPHRASE, null);
        assertThat(identity).isEqualTo(Identity.load(file("chain.pem"), file("leaf.key"), null));
        refuses("a.p12", new Secret("wrong"), null, Kind.PASSPHRASE, "does not open it");
        refuses("a.p12", null, null, Kind.PASSPHRASE, "there is no pass phrase");
    }

    @Test
    void asksWhichOneWhenThereAreSeveral() throws Exception {
        Identity leaf = Identity.load(file("chain.pem"), file("leaf.key"), null);
        Identity root = Identity.load(file("root.pem"), file("root.key"), null);
        char[] password = PASSPHRASE.reveal().toCharArray();
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        for (Identity each : new Identity[] {leaf, root}) {
            store.setKeyEntry(
                    each.keyType().name(),
                    each.privateKey(),
                    password,
                    each.chain().toArray(Certificate[]::new));
        }
        try (OutputStream out = Files.newOutputStream(file("two.p12"))) {
            store.store(out, password);
        }
        refuses("two.p12", PASSPHRASE, null, Kind.UNREADABLE, "found the keys '");
        refuses("two.p12", PASSPHRASE, "dsa", Kind.UNREADABLE, "expected 'dsa'");
        assertThat(Import.read("", file("two.p12"), null, PASSPHRASE, "rsa")).isEqualTo(root);
        assertThat(Import.read("", file("two.p12"), null, PASSPHRASE, "EC").privateKey())
                .isEqualTo(leaf.privateKey());
    }

    @Test
    void refusesPkcs12WithoutKeysAndDamagedOne() throws Exception {
        openssl.run("pkcs12 -export -nokeys -in root.pem -passout pass:correct_horse -out no.p12");
        refuses("no.p12", PASSPHRASE, null, Kind.UNREADABLE, "found no keys, expected one");
        openssl.run(
                "pkcs12 -export -in chain.pem -inkey leaf.key -passout pass:correct_horse -out"
                        + " b.p12");
        byte[] whole = Files.readAllBytes(file("b.p12"));
        Files.write(file("cut.p12"), Arrays.copyOf(whole, whole.length / 2));
        refuses("cut.p12", PASSPHRASE, null, Kind.UNREADABLE, "it is damaged");
    }

    @Test
    void putsPemInOrderAndLeavesOutWhatDoesNotBelong() throws Exception {
        openssl.key("alien", "EC -pkeyopt ec_paramgen_curve:P-256");
        openssl.run("req -x509 -new -key alien.key -subj /CN=alien -days 9 -out alien.pem");
        openssl.join("mixed", "root.pem", "alien.pem", "leaf.key", "middle.pem", "leaf.pem");
        Identity identity = Import.read("", file("mixed"), null, null, null);
        assertThat(identity.chain())
                .extracting(each -> each.getSubjectX500Principal().getName())
                .containsExactly("CN=leaf", "CN=middle", "CN=root");
    }

    @Test
    void refusesPemWithoutTheCertificateOfTheKey() {
        openssl.key("foreign", "EC -pkeyopt ec_paramgen_curve:P-256");
        assertThatThrownBy(
                        () -> Import.read("", file("chain.pem"), file("foreign.key"), null, null))
                .isInstanceOfSatisfying(
                        BadCertificateException.class,
                        e -> assertThat(e.finding().kind()).isEqualTo(Kind.KEY_MISMATCH));
    }

    private static void refuses(
            String file,
            @Nullable Secret passphrase,
            @Nullable String alias,
            Kind kind,
            String message) {
        assertThatThrownBy(() -> Import.read("", file(file), null, passphrase, alias))
                .isInstanceOfSatisfying(
                        BadCertificateException.class,
                        e -> assertThat(e.finding().kind()).isEqualTo(kind))
                .hasMessageContaining(message)
                .hasMessageContaining(file)
                .hasNoCause();
    }

    private static Path file(String name) {
        return openssl.file(name);
    }
}
