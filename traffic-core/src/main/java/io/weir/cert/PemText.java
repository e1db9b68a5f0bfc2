package io.weir.cert;

import io.weir.config.Secret;

import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.openssl.jcajce.JceOpenSSLPKCS8EncryptorBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.pkcs.jcajce.JcaPKCS8EncryptedPrivateKeyInfoBuilder;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/** PEM text of certificates, lists of revoked ones, requests and keys. */
public final class PemText {

    private static final int WIDTH = 64;
    private static final byte[] NEWLINE = {'\n'};

    /** Slow enough for who guesses, and fast enough for a start: about a tenth of a second. */
    private static final int ITERATIONS = 200_000;

    private PemText() {}

    public static String certificates(List<X509Certificate> chain) {
        StringBuilder text = new StringBuilder();
        for (X509Certificate each : chain) {
            try {
                text.append(block("CERTIFICATE", each.getEncoded()));
            } catch (CertificateEncodingException e) {
                throw new IllegalStateException("a certificate that was read has a form", e);
            }
        }
        return text.toString();
    }

    /**
     * The certificates in the content of a file, in PEM or DER, and nothing else that is in it,
     * such as a private key.
     *
     * @param file it was read from, for messages
     * @throws BadCertificateException when there is none, or one that cannot be read
     */
    public static String certificates(Path file, byte[] content) throws BadCertificateException {
        return certificates(CertificateReader.certificates(file, content));
    }

    /** A list of revoked certificates, from its DER. */
    public static String list(byte[] der) {
        return block("X509 CRL", der);
    }

    /** A request, from its DER. */
    public static String request(byte[] der) {
        return block("CERTIFICATE REQUEST", der);
    }

    /** A key in PKCS#8, encrypted with AES-256 when there is a pass phrase. Not to be shown. */
    public static String key(PrivateKey key, @Nullable Secret passphrase, SecureRandom random) {
        if (passphrase == null) {
            return block("PRIVATE KEY", key.getEncoded());
        }
        char[] characters = passphrase.reveal().toCharArray();
        try {
            return block(
                    "ENCRYPTED PRIVATE KEY",
                    new JcaPKCS8EncryptedPrivateKeyInfoBuilder(key)
                            .build(
                                    new JceOpenSSLPKCS8EncryptorBuilder(
                                                    NISTObjectIdentifiers.id_aes256_CBC)
                                            .setProvider(new BouncyCastleProvider())
                                            .setRandom(random)
                                            .setIterationCount(ITERATIONS)
                                            .setPRF(
                                                    new AlgorithmIdentifier(
                                                            PKCSObjectIdentifiers.id_hmacWithSHA256,
                                                            DERNull.INSTANCE))
                                            .setPassword(characters)
                                            .build())
                            .getEncoded());
        } catch (IOException | OperatorCreationException e) {
            throw new IllegalStateException("a key from sound parts");
        } finally {
            Arrays.fill(characters, '\0');
        }
    }

    private static String block(String type, byte[] der) {
        String body =
                new String(
                        Base64.getMimeEncoder(WIDTH, NEWLINE).encode(der),
                        StandardCharsets.US_ASCII);
        return "-----BEGIN " + type + "-----\n" + body + "\n-----END " + type + "-----\n";
    }
}
