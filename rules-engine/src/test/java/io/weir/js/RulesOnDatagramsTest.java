package io.weir.js;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.testkit.Await;
import io.weir.testkit.ConfigText;
import io.weir.testkit.RunningWeir;
import io.weir.testkit.WeirExtension;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** What rules see and do on datagrams. */
class RulesOnDatagramsTest {

    @RegisterExtension static final WeirExtension WEIR = new WeirExtension();

    @TempDir Path directory;

    /** A node that sends back what it gets, with its mark in front; returns its address. */
    private static String node(String mark) throws IOException {
        DatagramSocket socket =
                WEIR.closing(new DatagramSocket(0, InetAddress.getLoopbackAddress()));
        Thread.ofVirtual()
                .start(
                        () -> {
                            while (!socket.isClosed()) {
                                try {
                                    DatagramPacket got = new DatagramPacket(new byte[2048], 2048);
                                    socket.receive(got);
                                    String text = mark + text(got);
                                    byte[] back = text.getBytes(StandardCharsets.ISO_8859_1);
                                    socket.send(
                                            new DatagramPacket(
                                                    back, back.length, got.getSocketAddress()));
                                } catch (IOException e) {
                                    return;
                                }
                            }
                        });
        return "127.0.0.1:" + socket.getLocalPort();
    }

    private static String text(DatagramPacket packet) {
        return new String(packet.getData(), 0, packet.getLength(), StandardCharsets.ISO_8859_1);
    }

    private RunningWeir start(String request, String response) throws IOException {
        Files.writeString(directory.resolve("in.js"), request);
        Files.writeString(directory.resolve("out.js"), response);
        ConfigText config =
                ConfigText.ofNodes(node("web "))
                        .global("event-loops: 1")
                        .anotherPool("other", "nodes: [\"" + node("other ") + "\"]")
                        .virtualServer(
                                "protocol: udp", "request-rules: [in]", "response-rules: [out]");
        return WEIR.start(
                config
                        + "rules: {in: "
                        + directory.resolve("in.js")
                        + ", out: "
                        + directory.resolve("out.js")
                        + "}\n");
    }

    private static String ask(RunningWeir weir, String question) throws IOException {
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), weir.port()));
            socket.setSoTimeout((int) Await.DEADLINE.toMillis());
            byte[] bytes = question.getBytes(StandardCharsets.ISO_8859_1);
            socket.send(new DatagramPacket(bytes, bytes.length));
            DatagramPacket got = new DatagramPacket(new byte[2048], 2048);
            socket.receive(got);
            return text(got);
        }
    }

    @Test
    void rulesRouteRewriteAndAnswerDatagrams() throws IOException {
        RunningWeir weir =
                start(
                        """
                        const text = request.get();
                        if (text === 'who') request.sendResponse('weir');
                        else if (text === 'slow') { connection.sleep(30); request.set('woken'); }
                        else if (string.startsWith(text, 'o')) pool.use('other');
                        """,
                        "response.set(response.get() + '!');");
        assertThat(ask(weir, "who")).isEqualTo("weir");
        assertThat(ask(weir, "slow")).isEqualTo("web woken!");
        assertThat(ask(weir, "over")).isEqualTo("other over!");
        assertThat(ask(weir, "else")).isEqualTo("web else!");
    }

    @Test
    void whatComesWhileARuleWaitsPassesBehindTheAnswerOfTheRule() throws IOException {
        RunningWeir weir =
                start(
                        """
                        if (request.get() === 'first') {
                          connection.sleep(300);
                          request.sendResponse('weir');
                        }
                        """,
                        "");
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), weir.port()));
            socket.setSoTimeout((int) Await.DEADLINE.toMillis());
            for (String question : new String[] {"first", "second", "third"}) {
                byte[] bytes = question.getBytes(StandardCharsets.ISO_8859_1);
                socket.send(new DatagramPacket(bytes, bytes.length));
            }
            for (String expected : new String[] {"weir", "web second", "web third"}) {
                DatagramPacket got = new DatagramPacket(new byte[2048], 2048);
                socket.receive(got);
                assertThat(text(got)).isEqualTo(expected);
            }
        }
        Await.until("the session to end", () -> weir.clientConnections() == 0);
    }
}
