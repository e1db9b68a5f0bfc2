package io.weir.cert;

import io.weir.config.Secret;

import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.openssl.PEMEncryptedKeyPair;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JceOpenSSLPKCS8DecryptorProviderBuilder;
import org.bouncycastle.openssl.jcajce.JcePEMDecryptorProviderBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.pkcs.PKCS8EncryptedPrivateKeyInfo;
import org.bouncycastle.pkcs.PKCSException;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Forms of keys that the JDK does not read: encrypted PKCS#8, PKCS#1 ({@code RSA PRIVATE KEY}) and
 * SEC1 ({@code EC PRIVATE KEY}), the last two also encrypted as OpenSSL once did.
 */
final class OtherKeyForms {

    private OtherKeyForms() {}

    /** The key in {@code block} as plain PKCS#8. */
    static byte[] pkcs8(Path file, Pem.Block block, @Nullable Secret passphrase)
            throws BadCertificateException {
        Object parsed;
        try (PEMParser parser = new PEMParser(new StringReader(block.text()))) {
            parsed = parser.readObject();
        } catch (IOException | RuntimeException e) {
            // Its message may show what stands in the file.
            throw damaged(file, block);
        }
        char[] characters = passphrase == null ? new char[0] : passphrase.reveal().toCharArray();
        try {
            return switch (parsed) {
                case PEMKeyPair plain -> encoded(file, block, plain.getPrivateKeyInfo());
                case PrivateKeyInfo plain -> encoded(file, block, plain);
                case PEMEncryptedKeyPair locked -> {
                    required(file, block, passphrase);
                    yield encoded(file, block, unlock(file, block, locked, characters));
                }
                case PKCS8EncryptedPrivateKeyInfo locked -> {
                    required(file, block, passphrase);
                    yield encoded(file, block, unlock(file, block, locked, characters));
                }
                case null, default -> throw damaged(file, block);
            };
        } finally {
            Arrays.fill(characters, '\0');
        }
    }

    private static byte[] encoded(Path file, Pem.Block block, @Nullable PrivateKeyInfo key)
            throws BadCertificateException {
        if (key == null) {
            throw damaged(file, block);
        }
        try {
            return key.getEncoded();
        } catch (IOException e) {
            throw damaged(file, block);
        }
    }

    private static PrivateKeyInfo unlock(
            Path file, Pem.Block block, PEMEncryptedKeyPair locked, char[] passphrase)
            throws BadCertificateException {
        try {
            return locked.decryptKeyPair(
                            new JcePEMDecryptorProviderBuilder()
                                    .setProvider(new BouncyCastleProvider())
                                    .build(passphrase))
                    .getPrivateKeyInfo();
        } catch (IOException | RuntimeException e) {
            throw wrong(file, block);
        }
    }

    private static PrivateKeyInfo unlock(
            Path file, Pem.Block block, PKCS8EncryptedPrivateKeyInfo locked, char[] passphrase)
            throws BadCertificateException {
        try {
            return locked.decryptPrivateKeyInfo(
                    new JceOpenSSLPKCS8DecryptorProviderBuilder()
                            .setProvider(new BouncyCastleProvider())
                            .build(passphrase));
        } catch (PKCSException | OperatorCreationException | RuntimeException e) {
            throw wrong(file, block);
        }
    }

    private static void required(Path file, Pem.Block block, @Nullable Secret passphrase)
            throws BadCertificateException {
        if (passphrase == null) {
            throw new BadCertificateException(
                    new Finding(
                            Finding.Kind.PASSPHRASE,
                            file,
                            "the key " + block + " is encrypted and there is no pass phrase"));
        }
    }

    private static BadCertificateException wrong(Path file, Pem.Block block) {
        return new BadCertificateException(
                new Finding(
                        Finding.Kind.PASSPHRASE,
                        file,
                        "the pass phrase does not open the key " + block));
    }

    private static BadCertificateException damaged(Path file, Pem.Block block) {
        return Pem.bad(file, "the key " + block + " is damaged or of an unknown form");
    }
}
