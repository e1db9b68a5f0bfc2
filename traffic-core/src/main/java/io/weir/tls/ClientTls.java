package io.weir.tls;

import io.netty.handler.ssl.ReferenceCountedOpenSslEngine;
import io.netty.handler.ssl.SslHandler;
import io.netty.internal.tcnative.SSL;
import io.weir.config.TlsConfig;
import io.weir.http.FieldBlock;
import io.weir.rule.RuleTls;

import org.jspecify.annotations.Nullable;

import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;

import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

/** What came of the handshake with a client. Confined to the event loop of the connection. */
public final class ClientTls implements RuleTls {

    private static final String HTTP_1_1 = "http/1.1";

    private final TlsConfig config;
    private final SSLSession session;
    private final @Nullable String serverName;
    private final boolean resumed;
    private final String applicationProtocol;
    private @Nullable FieldBlock fields;

    private ClientTls(
            TlsConfig config,
            SSLSession session,
            @Nullable String serverName,
            boolean resumed,
            String applicationProtocol) {
        this.config = config;
        this.session = session;
        this.serverName = serverName;
        this.resumed = resumed;
        this.applicationProtocol = applicationProtocol;
    }

    /**
     * Looks at a handshake that has just succeeded.
     *
     * @param hello what the client said first
     * @param begunMillis wall clock when it said so
     */
    public static ClientTls of(
            TlsConfig config, SslHandler handler, @Nullable ClientHello hello, long begunMillis) {
        SSLEngine engine = handler.engine();
        SSLSession session = engine.getSession();
        boolean resumed =
                engine instanceof ReferenceCountedOpenSslEngine nativeEngine
                        ? SSL.isSessionReused(nativeEngine.sslPointer())
                        // The JDK does not say; but a session older than the connection is.
                        : session.getCreationTime() < begunMillis;
        String protocol = handler.applicationProtocol();
        return new ClientTls(
                config,
                session,
                hello == null ? null : hello.serverName(),
                resumed,
                protocol == null ? HTTP_1_1 : protocol);
    }

    /** The version, such as {@code TLSv1.3}. */
    @Override
    public String version() {
        return session.getProtocol();
    }

    /** The cipher suite by its standard name. */
    @Override
    public String cipher() {
        return session.getCipherSuite();
    }

    /** The host that the client asked for, in lower case; null when it did not say. */
    @Override
    public @Nullable String serverName() {
        return serverName;
    }

    /** Whether an earlier session was taken up again. */
    public boolean resumed() {
        return resumed;
    }

    /** The protocol that was agreed upon, {@code http/1.1} when nobody asked. */
    public String applicationProtocol() {
        return applicationProtocol;
    }

    /**
     * The id of the session; null when it has none. It stays the same when a session is resumed by
     * id, which TLS 1.3 and tickets do not.
     */
    @Override
    public byte @Nullable [] sessionId() {
        byte[] id = session.getId();
        return id == null || id.length == 0 ? null : id;
    }

    /** The client's certificate; null when it showed none. */
    @Override
    public @Nullable X509Certificate certificate() {
        List<X509Certificate> chain = chain();
        return chain.isEmpty() ? null : chain.getFirst();
    }

    @Override
    public List<X509Certificate> chain() {
        try {
            return known(session.getPeerCertificates());
        } catch (SSLPeerUnverifiedException none) {
            return List.of();
        }
    }

    /**
     * Looks at the dates of what the client has shown: in a session that is resumed, it did so some
     * time ago.
     *
     * @throws CertificateException when one of its certificates is not valid at {@code now}
     */
    public void checkValidity(Instant now) throws CertificateException {
        for (X509Certificate each : chain()) {
            // An authority that is sent along counts for nothing: that of the configuration does.
            if (!each.getSubjectX500Principal().equals(each.getIssuerX500Principal())
                    || each.equals(certificate())) {
                each.checkValidity(Date.from(now));
            }
        }
    }

    @Override
    public @Nullable X509Certificate ownCertificate() {
        Certificate[] shown = session.getLocalCertificates();
        List<X509Certificate> chain = shown == null ? List.of() : known(shown);
        return chain.isEmpty() ? null : chain.getFirst();
    }

    private static List<X509Certificate> known(Certificate[] chain) {
        List<X509Certificate> known = new ArrayList<>(chain.length);
        for (Certificate each : chain) {
            if (each instanceof X509Certificate certificate) {
                known.add(certificate);
            }
        }
        return known;
    }

    /** What nodes are told about the connection, the same for every request. */
    public FieldBlock fields() {
        FieldBlock made = fields;
        if (made == null) {
            made = TlsFields.of(config, this);
            fields = made;
        }
        return made;
    }

    /** Whether nodes are told anything. */
    public boolean hasFields() {
        return config.headers()
                || config.clientCertificateHeaders() != TlsConfig.ClientCertificateHeaders.NONE;
    }
}
