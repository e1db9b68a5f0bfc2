package io.weir.scenario;

import static io.weir.testkit.H2Client.DATA;
import static io.weir.testkit.H2Client.END_STREAM;
import static io.weir.testkit.H2Client.HEADERS;
import static io.weir.testkit.H2Client.RST_STREAM;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.testkit.Await;
import io.weir.testkit.Behaviour;
import io.weir.testkit.ConfigText;
import io.weir.testkit.FakeNode;
import io.weir.testkit.H2Client;
import io.weir.testkit.H2Service;
import io.weir.testkit.RawClient;
import io.weir.testkit.ReceivedResponse;
import io.weir.testkit.RunningWeir;
import io.weir.testkit.TestCa;
import io.weir.testkit.WeirExtension;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** Nodes over HTTP/2 that end their answers late, share a connection unevenly, or speak TLS. */
class Http2NodesUnderPressureTest {

    @RegisterExtension static final WeirExtension WEIR = new WeirExtension();

    private static ConfigText config(FakeNode node, String... pool) {
        return ConfigText.of(node)
                .global("event-loops: 1")
                .pool("http2: h2c", "passive-monitoring: false")
                .pool(pool);
    }

    /** The end of an answer without a body may come in a frame of its own. */
    @Test
    void anAnswerWithoutABodyMayEndInAFrameOfItsOwn() {
        FakeNode node =
                WEIR.node(
                        "h2",
                        H2Service.running(
                                (service, request, frame) -> {
                                    String path = request.fields().getOrDefault(":path", "/200");
                                    service.head(
                                                    request.stream(),
                                                    false,
                                                    ":status",
                                                    path.substring(1))
                                            .frame(DATA, END_STREAM, request.stream());
                                }));
        RunningWeir weir = WEIR.start(config(node));
        try (RawClient old = RawClient.to(weir.port())) {
            for (String line : List.of("GET /204", "GET /304", "HEAD /200", "GET /205")) {
                ReceivedResponse response =
                        old.exchange(line + " HTTP/1.1\r\nHost: weir.test\r\n\r\n");
                assertThat(response.status())
                        .isEqualTo(Integer.parseInt(line.substring(line.indexOf('/') + 1)));
                if (!line.endsWith("5")) {
                    assertThat(response.field("Transfer-Encoding")).as(line).isEmpty();
                }
                assertThat(response.complete()).as(line).isTrue();
            }
        }
        H2Client client = WEIR.closing(H2Client.to(weir.port()));
        assertThat(client.get(1, "/204").outcome(1)).isEqualTo("204");
        assertThat(client.get(3, "/304").outcome(3)).isEqualTo("304");
    }

    /** What those hold is bounded stream by stream, not by the connection that all share. */
    @Test
    void clientsThatDoNotReadStopNoOther() {
        Map<Integer, Boolean> large = new ConcurrentHashMap<>();
        FakeNode node =
                WEIR.node(
                        "h2",
                        H2Service.running(
                                (service, request, frame) -> {
                                    if (frame.type() != HEADERS) {
                                        return;
                                    }
                                    int stream = request.stream();
                                    service.head(stream, false, ":status", "200");
                                    if ("/large".equals(request.fields().get(":path"))) {
                                        large.put(stream, true);
                                        // All that its window takes.
                                        service.data(stream, new byte[256 * 1024]);
                                    } else {
                                        service.frame(DATA, END_STREAM, stream, (byte) 'x');
                                    }
                                }));
        RunningWeir weir = WEIR.start(config(node));
        // As many as a client without room may have on their way.
        for (int client = 0; client < 20; client++) {
            H2Client stuck = WEIR.closing(H2Client.to(weir.port(), 4, 0));
            for (int i = 1; i < 4; i += 2) {
                stuck.get(i, "/large");
                stuck.head(i);
            }
        }
        H2Client other = WEIR.closing(H2Client.to(weir.port()));
        for (int i = 1; i < 20; i += 2) {
            assertThat(other.get(i, "/small").outcome(i)).isEqualTo("200");
        }
        assertThat(large).hasSize(40);
        assertThat(node.connections()).isEqualTo(1);
    }

    /** What the node had sent before it saw the resets is nobody's fault, however many they are. */
    @Test
    void manyClientsThatLeaveAtOnceHarmNoOtherOnTheSameConnection() {
        int leaving = 3;
        int each = 150;
        AtomicInteger live = new AtomicInteger();
        List<Integer> left = new CopyOnWriteArrayList<>();
        List<Integer> resets = new CopyOnWriteArrayList<>();
        FakeNode node =
                WEIR.node(
                        "h2",
                        H2Service.running(
                                (service, request, frame) -> {
                                    int stream = request.stream();
                                    if (frame.type() == RST_STREAM) {
                                        resets.add(stream);
                                    } else if ("/live".equals(request.fields().get(":path"))) {
                                        live.set(stream);
                                        service.head(stream, false, ":status", "200");
                                    } else if (frame.type() == HEADERS) {
                                        left.add(stream);
                                    }
                                    if (resets.size() == leaving * each) {
                                        for (int one : left) {
                                            service.head(one, false, ":status", "200");
                                            service.data(one, (byte) 'x');
                                        }
                                        service.frame(DATA, END_STREAM, live.get(), (byte) 'y');
                                        resets.clear();
                                    }
                                },
                                3,
                                1000));
        RunningWeir weir = WEIR.start(config(node));
        H2Client stays = WEIR.http2(weir).get(1, "/live");
        assertThat(stays.head(1).status()).isEqualTo(200);
        List<H2Client> others = new ArrayList<>();
        for (int i = 0; i < leaving; i++) {
            H2Client other = WEIR.http2(weir);
            others.add(other);
            for (int stream = 1; stream < 2 * each; stream += 2) {
                other.get(stream, "/leaves");
            }
        }
        Await.until("all requests to arrive", () -> left.size() == leaving * each);
        others.forEach(H2Client::close);
        assertThat(stays.outcome(1)).isEqualTo("200");
        assertThat(stays.answers(1).text()).isEqualTo("y");
        assertThat(stays.get(3, "/live").head(3).status()).isEqualTo(200);
        assertThat(node.connections()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"openssl", "jdk"})
    void nodesAreAskedOverTlsWhenTheyAgree(String engine) {
        List<Map<String, String>> heads = new CopyOnWriteArrayList<>();
        TestCa ca = new TestCa("ca");
        FakeNode node =
                WEIR.closing(
                        FakeNode.secured(
                                "h2",
                                ca.issue("node", "127.0.0.1").context(ca),
                                H2Service.running(
                                        (service, request, frame) -> {
                                            heads.add(request.fields());
                                            service.head(request.stream(), true, ":status", "200");
                                        }),
                                "h2"));
        RunningWeir weir =
                WEIR.start(
                        config(node, "tls: {enabled: true, verify: false}")
                                .global("tls-engine: " + engine));
        H2Client client = WEIR.closing(H2Client.to(weir.port()));
        assertThat(client.get(1, "/a").outcome(1)).isEqualTo("200");
        assertThat(client.get(3, "/b").outcome(3)).isEqualTo("200");
        assertThat(heads).allSatisfy(h -> assertThat(h).containsEntry(":scheme", "https"));
        assertThat(node.connections()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"openssl", "jdk"})
    void connectionsUnderOldTlsSettingsGetNoNewRequestUnderNewOnes(
            String engine, @TempDir Path directory) {
        TestCa ca = new TestCa("ca");
        new TestCa("other").write(directory.resolve("other.pem"));
        List<String> paths = new CopyOnWriteArrayList<>();
        FakeNode node =
                WEIR.closing(
                        FakeNode.secured(
                                "h2",
                                ca.issue("node", "127.0.0.1").context(ca),
                                H2Service.running(
                                        (service, request, frame) -> {
                                            int stream = request.stream();
                                            if (frame.type() == HEADERS) {
                                                paths.add(
                                                        String.valueOf(
                                                                request.fields().get(":path")));
                                                service.head(stream, false, ":status", "200");
                                            } else {
                                                service.frame(DATA, END_STREAM, stream);
                                            }
                                        }),
                                "h2"));
        String global = "tls-engine: " + engine;
        RunningWeir weir =
                WEIR.start(config(node, "tls: {enabled: true, verify: false}").global(global));
        H2Client client = WEIR.http2(weir).post(1, "/runs");
        assertThat(client.head(1).status()).isEqualTo(200);
        String trust = "tls: {enabled: true, ca-file: " + directory.resolve("other.pem") + "}";
        weir.apply(config(node, trust, "node-connection-attempts: 1").global(global).toString());
        assertThat(client.get(3, "/new").outcome(3)).isEqualTo("502");
        assertThat(paths).containsExactly("/runs");
        assertThat(client.data(1, true).outcome(1)).as("what runs goes on").isEqualTo("200");
        Await.until("the old connection to end", () -> node.openConnections() == 0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "http/1.1"})
    void aNodeThatDoesNotAgreeGetsNothing(String protocol) {
        TestCa ca = new TestCa("ca");
        List<byte[]> got = new CopyOnWriteArrayList<>();
        Behaviour listening = connection -> got.add(connection.some(100));
        FakeNode node =
                WEIR.closing(
                        FakeNode.secured(
                                "old",
                                ca.issue("node", "127.0.0.1").context(ca),
                                listening,
                                protocol.isEmpty() ? new String[0] : new String[] {protocol}));
        RunningWeir weir =
                WEIR.start(
                        config(
                                node,
                                "tls: {enabled: true, verify: false}",
                                "node-connection-attempts: 1"));
        H2Client client = WEIR.closing(H2Client.to(weir.port()));
        assertThat(client.get(1, "/").outcome(1)).isEqualTo("502");
        assertThat(got).allSatisfy(bytes -> assertThat(bytes).isEmpty());
    }
}
