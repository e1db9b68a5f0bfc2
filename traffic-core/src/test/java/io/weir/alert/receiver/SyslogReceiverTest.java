package io.weir.alert.receiver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.config.ActionConfig.Syslog;
import io.weir.config.NodeAddress;
import io.weir.event.EventTag;
import io.weir.testkit.TestCa;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

class SyslogReceiverTest {

    private static final int PATIENCE = 30_000;

    @TempDir Path directory;

    private static SyslogReceiver receiver(
            int port, Syslog.Transport transport, int max, @Nullable Path caFile) {
        return new SyslogReceiver(
                new Syslog(
                        new NodeAddress("127.0.0.1", port),
                        transport,
                        Syslog.Facility.LOCAL3,
                        max,
                        caFile),
                "machine");
    }

    /** What one connection brings. */
    private static CompletableFuture<String> bytesOf(ServerSocket server) {
        CompletableFuture<String> bytes = new CompletableFuture<>();
        Thread.ofVirtual()
                .start(
                        () -> {
                            try (Socket socket = server.accept()) {
                                socket.setSoTimeout(PATIENCE);
                                bytes.complete(
                                        new String(
                                                socket.getInputStream().readAllBytes(),
                                                StandardCharsets.UTF_8));
                            } catch (IOException e) {
                                bytes.completeExceptionally(e);
                            }
                        });
        return bytes;
    }

    private static String expected() {
        return "<155>1 2026-03-04T05:06:07.008Z machine weir "
                + ProcessHandle.current().pid()
                + " nodefail - \ufeffpools/web,nodes/a:80 "
                + Alerts.nodefail().event().text();
    }

    @Test
    void aDatagramIsAMessageOfRfc5424() throws Exception {
        try (DatagramSocket server = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            server.setSoTimeout(PATIENCE);
            receiver(server.getLocalPort(), Syslog.Transport.UDP, 2048, null)
                    .send(List.of(Alerts.nodefail()));
            DatagramPacket packet = new DatagramPacket(new byte[4096], 4096);
            server.receive(packet);
            String text =
                    new String(packet.getData(), 0, packet.getLength(), StandardCharsets.UTF_8);
            assertThat(text).isEqualTo(expected());
        }
    }

    @Test
    void aLongMessageIsCutBetweenCharacters() {
        SyslogReceiver receiver = receiver(1, Syslog.Transport.UDP, 480, null);
        for (int shift = 0; shift < 4; shift++) {
            byte[] message =
                    receiver.message(
                            Alerts.of(EventTag.NODEFAIL, "x".repeat(shift) + "😀".repeat(1000)));
            assertThat(message.length).isBetween(477, 480);
            assertThat(new String(message, StandardCharsets.UTF_8)).doesNotContain("\ufffd");
        }
    }

    @Test
    void overTcpOctetsAreCounted() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            CompletableFuture<String> bytes = bytesOf(server);
            receiver(server.getLocalPort(), Syslog.Transport.TCP, 2048, null)
                    .send(List.of(Alerts.nodefail(), Alerts.nodefail()));
            String frame = expected().getBytes(StandardCharsets.UTF_8).length + " " + expected();
            assertThat(bytes.get(30, TimeUnit.SECONDS)).isEqualTo(frame + frame);
        }
    }

    @Test
    void overTlsTheServerHasToProveItsName() throws Exception {
        TestCa ca = new TestCa("Syslog CA");
        TestCa.Issued issued = ca.issue("127.0.0.1").write(directory, "server");
        try (ServerSocket server =
                issued.context(ca)
                        .getServerSocketFactory()
                        .createServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            CompletableFuture<String> bytes = bytesOf(server);
            receiver(
                            server.getLocalPort(),
                            Syslog.Transport.TLS,
                            2048,
                            directory.resolve("server.pem"))
                    .send(List.of(Alerts.nodefail()));
            assertThat(bytes.get(30, TimeUnit.SECONDS)).endsWith(expected());
            bytesOf(server);
            assertThatThrownBy(
                            () ->
                                    receiver(
                                                    server.getLocalPort(),
                                                    Syslog.Transport.TLS,
                                                    2048,
                                                    null)
                                            .send(List.of(Alerts.nodefail())))
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void aServerThatResetsIsForLater() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual()
                    .start(
                            () -> {
                                try (Socket socket = server.accept()) {
                                    socket.setSoLinger(true, 0);
                                } catch (IOException e) {
                                    // The test is over.
                                }
                            });
            assertThatThrownBy(
                            () ->
                                    receiver(
                                                    server.getLocalPort(),
                                                    Syslog.Transport.TCP,
                                                    2048,
                                                    null)
                                            .send(List.of(Alerts.nodefail())))
                    .isInstanceOf(IOException.class);
        }
    }
}
