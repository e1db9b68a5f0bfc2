package io.weir.cert;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.config.Secret;
import io.weir.testkit.TestCa;

import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.util.Base64;
import java.util.List;

/** Private keys are told from everything else that lies beside a configuration. */
class PrivateKeysTest {

    @TempDir Path directory;

    @Test
    void everyFormOfAKeyIsKnownAndNothingElseIsTakenForOne() throws Exception {
        TestCa ca = new TestCa("ca");
        for (TestCa.Issued issued : List.of(ca.issue("a.example"), ca.issueRsa("a.example"))) {
            issued.write(directory, "a");
            byte[] pkcs8 = issued.keys().getPrivate().getEncoded();
            byte[] bare =
                    PrivateKeyInfo.getInstance(pkcs8)
                            .parsePrivateKey()
                            .toASN1Primitive()
                            .getEncoded();
            assertThat(PrivateKeys.areIn(Files.readAllBytes(directory.resolve("a.key")))).isTrue();
            assertThat(PrivateKeys.areIn(pkcs8)).as("PKCS#8").isTrue();
            assertThat(PrivateKeys.areIn(bare)).as("PKCS#1, SEC1").isTrue();
            assertThat(PrivateKeys.areIn(encrypted(issued.keys().getPrivate())))
                    .as("encrypted PKCS#8")
                    .isTrue();
            assertThat(PrivateKeys.areIn(store(issued))).as("PKCS#12").isTrue();

            assertThat(PrivateKeys.areIn(Files.readAllBytes(directory.resolve("a.pem")))).isFalse();
            assertThat(PrivateKeys.areIn(issued.certificate().getEncoded())).isFalse();
            assertThat(PrivateKeys.areIn(issued.keys().getPublic().getEncoded())).isFalse();
        }
        assertThat(PrivateKeys.areIn("0 is no DER".getBytes(StandardCharsets.UTF_8))).isFalse();
        assertThat(PrivateKeys.areIn(new byte[0])).isFalse();
    }

    private static byte[] encrypted(PrivateKey key) {
        String pem = PemText.key(key, new Secret("secret"), new SecureRandom());
        return Base64.getMimeDecoder().decode(pem.replaceAll("-----[A-Z ]+-----", ""));
    }

    private static byte[] store(TestCa.Issued issued) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        char[] password = "secret".toCharArray();
        Certificate[] chain = {issued.certificate(), issued.issuer()};
        store.setKeyEntry("a", issued.keys().getPrivate(), password, chain);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        store.store(out, password);
        return out.toByteArray();
    }
}
