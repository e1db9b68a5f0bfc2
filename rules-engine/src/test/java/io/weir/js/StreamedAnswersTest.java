package io.weir.js;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.config.RuleConfig;
import io.weir.event.Event;
import io.weir.event.EventTag;
import io.weir.testkit.Await;
import io.weir.testkit.Behaviour;
import io.weir.testkit.FakeNode;
import io.weir.testkit.RawClient;
import io.weir.testkit.ReceivedResponse;
import io.weir.testkit.RunningWeir;
import io.weir.testkit.WeirExtension;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.GZIPOutputStream;

/** Answers that rules send piece by piece. */
class StreamedAnswersTest {

    @RegisterExtension static final WeirExtension WEIR = new WeirExtension();

    private static final String MASK =
            """
            http.stream.startResponse(http.getResponseCode(), http.getResponseHeader('Content-Type'));
            let line;
            while ((line = http.stream.readResponse(1000, '\\n')) !== '') {
                http.stream.writeResponse(string.replaceAll(line, 'secret', 'xxxxxx'));
            }
            http.stream.finishResponse('end\\n');
            """;

    @TempDir Path directory;

    private FakeNode web;
    private RuledWeir ruled;

    @BeforeEach
    void node() {
        web = WEIR.node("web");
        ruled = new RuledWeir(directory, web);
    }

    private static byte[] answer(String fields, byte[] body) {
        byte[] head =
                ("HTTP/1.1 200 OK\r\n" + fields + "Content-Length: " + body.length + "\r\n\r\n")
                        .getBytes(StandardCharsets.ISO_8859_1);
        byte[] all = java.util.Arrays.copyOf(head, head.length + body.length);
        System.arraycopy(body, 0, all, head.length, body.length);
        return all;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    @Test
    void theBodyIsRewrittenLineByLineAndTheFieldsOfTheNodeStay() {
        web.behave(
                Behaviour.saying(
                        "HTTP/1.1 200 OK\r\n"
                                + "Content-Type: text/csv\r\n"
                                + "Set-Cookie: a=b\r\n"
                                + "Transfer-Encoding: chunked\r\n\r\n"
                                + "9\r\n"
                                + "a secret \r\n"
                                + "4\r\n"
                                + "1\n"
                                + "b \r\n"
                                + "7\r\n"
                                + "secret \r\n"
                                + "3\r\n"
                                + "2\n"
                                + "c\r\n"
                                + "0\r\n\r\n"));
        ruled.response(MASK, "http.setResponseHeader('X-Second', 'ran');").start(WEIR);
        ReceivedResponse response = ruled.get("/");
        assertThat(response.text()).endsWith("a xxxxxx 1\nb xxxxxx 2\ncend\n");
        assertThat(response.field("Set-Cookie")).isEqualTo("a=b");
        assertThat(response.field("Content-Type")).isEqualTo("text/csv");
        assertThat(response.field("Transfer-Encoding")).isEqualTo("chunked");
        assertThat(response.field("X-Second")).isEmpty();
        assertThat(ruled.get("/").text()).endsWith("end\n");
        assertThat(web.settle().openConnections()).as("kept for further requests").isEqualTo(1);
    }

    @Test
    void aRuleThatRanAwayWhileItHadToWaitHoldsNoOtherUp() {
        web.behave(
                Behaviour.answering(
                        request ->
                                request.target().equals("/bad")
                                        ? bytes("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n")
                                        : answer("", bytes("hello"))));
        ruled.virtualServer("rule-failure: continue")
                .response(
                        """
                        if (http.getPath() === '/bad') {
                            http.stream.startResponse(200, 'text/plain');
                            const stream = http.stream;
                            stream.readResponse(5);
                            for (;;) {}
                        }
                        """,
                        """
                        http.stream.startResponse(200, 'text/plain');
                        http.stream.writeResponse('read: ' + http.stream.readResponse(5));
                        http.stream.finishResponse();
                        """)
                .start(WEIR);
        try (RawClient client = ruled.client()) {
            client.send("GET /bad HTTP/1.1\r\nHost: www.test\r\n\r\n");
            Await.until("the rule to be ended", () -> !aborts().isEmpty());
            client.reset();
        }
        assertThat(ruled.get("/").text()).isEqualTo("read: hello");
        assertThat(aborts()).singleElement().asString().contains("time-limit");
    }

    private List<String> aborts() {
        return ruled.running().events().stream()
                .filter(e -> e.tag() == EventTag.RULEABORT)
                .map(Event::text)
                .toList();
    }

    @Test
    void whatTheNodeHasCodedIsReadDecoded() throws IOException {
        ByteArrayOutputStream coded = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(coded)) {
            gzip.write(bytes("one secret\ntwo\n"));
        }
        web.behave(
                Behaviour.answering(
                        request ->
                                answer(
                                        "Content-Encoding: gzip\r\nETag: \"1\"\r\n",
                                        coded.toByteArray())));
        ruled.response(MASK).start(WEIR);
        ReceivedResponse response = ruled.get("/", "Accept-Encoding: gzip");
        assertThat(response.text()).endsWith("one xxxxxx\ntwo\nend\n");
        assertThat(response.field("Content-Encoding")).isEmpty();
    }

    @Test
    void theRestOfTheBodyIsPassedOn() {
        web.behave(Behaviour.answering(request -> answer("", bytes("12345678901234567890"))));
        ruled.response(
                        """
                        http.stream.startResponse(206, 'text/x', 24);
                        const five = http.stream.readResponse(5).length;
                        http.stream.continueFromBackend('skipped ' + five);
                        """)
                .start(WEIR);
        ReceivedResponse response = ruled.get("/");
        assertThat(response.status()).isEqualTo(206);
        assertThat(response.field("Content-Length")).isEqualTo("24");
        assertThat(response.text()).endsWith("skipped 5678901234567890");
    }

    @Test
    void aRequestRuleAnswersWithoutANode() {
        ruled.request(
                        """
                        http.stream.startResponse('201 Made', 'text/plain', '', 'X-Made: yes');
                        for (const n of [1, 2, 3]) {
                            http.stream.writeResponse(`${n},${http.stream.readResponse(9)}`);
                            connection.sleep(1);
                        }
                        """)
                .response("http.setResponseHeader('X-Response-Rule', 'ran');")
                .completion("log.info('completed ' + http.getResponseCode());")
                .start(WEIR);
        ReceivedResponse response = ruled.get("/");
        assertThat(response.status()).isEqualTo(201);
        assertThat(response.field("X-Made")).isEqualTo("yes");
        assertThat(response.field("X-Response-Rule")).isEmpty();
        assertThat(response.text()).endsWith("1,2,3,");
        assertThat(web.requests()).isZero();
    }

    @Test
    void headGetsTheHeadAlone() {
        ruled.request(
                        """
                        http.stream.startResponse(200, 'text/plain', 5);
                        http.stream.finishResponse('hello');
                        """)
                .start(WEIR);
        try (RawClient client = ruled.client()) {
            client.send("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(client.response("HEAD").field("Content-Length")).isEqualTo("5");
            assertThat(client.exchange("GET / HTTP/1.1\r\nHost: a\r\n\r\n").text())
                    .endsWith("hello");
        }
    }

    @Test
    void aClientThatDoesNotReadHoldsTheNodeBackAndALongBodyIsNeverThereAsAWhole() {
        long size = 48L << 20;
        AtomicLong sent = new AtomicLong();
        byte[] piece = new byte[1 << 16];
        java.util.Arrays.fill(piece, (byte) 'x');
        web.behave(
                connection -> {
                    connection.head();
                    connection.send("HTTP/1.1 200 OK\r\nContent-Length: " + size + "\r\n\r\n");
                    while (sent.get() < size) {
                        connection.send(piece);
                        sent.addAndGet(piece.length);
                    }
                });
        RunningWeir weir =
                ruled.response(
                                """
                                http.stream.startResponse(200, 'text/plain');
                                let piece;
                                let length = 0;
                                while ((piece = http.stream.readBulkResponse(65536)) !== '') {
                                    length += piece.length;
                                    http.stream.writeResponse(piece);
                                }
                                http.stream.finishResponse('|' + length);
                                """)
                        .start(WEIR);
        try (RawClient client = RawClient.to(weir.port()).patience(Duration.ofMinutes(2))) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            client.head("GET");
            long ahead =
                    Await.steady(
                            "what the node could send",
                            Duration.ofMillis(400),
                            Duration.ofSeconds(60),
                            sent::get);
            assertThat(ahead).isLessThan(size / 2);
            long got = 0;
            byte[] last = {};
            for (byte[] some = client.some(1 << 20);
                    got < size && some.length > 0;
                    some = client.some(1 << 20)) {
                got += some.length;
                last = some;
            }
            assertThat(got).isGreaterThanOrEqualTo(size);
            assertThat(last).isNotEmpty();
        }
        assertThat(weir.events()).noneMatch(event -> event.tag() == EventTag.RULEABORT);
    }

    @Test
    void aRuleThatFailsInTheMiddleCutsTheAnswer() {
        RunningWeir weir =
                ruled.request(
                                """
                                http.stream.startResponse(200, 'text/plain');
                                http.stream.writeResponse('begun');
                                connection.sleep(1);
                                undefined.length;
                                """)
                        .start(WEIR);
        try (RawClient client = ruled.client()) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            String all = new String(client.rest(), StandardCharsets.ISO_8859_1);
            assertThat(all).contains("begun").doesNotEndWith("0\r\n\r\n");
        }
        Await.until(
                "the event with the place of the error",
                () ->
                        weir.events().stream()
                                .anyMatch(
                                        event ->
                                                event.tag() == EventTag.RULEABORT
                                                        && event.text().contains("line 4")));
    }

    @Test
    void anErrorBeforeTheAnswerHasBegunIsAnErrorPage() {
        ruled.request("http.stream.writeResponse('too early');").start(WEIR);
        assertThat(ruled.get("/").status()).isEqualTo(500);
    }

    @Test
    void moreOrLessThanWasAnnouncedIsNotSent() {
        ruled.request(
                        """
                        http.stream.startResponse(200, 'text/plain', 4);
                        http.stream.finishResponse(http.getPath() === '/long' ? 'longer' : 'x');
                        """)
                .start(WEIR);
        for (String path : new String[] {"/long", "/short"}) {
            try (RawClient client = ruled.client()) {
                client.send("GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n");
                String all = new String(client.rest(), StandardCharsets.ISO_8859_1);
                assertThat(all).doesNotContain("longer").doesNotEndWith("\r\n\r\nxxxx");
            }
        }
    }

    @Test
    void otherCallsWaitTooAndTheirGroupsStay() {
        FakeNode other = WEIR.node("other", Behaviour.answering(r -> answer("", bytes("42"))));
        ruled.global("rules: {egress: [127.0.0.0/8]}")
                .request(
                        """
                        async function ask(path) {
                            return await http.request.get('http://%s' + path) + '/' + $1;
                        }
                        string.regexmatch('abc', '(b)');
                        connection.sleep(1);
                        const group = $1;
                        const answer = await ask('/a');
                        http.stream.startResponse(200, 'text/plain');
                        http.stream.writeResponse(group + ' ' + answer);
                        """
                                .formatted(other.address()))
                .start(WEIR);
        assertThat(ruled.get("/").text()).endsWith("b 42/200");
    }

    @Test
    void aCallThatWaitsInAPlainFunctionIsRefusedWithItsPlace() {
        RuleConfig rule =
                new RuleConfig(
                        "r",
                        Path.of("r.js"),
                        "http.stream.startResponse(200, 'a');\n"
                                + "[1].forEach((n) => http.stream.writeResponse(n));\n");
        assertThat(new JsEngine().check(rule))
                .singleElement()
                .satisfies(problem -> assertThat(problem.line()).isEqualTo(2));
    }

    @Test
    void aRuleThatForgetsToAwaitIsToldSo() {
        RunningWeir weir =
                ruled.request(
                                """
                                async function slow() { connection.sleep(1); }
                                slow();
                                http.stream.startResponse(200, 'a');
                                """)
                        .start(WEIR);
        assertThat(ruled.get("/").status()).isEqualTo(500);
        Await.until(
                "the event",
                () -> weir.events().stream().anyMatch(e -> e.text().contains("put await")));
    }
}
