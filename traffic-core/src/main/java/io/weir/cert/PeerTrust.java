package io.weir.cert;

import org.jspecify.annotations.Nullable;

import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;

import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Verifies chains as the JDK does, and looks at a peer's own certificate also where it stands among
 * the authorities itself: the JDK lets such a one in whether it has expired, or was revoked. Safe
 * for every thread.
 */
final class PeerTrust extends X509ExtendedTrustManager {

    private final X509ExtendedTrustManager chains;
    private final TrustAnchors authorities;
    private final @Nullable Crls revoked;

    /**
     * @param chains verifies with {@code authorities} and {@code revoked}
     * @param revoked null when revocation is not looked at
     */
    PeerTrust(X509ExtendedTrustManager chains, TrustAnchors authorities, @Nullable Crls revoked) {
        this.chains = chains;
        this.authorities = authorities;
        this.revoked = revoked;
    }

    private void checkPeer(X509Certificate peer) throws CertificateException {
        if (!isAuthority(peer)) {
            return;
        }
        peer.checkValidity();
        Crls lists = revoked;
        if (lists != null) {
            try {
                CertPathValidator.getInstance("PKIX")
                        .validate(
                                CertificateFactory.getInstance("X.509")
                                        .generateCertPath(List.of(peer)),
                                authorities.parameters(lists, false));
            } catch (CertificateException e) {
                throw e;
            } catch (GeneralSecurityException e) {
                throw new CertificateException(e.getMessage(), e);
            }
        }
    }

    /** Whether the JDK takes it for one: by what it is, or by its name and key. */
    private boolean isAuthority(X509Certificate peer) {
        return authorities.certificates().stream()
                .anyMatch(
                        each ->
                                each.getSubjectX500Principal()
                                                .equals(peer.getSubjectX500Principal())
                                        && each.getPublicKey().equals(peer.getPublicKey()));
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, @Nullable SSLEngine engine)
            throws CertificateException {
        chains.checkServerTrusted(chain, type, engine);
        checkPeer(chain[0]);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, @Nullable Socket socket)
            throws CertificateException {
        chains.checkServerTrusted(chain, type, socket);
        checkPeer(chain[0]);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type)
            throws CertificateException {
        chains.checkServerTrusted(chain, type);
        checkPeer(chain[0]);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, @Nullable SSLEngine engine)
            throws CertificateException {
        chains.checkClientTrusted(chain, type, engine);
        checkPeer(chain[0]);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, @Nullable Socket socket)
            throws CertificateException {
        chains.checkClientTrusted(chain, type, socket);
        checkPeer(chain[0]);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type)
            throws CertificateException {
        chains.checkClientTrusted(chain, type);
        checkPeer(chain[0]);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return chains.getAcceptedIssuers();
    }
}
