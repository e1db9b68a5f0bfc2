import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/**
 * The usual way to speak TLS in Java, for comparison: a blocking server socket of JSSE and one
 * thread for each connection, which answers one request with a page of the given size and closes.
 *
 * <p>{@code java ThreadPerConnection.java PORT KEYSTORE PASSWORD BYTES}
 */
final class ThreadPerConnection {

    private static final int BACKLOG = 4096;

    private ThreadPerConnection() {}

    public static void main(String[] arguments) throws Exception {
        int port = Integer.parseInt(arguments[0]);
        int bytes = Integer.parseInt(arguments[3]);
        byte[] answer =
                ("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: "
                                + bytes
                                + "\r\nConnection: close\r\n\r\n"
                                + "x".repeat(bytes))
                        .getBytes(StandardCharsets.US_ASCII);
        var context = context(Path.of(arguments[1]), arguments[2].toCharArray());
        try (var listener =
                context.getServerSocketFactory()
                        .createServerSocket(port, BACKLOG, InetAddress.getLoopbackAddress())) {
            while (true) {
                var connection = (SSLSocket) listener.accept();
                Thread.ofPlatform().daemon().start(() -> serve(connection, answer));
            }
        }
    }

    private static SSLContext context(Path file, char[] password) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, password);
        }
        var keys = KeyManagerFactory.getInstance("PKIX");
        keys.init(store, password);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        return context;
    }

    private static void serve(SSLSocket connection, byte[] answer) {
        try (connection;
                InputStream in = connection.getInputStream();
                OutputStream out = connection.getOutputStream()) {
            connection.setTcpNoDelay(true);
            connection.setSoTimeout(60_000);
            byte[] buffer = new byte[8192];
            int have = 0;
            while (have < 4 || !endsHead(buffer, have)) {
                int got = have == buffer.length ? -1 : in.read(buffer, have, buffer.length - have);
                if (got < 0) {
                    return;
                }
                have += got;
            }
            out.write(answer);
            out.flush();
        } catch (Exception broken) {
            // The client counts it.
        }
    }

    private static boolean endsHead(byte[] buffer, int length) {
        return buffer[length - 4] == '\r'
                && buffer[length - 3] == '\n'
                && buffer[length - 2] == '\r'
                && buffer[length - 1] == '\n';
    }
}
