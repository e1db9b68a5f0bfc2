package io.weir.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.testkit.ConfigText;
import io.weir.testkit.Corpus;
import io.weir.testkit.FakeNode;
import io.weir.testkit.NodeConnection;
import io.weir.testkit.RawClient;
import io.weir.testkit.ReceivedResponse;
import io.weir.testkit.RunningWeir;
import io.weir.testkit.WeirExtension;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Messages that arrive in pieces mean the same as in one piece, wherever they are cut. Weir runs on
 * one event loop, so that an exchange of another client between two pieces proves that the first
 * one was read on its own.
 */
class EveryByteCutTest {

    @RegisterExtension static final WeirExtension WEIR = new WeirExtension();

    private static final LegalScript SCRIPT = new LegalScript();
    private static FakeNode node;
    private static RunningWeir weir;
    private static volatile @Nullable RawClient pulse;

    @BeforeAll
    static void start() {
        node = WEIR.node("cut", SCRIPT);
        weir =
                WEIR.start(
                        ConfigText.of(node)
                                .global("event-loops: 1")
                                .pool("passive-monitoring: false"));
    }

    static Stream<Corpus.Case> requests() {
        return cases().filter(data -> data.reply() == null);
    }

    static Stream<Corpus.Case> answers() {
        return cases().filter(data -> data.reply() != null);
    }

    private static Stream<Corpus.Case> cases() {
        return Corpus.read("/corpus/legal-oddities.txt").stream()
                .filter(data -> data.fact("cut").equals("yes"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("requests")
    void requestInTwoPiecesIsTheSameRequest(Corpus.Case data) {
        for (int cut = 1; cut < data.send().length; cut++) {
            int[] offsets = {cut};
            playing(data, offsets, new int[0]);
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("requests")
    void requestByteByByteIsTheSameRequest(Corpus.Case data) {
        playing(data, IntStream.range(1, data.send().length).toArray(), new int[0]);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("answers")
    void answerInTwoPiecesIsTheSameAnswer(Corpus.Case data) {
        for (int cut = 1; cut < lengthOfReply(data); cut++) {
            int[] offsets = {cut};
            playing(data, new int[0], offsets);
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("answers")
    void answerByteByByteIsTheSameAnswer(Corpus.Case data) {
        playing(data, new int[0], IntStream.range(1, lengthOfReply(data)).toArray());
    }

    private static int lengthOfReply(Corpus.Case data) {
        byte[] reply = data.reply();
        return reply == null ? 0 : reply.length;
    }

    private static void playing(Corpus.Case data, int[] requestCuts, int[] answerCuts) {
        try (RawClient other = RawClient.to(weir.port())) {
            pulse = other;
            SCRIPT.play(
                    data,
                    node,
                    weir.port(),
                    (client, bytes) ->
                            client.sendCut(bytes, EveryByteCutTest::awaitRead, requestCuts),
                    (connection, bytes) -> sendCut(connection, bytes, answerCuts));
        } catch (AssertionError e) {
            throw new AssertionError(
                    "cut at " + Arrays.toString(requestCuts) + Arrays.toString(answerCuts), e);
        }
    }

    private static void sendCut(NodeConnection connection, byte[] bytes, int[] cuts)
            throws IOException {
        int from = 0;
        for (int cut : cuts) {
            connection.send(Arrays.copyOfRange(bytes, from, cut));
            awaitRead();
            from = cut;
        }
        connection.send(Arrays.copyOfRange(bytes, from, bytes.length));
    }

    /** Called by the client's thread and by threads of the node. */
    private static synchronized void awaitRead() {
        ReceivedResponse response =
                java.util.Objects.requireNonNull(pulse)
                        .exchange("GET /pulse HTTP/1.1\r\nHost: weir.test\r\n\r\n");
        assertThat(response.status()).isEqualTo(200);
    }
}
