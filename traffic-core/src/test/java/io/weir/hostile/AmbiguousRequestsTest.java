package io.weir.hostile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.weir.runtime.DataPlane;
import io.weir.testkit.Await;
import io.weir.testkit.ConfigText;
import io.weir.testkit.Corpus;
import io.weir.testkit.Escaped;
import io.weir.testkit.FakeNode;
import io.weir.testkit.NodeConnection;
import io.weir.testkit.RawClient;
import io.weir.testkit.ReceivedRequest;
import io.weir.testkit.ReceivedResponse;
import io.weir.testkit.RunningWeir;
import io.weir.testkit.WeirExtension;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * Every request of the corpus that two recipients could read differently, judged at a node that
 * records what arrives: nothing, or exactly one request with one framing.
 */
class AmbiguousRequestsTest {

    @RegisterExtension static final WeirExtension WEIR = new WeirExtension();

    private static FakeNode node;
    private static RunningWeir weir;
    private static int sentinels;

    @BeforeAll
    static void start() {
        node = WEIR.node("recorder");
        weir =
                WEIR.start(
                        ConfigText.of(node)
                                .pool("passive-monitoring: false")
                                .virtualServer(
                                        "http2: { enabled: false }",
                                        "connect-timeout: 1h",
                                        "keepalive-timeout: 1h",
                                        "timeout: 1h",
                                        "limits: { max-url-length: 2000, max-header-length: 16384,"
                                                + " max-headers: 100 }"));
    }

    static Stream<Corpus.Case> requests() {
        return Corpus.read("/corpus/ambiguous-requests.txt").stream();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("requests")
    void nodeSeesNothingOrExactlyOneRequest(Corpus.Case request) {
        node.settle().forget();
        Seen seen = send(request);
        passSentinel(request);
        seen.look();
        assertThat(node.violations()).as(seen.toString()).isEmpty();

        List<String> expected = request.all("expect");
        assertThat(expected).isNotEmpty();
        boolean served =
                Arrays.stream(expected.get(0).split(" or ", -1))
                        .anyMatch(alternative -> seen.isFirst(alternative));
        if (!served) {
            fail("expected " + expected + " but " + seen);
        }
        if (!seen.requests.isEmpty()) {
            for (int i = 1; i < expected.size(); i++) {
                String next = expected.get(i);
                int index = i;
                assertThat(next.split(" or ", -1))
                        .as(seen.toString())
                        .anyMatch(alternative -> seen.isFurther(index, alternative));
            }
            lookCloser(request, seen);
        }
    }

    /** A request of another client, behind which nothing of the case can still be on its way. */
    private static void passSentinel(Corpus.Case request) {
        String target = "/sentinel-" + ++sentinels;
        try (RawClient other = RawClient.to(weir.port())) {
            ReceivedResponse response =
                    other.exchange("GET " + target + " HTTP/1.1\r\nHost: weir.test\r\n\r\n");
            assertThat(response.text())
                    .as("another client's answer after " + request)
                    .isEqualTo("hello");
        }
        Await.until("Weir to be done with " + request, AmbiguousRequestsTest::isAtRest);
        node.settle();
        Await.until(
                "what has no end to be given up after " + request,
                () -> node.connectionLog().stream().noneMatch(c -> c.open() && c.unfinished() > 0));
        assertThat(node.received()).extracting(ReceivedRequest::target).contains(target);
    }

    /** Whether Weir has nothing to send to the node any more, which has every connection. */
    private static boolean isAtRest() {
        DataPlane.NodeView view = weir.node(node.address());
        return view.inFlight() == 0
                && view.connections() == view.idleConnections()
                && view.connectionsOpened() <= node.connections();
    }

    private static Seen send(Corpus.Case request) {
        List<@Nullable ReceivedResponse> responses = new ArrayList<>();
        boolean ended = false;
        try (RawClient client = RawClient.to(weir.port())) {
            client.trySend(request.send());
            if (request.fact("end").equals("half-close")) {
                client.halfClose();
            }
            for (int i = 0; i < request.all("expect").size() && !ended; i++) {
                ReceivedResponse response = next(client, i == 0 ? request.method() : "GET");
                responses.add(response);
                ended = response == null || response.status() >= 400 && client.closedByPeer();
            }
        } catch (UncheckedIOException broken) {
            fail("%s: %s".formatted(Escaped.text(request.send(), 600), broken.getMessage()));
        }
        return new Seen(request, responses, ended);
    }

    private static @Nullable ReceivedResponse next(RawClient client, String method) {
        return client.closedByPeer() ? null : client.response(method);
    }

    private static void lookCloser(Corpus.Case request, Seen seen) {
        ReceivedRequest first = seen.requests.get(0);
        for (String body : request.all("body")) {
            assertThat(Escaped.text(first.body())).as(seen.toString()).isEqualTo(body);
        }
        for (String field : request.all("node-has")) {
            int colon = field.indexOf(':');
            assertThat(first.fields().values(field.substring(0, colon)))
                    .as(seen.toString())
                    .contains(field.substring(colon + 1).strip());
        }
        for (String name : request.all("node-hasnot")) {
            assertThat(first.fields().has(name)).as(name + " in " + seen).isFalse();
            assertThat(first.trailers().has(name)).as(name + " in " + seen).isFalse();
        }
        for (String name : request.all("node-trailer-hasnot")) {
            assertThat(first.trailers().has(name)).as(name + " in " + seen).isFalse();
        }
        for (String pair : request.all("node-hasnot-value")) {
            String[] parts = pair.split(" ", 2);
            assertThat(first.fields().lists(parts[0], parts[1])).as(pair + seen).isFalse();
        }
    }

    /** What the client got and what the node saw. */
    private static final class Seen {
        private final Corpus.Case request;
        private final List<@Nullable ReceivedResponse> responses;
        private final boolean ended;
        private List<ReceivedRequest> requests = List.of();
        private List<NodeConnection> unfinished = List.of();

        Seen(Corpus.Case request, List<@Nullable ReceivedResponse> responses, boolean ended) {
            this.request = request;
            this.responses = responses;
            this.ended = ended;
        }

        void look() {
            requests =
                    node.received().stream()
                            .filter(received -> !received.target().startsWith("/sentinel-"))
                            .toList();
            unfinished =
                    node.connectionLog().stream()
                            .filter(connection -> connection.unfinished() > 0)
                            .toList();
        }

        boolean isFirst(String alternative) {
            if (alternative.startsWith("refused ")) {
                return requests.isEmpty()
                        && unfinished.isEmpty()
                        && isAnswerAndEnd(0, alternative.substring(8));
            }
            if (alternative.equals("aborted none")) {
                return isAborted() && responses.get(0) == null;
            }
            if (alternative.startsWith("aborted ")) {
                return isAborted() && isAnswerAndEnd(0, alternative.substring(8));
            }
            if (alternative.startsWith("one ")) {
                return requests.size() == ones()
                        && unfinished.isEmpty()
                        && requests.get(0).summary().equals(alternative.substring(4))
                        && isAnswer(0, 200);
            }
            throw new IllegalArgumentException("unknown expectation: " + alternative);
        }

        boolean isFurther(int index, String alternative) {
            if (alternative.equals("closed")) {
                return responses.get(index) == null;
            }
            return alternative.startsWith("refused ")
                    && isAnswerAndEnd(index, alternative.substring(8));
        }

        private long ones() {
            return request.all("expect").stream().filter(e -> e.contains("one ")).count();
        }

        private boolean isAborted() {
            return requests.isEmpty()
                    && unfinished.size() <= 1
                    && unfinished.stream().noneMatch(NodeConnection::open);
        }

        private boolean isAnswerAndEnd(int index, String status) {
            return ended && isAnswer(index, Integer.parseInt(status));
        }

        private boolean isAnswer(int index, int status) {
            ReceivedResponse response = responses.get(index);
            return response != null && response.status() == status && response.complete();
        }

        @Override
        public String toString() {
            StringBuilder text = new StringBuilder("the client sent ");
            text.append(Escaped.text(request.send(), 600)).append("\n  and got ").append(responses);
            text.append(ended ? ", then the end" : ", and stayed connected");
            text.append("\n  the node saw ");
            text.append(requests.stream().map(ReceivedRequest::summary).toList());
            for (NodeConnection connection : unfinished) {
                text.append("\n  and without an end, ");
                text.append(connection.open() ? "still open: " : "now closed: ");
                text.append(
                        Escaped.text(
                                new String(connection.transcript(), StandardCharsets.ISO_8859_1)
                                        .getBytes(StandardCharsets.ISO_8859_1),
                                400));
            }
            return text.toString();
        }
    }
}
