package io.weir.admin.server;

import io.weir.cert.BadCertificateException;
import io.weir.cert.Crls;
import io.weir.cert.Identity;
import io.weir.cert.TrustAnchors;
import io.weir.config.ClientCertificateConfig;

import java.nio.file.Path;
import java.security.GeneralSecurityException;

import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;

/**
 * TLS of the admin server, by the JDK's engine. Made from the JDK's parts alone, because Netty's
 * context first tries at some length what the JDK can do. Immutable; safe for every thread.
 */
final class AdminTls {

    private static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};

    private static final String[] CIPHERS = {
        "TLS_AES_128_GCM_SHA256",
        "TLS_AES_256_GCM_SHA384",
        "TLS_CHACHA20_POLY1305_SHA256",
        "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
        "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
        "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
        "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
        "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
        "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256"
    };

    private final SSLContext context;
    private final boolean asksClients;

    /**
     * @param clients whose certificates are taken; one that is not in order ends the handshake
     * @throws BadCertificateException when the authorities or what they revoke cannot be read
     */
    AdminTls(Identity identity, ClientCertificateConfig clients) throws BadCertificateException {
        Path authorities = clients.caFile();
        asksClients = authorities != null;
        try {
            context = SSLContext.getInstance("TLS");
            context.init(
                    new KeyManager[] {new OwnKey(identity)},
                    authorities == null ? new TrustManager[0] : trust(authorities, clients),
                    null);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the JDK's TLS cannot be used: " + e.getMessage(), e);
        }
    }

    private static TrustManager[] trust(Path authorities, ClientCertificateConfig clients)
            throws BadCertificateException, GeneralSecurityException {
        Path revoked = clients.crlFile();
        Crls lists = revoked == null ? null : Crls.load(revoked);
        return new TrustManager[] {TrustAnchors.load(authorities).trust(lists)};
    }

    /** An engine for one connection. */
    SSLEngine engine() {
        SSLEngine engine = context.createSSLEngine();
        engine.setUseClientMode(false);
        engine.setEnabledProtocols(PROTOCOLS);
        engine.setEnabledCipherSuites(CIPHERS);
        engine.setWantClientAuth(asksClients);
        return engine;
    }
}
