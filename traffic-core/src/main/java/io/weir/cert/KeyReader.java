package io.weir.cert;

import io.weir.config.Secret;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads private keys: PKCS#8 in PEM or DER, and through {@link OtherKeyForms} whatever else there
 * is. No message of it shows anything of a key or a pass phrase.
 */
final class KeyReader {

    private static final String EXPECTED = "a private key";

    private KeyReader() {}

    /**
     * Reads the only private key of a file, in which certificates may stand too.
     *
     * @param passphrase of an encrypted key; not used for a plain one
     */
    static PrivateKey read(Path file, @Nullable Secret passphrase) throws BadCertificateException {
        return read(file, Pem.bytes(file), passphrase);
    }

    /** The same out of the octets of a file. */
    static PrivateKey read(Path file, byte[] bytes, @Nullable Secret passphrase)
            throws BadCertificateException {
        if (Pem.isDer(bytes)) {
            return decode(file, bytes);
        }
        Pem pem = Pem.parse(file, bytes, EXPECTED);
        List<Pem.Block> keys = new ArrayList<>();
        for (Pem.Block block : pem.blocks()) {
            if (isKey(block)) {
                keys.add(block);
            }
        }
        if (keys.isEmpty()) {
            throw Pem.bad(file, "found " + pem.types() + ", expected " + EXPECTED);
        }
        if (keys.size() > 1) {
            throw Pem.bad(file, "found " + keys.size() + " private keys, expected one");
        }
        return read(pem, keys.getFirst(), passphrase);
    }

    /** Reads the private key in one block of a file. */
    static PrivateKey read(Pem pem, Pem.Block block, @Nullable Secret passphrase)
            throws BadCertificateException {
        if (block.type().equals("PRIVATE KEY")) {
            return decode(pem.file(), pem.der(block));
        }
        return decode(pem.file(), OtherKeyForms.pkcs8(pem.file(), block, passphrase));
    }

    static boolean isKey(Pem.Block block) {
        return block.type().endsWith("PRIVATE KEY");
    }

    /** Makes a key of the JDK from PKCS#8. */
    static PrivateKey decode(Path file, byte[] pkcs8) throws BadCertificateException {
        for (KeyType type : KeyType.values()) {
            try {
                return KeyFactory.getInstance(type.name())
                        .generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
            } catch (GeneralSecurityException e) {
                // Then it is of another type.
            }
        }
        throw Pem.bad(
                file,
                "the private key cannot be used: it is damaged, or not what was expected, "
                        + Keys.EXPECTED);
    }
}
