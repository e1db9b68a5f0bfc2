package io.weir.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.testkit.Await;
import io.weir.testkit.Behaviour;
import io.weir.testkit.RawClient;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;

/** {@link Probes} of the examples with TCP and UDP services. */
final class StreamProbes {

    /** What a remote-desktop client sends first, with the cookie that names its user. */
    private static final byte[] RDP_OPENING = rdpOpening("Cookie: mstshash=alice\r\n");

    private static final String CONFIRMATION = "\3\0\0\13\6\u00d0\0\0\22\64\0";

    private StreamProbes() {}

    /** Greets with its name behind {@code greeting} and reads on. */
    private static Behaviour greeting(String greeting) {
        return connection -> {
            connection.send(greeting + " " + connection.node().name() + "\r\n");
            connection.drain();
        };
    }

    /** Says its name when the client has sent {@code length} bytes. */
    private static Behaviour answeringAfter(int length) {
        return connection -> {
            if (connection.exactly(length).length == length) {
                connection.send(connection.node().name());
                connection.drain();
            }
        };
    }

    /** As PostgreSQL without TLS: N, and here its name behind it. */
    private static Behaviour refusingTls() {
        return connection -> {
            if (connection.exactly(8).length == 8) {
                connection.send("N" + connection.node().name());
                connection.drain();
            }
        };
    }

    /** Confirms the connection that a remote-desktop client asks for, and says its name. */
    private static Behaviour confirming() {
        return connection -> {
            byte[] header = connection.exactly(4);
            if (header.length == 4 && connection.exactly(header[3] - 4).length > 0) {
                connection.send(CONFIRMATION + connection.node().name());
                connection.drain();
            }
        };
    }

    static void mail(RunningExample weir) {
        List<String> smtp = List.of("10.0.0.11:25", "10.0.0.12:25");
        List<String> imap = List.of("10.0.0.11:143", "10.0.0.12:143");
        smtp.forEach(node -> weir.node(node).behave(greeting("220")));
        imap.forEach(node -> weir.node(node).behave(greeting("* OK")));
        awaitGreetings(weir, "smtp", "220 ", Set.copyOf(smtp));
        imap.forEach(node -> Probes.awaitHealth(weir, "mailboxes", node, "up"));
        // One client, one node.
        Set<String> heard = new TreeSet<>();
        for (int i = 0; i < 6; i++) {
            heard.add(greetingOf(weir, "imap"));
        }
        assertThat(heard).hasSize(1);
        assertThat(imap).contains(heard.iterator().next().substring("* OK ".length()));
    }

    static void remoteDesktop(RunningExample weir) {
        Set<String> nodes = Set.of("10.0.0.21:3389", "10.0.0.22:3389");
        nodes.forEach(n -> weir.node(n).behave(confirming()));
        nodes.forEach(n -> Probes.awaitHealth(weir, "desktops", n, "up"));
        // The opening of a real client, cut everywhere.
        for (int at = 1; at < RDP_OPENING.length; at++) {
            try (RawClient client = weir.client("desktops")) {
                client.sendCut(RDP_OPENING, Thread::yield, at);
                assertThat(client.exactly(CONFIRMATION.length())).isEqualTo(CONFIRMATION);
                assertThat(nodes).contains(client.exactly("10.0.0.21:3389".length()));
            }
        }
    }

    private static byte[] rdpOpening(String cookie) {
        byte[] text = cookie.getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        int length = 4 + 7 + text.length + 8;
        return ByteBuffer.allocate(length)
                .put(new byte[] {3, 0, 0, (byte) length, (byte) (length - 5), (byte) 0xe0})
                .put(new byte[5])
                .put(text)
                .put(new byte[] {1, 0, 8, 0, 3, 0, 0, 0})
                .array();
    }

    static void databases(RunningExample weir) {
        Set<String> mysql = Set.of("10.0.0.31:3306", "10.0.0.32:3306");
        mysql.forEach(node -> weir.node(node).behave(greeting("5.7")));
        awaitGreetings(weir, "orders", "5.7 ", mysql);
        Set<String> postgres = Set.of("10.0.0.41:5432", "10.0.0.42:5432");
        postgres.forEach(node -> weir.node(node).behave(refusingTls()));
        Set<String> heard = new TreeSet<>();
        Await.until(
                "an answer of a node",
                () -> {
                    try (RawClient client = weir.client("reports")) {
                        client.send(new byte[] {0, 0, 0, 8, 4, (byte) 0xd2, 22, 47});
                        heard.add(client.exactly("N10.0.0.41:5432".length()));
                    } catch (UncheckedIOException reset) {
                        // A connection from before the node knew its part.
                    }
                    heard.remove("");
                    return !heard.isEmpty();
                });
        assertThat(postgres).contains(heard.iterator().next().substring(1));
    }

    static void tlsPassthrough(RunningExample weir) throws Exception {
        for (String node :
                List.of(
                        "10.0.0.51:443",
                        "10.0.0.52:443",
                        "10.0.0.53:443",
                        "10.0.0.54:443",
                        "10.0.0.55:80")) {
            weir.node(node).behave(answeringAfter(6));
        }
        assertThat(answerTo(weir, hello("api.shop.example", "h2"))).isEqualTo("10.0.0.51:443");
        assertThat(answerTo(weir, hello("api.shop.example")))
                .startsWith("10.0.0.5")
                .endsWith(":443");
        assertThat(answerTo(weir, hello("www.shop.example")))
                .isIn("10.0.0.52:443", "10.0.0.53:443");
        assertThat(answerTo(weir, hello("shop.example"))).isEqualTo("10.0.0.54:443");
        byte[] plain =
                "GET / HTTP/1.0\r\n\r\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        assertThat(answerTo(weir, plain)).isEqualTo("10.0.0.55:80");
    }

    private static String answerTo(RunningExample weir, byte[] opening) {
        try (RawClient client = weir.client("secure")) {
            client.send(opening).halfClose();
            return new String(client.rest(), java.nio.charset.StandardCharsets.US_ASCII);
        }
    }

    private static byte[] hello(String name, String... protocols) throws Exception {
        SSLEngine engine = SSLContext.getDefault().createSSLEngine();
        engine.setUseClientMode(true);
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setServerNames(List.of(new SNIHostName(name)));
        parameters.setApplicationProtocols(protocols);
        engine.setSSLParameters(parameters);
        ByteBuffer out = ByteBuffer.allocate(32 * 1024);
        engine.wrap(ByteBuffer.allocate(0), out);
        return Arrays.copyOf(out.array(), out.position());
    }

    static void dns(RunningExample weir) throws IOException {
        try (DatagramSocket first = nameServer(weir, "10.0.0.61:53", 1);
                DatagramSocket second = nameServer(weir, "10.0.0.62:53", 2)) {
            assertThat(first.getLocalPort()).isNotEqualTo(second.getLocalPort());
            Probes.awaitHealth(weir, "resolvers", "10.0.0.61:53", "up");
            Probes.awaitHealth(weir, "resolvers", "10.0.0.62:53", "up");
            String address =
                    weir.plane().status().virtualServers().stream()
                            .filter(s -> s.name().equals("questions"))
                            .findFirst()
                            .orElseThrow()
                            .listen()
                            .getFirst();
            int colon = address.lastIndexOf(':');
            Set<Integer> answeredBy = new TreeSet<>();
            try (DatagramSocket client = new DatagramSocket()) {
                client.connect(
                        new InetSocketAddress(
                                address.substring(0, colon),
                                Integer.parseInt(address.substring(colon + 1))));
                client.setSoTimeout((int) Await.DEADLINE.toMillis());
                Await.until("answers of both", () -> ask(client, answeredBy) == 2);
            }
            assertThat(answeredBy).containsExactly(1, 2);
        }
    }

    /** Asks once, and adds the mark of the name server that answers. */
    private static int ask(DatagramSocket client, Set<Integer> answeredBy) {
        byte[] question = new byte[17];
        question[1] = 7;
        try {
            client.send(new DatagramPacket(question, question.length));
            DatagramPacket answer = new DatagramPacket(new byte[512], 512);
            client.receive(answer);
            assertThat(answer.getData()[1]).isEqualTo((byte) 7);
            answeredBy.add((int) answer.getData()[16]);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return answeredBy.size();
    }

    /** A name server with the address of a node of the example, which marks its answers. */
    private static DatagramSocket nameServer(RunningExample weir, String node, int mark)
            throws IOException {
        DatagramSocket socket =
                new DatagramSocket(weir.node(node).port(), InetAddress.getLoopbackAddress());
        Thread.ofVirtual()
                .start(
                        () -> {
                            DatagramPacket packet = new DatagramPacket(new byte[512], 512);
                            try {
                                while (true) {
                                    packet.setLength(512);
                                    socket.receive(packet);
                                    packet.getData()[2] |= (byte) 0x80;
                                    packet.getData()[packet.getLength() - 1] = (byte) mark;
                                    socket.send(packet);
                                }
                            } catch (IOException closed) {
                                // The probe is over.
                            }
                        });
        return socket;
    }

    private static void awaitGreetings(
            RunningExample weir, String server, String greeting, Set<String> nodes) {
        Set<String> heard = new TreeSet<>();
        Await.until(
                "greetings of " + nodes,
                () -> {
                    String words = greetingOf(weir, server);
                    if (words.startsWith(greeting)) {
                        heard.add(words.substring(greeting.length()));
                    }
                    return heard.equals(nodes);
                });
    }

    private static String greetingOf(RunningExample weir, String server) {
        try (RawClient client = weir.client(server)) {
            StringBuilder line = new StringBuilder();
            for (String c = client.exactly(1); !c.isEmpty() && !c.equals("\r"); ) {
                line.append(c);
                c = client.exactly(1);
            }
            return line.toString();
        } catch (UncheckedIOException reset) {
            return "";
        }
    }
}
