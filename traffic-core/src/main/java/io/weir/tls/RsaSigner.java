package io.weir.tls;

import com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider;

import io.netty.handler.ssl.OpenSslPrivateKeyMethod;
import io.weir.cert.Identity;
import io.weir.cert.KeyType;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.Signature;
import java.security.SignatureException;
import java.security.cert.Certificate;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.PSSParameterSpec;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import javax.net.ssl.SSLEngine;

/**
 * Signs handshakes with RSA keys by AWS-LC, which has code for the AVX-512 IFMA instructions of
 * newer processors: there a signature takes less than half of the time that BoringSSL needs.
 * Immutable; safe for every thread.
 */
final class RsaSigner implements OpenSslPrivateKeyMethod {

    private static final Logger LOG = LoggerFactory.getLogger(RsaSigner.class);
    private static final Path PROCESSORS = Path.of("/proc/cpuinfo");

    /** What the engine asks for, by the numbers of RFC 8446 section 4.2.3. */
    private static final Map<Integer, Scheme> SCHEMES =
            Map.of(
                    0x0201, new Scheme("SHA1withRSA", null),
                    0x0401, new Scheme("SHA256withRSA", null),
                    0x0501, new Scheme("SHA384withRSA", null),
                    0x0601, new Scheme("SHA512withRSA", null),
                    0x0804, Scheme.pss(MGF1ParameterSpec.SHA256, 32),
                    0x0805, Scheme.pss(MGF1ParameterSpec.SHA384, 48),
                    0x0806, Scheme.pss(MGF1ParameterSpec.SHA512, 64));

    /** By the certificate that a handshake shows. */
    private final Map<Certificate, PrivateKey> keys;

    private final Provider library;

    private RsaSigner(Provider library, Map<Certificate, PrivateKey> keys) {
        this.library = library;
        this.keys = Map.copyOf(keys);
    }

    /**
     * A way to sign.
     *
     * @param name as the library knows it
     * @param parameters null for none
     */
    private record Scheme(String name, @Nullable PSSParameterSpec parameters) {

        /** RFC 8446 section 4.2.3: the salt is as long as the digest. */
        static Scheme pss(MGF1ParameterSpec digest, int length) {
            return new Scheme(
                    "RSASSA-PSS",
                    new PSSParameterSpec(
                            digest.getDigestAlgorithm(),
                            "MGF1",
                            digest,
                            length,
                            PSSParameterSpec.TRAILER_FIELD_BC));
        }
    }

    /** The library, which is loaded when the first RSA key is to be used. */
    private static final class Library {
        private static final @Nullable Provider PROVIDER = load();

        private static @Nullable Provider load() {
            if (!processorHasIfma()) {
                return null;
            }
            try {
                AmazonCorrettoCryptoProvider provider = new AmazonCorrettoCryptoProvider();
                Throwable trouble = provider.getLoadingError();
                if (trouble == null) {
                    return provider;
                }
                unavailable(trouble);
            } catch (LinkageError | RuntimeException e) {
                unavailable(e);
            }
            return null;
        }

        private static void unavailable(Throwable cause) {
            LOG.info(
                    "AWS-LC cannot be loaded, BoringSSL signs with RSA keys: {}", cause.toString());
        }

        private static boolean processorHasIfma() {
            try (Stream<String> lines = Files.lines(PROCESSORS, StandardCharsets.ISO_8859_1)) {
                return lines.filter(line -> line.startsWith("flags"))
                        .findFirst()
                        .filter(flags -> flags.contains(" avx512ifma"))
                        .isPresent();
            } catch (IOException | UncheckedIOException e) {
                return false;
            }
        }
    }

    /**
     * A signer for those of {@code identities} that have RSA keys; null when there are none, or
     * BoringSSL is to sign with them itself. Blocks.
     */
    static @Nullable RsaSigner of(List<Identity> identities) {
        List<Identity> rsa = identities.stream().filter(i -> i.keyType() == KeyType.RSA).toList();
        Provider library = rsa.isEmpty() ? null : Library.PROVIDER;
        if (library == null) {
            return null;
        }
        try {
            KeyFactory factory = KeyFactory.getInstance("RSA", library);
            Map<Certificate, PrivateKey> keys = new HashMap<>();
            for (Identity identity : rsa) {
                byte[] encoded = identity.privateKey().getEncoded();
                keys.put(
                        identity.certificate(),
                        factory.generatePrivate(new PKCS8EncodedKeySpec(encoded)));
            }
            return new RsaSigner(library, keys);
        } catch (GeneralSecurityException e) {
            LOG.info("AWS-LC does not take the RSA keys, BoringSSL signs with them", e);
            return null;
        }
    }

    @Override
    public byte[] sign(SSLEngine engine, int algorithm, byte[] input)
            throws GeneralSecurityException {
        Certificate[] shown = engine.getSession().getLocalCertificates();
        if (shown == null) {
            throw new SignatureException("the handshake shows no certificate");
        }
        return sign(shown[0], algorithm, input);
    }

    /** A signature with the key of {@code certificate}. */
    byte[] sign(Certificate certificate, int algorithm, byte[] input)
            throws GeneralSecurityException {
        PrivateKey key = keys.get(certificate);
        Scheme scheme = SCHEMES.get(algorithm);
        if (key == null || scheme == null) {
            throw new SignatureException(
                    "no RSA key of ours makes a signature "
                            + Integer.toHexString(algorithm)
                            + " for this certificate");
        }
        Signature signature = Signature.getInstance(scheme.name, library);
        signature.initSign(key);
        if (scheme.parameters != null) {
            signature.setParameter(scheme.parameters);
        }
        signature.update(input);
        return signature.sign();
    }

    /** Key exchange by RSA has no forward secrecy and is spoken in no profile. */
    @Override
    public byte[] decrypt(SSLEngine engine, byte[] input) throws GeneralSecurityException {
        throw new SignatureException("key exchange by RSA is not spoken");
    }
}
