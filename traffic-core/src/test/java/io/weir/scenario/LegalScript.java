package io.weir.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.testkit.Behaviour;
import io.weir.testkit.Corpus;
import io.weir.testkit.Escaped;
import io.weir.testkit.FakeNode;
import io.weir.testkit.Fields;
import io.weir.testkit.NodeConnection;
import io.weir.testkit.RawClient;
import io.weir.testkit.ReceivedRequest;
import io.weir.testkit.ReceivedResponse;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.BiConsumer;

/**
 * Plays the cases of the corpus of legal oddities, one after the other: it is the behaviour of the
 * node and the client in one, and compares what each side got.
 */
final class LegalScript implements Behaviour {

    /** How a node puts its bytes on the wire. */
    interface Answering {
        void send(NodeConnection connection, byte[] bytes) throws IOException;
    }

    private volatile Corpus.@Nullable Case current;
    private volatile Answering answering = NodeConnection::send;

    @Override
    public void serve(NodeConnection connection) throws IOException {
        for (ReceivedRequest request = connection.request();
                request != null;
                request = connection.request()) {
            Corpus.Case data = current;
            byte[] reply = data == null ? null : data.reply();
            if (request.target().equals("/further")) {
                connection.send("HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\nfurther");
            } else if (request.target().equals("/pulse") || data == null || reply == null) {
                connection.send(Behaviour.answer(connection.node(), request));
            } else {
                answering.send(connection, reply);
                if (data.fact("after").equals("close")) {
                    return;
                }
            }
        }
    }

    /** Plays a case with every message in one piece. */
    void play(Corpus.Case data, FakeNode node, int port) {
        play(data, node, port, RawClient::send, NodeConnection::send);
    }

    /** Plays a case; the two functions decide how the bytes are cut. */
    void play(
            Corpus.Case data,
            FakeNode node,
            int port,
            BiConsumer<RawClient, byte[]> asking,
            Answering answers) {
        node.settle().forget();
        current = data;
        answering = answers;
        try (RawClient client = RawClient.to(port)) {
            asking.accept(client, data.send());
            compareAnswers(data, client);
            String then = data.fact("then");
            if (then.equals("closed")) {
                assertThat(client.closedByPeer()).as(data + ": closed at the end").isTrue();
            } else if (!then.equals("any")) {
                ReceivedResponse further =
                        client.exchange("GET /further HTTP/1.1\r\nHost: weir.test\r\n\r\n");
                assertThat(further.text()).as(data + ": a further request").isEqualTo("further");
            }
        } catch (UncheckedIOException e) {
            List<String> saw = node.received().stream().map(ReceivedRequest::summary).toList();
            throw new AssertionError(data + ": " + e.getMessage() + "; the node saw " + saw, e);
        }
        compareRequests(data, node);
    }

    private static void compareAnswers(Corpus.Case data, RawClient client) {
        List<String> methods =
                data.all("node").stream().map(line -> line.split(" ", 2)[0]).toList();
        int request = 0;
        ReceivedResponse first = null;
        ReceivedResponse held = null;
        for (String line : data.all("client")) {
            boolean optional = line.startsWith("maybe ");
            String expected = optional ? line.substring(6) : line;
            ReceivedResponse got = held == null ? client.anyResponse(methods.get(request)) : held;
            held = null;
            if (optional && !got.interim()) {
                held = got;
                continue;
            }
            assertThat(describe(got, expected))
                    .as(data + ": answer")
                    .isEqualTo(Escaped.text(Escaped.bytes(expected)));
            assertThat(got.complete()).as(data + ": answer is complete").isTrue();
            if (!got.interim()) {
                first = first == null ? got : first;
                request++;
            }
        }
        if (first != null) {
            check(data, first.fields(), "client");
            check(data, first.trailers(), "client-trailer");
        }
    }

    private static String describe(ReceivedResponse got, String expected) {
        boolean any = expected.split(" ", 3)[1].equals("any");
        String body = got.body().length == 0 ? "" : " " + Escaped.text(got.body());
        return got.status() + " " + (any ? "any" : got.framing()) + body;
    }

    private static void compareRequests(Corpus.Case data, FakeNode node) {
        List<ReceivedRequest> requests =
                node.received().stream()
                        .filter(request -> !request.target().matches("/further|/pulse"))
                        .toList();
        assertThat(node.violations()).as(data + ": what the node saw").isEmpty();
        assertThat(requests)
                .as(data + ": what the node saw")
                .extracting(ReceivedRequest::summary)
                .containsExactlyElementsOf(
                        data.all("node").stream().map(LegalScript::latin1).toList());
        ReceivedRequest first = requests.get(0);
        for (String body : data.all("node-body")) {
            assertThat(first.body()).as(data + ": body at the node").isEqualTo(Escaped.bytes(body));
        }
        check(data, first.fields(), "node");
        check(data, first.trailers(), "node-trailer");
    }

    private static void check(Corpus.Case data, Fields fields, String side) {
        for (String expected : data.all(side + "-has")) {
            String field = latin1(expected);
            int colon = field.indexOf(':');
            String value = field.substring(colon + 1).strip();
            assertThat(fields.values(field.substring(0, colon)))
                    .as(data + ": " + side + " has " + expected)
                    .anyMatch(value::equalsIgnoreCase);
        }
        for (String name : data.all(side + "-hasnot")) {
            assertThat(fields.values(name)).as(data + ": " + side + " has no " + name).isEmpty();
        }
    }

    private static String latin1(String escaped) {
        return new String(Escaped.bytes(escaped), StandardCharsets.ISO_8859_1);
    }
}
