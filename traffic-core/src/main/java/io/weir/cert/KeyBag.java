package io.weir.cert;

import io.weir.cert.Finding.Kind;
import io.weir.config.Secret;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.UnrecoverableKeyException;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/** A PKCS#12 file ({@code .p12}, {@code .pfx}): keys with their chains under one pass phrase. */
final class KeyBag {

    private KeyBag() {}

    /** Whether these octets are PKCS#12: a sequence that begins with the version 3. */
    static boolean isOne(byte[] bytes) {
        if (!Pem.isDer(bytes)) {
            return false;
        }
        // The length has up to four octets more when its first one says so; 0x80 is BER.
        int first = bytes[1] & 0xff;
        int version = 2 + (first > 0x80 ? first - 0x80 : 0);
        return version + 3 <= bytes.length
                && Arrays.equals(bytes, version, version + 3, new byte[] {2, 1, 3}, 0, 3);
    }

    /**
     * Reads one key with its chain.
     *
     * @param alias which one; null when there is only one
     */
    static Identity read(
            String name, Path file, @Nullable Secret passphrase, @Nullable String alias)
            throws BadCertificateException {
        char[] characters = passphrase == null ? null : passphrase.reveal().toCharArray();
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(new ByteArrayInputStream(Pem.bytes(file)), characters);
            String chosen = choose(file, store, alias);
            Key key = store.getKey(chosen, characters);
            Certificate[] certificates = store.getCertificateChain(chosen);
            if (!(key instanceof PrivateKey privateKey) || certificates == null) {
                throw Pem.bad(file, "'" + chosen + "' has no certificate, expected a key with one");
            }
            List<X509Certificate> chain = new ArrayList<>();
            for (Certificate each : certificates) {
                chain.add((X509Certificate) each);
            }
            return Identity.of(
                    name, file, chain, file, KeyReader.decode(file, privateKey.getEncoded()));
        } catch (IOException | GeneralSecurityException e) {
            throw refused(file, passphrase, e);
        } finally {
            if (characters != null) {
                Arrays.fill(characters, '\0');
            }
        }
    }

    private static String choose(Path file, KeyStore store, @Nullable String alias)
            throws GeneralSecurityException, BadCertificateException {
        List<String> keys = new ArrayList<>();
        for (String each : Collections.list(store.aliases())) {
            if (store.isKeyEntry(each)) {
                keys.add(each);
            }
        }
        if (alias != null) {
            for (String each : keys) {
                if (each.equalsIgnoreCase(alias)) {
                    return each;
                }
            }
        } else if (keys.size() == 1) {
            return keys.getFirst();
        }
        String found = keys.isEmpty() ? "no keys" : "the keys '" + String.join("', '", keys) + "'";
        throw Pem.bad(
                file,
                "found "
                        + found
                        + ", expected "
                        + (alias == null ? "one; name one with --alias" : "'" + alias + "'"));
    }

    private static BadCertificateException refused(
            Path file, @Nullable Secret passphrase, Exception e) {
        if (e instanceof UnrecoverableKeyException
                || e.getCause() instanceof UnrecoverableKeyException
                || passphrase == null) {
            String message =
                    passphrase == null
                            ? "it is encrypted and there is no pass phrase"
                            : "the pass phrase does not open it";
            return new BadCertificateException(new Finding(Kind.PASSPHRASE, file, message));
        }
        return Pem.bad(file, "it is damaged, or no PKCS#12 file");
    }
}
