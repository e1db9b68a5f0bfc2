package io.weir.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.cert.Identity;
import io.weir.testkit.TestCa;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.Signature;
import java.security.SignatureException;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.List;
import java.util.Objects;

/** The signatures that the JDK takes for genuine; where processor and library allow it. */
class RsaSignerTest {

    private static final byte[] INPUT = "transcript".getBytes(StandardCharsets.US_ASCII);

    @TempDir Path directory;

    private Identity issue(TestCa.Issued issued, String name) throws Exception {
        issued.write(directory, name);
        return Identity.load(
                directory.resolve(name + ".pem"), directory.resolve(name + ".key"), null);
    }

    @Test
    void everySchemeIsSignedAsTheStandardsHaveIt() throws Exception {
        Identity identity = issue(new TestCa("ca").issueRsa("r.example"), "r");
        RsaSigner found = RsaSigner.of(List.of(identity));
        Assumptions.assumeTrue(found != null, "a processor with AVX-512 IFMA");
        RsaSigner signer = Objects.requireNonNull(found);
        List<String> digests = List.of("SHA-256", "SHA-384", "SHA-512");
        for (int i = 0; i < digests.size(); i++) {
            String digest = digests.get(i);
            assertGenuine(
                    Signature.getInstance(digest.replace("-", "") + "withRSA"),
                    signer.sign(identity.certificate(), 0x0401 + 0x100 * i, INPUT),
                    identity);
            Signature pss = Signature.getInstance("RSASSA-PSS");
            pss.setParameter(
                    new PSSParameterSpec(
                            digest, "MGF1", new MGF1ParameterSpec(digest), 32 + 16 * i, 1));
            assertGenuine(pss, signer.sign(identity.certificate(), 0x0804 + i, INPUT), identity);
        }
        int ed25519 = 0x0807;
        assertThatThrownBy(() -> signer.sign(identity.certificate(), ed25519, INPUT))
                .isInstanceOf(SignatureException.class);
    }

    private static void assertGenuine(Signature check, byte[] signature, Identity of)
            throws Exception {
        check.initVerify(of.certificate().getPublicKey());
        check.update(INPUT);
        assertThat(check.verify(signature)).as(check.getAlgorithm()).isTrue();
    }

    @Test
    void keysOfOtherKindsAreLeftToBoringSsl() throws Exception {
        assertThat(RsaSigner.of(List.of(issue(new TestCa("ca").issue("e.example"), "e")))).isNull();
    }
}
