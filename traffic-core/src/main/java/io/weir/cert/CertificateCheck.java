package io.weir.cert;

import io.weir.cert.Finding.Kind;
import io.weir.config.Secret;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.PrivateKey;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Finds everything that is wrong with certificates, keys and revocation lists in files. */
public final class CertificateCheck {

    /** How long before its end a certificate is said to expire soon. */
    public static final Duration SOON = Duration.ofDays(30);

    private CertificateCheck() {}

    /**
     * Everything that is wrong with an identity. There is an error among the findings exactly when
     * {@link Identity#load} refuses the files.
     */
    public static List<Finding> check(
            Path certificate, Path key, @Nullable Secret passphrase, Instant now) {
        List<Finding> findings = new ArrayList<>();
        List<X509Certificate> chain = List.of();
        PrivateKey privateKey = null;
        try {
            chain = CertificateReader.certificates(certificate);
        } catch (BadCertificateException e) {
            findings.add(e.finding());
        }
        try {
            privateKey = KeyReader.read(key, passphrase);
            exposure(key, findings);
        } catch (BadCertificateException e) {
            findings.add(e.finding());
        }
        if (!chain.isEmpty()) {
            findings.addAll(structure(certificate, chain, key, privateKey));
            for (X509Certificate each : chain) {
                dates(certificate, each, now, findings);
            }
        }
        return List.copyOf(findings);
    }

    /** Everything that is wrong with a file of authorities. */
    public static List<Finding> checkAnchors(Path pem, Instant now) {
        List<Finding> findings = new ArrayList<>();
        try {
            for (X509Certificate each : TrustAnchors.load(pem).certificates()) {
                dates(pem, each, now, findings);
            }
        } catch (BadCertificateException e) {
            findings.add(e.finding());
        }
        return List.copyOf(findings);
    }

    /** Everything that is wrong with a file of revocation lists. */
    public static List<Finding> checkCrls(Path pem, Instant now) {
        List<Finding> findings = new ArrayList<>();
        try {
            for (X509CRL each : Crls.load(pem).lists()) {
                if (Crls.isOutOfDate(each, now)) {
                    findings.add(
                            new Finding(
                                    Kind.OUT_OF_DATE,
                                    pem,
                                    "the revocation list of '"
                                            + each.getIssuerX500Principal()
                                            + "' was to be replaced by "
                                            + each.getNextUpdate().toInstant()
                                            + ", expected a newer one"));
                }
            }
        } catch (BadCertificateException e) {
            findings.add(e.finding());
        }
        return List.copyOf(findings);
    }

    /** What does not depend on the time; {@code privateKey} is null when it could not be read. */
    static List<Finding> structure(
            Path certificate,
            List<X509Certificate> chain,
            Path key,
            @Nullable PrivateKey privateKey) {
        List<Finding> findings = new ArrayList<>();
        if (privateKey != null && !Keys.isStrong(privateKey)) {
            findings.add(
                    new Finding(
                            Kind.WEAK_KEY,
                            key,
                            "the private key is "
                                    + Keys.describe(privateKey)
                                    + ", expected "
                                    + Keys.EXPECTED));
        } else if (privateKey != null && !Keys.match(privateKey, chain.getFirst().getPublicKey())) {
            findings.add(
                    new Finding(Kind.KEY_MISMATCH, key, mismatch(certificate, chain, privateKey)));
        }
        findings.addAll(ChainCheck.check(certificate, chain));
        return findings;
    }

    private static String mismatch(
            Path certificate, List<X509Certificate> chain, PrivateKey privateKey) {
        String message =
                "the private key ("
                        + Keys.describe(privateKey)
                        + ") does not belong to the first certificate of "
                        + certificate
                        + ", '"
                        + Names.subject(chain.getFirst())
                        + "' ("
                        + Keys.describe(chain.getFirst().getPublicKey())
                        + ")";
        for (int i = 1; i < chain.size(); i++) {
            if (Keys.match(privateKey, chain.get(i).getPublicKey())) {
                return message
                        + "; it belongs to certificate "
                        + (i + 1)
                        + ", expected that one first";
            }
        }
        return message + ", expected its key";
    }

    private static void dates(
            Path file, X509Certificate certificate, Instant now, List<Finding> findings) {
        Instant begin = certificate.getNotBefore().toInstant();
        Instant end = certificate.getNotAfter().toInstant();
        String subject = "'" + Names.subject(certificate) + "'";
        if (now.isBefore(begin)) {
            findings.add(
                    new Finding(
                            Kind.NOT_YET_VALID, file, subject + " is not valid before " + begin));
        }
        if (now.isAfter(end)) {
            findings.add(new Finding(Kind.EXPIRED, file, subject + " expired at " + end));
        } else if (now.plus(SOON).isAfter(end)) {
            findings.add(
                    new Finding(
                            Kind.EXPIRES_SOON,
                            file,
                            subject
                                    + " expires at "
                                    + end
                                    + ", in "
                                    + Duration.between(now, end).toDays()
                                    + " days"));
        }
    }

    private static void exposure(Path key, List<Finding> findings) {
        try {
            if (Files.getPosixFilePermissions(key).contains(PosixFilePermission.OTHERS_READ)) {
                findings.add(
                        new Finding(
                                Kind.KEY_EXPOSED,
                                key,
                                "every user of this machine can read the private key, expected mode"
                                        + " 0600 or 0640"));
            }
        } catch (IOException | UnsupportedOperationException e) {
            // The file system has no such permissions.
        }
    }
}
