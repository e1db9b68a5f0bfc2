package io.weir.cert;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertPathBuilder;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.PKIXRevocationChecker;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import javax.net.ssl.CertPathTrustManagerParameters;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import javax.net.ssl.X509TrustManager;

/**
 * Authorities whose word is taken. Immutable.
 *
 * @param certificates of the authorities, each once
 */
public record TrustAnchors(List<X509Certificate> certificates) {

    public TrustAnchors {
        certificates = List.copyOf(new LinkedHashSet<>(certificates));
    }

    /** Reads the certificates of a PEM file, or one in DER; what else stands in it is ignored. */
    public static TrustAnchors load(Path pem) throws BadCertificateException {
        return new TrustAnchors(CertificateReader.certificates(pem));
    }

    /** The authorities that the JDK trusts. Reading them takes a good part of a second. */
    public static TrustAnchors system() {
        try {
            TrustManagerFactory factory =
                    TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init((KeyStore) null);
            for (TrustManager manager : factory.getTrustManagers()) {
                if (manager instanceof X509TrustManager x509) {
                    return new TrustAnchors(List.of(x509.getAcceptedIssuers()));
                }
            }
            return new TrustAnchors(List.of());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the JDK cannot read its own authorities", e);
        }
    }

    /** As the JDK's certification paths want them. */
    public Set<TrustAnchor> anchors() {
        Set<TrustAnchor> anchors = new LinkedHashSet<>();
        for (X509Certificate each : certificates) {
            anchors.add(new TrustAnchor(each, null));
        }
        return anchors;
    }

    /**
     * Takes the word of these authorities, and nobody's past its end. Nothing is fetched from the
     * network.
     *
     * @param crls in which there must be a list of the authority that issued the peer's own
     *     certificate, signed by it, not out of date and without that certificate; null when
     *     revocation is not looked at
     */
    public X509ExtendedTrustManager trust(@Nullable Crls crls) throws GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
        factory.init(new CertPathTrustManagerParameters(parameters(crls, true)));
        return new PeerTrust(only(factory), this, crls);
    }

    /** Takes the word of the authorities that the JDK trusts. */
    public static X509ExtendedTrustManager trustOfSystem() throws GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
        factory.init((KeyStore) null);
        return only(factory);
    }

    private static X509ExtendedTrustManager only(TrustManagerFactory factory) {
        for (TrustManager manager : factory.getTrustManagers()) {
            if (manager instanceof X509ExtendedTrustManager extended) {
                return extended;
            }
        }
        throw new IllegalStateException("the JDK verifies no chains of X.509");
    }

    /**
     * How a chain is verified with these authorities.
     *
     * @param spareAuthorities whether the lists need not say anything about authorities
     */
    PKIXBuilderParameters parameters(@Nullable Crls crls, boolean spareAuthorities)
            throws GeneralSecurityException {
        PKIXBuilderParameters parameters =
                new PKIXBuilderParameters(anchors(), new X509CertSelector());
        parameters.setRevocationEnabled(false);
        if (crls != null) {
            PKIXRevocationChecker checker =
                    (PKIXRevocationChecker)
                            CertPathBuilder.getInstance("PKIX").getRevocationChecker();
            Set<PKIXRevocationChecker.Option> options =
                    EnumSet.of(
                            PKIXRevocationChecker.Option.PREFER_CRLS,
                            PKIXRevocationChecker.Option.NO_FALLBACK);
            if (spareAuthorities) {
                options.add(PKIXRevocationChecker.Option.ONLY_END_ENTITY);
            }
            checker.setOptions(options);
            parameters.addCertPathChecker(checker);
            parameters.addCertStore(crls.store());
        }
        return parameters;
    }

    /** A key store with these authorities and nothing else. */
    public KeyStore keyStore() {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            for (int i = 0; i < certificates.size(); i++) {
                store.setCertificateEntry("authority-" + i, certificates.get(i));
            }
            return store;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("a key store in memory", e);
        }
    }

    @Override
    public String toString() {
        return "TrustAnchors[" + certificates.size() + "]";
    }
}
