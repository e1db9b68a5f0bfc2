package io.weir.cert;

import io.weir.config.Secret;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** One thing in a file, as people may see it: of keys nothing but their type. */
public sealed interface Shown {

    /**
     * A certificate.
     *
     * @param key such as {@code EC P-256}
     * @param authority whether it may sign others
     * @param serial in hexadecimal
     */
    record Certificate(
            String subject,
            String issuer,
            List<String> hosts,
            List<String> addresses,
            Instant notBefore,
            Instant notAfter,
            String key,
            String signature,
            boolean authority,
            String serial,
            String fingerprint)
            implements Shown {

        public static Certificate of(X509Certificate certificate) {
            return new Certificate(
                    certificate.getSubjectX500Principal().toString(),
                    certificate.getIssuerX500Principal().toString(),
                    Names.hosts(certificate),
                    Names.addresses(certificate),
                    certificate.getNotBefore().toInstant(),
                    certificate.getNotAfter().toInstant(),
                    Keys.describe(certificate.getPublicKey()),
                    certificate.getSigAlgName(),
                    certificate.getBasicConstraints() >= 0,
                    certificate.getSerialNumber().toString(16),
                    Names.fingerprint(certificate));
        }
    }

    /**
     * A request for a certificate.
     *
     * @param genuine whether it is signed with the key that it is about
     */
    record Request(
            String subject, List<String> hosts, List<String> addresses, String key, boolean genuine)
            implements Shown {}

    /** A list of revoked certificates. */
    record RevocationList(
            String issuer, Instant thisUpdate, @Nullable Instant nextUpdate, int revoked)
            implements Shown {}

    /**
     * A private key.
     *
     * @param type such as {@code RSA 2048}; empty when it is encrypted and there is no pass phrase
     */
    record Key(String type, boolean encrypted) implements Shown {}

    /** Everything in a file, in its order: PEM, DER or, with its pass phrase, PKCS#12. */
    static List<Shown> read(Path file, @Nullable Secret passphrase) throws BadCertificateException {
        return read(file, Pem.bytes(file), passphrase);
    }

    /** The same out of the octets of a file, which need not be there. */
    static List<Shown> read(Path file, byte[] bytes, @Nullable Secret passphrase)
            throws BadCertificateException {
        List<Shown> found = new ArrayList<>();
        if (KeyBag.isOne(bytes)) {
            Identity identity = KeyBag.read("", file, passphrase, null);
            found.add(new Key(Keys.describe(identity.privateKey()), true));
            identity.chain().forEach(each -> found.add(Certificate.of(each)));
            return found;
        }
        if (Pem.isDer(bytes)) {
            return List.of(der(file, bytes));
        }
        Pem pem = Pem.parse(file, bytes, "certificates, requests, revocation lists or keys");
        for (Pem.Block block : pem.blocks()) {
            String what = "the block " + block;
            if (KeyReader.isKey(block)) {
                found.add(key(pem, block, passphrase));
            } else if (CertificateReader.isCertificate(block)) {
                found.add(
                        Certificate.of(CertificateReader.certificate(file, pem.der(block), what)));
            } else if (CertificateReader.isCrl(block)) {
                found.add(list(CertificateReader.crl(file, pem.der(block), what)));
            } else if (block.type().endsWith("CERTIFICATE REQUEST")) {
                found.add(RequestReader.read(file, pem.der(block), what));
            }
        }
        if (found.isEmpty()) {
            throw Pem.bad(file, "found " + pem.types() + ", which cannot be shown");
        }
        return List.copyOf(found);
    }

    private static Shown key(Pem pem, Pem.Block block, @Nullable Secret passphrase)
            throws BadCertificateException {
        boolean encrypted = block.isEncrypted();
        boolean locked = encrypted && passphrase == null;
        return new Key(
                locked ? "" : Keys.describe(KeyReader.read(pem, block, passphrase)), encrypted);
    }

    private static RevocationList list(X509CRL list) {
        return new RevocationList(
                list.getIssuerX500Principal().toString(),
                list.getThisUpdate().toInstant(),
                list.getNextUpdate() == null ? null : list.getNextUpdate().toInstant(),
                list.getRevokedCertificates() == null ? 0 : list.getRevokedCertificates().size());
    }

    /** DER does not say what it is; the parsers do. */
    private static Shown der(Path file, byte[] bytes) throws BadCertificateException {
        try {
            return Certificate.of(CertificateReader.certificate(file, bytes, ""));
        } catch (BadCertificateException e) {
            // Perhaps one of the others.
        }
        try {
            return list(CertificateReader.crl(file, bytes, ""));
        } catch (BadCertificateException e) {
            // Perhaps one of the others.
        }
        try {
            return RequestReader.read(file, bytes, "");
        } catch (BadCertificateException e) {
            // Perhaps a key.
        }
        try {
            return new Key(Keys.describe(KeyReader.decode(file, bytes)), false);
        } catch (BadCertificateException e) {
            throw Pem.bad(
                    file,
                    "it is neither PEM text nor a certificate, request, revocation list or key in"
                            + " DER");
        }
    }
}
