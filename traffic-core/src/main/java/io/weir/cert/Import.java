package io.weir.cert;

import io.weir.config.Secret;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;

/**
 * Takes over an identity that others made, from PKCS#12 or from PEM whose certificates may stand in
 * any order and among others.
 */
public final class Import {

    private Import() {}

    /**
     * Reads an identity.
     *
     * @param key of PEM certificates; null when it stands among them, or in PKCS#12
     * @param passphrase of PKCS#12 or of the key
     * @param alias which one of several in PKCS#12; null when there is only one
     */
    public static Identity read(
            String name,
            Path file,
            @Nullable Path key,
            @Nullable Secret passphrase,
            @Nullable String alias)
            throws BadCertificateException {
        if (KeyBag.isOne(Pem.bytes(file))) {
            return KeyBag.read(name, file, passphrase, alias);
        }
        Path keyFile = key == null ? file : key;
        PrivateKey privateKey = KeyReader.read(keyFile, passphrase);
        List<X509Certificate> chain = sorted(CertificateReader.certificates(file), privateKey);
        return Identity.of(name, file, chain, keyFile, privateKey);
    }

    /**
     * Refuses PEM texts that are no certificate with its key.
     *
     * @param name stands for the files in messages
     * @param key null when the key is elsewhere, so that only the certificate is looked at
     */
    public static void check(String name, String certificate, @Nullable String key)
            throws BadCertificateException {
        Path file = Path.of(name + ".pem");
        List<X509Certificate> chain =
                CertificateReader.certificates(file, certificate.getBytes(StandardCharsets.UTF_8));
        if (key != null) {
            Path keyFile = Path.of(name + ".key");
            PrivateKey privateKey =
                    KeyReader.read(keyFile, key.getBytes(StandardCharsets.UTF_8), null);
            Identity _ = Identity.of(name, file, chain, keyFile, privateKey);
        }
    }

    /**
     * The certificate of the key, its issuer, and so on; all as they are when none is the key's.
     */
    private static List<X509Certificate> sorted(List<X509Certificate> all, PrivateKey key) {
        List<X509Certificate> left = new ArrayList<>(all);
        List<X509Certificate> chain = new ArrayList<>();
        for (X509Certificate each : all) {
            if (chain.isEmpty() && Keys.match(key, each.getPublicKey())) {
                chain.add(each);
                left.remove(each);
            }
        }
        if (chain.isEmpty()) {
            return all;
        }
        X509Certificate next = issuer(chain.getLast(), left);
        while (next != null) {
            chain.add(next);
            left.remove(next);
            next = issuer(chain.getLast(), left);
        }
        return chain;
    }

    private static @Nullable X509Certificate issuer(
            X509Certificate certificate, List<X509Certificate> among) {
        if (ChainCheck.isSelfIssued(certificate)) {
            return null;
        }
        for (X509Certificate each : among) {
            if (ChainCheck.isIssuer(each, certificate)
                    && ChainCheck.isSignedBy(certificate, each)) {
                return each;
            }
        }
        return null;
    }
}
