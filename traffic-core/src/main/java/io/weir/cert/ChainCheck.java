package io.weir.cert;

import io.weir.cert.Finding.Kind;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Whether the certificates of a file are a chain: from the server's own towards the root. */
final class ChainCheck {

    private static final String AUTHORITY_INFORMATION = "1.3.6.1.5.5.7.1.1";

    /** DER of 1.3.6.1.5.5.7.48.2: the address of the issuer's certificate follows. */
    private static final String CA_ISSUERS =
            new String(
                    new byte[] {6, 8, 0x2b, 6, 1, 5, 5, 7, 0x30, 2}, StandardCharsets.ISO_8859_1);

    private final Path file;
    private final List<X509Certificate> chain;
    private final List<Finding> findings = new ArrayList<>();

    private ChainCheck(Path file, List<X509Certificate> chain) {
        this.file = file;
        this.chain = chain;
    }

    /** Everything about a chain that does not depend on the time. */
    static List<Finding> check(Path file, List<X509Certificate> chain) {
        ChainCheck check = new ChainCheck(file, chain);
        for (int i = 0; i < chain.size(); i++) {
            check.strength(i);
            if (i + 1 < chain.size()) {
                check.link(i);
            }
        }
        check.completeness();
        return check.findings;
    }

    private void strength(int i) {
        X509Certificate certificate = chain.get(i);
        if (!Keys.isStrong(certificate.getPublicKey())) {
            find(
                    Kind.WEAK_KEY,
                    place(i)
                            + " has the key "
                            + Keys.describe(certificate.getPublicKey())
                            + ", expected "
                            + Keys.EXPECTED);
        }
        String algorithm = certificate.getSigAlgName().toUpperCase(Locale.ROOT);
        boolean weak = algorithm.startsWith("SHA1") || algorithm.startsWith("MD");
        // Nobody relies on the signature of what is trusted, or not, for itself.
        if (weak && !isSelfIssued(certificate)) {
            find(
                    Kind.WEAK_SIGNATURE,
                    place(i)
                            + " is signed with "
                            + certificate.getSigAlgName()
                            + ", expected SHA-256 or better");
        }
    }

    private void link(int i) {
        X509Certificate lower = chain.get(i);
        X509Certificate upper = chain.get(i + 1);
        if (chain.subList(0, i + 1).contains(upper)) {
            find(Kind.CHAIN_ORDER, place(i + 1) + " stands twice, expected it once");
        } else if (!isIssuer(upper, lower)) {
            gap(i);
        } else if (!isSignedBy(lower, upper)) {
            find(
                    Kind.CHAIN_BROKEN,
                    place(i)
                            + " names its successor as its issuer and is signed with another key;"
                            + " expected the issuer's certificate of that key");
        } else if (upper.getBasicConstraints() < 0) {
            find(
                    Kind.CHAIN_BROKEN,
                    place(i + 1)
                            + " is no authority (CA:TRUE is missing) and cannot issue "
                            + place(i));
        }
    }

    private void gap(int i) {
        X509Certificate lower = chain.get(i);
        for (int k = 0; k < chain.size(); k++) {
            if (k != i && isIssuer(chain.get(k), lower)) {
                find(
                        Kind.CHAIN_ORDER,
                        place(i)
                                + " is issued by certificate "
                                + (k + 1)
                                + ", expected that one right after it: the server's own first,"
                                + " then each one's issuer");
                return;
            }
        }
        find(
                Kind.CHAIN_GAP,
                place(i)
                        + " is issued by '"
                        + lower.getIssuerX500Principal()
                        + "' and followed by '"
                        + Names.subject(chain.get(i + 1))
                        + "', expected the issuer's certificate there");
    }

    /** A certificate that tells where its issuer's can be had is seldom issued by a root. */
    private void completeness() {
        X509Certificate only = chain.getFirst();
        if (chain.size() > 1 || isSelfIssued(only)) {
            return;
        }
        byte[] information = only.getExtensionValue(AUTHORITY_INFORMATION);
        if (information != null
                && new String(information, StandardCharsets.ISO_8859_1).contains(CA_ISSUERS)) {
            find(
                    Kind.CHAIN_INCOMPLETE,
                    place(0)
                            + " stands alone and is issued by '"
                            + only.getIssuerX500Principal()
                            + "', expected that certificate after it; many clients will not trust"
                            + " the server without");
        }
    }

    private void find(Kind kind, String message) {
        findings.add(new Finding(kind, file, message));
    }

    /** {@code certificate 2 'CN=…'}. */
    private String place(int i) {
        return "certificate " + (i + 1) + " '" + Names.subject(chain.get(i)) + "'";
    }

    static boolean isSelfIssued(X509Certificate certificate) {
        return isIssuer(certificate, certificate);
    }

    static boolean isIssuer(X509Certificate upper, X509Certificate lower) {
        return upper.getSubjectX500Principal().equals(lower.getIssuerX500Principal());
    }

    static boolean isSignedBy(X509Certificate lower, X509Certificate upper) {
        try {
            lower.verify(upper.getPublicKey());
            return true;
        } catch (GeneralSecurityException | RuntimeException e) {
            return false;
        }
    }
}
