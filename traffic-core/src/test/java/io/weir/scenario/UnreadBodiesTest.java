package io.weir.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.testkit.Await;
import io.weir.testkit.Behaviour;
import io.weir.testkit.ConfigText;
import io.weir.testkit.FakeNode;
import io.weir.testkit.NodeConnection;
import io.weir.testkit.RawClient;
import io.weir.testkit.ReceivedResponse;
import io.weir.testkit.RunningWeir;
import io.weir.testkit.StrictHttpReader;
import io.weir.testkit.WeirExtension;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Bodies so large that nobody reads them on their way are what the node sent, and nobody else's.
 */
class UnreadBodiesTest {

    @RegisterExtension static final WeirExtension WEIR = new WeirExtension();

    /** Around what one use of the pipe moves at least, and at most. */
    private static final List<Integer> LENGTHS =
            List.of(
                    32_767, 32_768, 40_000, 41_000, 100_000, 262_143, 262_144, 262_145, 270_336,
                    1_000_000, 3_000_000, 10, 50_000);

    private static String get(String target) {
        return "GET " + target + " HTTP/1.1\r\nHost: weir.test\r\n\r\n";
    }

    /** What belongs to {@code seed} only. */
    private static byte[] body(int seed, int length) {
        byte[] body = new byte[length];
        new Random(seed).nextBytes(body);
        return body;
    }

    private static byte[] answer(byte[] body) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(head(body.length).getBytes(StandardCharsets.US_ASCII));
        out.writeBytes(body);
        return out.toByteArray();
    }

    private static String head(int length) {
        return "HTTP/1.1 200 OK\r\nContent-Length: " + length + "\r\n\r\n";
    }

    /** Answers a request for {@code /SEED/LENGTH} with the body of that seed. */
    private static byte[] asked(String target) {
        String[] parts = target.split("/", -1);
        return answer(body(Integer.parseInt(parts[1]), Integer.parseInt(parts[2])));
    }

    private static FakeNode node() {
        return WEIR.node("n", Behaviour.answering(request -> asked(request.target())));
    }

    private static RunningWeir start(FakeNode node) {
        return WEIR.start(ConfigText.of(node).global("event-loops: 1"));
    }

    private static void assertIs(ReceivedResponse response, int seed, int length) {
        assertThat(response.status()).isEqualTo(200);
        // Not isEqualTo: what differs is not worth a page of numbers.
        assertThat(Arrays.mismatch(response.body(), body(seed, length)))
                .as("first byte of the body of %d bytes that is wrong", length)
                .isEqualTo(-1);
    }

    @Test
    void bodiesOfAllLengthsFollowEachOtherOnOneConnectionToTheNode() {
        FakeNode node = node();
        RunningWeir weir = start(node);
        try (RawClient client = RawClient.to(weir.port())) {
            for (int round = 0; round < 3; round++) {
                for (int length : LENGTHS) {
                    String target = "/" + round + "/" + length;
                    assertIs(client.exchange(get(target)), round, length);
                }
            }
        }
        assertThat(node.connections()).isEqualTo(1);
    }

    @Test
    void answersToRequestsBehindEachOtherKeepTheirOrder() {
        RunningWeir weir = start(node());
        try (RawClient client = RawClient.to(weir.port())) {
            StringBuilder all = new StringBuilder();
            LENGTHS.forEach(length -> all.append(get("/7/" + length)));
            client.send(all.toString());
            for (int length : LENGTHS) {
                assertIs(client.response("GET"), 7, length);
            }
        }
    }

    @Test
    void bodiesThatComeInPiecesOfAnySizeArrive() {
        FakeNode node =
                WEIR.node(
                        "pieces",
                        connection -> {
                            Random random = new Random(3);
                            for (int seed = 0; connection.request() != null; seed++) {
                                sendInPieces(connection, answer(body(seed, 300_000)), random);
                            }
                        });
        RunningWeir weir = start(node);
        try (RawClient client = RawClient.to(weir.port())) {
            for (int seed = 0; seed < 10; seed++) {
                assertIs(client.exchange(get("/")), seed, 300_000);
            }
        }
    }

    private static void sendInPieces(NodeConnection connection, byte[] whole, Random random)
            throws IOException {
        int at = 0;
        while (at < whole.length) {
            int most = random.nextBoolean() ? 100_000 : random.nextBoolean() ? 6_000 : 10;
            int length = Math.min(1 + random.nextInt(most), whole.length - at);
            connection.send(Arrays.copyOfRange(whole, at, at + length));
            at += length;
        }
    }

    @Test
    void aClientThatReadsSlowlyGetsItsBodyAndOthersGetTheirs() throws Exception {
        RunningWeir weir = start(node());
        List<Callable<ReceivedResponse>> fetches = new ArrayList<>();
        for (int seed = 0; seed < 16; seed++) {
            int room = seed % 2 == 0 ? 4 * 1024 : 256 * 1024;
            String target = "/" + seed + "/700000";
            fetches.add(
                    () -> {
                        try (RawClient client = RawClient.withReceiveBuffer(weir.port(), room)) {
                            client.exchange(get(target));
                            return client.exchange(get(target));
                        }
                    });
        }
        List<ReceivedResponse> responses = allOf(fetches);
        for (int seed = 0; seed < responses.size(); seed++) {
            assertIs(responses.get(seed), seed, 700_000);
        }
    }

    @Test
    void clientsThatLeaveInTheMiddleLeaveNothingToOthers() throws Exception {
        RunningWeir weir = start(node());
        List<Callable<ReceivedResponse>> fetches = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            int seed = i;
            fetches.add(
                    () -> {
                        try (RawClient client = RawClient.withReceiveBuffer(weir.port(), 8192)) {
                            client.send(get("/" + (1000 + seed) + "/2000000"));
                            client.some(1 + seed * 1000);
                            client.reset();
                        }
                        try (RawClient client = RawClient.to(weir.port())) {
                            return client.exchange(get("/" + seed + "/150000"));
                        }
                    });
        }
        List<ReceivedResponse> responses = allOf(fetches);
        for (int seed = 0; seed < responses.size(); seed++) {
            assertIs(responses.get(seed), seed, 150_000);
        }
    }

    private static <T> List<T> allOf(List<Callable<T>> tasks) throws Exception {
        List<T> results = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<T> task : threads.invokeAll(tasks)) {
                results.add(task.get());
            }
        }
        return results;
    }

    @Test
    void whatANodeSendsBehindItsBodyIsNobodysAnswer() {
        FakeNode node =
                WEIR.node(
                        "more",
                        connection -> {
                            for (StrictHttpReader.Head head = connection.head();
                                    head != null;
                                    head = connection.head()) {
                                ByteArrayOutputStream out = new ByteArrayOutputStream();
                                out.writeBytes(asked(head.target()));
                                out.writeBytes(answer("forged".getBytes(StandardCharsets.UTF_8)));
                                connection.send(out.toByteArray());
                            }
                        });
        RunningWeir weir = start(node);
        try (RawClient client = RawClient.to(weir.port())) {
            for (int seed = 0; seed < 40; seed += 2) {
                // The second one is there when the connection to the node is free again.
                int length = LENGTHS.get(seed / 2 % 10);
                client.send(get("/" + seed + "/" + length) + get("/" + (seed + 1) + "/100"));
                assertIs(client.response("GET"), seed, length);
                assertIs(client.response("GET"), seed + 1, 100);
            }
        }
    }

    @Test
    void aBodyThatTheNodeDoesNotEndNeverLooksComplete() {
        FakeNode node =
                WEIR.node(
                        "short",
                        connection -> {
                            if (connection.request() != null) {
                                connection.send(head(400_000));
                                connection.send(body(5, 300_000));
                            }
                        });
        RunningWeir weir = start(node);
        try (RawClient client = RawClient.to(weir.port())) {
            client.send(get("/"));
            assertThat(client.head("GET").framing().length()).isEqualTo(400_000);
            byte[] came = client.rest();
            assertThat(came).hasSizeLessThanOrEqualTo(300_000);
            assertThat(came).isEqualTo(Arrays.copyOf(body(5, 300_000), came.length));
        }
    }

    @Test
    void aNodeThatPausesInsideItsBodyIsHeardWhenItGoesOn() {
        byte[] body = body(9, 200_000);
        FakeNode node =
                WEIR.node(
                        "pauses",
                        connection -> {
                            while (connection.request() != null) {
                                connection.send(head(body.length));
                                for (int at = 0; at < body.length; at += 50_000) {
                                    connection.send(Arrays.copyOfRange(body, at, at + 50_000));
                                    connection.linger(Duration.ofMillis(20));
                                }
                            }
                        });
        RunningWeir weir = start(node);
        try (RawClient client = RawClient.to(weir.port())) {
            assertIs(client.exchange(get("/")), 9, 200_000);
        }
    }

    @Test
    void theyAreCountedLikeOthers() {
        RunningWeir weir = start(node());
        try (RawClient client = RawClient.to(weir.port())) {
            assertIs(client.exchange(get("/1/500000")), 1, 500_000);
            assertIs(client.exchange(get("/1/10")), 1, 10);
        }
        for (String counted :
                List.of(
                        "weir_virtual_server_sent_bytes_total",
                        "weir_virtual_server_received_bytes_total")) {
            Await.until(
                    counted + " to have both bodies",
                    () -> {
                        long bytes = value(weir, counted);
                        return bytes > 500_010 && bytes < 501_500;
                    });
        }
    }

    private static long value(RunningWeir weir, String start) {
        return weir.metrics()
                .lines()
                .filter(line -> line.startsWith(start + "{"))
                .mapToLong(line -> (long) Double.parseDouble(line.split(" ", -1)[1]))
                .sum();
    }
}
