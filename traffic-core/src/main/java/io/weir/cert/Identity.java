package io.weir.cert;

import io.weir.config.Secret;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

/**
 * Who a server, or a client of nodes, is: a private key and the chain of certificates that vouches
 * for it. Immutable; its text form shows nothing of the key.
 */
public final class Identity {

    private final String name;
    private final PrivateKey privateKey;
    private final List<X509Certificate> chain;
    private final KeyType keyType;
    private final List<String> hostNames;
    private final String fingerprint;

    private Identity(
            String name, PrivateKey privateKey, List<X509Certificate> chain, KeyType keyType) {
        this.name = name;
        this.privateKey = privateKey;
        this.chain = List.copyOf(chain);
        this.keyType = keyType;
        this.hostNames = Names.hosts(chain.getFirst());
        this.fingerprint = Names.fingerprint(chain.getFirst());
    }

    /**
     * Reads an identity and checks everything that does not depend on the time: the key is that of
     * the first certificate, each certificate is signed by the next, and all are strong.
     *
     * @param name by which configuration and messages know it
     * @param certificate PEM with the server's certificate first and then each one's issuer, or one
     *     certificate in DER
     * @param key PKCS#8 (plain or encrypted), PKCS#1 or SEC1; may be the same file
     * @param passphrase of an encrypted key
     * @throws BadCertificateException naming the file, what was found and what was expected
     */
    public static Identity load(
            String name, Path certificate, Path key, @Nullable Secret passphrase)
            throws BadCertificateException {
        return of(
                name,
                certificate,
                CertificateReader.certificates(certificate),
                key,
                KeyReader.read(key, passphrase));
    }

    /** Joins what was read from two files, or one, after the same checks. */
    static Identity of(
            String name,
            Path certificate,
            List<X509Certificate> chain,
            Path key,
            PrivateKey privateKey)
            throws BadCertificateException {
        for (Finding finding : CertificateCheck.structure(certificate, chain, key, privateKey)) {
            if (finding.isError()) {
                throw new BadCertificateException(finding);
            }
        }
        KeyType type = Objects.requireNonNull(Keys.type(privateKey), "the check has seen to it");
        return new Identity(name, privateKey, chain, type);
    }

    /** Reads an identity whose name is that of the file with the certificates. */
    public static Identity load(Path certificate, Path key, @Nullable Secret passphrase)
            throws BadCertificateException {
        return load(String.valueOf(certificate.getFileName()), certificate, key, passphrase);
    }

    /** By which configuration and messages know it. */
    public String name() {
        return name;
    }

    /** The key; never to be shown. */
    public PrivateKey privateKey() {
        return privateKey;
    }

    /** The server's own certificate first, then each one's issuer. */
    public List<X509Certificate> chain() {
        return chain;
    }

    /** The server's own certificate. */
    public X509Certificate certificate() {
        return chain.getFirst();
    }

    /**
     * The host names it is for, in lower case, {@code *.example.com} among them. Without
     * alternative names in the certificate it is the common name.
     */
    public List<String> hostNames() {
        return hostNames;
    }

    public KeyType keyType() {
        return keyType;
    }

    /** From when on the certificate is valid. */
    public Instant notBefore() {
        return certificate().getNotBefore().toInstant();
    }

    /** When the first certificate of the chain ends to be valid. */
    public Instant notAfter() {
        Instant first = Instant.MAX;
        for (X509Certificate each : chain) {
            Instant end = each.getNotAfter().toInstant();
            first = end.isBefore(first) ? end : first;
        }
        return first;
    }

    /** SHA-256 of the certificate, as {@code openssl x509 -fingerprint -sha256} shows it. */
    public String fingerprint() {
        return fingerprint;
    }

    /** The same key with the same chain, under whatever name. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Identity that
                && chain.equals(that.chain)
                && privateKey.equals(that.privateKey);
    }

    @Override
    public int hashCode() {
        return chain.hashCode();
    }

    @Override
    public String toString() {
        return "Identity[" + name + ", " + Names.subject(certificate()) + "]";
    }
}
