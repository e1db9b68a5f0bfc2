package io.weir.launcher.command;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;

import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** The client of a training run: one connection, one request after the other. For one thread. */
final class TrainingClient implements AutoCloseable {

    private static final int PATIENCE_MILLIS = 30_000;

    private final Socket socket;
    private final InputStream in;

    private TrainingClient(Socket socket) throws IOException {
        this.socket = socket;
        socket.setSoTimeout(PATIENCE_MILLIS);
        this.in = new BufferedInputStream(socket.getInputStream());
    }

    /** Connects to a port of this machine. */
    static TrainingClient plain(int port) throws IOException {
        return new TrainingClient(new Socket(InetAddress.getLoopbackAddress(), port));
    }

    /** Connects over TLS to whoever has this certificate. */
    static TrainingClient tls(int port, Path certificate) throws IOException {
        try (InputStream pem = Files.newInputStream(certificate)) {
            KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
            trusted.load(null, null);
            trusted.setCertificateEntry(
                    "server", CertificateFactory.getInstance("X.509").generateCertificate(pem));
            TrustManagerFactory trust =
                    TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(trusted);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return new TrainingClient(
                    context.getSocketFactory()
                            .createSocket(InetAddress.getLoopbackAddress(), port));
        } catch (GeneralSecurityException e) {
            throw new IOException("TLS cannot be used: " + e.getMessage(), e);
        }
    }

    /** Sends a request without fields of its own and without a body. */
    TrainingClient begin(String method, String path) throws IOException {
        send(method, path, "", "");
        return this;
    }

    /** Ends the connection as a client that has crashed does. */
    void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    /**
     * Sends a request and reads the answer to its end.
     *
     * @param fields lines of the header, each with its end
     */
    void ask(String method, String path, String fields, String body) throws IOException {
        send(method, path, fields, body);
        readAnswer(path);
    }

    private void send(String method, String path, String fields, String body) throws IOException {
        String request =
                method + " " + path + " HTTP/1.1\r\nHost: localhost\r\n" + fields + "\r\n" + body;
        OutputStream out = socket.getOutputStream();
        out.write(request.getBytes(StandardCharsets.UTF_8));
    }

    /** Reads the answer to a request for {@code path} to its end. */
    void readAnswer(String path) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int c = in.read();
            if (c < 0) {
                throw new IOException("the connection ended within the answer to " + path);
            }
            head.append((char) c);
        }
        for (String field : head.toString().split("\r\n", -1)) {
            if (field.regionMatches(true, 0, "content-length:", 0, 15)) {
                in.skipNBytes(Long.parseLong(field.substring(15).strip()));
            }
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
