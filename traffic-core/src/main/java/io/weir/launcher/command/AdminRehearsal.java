package io.weir.launcher.command;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.Base64;

import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * Asks the admin server of a training run what its first users ask, over TLS and signed in:
 * handshake, password, SOAP and REST. Stateless.
 */
final class AdminRehearsal {

    private static final int REQUESTS = 60;
    private static final int PATIENCE = 10_000;

    private AdminRehearsal() {}

    /**
     * Asks.
     *
     * @param certificate of the admin server
     * @param password of the user admin
     */
    static void ask(int port, Path certificate, String password) throws IOException {
        String word =
                Base64.getEncoder()
                        .encodeToString(("admin:" + password).getBytes(StandardCharsets.UTF_8));
        String fields = "Authorization: Basic " + word + "\r\n";
        String message =
                "<e:Envelope xmlns:e=\"http://schemas.xmlsoap.org/soap/envelope/\"><e:Body>"
                        + "<n:getNodes xmlns:n=\"http://soap.zeus.com/zxtm/1.0/Pool/\"><names>"
                        + "<Item>web</Item></names></n:getNodes></e:Body></e:Envelope>";
        try (Socket socket =
                trusting(certificate)
                        .getSocketFactory()
                        .createSocket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(PATIENCE);
            for (int i = 0; i < REQUESTS; i++) {
                if (i % 6 == 0) {
                    TrainCommand.ask(socket, "GET /api/v1/pools HTTP/1.1", fields, "");
                } else {
                    TrainCommand.ask(
                            socket,
                            "POST /soap HTTP/1.1",
                            fields
                                    + "Content-Type: text/xml\r\nContent-Length: "
                                    + message.length()
                                    + "\r\n",
                            message);
                }
            }
        }
    }

    private static SSLContext trusting(Path certificate) throws IOException {
        try (InputStream in = Files.newInputStream(certificate)) {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            store.setCertificateEntry(
                    "weir", CertificateFactory.getInstance("X.509").generateCertificate(in));
            TrustManagerFactory trust =
                    TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(store);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IOException("the certificate " + certificate + " cannot be used: " + e, e);
        }
    }
}
