package io.weir.scenario;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/** Passes one connection on, what the client sends byte by byte. */
final class DribblingProxy implements AutoCloseable {

    private final ServerSocket server;

    DribblingProxy(int port) throws IOException {
        server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        Thread.ofVirtual()
                .start(
                        () -> {
                            try (Socket client = server.accept();
                                    Socket there =
                                            new Socket(InetAddress.getLoopbackAddress(), port)) {
                                there.setTcpNoDelay(true);
                                Thread back =
                                        Thread.ofVirtual().start(() -> pass(there, client, 8192));
                                pass(client, there, 1);
                                there.shutdownOutput();
                                back.join();
                            } catch (IOException | InterruptedException e) {
                                // The test is over.
                            }
                        });
    }

    int port() {
        return server.getLocalPort();
    }

    private static void pass(Socket from, Socket to, int most) {
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            byte[] bytes = new byte[most];
            for (int n = in.read(bytes); n > 0; n = in.read(bytes)) {
                out.write(bytes, 0, n);
            }
        } catch (IOException e) {
            // The test is over.
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
