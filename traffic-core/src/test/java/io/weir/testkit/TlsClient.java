package io.weir.testkit;

import io.netty.handler.ssl.util.InsecureTrustManagerFactory;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.List;

import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;

/** A TLS connection to a loopback port, whose handshake has succeeded. Used by one thread. */
public final class TlsClient implements AutoCloseable {

    private final SSLSocket socket;
    private final RawClient raw;

    private TlsClient(SSLSocket socket) {
        this.socket = socket;
        this.raw = RawClient.over(socket);
    }

    /** Connects asking for {@code name}. */
    public static TlsClient to(int port, SSLContext context, String name) throws IOException {
        return to(port, context, name, "TLSv1.3", "TLSv1.2");
    }

    /** Connects asking for {@code name}, whoever answers. */
    public static TlsClient toAnybody(int port, String name) throws IOException {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, InsecureTrustManagerFactory.INSTANCE.getTrustManagers(), null);
            return to(port, context, name);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Connects with certain versions.
     *
     * @param name to ask for; null to ask for none
     * @throws IOException when the handshake fails
     */
    public static TlsClient to(
            int port, SSLContext context, @Nullable String name, String... versions)
            throws IOException {
        SSLSocket socket =
                (SSLSocket)
                        context.getSocketFactory()
                                .createSocket(InetAddress.getLoopbackAddress(), port);
        try {
            socket.setSoTimeout((int) Await.DEADLINE.toMillis());
            socket.setTcpNoDelay(true);
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setServerNames(name == null ? List.of() : List.of(new SNIHostName(name)));
            parameters.setProtocols(versions);
            socket.setSSLParameters(parameters);
            socket.startHandshake();
            return new TlsClient(socket);
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    /** What goes and comes under TLS. */
    public RawClient raw() {
        return raw;
    }

    public SSLSession session() {
        return socket.getSession();
    }

    /** Sends {@code request} and reads the final response to it. */
    public ReceivedResponse exchange(String request) {
        return raw.exchange(request);
    }

    /** The certificate that the server showed. */
    public X509Certificate certificate() {
        try {
            return (X509Certificate) socket.getSession().getPeerCertificates()[0];
        } catch (SSLPeerUnverifiedException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        raw.close();
    }
}
