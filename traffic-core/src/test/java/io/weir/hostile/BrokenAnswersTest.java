package io.weir.hostile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.weir.testkit.Await;
import io.weir.testkit.Behaviour;
import io.weir.testkit.ConfigText;
import io.weir.testkit.Corpus;
import io.weir.testkit.Escaped;
import io.weir.testkit.FakeNode;
import io.weir.testkit.NodeConnection;
import io.weir.testkit.RawClient;
import io.weir.testkit.ReceivedRequest;
import io.weir.testkit.ReceivedResponse;
import io.weir.testkit.RunningWeir;
import io.weir.testkit.TruncatedMessage;
import io.weir.testkit.WeirExtension;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;

/**
 * Every answer of the corpus that is broken, ambiguous, cut short or not asked for: the client gets
 * 502 or a visibly truncated answer, and no other client ever meets that node connection.
 */
class BrokenAnswersTest {

    private static final byte[] GET_CASE =
            Escaped.bytes("GET /case HTTP/1.1\\r\\nHost: weir.test\\r\\n\\r\\n");

    @RegisterExtension static final WeirExtension WEIR = new WeirExtension();

    private static final Set<NodeConnection> CASE_CONNECTIONS = ConcurrentHashMap.newKeySet();
    private static FakeNode node;
    private static RunningWeir weir;
    private static int sentinels;
    private static volatile @Nullable Script script;

    /** What the node does with a request for {@code /case}. */
    private record Script(Corpus.Case answer, CountDownLatch clientServed) {}

    @BeforeAll
    static void start() {
        node = WEIR.node("hostile", BrokenAnswersTest::serve);
        weir =
                WEIR.start(
                        ConfigText.of(node)
                                .pool(
                                        "passive-monitoring: false",
                                        "max-reply-time: 3s",
                                        "idle-timeout: 1h")
                                .virtualServer("timeout: 1h"));
    }

    private static void serve(NodeConnection connection) throws IOException {
        for (ReceivedRequest request = connection.request();
                request != null;
                request = connection.request()) {
            Script current = script;
            if (current != null && request.target().startsWith("/case")) {
                CASE_CONNECTIONS.add(connection);
                if (!misbehave(connection, current)) {
                    return;
                }
            } else {
                connection.send(Behaviour.answer(node, request));
            }
        }
    }

    /** Whether the connection may serve further requests. */
    private static boolean misbehave(NodeConnection connection, Script current) throws IOException {
        byte[] reply = java.util.Objects.requireNonNull(current.answer.reply());
        connection.send(reply);
        switch (current.answer.fact("after")) {
            case "close" -> {
                return false;
            }
            case "reset" -> {
                connection.reset();
                return false;
            }
            default -> {
                String later = current.answer.fact("later");
                if (!later.isEmpty()) {
                    try {
                        current.clientServed.await();
                    } catch (InterruptedException e) {
                        throw new IOException(e);
                    }
                    connection.send(Escaped.bytes(later));
                }
            }
        }
        if (current.answer.fact("reuse").equals("allowed")) {
            return true;
        }
        // A further request on this connection would be the failure; the test then sees it open.
        while (connection.request() != null) {
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nreused");
        }
        return false;
    }

    static Stream<Corpus.Case> answers() {
        return Corpus.read("/corpus/broken-answers.txt").stream();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("answers")
    void clientIsToldAndTheConnectionIsNotUsedAgain(Corpus.Case answer) {
        node.settle().forget();
        CASE_CONNECTIONS.clear();
        Script current = new Script(answer, new CountDownLatch(1));
        script = current;

        Seen seen = ask(answer);
        current.clientServed.countDown();
        assertThat(Arrays.stream(answer.fact("expect").split(" or ", -1)).anyMatch(seen::matches))
                .as("expected " + answer.fact("expect") + " but " + seen)
                .isTrue();
        assertThat(CASE_CONNECTIONS).as(seen.toString()).isNotEmpty();

        boolean later = !answer.fact("later").isEmpty();
        if (later) {
            awaitClosed(answer);
        }
        List<Integer> used = CASE_CONNECTIONS.stream().map(NodeConnection::number).toList();
        int sentinel = askAsAnotherClient(answer);
        if (!answer.fact("reuse").equals("allowed")) {
            assertThat(used).as("connections of the broken answer").doesNotContain(sentinel);
            awaitClosed(answer);
        }
        assertThat(node.violations()).isEmpty();
    }

    private static void awaitClosed(Corpus.Case answer) {
        Await.until(
                "Weir to close the node connection after: " + answer,
                () -> CASE_CONNECTIONS.stream().noneMatch(NodeConnection::open));
    }

    /** The number of the node connection that served another client. */
    private static int askAsAnotherClient(Corpus.Case answer) {
        String target = "/sentinel-" + ++sentinels;
        try (RawClient other = RawClient.to(weir.port())) {
            ReceivedResponse response =
                    other.exchange("GET " + target + " HTTP/1.1\r\nHost: weir.test\r\n\r\n");
            assertThat(response.text())
                    .as("another client's answer after " + answer)
                    .isEqualTo("hello");
        }
        return node.received().stream()
                .filter(request -> request.target().equals(target))
                .mapToInt(ReceivedRequest::connection)
                .findFirst()
                .orElseThrow();
    }

    private static Seen ask(Corpus.Case answer) {
        byte[] request = answer.send().length == 0 ? GET_CASE : answer.send();
        String method = answer.send().length == 0 ? "GET" : answer.method();
        try (RawClient client = RawClient.to(weir.port())) {
            client.send(request);
            ReceivedResponse response = client.response(method);
            boolean more = !response.complete() || !client.nothingMore();
            return new Seen(answer, response, more, null);
        } catch (UncheckedIOException e) {
            return new Seen(answer, null, false, e.getCause());
        }
    }

    /**
     * What the client got.
     *
     * @param response null when there was no head
     * @param more whether bytes followed a complete response
     */
    private record Seen(
            Corpus.Case answer,
            @Nullable ReceivedResponse response,
            boolean more,
            @Nullable Throwable broken) {

        boolean matches(String alternative) {
            ReceivedResponse got = response;
            if (got == null) {
                return alternative.equals("truncated") && broken instanceof TruncatedMessage;
            }
            if (alternative.equals("truncated")) {
                return !got.complete() && hidesNothing(got);
            }
            if (!got.complete() || more) {
                return false;
            }
            if (alternative.equals("502")) {
                return got.status() == 502 && !got.text().contains("hello") && hidesNothing(got);
            }
            String[] parts = alternative.split(" ", 3);
            if (!parts[0].equals("ok")) {
                fail("unknown expectation: " + alternative);
            }
            return got.status() == Integer.parseInt(parts[1])
                    && got.text().equals(parts.length == 3 ? parts[2] : "")
                    && hidesNothing(got);
        }

        private boolean hidesNothing(ReceivedResponse got) {
            return answer.all("client-hasnot").stream().noneMatch(got.fields()::has)
                    && answer.all("client-trailer-hasnot").stream().noneMatch(got.trailers()::has);
        }

        @Override
        public String toString() {
            byte[] reply = answer.reply();
            return "the node sent "
                    + (reply == null ? "nothing" : Escaped.text(reply, 400))
                    + "\n  the client got "
                    + (response == null ? "no answer: " + broken : response)
                    + (more && response != null && response.complete() ? " and more bytes" : "");
        }
    }
}
