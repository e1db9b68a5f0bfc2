package io.weir.scenario;

import static io.weir.testkit.H2Client.HEADERS;
import static io.weir.testkit.H2Client.RST_STREAM;
import static io.weir.testkit.H2Client.number;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.event.EventTag;
import io.weir.testkit.Await;
import io.weir.testkit.ConfigText;
import io.weir.testkit.FakeNode;
import io.weir.testkit.H2Client;
import io.weir.testkit.H2Client.Answer;
import io.weir.testkit.H2Service;
import io.weir.testkit.H2Service.Request;
import io.weir.testkit.RawClient;
import io.weir.testkit.ReceivedResponse;
import io.weir.testkit.RunningWeir;
import io.weir.testkit.ShiftedTicker;
import io.weir.testkit.WeirExtension;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** Nodes that are asked over HTTP/2. */
class Http2NodesTest {

    private static final String GET = "GET /a HTTP/1.1\r\nHost: weir.test\r\nTE: trailers\r\n\r\n";

    @RegisterExtension static final WeirExtension WEIR = new WeirExtension();

    private static RunningWeir weir(FakeNode... nodes) {
        return WEIR.start(
                ConfigText.of(nodes)
                        .global("event-loops: 1")
                        .pool("http2: h2c", "passive-monitoring: false"));
    }

    @Test
    void clientsOfBothVersionsShareOneConnection() {
        List<Map<String, String>> heads = new CopyOnWriteArrayList<>();
        FakeNode node =
                WEIR.node(
                        "h2",
                        H2Service.running(
                                (service, request, frame) -> {
                                    if (request.ended()) {
                                        heads.add(request.fields());
                                        service.head(request.stream(), false, ":status", "200")
                                                .data(request.stream(), (byte) 'o', (byte) 'k')
                                                .head(request.stream(), true, "x-sum", "7");
                                    }
                                }));
        RunningWeir weir = weir(node);
        try (RawClient old = RawClient.to(weir.port())) {
            ReceivedResponse response = old.exchange(GET);
            assertThat(response.status()).isEqualTo(200);
            assertThat(response.text()).isEqualTo("ok");
            assertThat(response.complete()).isTrue();
        }
        H2Client client = WEIR.http2(weir);
        for (int i = 1; i < 20; i += 2) {
            client.post(i, "/b", "te", "trailers").data(i, true, number(i));
        }
        for (int i = 1; i < 20; i += 2) {
            Answer answer = client.answer(i);
            assertThat(answer.text()).isEqualTo("ok");
            assertThat(answer.trailers()).containsEntry("x-sum", "7");
        }
        assertThat(node.connections()).isEqualTo(1);
        assertThat(heads.get(0))
                .containsEntry(":method", "GET")
                .containsEntry(":scheme", "http")
                .containsEntry(":path", "/a")
                .containsEntry(":authority", "weir.test")
                .containsKey("x-forwarded-for")
                .doesNotContainKeys("host", "connection", "te");
        assertThat(heads.get(1)).containsEntry("te", "trailers");
    }

    @Test
    void bothDirectionsStreamAtTheSameTime() {
        FakeNode node =
                WEIR.node(
                        "h2",
                        H2Service.running(
                                (service, request, frame) -> {
                                    if (frame.type() == HEADERS && !request.ended()) {
                                        service.head(request.stream(), false, ":status", "200");
                                    } else if (frame.payload().length > 0) {
                                        service.data(request.stream(), frame.payload());
                                    }
                                    if (request.ended()) {
                                        service.head(
                                                request.stream(),
                                                true,
                                                "grpc-status",
                                                "0",
                                                "x-of-client",
                                                String.valueOf(request.trailers().get("x-end")));
                                    }
                                }));
        RunningWeir weir = weir(node);
        H2Client client = WEIR.http2(weir);
        client.post(1, "/service/method", "content-type", "application/grpc", "te", "trailers");
        for (int i = 1; i <= 50; i++) {
            client.data(1, false, number(i));
            assertThat(client.body(1, i * 4).body()).hasSize(i * 4).endsWith(number(i));
        }
        client.frame(HEADERS, 5, 1, H2Client.block("x-end", "9"));
        Answer answer = client.answer(1);
        assertThat(answer.end()).isEqualTo("END_STREAM");
        assertThat(answer.trailers())
                .containsEntry("grpc-status", "0")
                .containsEntry("x-of-client", "9");
    }

    /** Answers {@code ok} with its length, and a trailer that is announced on demand. */
    private static FakeNode tellingLengths() {
        return WEIR.node(
                "h2",
                H2Service.running(
                        (service, request, frame) -> {
                            int id = request.stream();
                            String sum = String.valueOf(request.trailers().get("x-sum"));
                            if (frame.type() != HEADERS || !request.ended()) {
                                return;
                            }
                            if (request.fields().containsValue("/announced")) {
                                service.head(
                                        id,
                                        false,
                                        ":status",
                                        "200",
                                        "content-length",
                                        "2",
                                        "trailer",
                                        "x-sum");
                            } else {
                                service.head(id, false, ":status", "200", "content-length", "2");
                            }
                            service.data(id, (byte) 'o', (byte) 'k').head(id, true, "x-sum", sum);
                        }));
    }

    @Test
    void trailersBehindAContentLengthStayWhereTheVersionAllows() {
        RunningWeir weir = weir(tellingLengths());
        H2Client client = WEIR.http2(weir);
        for (String path : List.of("/announced", "/told")) {
            int id = path.equals("/told") ? 3 : 1;
            client.post(id, path, "te", "trailers", "content-length", "1", "trailer", "x-sum")
                    .data(id, false, (byte) 'x')
                    .frame(HEADERS, 5, id, H2Client.block("x-sum", "9"));
            Answer answer = client.answer(id);
            assertThat(answer.text()).isEqualTo("ok");
            assertThat(answer.heads().getFirst()).containsEntry("content-length", "2");
            assertThat(answer.trailers()).containsEntry("x-sum", "9");
        }
        try (RawClient old = RawClient.to(weir.port())) {
            String asks = "GET /announced HTTP/1.1\r\nHost: weir.test\r\n";
            ReceivedResponse kept = old.exchange(asks + "Connection: TE\r\nTE: trailers\r\n\r\n");
            assertThat(kept.text()).isEqualTo("ok");
            assertThat(kept.fields().has("Content-Length")).isFalse();
            assertThat(kept.trailers().first("X-Sum")).isEqualTo("null");
            ReceivedResponse dropped = old.exchange(asks + "\r\n");
            assertThat(dropped.text()).isEqualTo("ok");
            assertThat(dropped.field("Content-Length")).isEqualTo("2");
        }
    }

    @Test
    void anAnswerOfTrailersAloneStaysOne() {
        FakeNode node =
                WEIR.node(
                        "h2",
                        H2Service.running(
                                (service, request, frame) -> {
                                    if (request.ended()) {
                                        service.head(
                                                request.stream(),
                                                true,
                                                ":status",
                                                "200",
                                                "grpc-status",
                                                "12");
                                    }
                                }));
        Answer answer = WEIR.http2(weir(node)).get(1, "/").answer(1);
        assertThat(answer.heads().get(0)).containsEntry("grpc-status", "12");
        assertThat(answer.end()).isEqualTo("END_STREAM");
    }

    @Test
    void aRequestThatTheNodeRefusedGoesAgainWhateverItIs() {
        AtomicBoolean refused = new AtomicBoolean();
        FakeNode node =
                WEIR.node(
                        "h2",
                        H2Service.running(
                                (service, request, frame) -> {
                                    if (frame.type() == HEADERS && !refused.getAndSet(true)) {
                                        service.frame(RST_STREAM, 0, request.stream(), number(7));
                                    } else if (request.ended() && frame.type() != RST_STREAM) {
                                        service.head(request.stream(), true, ":status", "204");
                                    }
                                }));
        RunningWeir weir = weir(node);
        H2Client client = WEIR.http2(weir);
        client.frame(HEADERS, 5, 1, H2Client.block(H2Client.fields("POST", "/")));
        assertThat(client.outcome(1)).isEqualTo("204");
        assertThat(refused).isTrue();
    }

    @Test
    void streamsThatANodeDidNotLookAtGoToANewConnection() {
        AtomicInteger connections = new AtomicInteger();
        FakeNode node =
                WEIR.node(
                        "h2",
                        connection -> {
                            int number = connections.incrementAndGet();
                            H2Service.running(
                                            (service, request, frame) -> {
                                                if (!request.ended() || request.wasReset()) {
                                                    return;
                                                }
                                                if (number > 1) {
                                                    answer(service, request, "second");
                                                } else if (request.stream() == 5) {
                                                    service.goAway(1);
                                                    answer(service, 1, "first");
                                                }
                                            })
                                    .serve(connection);
                        });
        RunningWeir weir = weir(node);
        H2Client client = WEIR.http2(weir);
        for (int i = 1; i < 7; i += 2) {
            client.frame(HEADERS, 5, i, H2Client.block(H2Client.fields("POST", "/" + i)));
        }
        assertThat(client.answer(1).text()).isEqualTo("first");
        assertThat(client.answer(3).text()).isEqualTo("second");
        assertThat(client.answer(5).text()).isEqualTo("second");
        assertThat(client.get(7, "/").answer(7).text()).isEqualTo("second");
        Await.until("the first connection to end", () -> node.openConnections() == 1);
    }

    private static void answer(H2Service service, Request request, String text)
            throws java.io.IOException {
        answer(service, request.stream(), text);
    }

    private static void answer(H2Service service, int stream, String text)
            throws java.io.IOException {
        service.head(stream, false, ":status", "200")
                .frame(
                        H2Client.DATA,
                        H2Client.END_STREAM,
                        stream,
                        text.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
    }

    @Test
    void noMoreStreamsThanTheNodeAllows() {
        CopyOnWriteArrayList<Integer> streams = new CopyOnWriteArrayList<>();
        FakeNode node =
                WEIR.node(
                        "h2",
                        H2Service.running(
                                (service, request, frame) -> {
                                    if ("/first".equals(request.fields().get(":path"))) {
                                        answer(service, request, "first");
                                    } else if (frame.type() == HEADERS) {
                                        streams.add(request.stream());
                                    }
                                },
                                3,
                                1));
        RunningWeir weir = weir(node);
        H2Client client = WEIR.http2(weir);
        assertThat(client.get(1, "/first").answer(1).text()).isEqualTo("first");
        client.get(3, "/x").get(5, "/y");
        Await.until("both requests to arrive", () -> streams.size() == 2);
        assertThat(node.connections()).isEqualTo(2);
    }

    @Test
    void answersThatBreakTheRulesAreNotPassedOn() {
        List<String[]> heads =
                List.of(
                        new String[] {":status", "20"},
                        new String[] {":status", "2000"},
                        new String[] {":status", "101"},
                        new String[] {"a", "b"},
                        new String[] {":status", "200", "Upper", "x"},
                        new String[] {":status", "200", "a", "b\r\nc: d"},
                        new String[] {":status", "200", "a", "b\0c"},
                        new String[] {":status", "200", "connection", "close"},
                        new String[] {":status", "200", "transfer-encoding", "chunked"},
                        new String[] {":status", "200", "content-length", "x"},
                        new String[] {":status", "200", "content-length", "7"});
        AtomicInteger next = new AtomicInteger();
        FakeNode node =
                WEIR.node(
                        "h2",
                        H2Service.running(
                                (service, request, frame) -> {
                                    if (frame.type() == HEADERS) {
                                        service.head(request.stream(), true, heads.get(next.get()));
                                    }
                                }));
        RunningWeir weir = weir(node);
        for (int i = 0; i < heads.size(); i++) {
            next.set(i);
            try (RawClient client = RawClient.to(weir.port())) {
                assertThat(
                                client.exchange(
                                                GET.replace("GET", "POST")
                                                        .replace("TE:", "Content-Length: 0\r\nX:"))
                                        .status())
                        .as(String.join(" ", heads.get(i)))
                        .isEqualTo(502);
            }
        }
    }

    @Test
    void aResponseThatTheNodeGivesUpNeverLooksComplete() {
        FakeNode node =
                WEIR.node(
                        "h2",
                        H2Service.running(
                                (service, request, frame) -> {
                                    if (frame.type() == HEADERS) {
                                        service.head(request.stream(), false, ":status", "200")
                                                .data(request.stream(), (byte) 'x')
                                                .frame(RST_STREAM, 0, request.stream(), number(0));
                                    }
                                }));
        RunningWeir weir = weir(node);
        assertThat(WEIR.http2(weir).get(1, "/").outcome(1)).isEqualTo("RST INTERNAL_ERROR");
        try (RawClient old = RawClient.to(weir.port())) {
            old.send(GET);
            assertThat(new String(old.rest(), java.nio.charset.StandardCharsets.ISO_8859_1))
                    .doesNotContain("0\r\n\r\n");
        }
    }

    @Test
    void aNodeThatDoesNotSpeakItIsAFailedNode() {
        FakeNode node = WEIR.node("http1");
        RunningWeir weir = weir(node);
        try (RawClient client = RawClient.to(weir.port())) {
            assertThat(client.exchange(GET).status()).isEqualTo(502);
        }
    }

    @Test
    void aStreamThatTheClientGivesUpIsGivenUpAtTheNode() {
        AtomicBoolean reset = new AtomicBoolean();
        FakeNode node =
                WEIR.node(
                        "h2",
                        H2Service.running(
                                (service, request, frame) -> {
                                    if (request.wasReset()) {
                                        reset.set(true);
                                    } else if (frame.type() == HEADERS) {
                                        service.head(request.stream(), false, ":status", "200");
                                    }
                                }));
        RunningWeir weir = weir(node);
        H2Client client = WEIR.http2(weir);
        client.get(1, "/");
        assertThat(client.head(1).status()).isEqualTo(200);
        client.reset(1, 8);
        Await.until("the reset to arrive", reset::get);
        assertThat(node.openConnections()).as("the connection stays").isEqualTo(1);
    }

    @Test
    void largeBodiesPassBothWays() {
        FakeNode node = WEIR.node("h2", H2Service.echoing(4, 1 << 20));
        RunningWeir weir = weir(node);
        byte[] body = new byte[200_000];
        new java.util.Random(5).nextBytes(body);
        try (RawClient client = RawClient.to(weir.port())) {
            client.send("POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 200000\r\n\r\n").send(body);
            ReceivedResponse response = client.response("POST");
            assertThat(response.text())
                    .isEqualTo(new String(body, java.nio.charset.StandardCharsets.ISO_8859_1));
            assertThat(response.field("x-via-h2")).isEqualTo("yes");
        }
    }

    /** The answer is whole by its length, and its end never comes. */
    @Test
    void anAnswerThatIsWholeDoesNotHoldItsPlaceForAnEndThatNeverComes() {
        AtomicInteger resets = new AtomicInteger();
        FakeNode node =
                WEIR.node(
                        "h2",
                        H2Service.running(
                                (service, request, frame) -> {
                                    int id = request.stream();
                                    if (frame.type() == RST_STREAM) {
                                        resets.incrementAndGet();
                                        return;
                                    }
                                    service.head(
                                            id, false, ":status", "200", "content-length", "2");
                                    if (!"HEAD".equals(request.fields().get(":method"))) {
                                        service.data(id, (byte) 'o', (byte) 'k');
                                    }
                                }));
        ShiftedTicker clock = new ShiftedTicker();
        RunningWeir weir =
                WEIR.start(
                        ConfigText.of(node)
                                .global("event-loops: 1")
                                .pool("http2: h2c", "max-transactions-per-node: 1"),
                        clock);
        H2Client client = WEIR.http2(weir);
        for (int i = 1; i < 6; i += 2) {
            String method = i == 3 ? "HEAD" : "GET";
            client.frame(HEADERS, 5, i, H2Client.block(H2Client.fields(method, "/")));
            assertThat(client.outcome(i)).isEqualTo("200");
            assertThat(client.answers(i).text()).isEqualTo(i == 3 ? "" : "ok");
            clock.advance(Duration.ofSeconds(31));
            int gone = (i + 1) / 2;
            Await.until("the place to be free", () -> resets.get() == gone);
        }
        assertThat(node.connections()).isEqualTo(1);
    }

    @Test
    void aNodeThatRefusesRequestsHasNotFailed() {
        FakeNode full =
                WEIR.node(
                        "full",
                        H2Service.running(
                                (service, request, frame) -> {
                                    if (frame.type() == HEADERS) {
                                        service.frame(RST_STREAM, 0, request.stream(), number(7));
                                    }
                                }));
        FakeNode well =
                WEIR.node(
                        "well",
                        H2Service.running(
                                (service, request, frame) -> {
                                    if (request.ended()) {
                                        service.head(request.stream(), true, ":status", "204");
                                    }
                                }));
        RunningWeir weir =
                WEIR.start(
                        ConfigText.of(full, well)
                                .global("event-loops: 1")
                                .pool("http2: h2c", "algorithm: round-robin"));
        H2Client client = WEIR.http2(weir);
        for (int i = 1; i < 40; i += 2) {
            client.frame(HEADERS, 5, i, H2Client.block(H2Client.fields("POST", "/")));
            assertThat(client.outcome(i)).isEqualTo("204");
        }
        assertThat(weir.node(full.address()).health()).isNotEqualTo("down");
        assertThat(weir.events()).noneMatch(event -> event.tag() == EventTag.NODEFAIL);
    }

    /** Only its connection tells, on which nothing comes any more. */
    @Test
    void aConnectionOnWhichNothingComesGetsNoFurtherRequest() {
        AtomicInteger lost = new AtomicInteger();
        FakeNode node =
                WEIR.node(
                        "h2",
                        H2Service.running(
                                (service, request, frame) -> {
                                    boolean first = service.connection().number() == 1;
                                    if (first && request.stream() > 1) {
                                        lost.incrementAndGet();
                                    } else if (request.ended()) {
                                        answer(service, request, first ? "first" : "second");
                                    }
                                }));
        ShiftedTicker clock = new ShiftedTicker();
        RunningWeir weir =
                WEIR.start(
                        ConfigText.of(node)
                                .global("event-loops: 1")
                                .pool("http2: h2c", "passive-monitoring: false"),
                        clock);
        H2Client client = WEIR.http2(weir);
        assertThat(client.get(1, "/").answer(1).text()).isEqualTo("first");
        client.get(3, "/");
        Await.until("the request to arrive", () -> lost.get() == 1);
        clock.advance(Duration.ofSeconds(31));
        assertThat(client.outcome(3)).isEqualTo("504");
        assertThat(client.get(5, "/").answer(5).text()).isEqualTo("second");
        assertThat(client.get(7, "/").answer(7).text()).isEqualTo("second");
        Await.until("the first connection to end", () -> node.openConnections() == 1);
    }

    @Test
    void withoutAnIdleTimeoutTheConnectionIsKept() {
        FakeNode node = WEIR.node("h2", H2Service.echoing());
        ShiftedTicker clock = new ShiftedTicker();
        RunningWeir weir =
                WEIR.start(
                        ConfigText.of(node)
                                .global("event-loops: 1")
                                .pool("http2: h2c", "idle-timeout: 0"),
                        clock);
        for (int i = 0; i < 3; i++) {
            try (RawClient client = RawClient.to(weir.port())) {
                assertThat(client.exchange(GET).status()).isEqualTo(200);
            }
            clock.advance(Duration.ofDays(1));
        }
        assertThat(node.connections()).isEqualTo(1);
    }
}
