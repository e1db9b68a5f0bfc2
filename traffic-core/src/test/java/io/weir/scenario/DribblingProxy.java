package io.weir.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Passes one connection on, what the client sends byte by byte, and keeps what comes back. Used by
 * one test.
 */
final class DribblingProxy implements AutoCloseable {

    private final ServerSocket server;
    private final ByteArrayOutputStream received = new ByteArrayOutputStream();
    private final CountDownLatch ended = new CountDownLatch(1);

    DribblingProxy(int port) throws IOException {
        server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        Thread.ofVirtual()
                .start(
                        () -> {
                            try (Socket client = server.accept();
                                    Socket there =
                                            new Socket(InetAddress.getLoopbackAddress(), port)) {
                                there.setTcpNoDelay(true);
                                Thread back = Thread.ofVirtual().start(() -> back(there, client));
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

    /** Types of the TLS records that came back, once the connection has ended. */
    List<Integer> records() throws InterruptedException {
        assertThat(ended.await(60, TimeUnit.SECONDS)).isTrue();
        byte[] bytes = received.toByteArray();
        List<Integer> types = new ArrayList<>();
        for (int at = 0; at + 5 <= bytes.length; ) {
            types.add((int) bytes[at]);
            at += 5 + ((bytes[at + 3] & 0xff) << 8 | bytes[at + 4] & 0xff);
        }
        return types;
    }

    private void back(Socket from, Socket to) {
        try {
            InputStream in = from.getInputStream();
            byte[] bytes = new byte[8192];
            for (int n = in.read(bytes); n > 0; n = in.read(bytes)) {
                received.write(bytes, 0, n);
                to.getOutputStream().write(bytes, 0, n);
            }
            to.shutdownOutput();
        } catch (IOException e) {
            // A reset is an end, too.
        } finally {
            ended.countDown();
        }
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
