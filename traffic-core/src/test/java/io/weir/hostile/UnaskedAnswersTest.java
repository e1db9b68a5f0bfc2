package io.weir.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.testkit.ConfigText;
import io.weir.testkit.FakeNode;
import io.weir.testkit.HeldLoop;
import io.weir.testkit.NodeConnection;
import io.weir.testkit.RawClient;
import io.weir.testkit.ReceivedResponse;
import io.weir.testkit.RunningWeir;
import io.weir.testkit.StrictHttpReader;
import io.weir.testkit.TestCa;
import io.weir.testkit.WeirExtension;

import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * What a node sends behind an answer is nobody's answer: also for a request that takes over the
 * connection as soon as it is free, as one does that its client sent behind another.
 */
class UnaskedAnswersTest {

    private static final int ROUNDS = 5;

    @RegisterExtension static final WeirExtension WEIR = new WeirExtension();

    private final HeldLoop loop = new HeldLoop();

    private static String get(String target) {
        return "GET " + target + " HTTP/1.1\r\nHost: weir.test\r\nAccept-Encoding: gzip\r\n\r\n";
    }

    private static String answer(String body) {
        return head(body.length()) + body;
    }

    private static String head(int length) {
        return "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: "
                + length
                + "\r\n\r\n";
    }

    /** Answers {@code /BYTES} with so many bytes, and then with something more. */
    private void serve(NodeConnection connection) throws IOException {
        for (StrictHttpReader.Head head = connection.head();
                head != null;
                head = connection.head()) {
            int bytes = Integer.parseInt(head.target().substring(1));
            String asked = answer("a".repeat(bytes - head(bytes).length()));
            loop.during(
                    () -> {
                        connection.send(asked.getBytes(StandardCharsets.US_ASCII));
                        connection.send(answer("forged"));
                        connection.awaitArrival();
                    });
        }
    }

    private static void assertNobodyGetsWhatWasNotAskedFor(RunningWeir weir, int bytes) {
        for (int i = 0; i < ROUNDS; i++) {
            try (RawClient client = RawClient.to(weir.port())) {
                client.send(get("/" + bytes) + get("/100"));
                ReceivedResponse first = client.response("GET");
                assertThat(first.status()).isEqualTo(200);
                ReceivedResponse second = client.response("GET");
                assertThat(second.text()).matches("a+");
            }
        }
    }

    private ConfigText config(FakeNode node, String room) {
        return ConfigText.of(node)
                .global("event-loops: 1")
                .virtualServer("max-client-buffer: " + room, "max-server-buffer: " + room);
    }

    /** Some of these lengths fill what is read at once, and twice in a row. */
    @ParameterizedTest
    @CsvSource({
        "100, 64KiB",
        "8192, 8KiB",
        "8192, 64KiB",
        "16384, 8KiB",
        "16384, 64KiB",
        "24576, 16KiB"
    })
    void whereItComesTogetherWithTheAnswer(int bytes, String room) {
        FakeNode node = WEIR.node("more", this::serve);
        RunningWeir weir = WEIR.start(config(node, room), loop);
        assertNobodyGetsWhatWasNotAskedFor(weir, bytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"openssl", "jdk"})
    void whereItComesInATlsRecordOfItsOwn(String engine, @TempDir Path directory) {
        TestCa ca = new TestCa("ca");
        ca.write(directory.resolve("ca.pem"));
        TestCa.Issued issued = ca.issue("node", "127.0.0.1");
        FakeNode node = WEIR.closing(FakeNode.secured("more", issued.context(ca), this::serve));
        String tls = "tls: {enabled: true, ca-file: " + directory.resolve("ca.pem") + "}";
        RunningWeir weir =
                WEIR.start(config(node, "64KiB").global("tls-engine: " + engine).pool(tls), loop);
        assertNobodyGetsWhatWasNotAskedFor(weir, 200);
    }

    /**
     * The event loop finds both at once, and looks at the client first: nothing of the request has
     * been sent when what the node says is read.
     */
    @ParameterizedTest
    @ValueSource(strings = {"off", "openssl", "jdk"})
    void whereItComesTogetherWithTheNextRequest(String tls, @TempDir Path directory)
            throws IOException {
        ConfigText config;
        FakeNode node;
        if (tls.equals("off")) {
            node = WEIR.node("early", this::obey);
            config = config(node, "64KiB");
        } else {
            TestCa ca = new TestCa("ca");
            ca.write(directory.resolve("ca.pem"));
            TestCa.Issued issued = ca.issue("node", "127.0.0.1");
            node = WEIR.closing(FakeNode.secured("early", issued.context(ca), this::obey));
            config =
                    config(node, "64KiB")
                            .global("tls-engine: " + tls)
                            .pool(
                                    "tls: {enabled: true, ca-file: "
                                            + directory.resolve("ca.pem")
                                            + "}");
        }
        RunningWeir weir = WEIR.start(config, loop);
        try (RawClient client = RawClient.to(weir.port())) {
            for (int i = 1; i <= ROUNDS; i++) {
                assertThat(client.exchange(get("/100")).text()).matches("a+");
                assertThat(node.connections()).isEqualTo(i);
                NodeConnection kept = node.connectionLog().getLast();
                loop.during(
                        () -> {
                            client.send(get("/100"));
                            kept.send(answer("forged"));
                            kept.awaitArrival();
                        });
                assertThat(client.response("GET").text()).matches("a+");
                assertThat(kept.unfinished()).as("nothing of the request was sent").isZero();
            }
        }
        assertThat(node.requests()).isEqualTo(2 * ROUNDS);
    }

    private void obey(NodeConnection connection) throws IOException {
        while (connection.request() != null) {
            connection.send(answer("a".repeat(20)));
        }
    }
}
