package io.weir.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.testkit.ConfigText;
import io.weir.testkit.FakeNode;
import io.weir.testkit.NodeConnection;
import io.weir.testkit.RawClient;
import io.weir.testkit.ReceivedRequest;
import io.weir.testkit.ReceivedResponse;
import io.weir.testkit.RunningWeir;
import io.weir.testkit.WeirExtension;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Thousands of mixed exchanges, each compared with what the node answers when it is asked directly.
 */
class MixedTrafficTest {

    private static final long SEED = 31_415;
    private static final int ROUNDS = 1200;

    @RegisterExtension static final WeirExtension WEIR = new WeirExtension();

    /** Answers depend on the target and the request body only. */
    private static void serve(NodeConnection connection) throws IOException {
        for (ReceivedRequest request = connection.request();
                request != null;
                request = connection.request()) {
            int times = 1 + Math.floorMod(request.target().hashCode(), 40);
            String content = (request.target() + request.text()).repeat(times);
            connection.send(answer(request, content));
            if (!request.keepsAlive()) {
                return;
            }
        }
    }

    private static String answer(ReceivedRequest request, String content) {
        boolean head = request.method().equals("HEAD");
        String kind = request.target().substring(1, 2);
        return switch (kind) {
            case "e" -> "HTTP/1.1 204 No Content\r\nX-Kind: empty\r\n\r\n";
            case "n" -> "HTTP/1.1 304 Not Modified\r\nETag: \"x\"\r\n\r\n";
            case "c" -> {
                StringBuilder chunks = new StringBuilder();
                for (int i = 0; i < content.length(); i += 100) {
                    String part = content.substring(i, Math.min(content.length(), i + 100));
                    chunks.append(Integer.toHexString(part.length())).append("\r\n");
                    chunks.append(part).append("\r\n");
                }
                yield "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nX-Kind: chunked\r\n\r\n"
                        + (head ? "" : chunks + "0\r\n\r\n");
            }
            default ->
                    "HTTP/1.1 200 OK\r\nX-Kind: length\r\nContent-Length: "
                            + content.length()
                            + "\r\n\r\n"
                            + (head ? "" : content);
        };
    }

    /** A request and the method that decides how its answer is read. */
    private record Ask(String method, String bytes, boolean last) {}

    private static Ask random(Random random, int number) {
        String kind = List.of("l", "c", "e", "n", "l", "c").get(random.nextInt(6));
        String target = "/" + kind + number;
        String body = "b".repeat(random.nextInt(3000));
        String host = "Host: weir.test\r\n";
        return switch (random.nextInt(7)) {
            case 0 -> new Ask("HEAD", "HEAD " + target + " HTTP/1.1\r\n" + host + "\r\n", false);
            case 1 ->
                    new Ask(
                            "POST",
                            "POST "
                                    + target
                                    + " HTTP/1.1\r\n"
                                    + host
                                    + "Content-Length: "
                                    + body.length()
                                    + "\r\n\r\n"
                                    + body,
                            false);
            case 2 ->
                    new Ask(
                            "PUT",
                            "PUT "
                                    + target
                                    + " HTTP/1.1\r\n"
                                    + host
                                    + "Transfer-Encoding: chunked\r\n\r\n"
                                    + (body.isEmpty()
                                            ? ""
                                            : Integer.toHexString(body.length())
                                                    + "\r\n"
                                                    + body
                                                    + "\r\n")
                                    + "0\r\n\r\n",
                            false);
            case 3 ->
                    new Ask(
                            "GET",
                            "GET " + target + " HTTP/1.1\r\n" + host + "Connection: close\r\n\r\n",
                            true);
            case 4 -> new Ask("GET", "GET " + target + " HTTP/1.0\r\n" + host + "\r\n", true);
            default -> new Ask("GET", "GET " + target + " HTTP/1.1\r\n" + host + "\r\n", false);
        };
    }

    @Test
    void answersAreThoseOfTheNode() {
        System.out.println("MixedTrafficTest: seed " + SEED);
        FakeNode node = WEIR.node("n", MixedTrafficTest::serve);
        RunningWeir weir = WEIR.start(ConfigText.of(node));
        Random random = new Random(SEED);
        int number = 0;
        for (int round = 0; round < ROUNDS; round++) {
            List<Ask> asks = new ArrayList<>();
            int count = 1 + random.nextInt(4);
            while (asks.size() < count && (asks.isEmpty() || !asks.getLast().last())) {
                asks.add(random(random, number++));
            }
            List<String> direct = ask(node.port(), asks, false);
            List<String> through = ask(weir.port(), asks, random.nextBoolean());
            assertThat(through).as("round " + round + ": " + asks).isEqualTo(direct);
        }
        assertThat(node.violations()).isEmpty();
    }

    private static List<String> ask(int port, List<Ask> asks, boolean pipelined) {
        List<String> answers = new ArrayList<>();
        try (RawClient client = RawClient.to(port)) {
            if (pipelined) {
                StringBuilder all = new StringBuilder();
                asks.forEach(ask -> all.append(ask.bytes()));
                client.send(all.toString());
            }
            for (Ask ask : asks) {
                if (!pipelined) {
                    client.send(ask.bytes());
                }
                answers.add(describe(client.response(ask.method())));
            }
            if (asks.getLast().last()) {
                assertThat(client.closedByPeer()).isTrue();
            }
        }
        return answers;
    }

    private static String describe(ReceivedResponse response) {
        assertThat(response.complete()).isTrue();
        return response.status()
                + " "
                + response.reason()
                + " "
                + response.field("X-Kind")
                + response.field("ETag")
                + " "
                + response.text();
    }
}
