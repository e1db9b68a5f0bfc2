package io.weir.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.testkit.Behaviour;
import io.weir.testkit.ConfigText;
import io.weir.testkit.Escaped;
import io.weir.testkit.FakeNode;
import io.weir.testkit.NodeConnection;
import io.weir.testkit.RawClient;
import io.weir.testkit.ReceivedRequest;
import io.weir.testkit.ReceivedResponse;
import io.weir.testkit.RunningWeir;
import io.weir.testkit.WeirExtension;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * PROXY headers of trusted proxies set the client's address; wrong ones end the connection; those
 * of anybody else are not believed. (The PROXY protocol, versions 1 and 2.)
 */
class ProxyProtocolTest {

    private static final String GET = "GET /a HTTP/1.1\r\nHost: weir.test\r\n\r\n";
    private static final String SIGNATURE = "\\r\\n\\r\\n\\0\\r\\nQUIT\\n";
    private static final String UNTRUSTED = "127.0.0.2";

    @RegisterExtension static final WeirExtension WEIR = new WeirExtension();

    private FakeNode node;
    private RunningWeir weir;

    @BeforeEach
    void start() {
        node = WEIR.node("n");
        weir =
                WEIR.start(
                        ConfigText.of(node)
                                .global("trusted-proxies: [127.0.0.1/32]", "event-loops: 1")
                                .virtualServer("proxy-protocol: true", "connect-timeout: 1h"));
    }

    private static byte[] then(String header, String request) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(Escaped.bytes(header));
        out.writeBytes(request.getBytes(StandardCharsets.ISO_8859_1));
        return out.toByteArray();
    }

    private void assertSeenAs(String address) {
        List<ReceivedRequest> received = node.received();
        ReceivedRequest request =
                received.stream().filter(r -> r.target().equals("/a")).reduce((x, y) -> y).get();
        assertThat(request.fields().values("X-Cluster-Client-Ip")).containsExactly(address);
        assertThat(request.fields().first("X-Forwarded-For")).contains(address);
        assertThat(node.violations()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "PROXY TCP4 203.0.113.7 192.0.2.1 5678 80\\r\\n",
                SIGNATURE
                        + "\\x21\\x11\\0\\x0c\\xcb\\0\\x71\\x07\\xc0\\0\\x02\\x01\\x16\\x2e\\0\\x50",
                SIGNATURE
                        + "\\x21\\x11\\0\\x13\\xcb\\0\\x71\\x07\\xc0\\0\\x02\\x01\\x16\\x2e\\0\\x50"
                        + "\\x04\\0\\x04\\0\\0\\0\\0"
            })
    void trustedHeaderSetsTheAddressOfTheClient(String header) {
        try (RawClient client = RawClient.to(weir.port())) {
            client.send(then(header, GET));
            assertThat(client.response("GET").status()).isEqualTo(200);
            assertSeenAs("203.0.113.7");
            assertThat(client.exchange(GET).status()).isEqualTo(200);
            assertSeenAs("203.0.113.7");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "PROXY TCP6 2001:db8::7 2001:db8::1 5678 80\\r\\n",
                SIGNATURE
                        + "\\x21\\x21\\0\\x24\\x20\\x01\\x0d\\xb8\\*11{\\0}\\x07"
                        + "\\x20\\x01\\x0d\\xb8\\*11{\\0}\\x01\\x16\\x2e\\0\\x50"
            })
    void trustedHeaderSetsAnAddressOfVersionSix(String header) {
        try (RawClient client = RawClient.to(weir.port())) {
            client.send(then(header, GET));
            assertThat(client.response("GET").status()).isEqualTo(200);
        }
        String address = node.received().get(0).fields().first("X-Cluster-Client-Ip");
        assertThat(address).isIn("2001:db8::7", "2001:db8:0:0:0:0:0:7");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "PROXY UNKNOWN\\r\\n",
                "PROXY UNKNOWN ffff::1 ffff::2 1 2\\r\\n",
                SIGNATURE + "\\x20\\0\\0\\0",
                SIGNATURE + "\\x20\\0\\0\\x05hello"
            })
    void headerWithoutAnAddressLeavesThatOfTheConnection(String header) {
        try (RawClient client = RawClient.to(weir.port())) {
            client.send(then(header, GET));
            assertThat(client.response("GET").status()).isEqualTo(200);
        }
        assertSeenAs("127.0.0.1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "PROXY\\r\\n",
                "PROXY TCP4 203.0.113.7 192.0.2.1 5678 80\\n",
                "PROXY  TCP4 203.0.113.7 192.0.2.1 5678 80\\r\\n",
                "PROXY TCP4 203.0.113.7 192.0.2.1 5678\\r\\n",
                "PROXY TCP4 203.0.113.7 192.0.2.1 5678 80 1\\r\\n",
                "PROXY TCP4 203.0.113.256 192.0.2.1 5678 80\\r\\n",
                "PROXY TCP4 203.0.113.7 192.0.2.1 65536 80\\r\\n",
                "PROXY TCP4 203.0.113.7 192.0.2.1 -1 80\\r\\n",
                "PROXY TCP4 2001:db8::7 2001:db8::1 5678 80\\r\\n",
                "PROXY TCP6 203.0.113.7 192.0.2.1 5678 80\\r\\n",
                "PROXY TCP9 203.0.113.7 192.0.2.1 5678 80\\r\\n",
                "proxy TCP4 203.0.113.7 192.0.2.1 5678 80\\r\\n",
                "PROXY TCP4 203.0.113.7 192.0.2.1 5678 80\\*200{ }\\r\\n",
                "PROXY TCP4 localhost localhost 5678 80\\r\\n",
                // Version 2: another version, another command, too short for its family, TLVs that
                // run over the end.
                SIGNATURE
                        + "\\x11\\x11\\0\\x0c\\xcb\\0\\x71\\x07\\xc0\\0\\x02\\x01\\x16\\x2e\\0\\x50",
                SIGNATURE
                        + "\\x2f\\x11\\0\\x0c\\xcb\\0\\x71\\x07\\xc0\\0\\x02\\x01\\x16\\x2e\\0\\x50",
                SIGNATURE + "\\x21\\x11\\0\\x04\\xcb\\0\\x71\\x07",
                SIGNATURE
                        + "\\x21\\x11\\0\\x0f\\xcb\\0\\x71\\x07\\xc0\\0\\x02\\x01\\x16\\x2e\\0\\x50"
                        + "\\x04\\xff\\xff",
                SIGNATURE
                        + "\\x21\\x11\\0\\x0e\\xcb\\0\\x71\\x07\\xc0\\0\\x02\\x01\\x16\\x2e\\0\\x50"
                        + "\\x04\\0",
                SIGNATURE
                        + "\\x21\\x11\\0\\x14\\xcb\\0\\x71\\x07\\xc0\\0\\x02\\x01\\x16\\x2e\\0\\x50"
                        + "\\x04\\0\\xff\\0\\0\\0\\0\\0",
            })
    void wrongOrMissingHeaderOfATrustedProxyEndsTheConnection(String header) {
        try (RawClient client = RawClient.to(weir.port())) {
            client.trySend(then(header, GET));
            String said = new String(client.rest(), StandardCharsets.ISO_8859_1);
            assertThat(said).doesNotContain("HTTP/1.1 200");
        }
        assertNothingArrives();
    }

    private void assertNothingArrives() {
        try (RawClient other = RawClient.to(weir.port())) {
            other.send(then("PROXY UNKNOWN\\r\\n", GET));
            assertThat(other.response("GET").status()).isEqualTo(200);
        }
        node.settle();
        assertThat(node.requests()).as("only the other client's request").isEqualTo(1);
    }

    @Test
    void spoofedHeaderOfAnUntrustedClientIsNotBelieved() {
        try (RawClient client = RawClient.to(weir.port(), UNTRUSTED)) {
            client.trySend(then("PROXY TCP4 203.0.113.7 192.0.2.1 5678 80\\r\\n", GET));
            String said = new String(client.rest(), StandardCharsets.ISO_8859_1);
            assertThat(said).doesNotContain("HTTP/1.1 200");
        }
        assertNothingArrives();
    }

    @Test
    void untrustedClientIsRefused() {
        try (RawClient client = RawClient.to(weir.port(), UNTRUSTED)) {
            client.trySend(then("", GET));
            assertThat(client.rest()).isEmpty();
        }
        assertNothingArrives();
    }

    @Test
    void headerIsAnIllegalRequestWhereNoneIsExpected() {
        RunningWeir plain =
                WEIR.start(ConfigText.of(node).global("trusted-proxies: [127.0.0.1/32]"));
        try (RawClient client = RawClient.to(plain.port())) {
            client.send(then("PROXY TCP4 203.0.113.7 192.0.2.1 5678 80\\r\\n", GET));
            assertThat(client.response("GET").status()).isEqualTo(400);
            assertThat(client.closedByPeer()).isTrue();
        }
        assertNothingArrives();
    }

    @Test
    void headerMayArriveInPieces() {
        for (String header :
                List.of(
                        "PROXY TCP4 203.0.113.7 192.0.2.1 5678 80\\r\\n",
                        SIGNATURE
                                + "\\x21\\x11\\0\\x0c"
                                + "\\xcb\\0\\x71\\x07\\xc0\\0\\x02\\x01\\x16\\x2e\\0\\x50")) {
            byte[] bytes = then(header, GET);
            for (int cut = 1; cut < bytes.length; cut++) {
                try (RawClient client = RawClient.to(weir.port())) {
                    client.sendCut(bytes, this::awaitRead, cut);
                    assertThat(client.response("GET").status()).as("cut at " + cut).isEqualTo(200);
                }
                assertSeenAs("203.0.113.7");
            }
        }
    }

    /** An exchange on the same event loop, after which what was sent before has been read. */
    private void awaitRead() {
        try (RawClient other = RawClient.to(weir.port())) {
            other.send(then("PROXY UNKNOWN\\r\\n", GET.replace("/a", "/other")));
            assertThat(other.response("GET").status()).isEqualTo(200);
        }
    }

    @Test
    void versionOneIsSentToNodes() throws IOException {
        List<String> headers = new CopyOnWriteArrayList<>();
        FakeNode told =
                WEIR.node(
                        "told",
                        connection -> {
                            headers.add(line(connection));
                            Behaviour.answering().serve(connection);
                        });
        RunningWeir sending =
                WEIR.start(ConfigText.of(told).global("event-loops: 1").pool("proxy-protocol: v1"));
        try (RawClient client = RawClient.to(sending.port(), UNTRUSTED)) {
            assertThat(client.exchange(GET).status()).isEqualTo(200);
            assertThat(headers)
                    .containsExactly(
                            "PROXY TCP4 127.0.0.2 127.0.0.1 %d %d\r\n"
                                    .formatted(client.localPort(), sending.port()));
        }
        try (RawClient other = RawClient.to(sending.port())) {
            assertThat(other.exchange(GET).status()).isEqualTo(200);
            assertThat(headers).hasSize(2);
            assertThat(headers.get(1)).startsWith("PROXY TCP4 127.0.0.1 127.0.0.1 ");
        }
        assertThat(told.violations()).isEmpty();
    }

    private static String line(NodeConnection connection) throws IOException {
        StringBuilder line = new StringBuilder();
        while (line.indexOf("\n") < 0 && line.length() < 200) {
            byte[] one = connection.exactly(1);
            if (one.length == 0) {
                break;
            }
            line.append((char) one[0]);
        }
        return line.toString();
    }

    @Test
    void versionTwoIsSentToNodes() {
        List<byte[]> headers = new CopyOnWriteArrayList<>();
        FakeNode told =
                WEIR.node(
                        "told",
                        connection -> {
                            byte[] start = connection.exactly(16);
                            if (start.length == 16) {
                                int length = (start[14] & 0xff) << 8 | start[15] & 0xff;
                                ByteArrayOutputStream header = new ByteArrayOutputStream();
                                header.writeBytes(start);
                                header.writeBytes(connection.exactly(length));
                                headers.add(header.toByteArray());
                                Behaviour.answering().serve(connection);
                            }
                        });
        RunningWeir sending = WEIR.start(ConfigText.of(told).pool("proxy-protocol: v2"));
        try (RawClient client = RawClient.to(sending.port(), UNTRUSTED)) {
            ReceivedResponse response = client.exchange(GET);
            assertThat(response.status()).isEqualTo(200);
            int from = client.localPort();
            int to = sending.port();
            byte[] expected =
                    Escaped.bytes(
                            SIGNATURE
                                    + "\\x21\\x11\\0\\x0c\\x7f\\0\\0\\x02\\x7f\\0\\0\\x01"
                                    + "\\x%02x\\x%02x\\x%02x\\x%02x"
                                            .formatted(from >> 8, from & 0xff, to >> 8, to & 0xff));
            assertThat(headers).hasSize(1);
            assertThat(Escaped.text(headers.get(0)))
                    .startsWith(Escaped.text(expected).substring(0, 20));
            assertThat(headers.get(0)[12]).isEqualTo((byte) 0x21);
            assertThat(Arrays.copyOfRange(headers.get(0), 16, 28))
                    .isEqualTo(Arrays.copyOfRange(expected, 16, 28));
        }
        assertThat(told.violations()).isEmpty();
    }
}
