package io.weir.cert;

import java.io.ByteArrayInputStream;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CRLException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Reads certificates and revocation lists, in PEM or DER, with the JDK's own parser. */
final class CertificateReader {

    private static final Set<String> CERTIFICATE = Set.of("CERTIFICATE", "X509 CERTIFICATE");
    private static final String CRL = "X509 CRL";

    private CertificateReader() {}

    /** The certificates of a file in their order; at least one. Other blocks are passed over. */
    static List<X509Certificate> certificates(Path file) throws BadCertificateException {
        return certificates(file, Pem.bytes(file));
    }

    /** The same out of the octets of a file. */
    static List<X509Certificate> certificates(Path file, byte[] bytes)
            throws BadCertificateException {
        if (Pem.isDer(bytes)) {
            return List.of(certificate(file, bytes, "it"));
        }
        Pem pem = Pem.parse(file, bytes, "a certificate");
        List<X509Certificate> found = new ArrayList<>();
        for (Pem.Block block : pem.blocks()) {
            if (isCertificate(block)) {
                found.add(certificate(file, pem.der(block), "the block " + block));
            }
        }
        if (found.isEmpty()) {
            throw Pem.bad(file, "found " + pem.types() + ", expected a certificate");
        }
        return List.copyOf(found);
    }

    /** The revocation lists of a file; at least one. Other blocks are passed over. */
    static List<X509CRL> crls(Path file) throws BadCertificateException {
        byte[] bytes = Pem.bytes(file);
        if (Pem.isDer(bytes)) {
            return List.of(crl(file, bytes, "it"));
        }
        Pem pem = Pem.parse(file, bytes, "a revocation list");
        List<X509CRL> found = new ArrayList<>();
        for (Pem.Block block : pem.blocks()) {
            if (isCrl(block)) {
                found.add(crl(file, pem.der(block), "the block " + block));
            }
        }
        if (found.isEmpty()) {
            throw Pem.bad(file, "found " + pem.types() + ", expected a revocation list (X509 CRL)");
        }
        return List.copyOf(found);
    }

    static boolean isCertificate(Pem.Block block) {
        return CERTIFICATE.contains(block.type());
    }

    static boolean isCrl(Pem.Block block) {
        return block.type().equals(CRL);
    }

    static X509Certificate certificate(Path file, byte[] der, String what)
            throws BadCertificateException {
        try {
            return (X509Certificate) factory().generateCertificate(new ByteArrayInputStream(der));
        } catch (CertificateException e) {
            throw Pem.bad(file, what + " is no X.509 certificate");
        }
    }

    static X509CRL crl(Path file, byte[] der, String what) throws BadCertificateException {
        try {
            return (X509CRL) factory().generateCRL(new ByteArrayInputStream(der));
        } catch (CRLException e) {
            throw Pem.bad(file, what + " is no X.509 revocation list");
        }
    }

    private static CertificateFactory factory() {
        try {
            return CertificateFactory.getInstance("X.509");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has X.509", e);
        }
    }
}
