package io.weir.js;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.event.EventTag;
import io.weir.runtime.WeirRuntime;
import io.weir.testkit.Await;
import io.weir.testkit.Behaviour;
import io.weir.testkit.FakeNode;
import io.weir.testkit.H2Client;
import io.weir.testkit.H2Service;
import io.weir.testkit.RawClient;
import io.weir.testkit.ReceivedResponse;
import io.weir.testkit.RunningWeir;
import io.weir.testkit.WeirExtension;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What rules do to requests and responses on their way. */
class RulesOnTheWayTest {

    @RegisterExtension static final WeirExtension WEIR = new WeirExtension();

    @TempDir Path directory;

    private FakeNode web;
    private FakeNode other;
    private RuledWeir ruled;

    @BeforeEach
    void nodes() {
        web = WEIR.node("web");
        other = WEIR.node("other");
        ruled = new RuledWeir(directory, web).pool("other", other);
    }

    private static Behaviour html(String body) {
        return Behaviour.answering(
                request ->
                        ("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: "
                                        + body.length()
                                        + "\r\n\r\n"
                                        + body)
                                .getBytes(StandardCharsets.ISO_8859_1));
    }

    @Test
    void cookiesOfRequestRulesGoWithTheAnswerWhoeverMakesIt() {
        ruled.request(
                        """
                        http.setResponseCookie('a', '1');
                        http.setResponseCookie('a', '2', 'path=/');
                        if (http.getPath() === '/own') http.sendResponse(200, 'text/plain', 'x');
                        """)
                .start(WEIR);
        assertThat(ruled.get("/").field("Set-Cookie")).isEqualTo("a=2; path=/");
        assertThat(ruled.get("/own").field("Set-Cookie")).isEqualTo("a=2; path=/");
    }

    @Test
    void whatRequestRulesHaveAddedFieldsToIsNotAnsweredOutOfTheCache() {
        web.behave(
                Behaviour.answering(
                        request ->
                                ("HTTP/1.1 200 OK\r\nCache-Control: max-age=60\r\n"
                                                + "Content-Length: 2\r\n\r\nok")
                                        .getBytes(StandardCharsets.ISO_8859_1)));
        ruled.virtualServer("cache: true")
                .request(
                        "if (http.getHeader('X-User'))"
                                + " http.setHeader('X-Shown-To', http.getHeader('X-User'));")
                .start(WEIR);
        ruled.get("/a", "X-User: alice");
        ruled.get("/a", "X-User: bob");
        assertThat(web.requests()).isEqualTo(2);
        ruled.get("/b");
        ruled.get("/b");
        assertThat(web.requests()).isEqualTo(3);
    }

    @Test
    void rulesSayWhatTheCacheTellsAnswersApartBy() {
        web.behave(
                Behaviour.answering(
                        request ->
                                ("HTTP/1.1 200 OK\r\nCache-Control: max-age=60\r\n"
                                                + "Content-Length: 2\r\n\r\nok")
                                        .getBytes(StandardCharsets.ISO_8859_1)));
        ruled.virtualServer("cache: true")
                .request(
                        """
                        if (http.getPath() === '/never') http.cache.disable();
                        http.setHeader('X-Class', http.getHeader('X-User') ? 'user' : 'guest');
                        http.cache.setkey(http.getHeader('X-Class'));
                        http.cache.respondIfCached();
                        http.setHeader('X-Cached', http.cache.exists());
                        """)
                .start(WEIR);
        for (String path : new String[] {"/a", "/never"}) {
            ruled.get(path, "X-User: alice");
            ruled.get(path, "X-User: bob");
            ruled.get(path);
            ruled.get(path);
        }
        assertThat(web.received().stream().filter(r -> r.target().equals("/a"))).hasSize(2);
        assertThat(web.received().stream().filter(r -> r.target().equals("/never"))).hasSize(4);
    }

    @Test
    void anUnsafeRequestRemovesWhatIsStoredOfItsTargetUnderWhateverKeyAndOfWhateverPool() {
        Behaviour cacheable =
                Behaviour.saying(
                        "HTTP/1.1 200 OK\r\nCache-Control: max-age=60\r\n"
                                + "Content-Length: 2\r\n\r\nok");
        web.behave(cacheable);
        other.behave(cacheable);
        RunningWeir weir =
                ruled.virtualServer("cache: true")
                        .request(
                                """
                                http.cache.setkey(http.getHeader('X-Class') ?? '');
                                if (http.getMethod() === 'POST') pool.select('other');
                                """)
                        .start(WEIR);
        for (int i = 0; i < 2; i++) {
            ruled.get("/a");
            ruled.get("/a", "X-Class: gold");
            ruled.get("/b", "X-Class: gold");
        }
        assertThat(web.requests()).isEqualTo(3);
        try (RawClient client = RawClient.to(weir.port())) {
            client.exchange("POST /a HTTP/1.1\r\nHost: www.test\r\nContent-Length: 0\r\n\r\n");
        }
        assertThat(other.requests()).isEqualTo(1);
        ruled.get("/a");
        ruled.get("/a", "X-Class: gold");
        ruled.get("/b", "X-Class: gold");
        assertThat(web.requests()).isEqualTo(5);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http.setResponseBody('done');",
                "http.sendResponse(200, 'text/plain', 'done');",
                "http.stream.startResponse(200, 'text/plain');"
                        + " http.stream.finishResponse('done');",
            })
    void anUnsafeRequestRemovesWhatIsStoredWhateverAResponseRuleMakesOfItsAnswer(String rule) {
        web.behave(
                Behaviour.saying(
                        "HTTP/1.1 200 OK\r\nCache-Control: max-age=60\r\nContent-Location: /b\r\n"
                                + "Content-Length: 2\r\n\r\nok"));
        RunningWeir weir =
                ruled.virtualServer("cache: true")
                        .response("if (http.getMethod() === 'POST') { " + rule + " }")
                        .start(WEIR);
        for (String target : new String[] {"/a", "/b", "/c", "/a", "/b", "/c"}) {
            ruled.get(target);
        }
        assertThat(web.requests()).isEqualTo(3);
        try (RawClient client = RawClient.to(weir.port())) {
            String posted = "POST /a HTTP/1.1\r\nHost: www.test\r\nContent-Length: 0\r\n\r\n";
            assertThat(client.exchange(posted).text()).isEqualTo("done");
        }
        for (String target : new String[] {"/a", "/b", "/c"}) {
            ruled.get(target);
        }
        assertThat(web.requests()).isEqualTo(6);
    }

    @Test
    void requestRuleSendsTheRequestToAnotherPool() {
        ruled.request("if (http.getHeader('X-Gold') === 'yes') pool.use('other');").start(WEIR);
        ruled.get("/a", "X-Gold: yes");
        ruled.get("/b");
        assertThat(other.requests()).isEqualTo(1);
        assertThat(web.requests()).isEqualTo(1);
    }

    @Test
    void poolUseEndsTheListAndPoolSelectDoesNot() {
        ruled.request(
                        "http.setHeader('X-Seen', '1'); pool.select('web');",
                        "http.setHeader('X-Seen', http.getHeader('X-Seen') + '2');"
                                + " pool.use('other'); http.setHeader('X-Seen', 'never');",
                        "http.setHeader('X-Seen', 'never');")
                .start(WEIR);
        ruled.get("/");
        assertThat(RuledWeir.seen(other)).contains("X-Seen: 12\n");
    }

    @Test
    void whatRulesCountIsToldByName() {
        RunningWeir weir =
                ruled.request("counter.increment('orders of this test', 3);").start(WEIR);
        ruled.get("/");
        ruled.get("/");
        assertThat(((WeirRuntime) weir.plane()).ruleFigures().counters())
                .containsEntry("orders of this test", 6L);
    }

    @Test
    void terminatingCallCannotBeSwallowed() {
        ruled.request(
                        """
                        try { pool.use('other'); } catch (e) { }
                        try { http.setHeader('X-After', 'yes'); } catch (e) { }
                        pool.use('web');
                        """)
                .start(WEIR);
        ruled.get("/");
        assertThat(RuledWeir.seen(other)).doesNotContain("X-After");
        assertThat(web.requests()).isZero();
    }

    @Test
    void ruleAnswersAndResponseRulesRunOnItsAnswer() {
        ruled.request("http.sendResponse(403, 'text/html', '<b>no</b>', 'X-Why: rule');")
                .response("http.setResponseHeader('X-Rule', http.getResponseCode());")
                .start(WEIR);
        ReceivedResponse response = ruled.get("/");
        assertThat(response.status()).isEqualTo(403);
        assertThat(response.text()).contains("<b>no</b>");
        assertThat(response.field("X-Why")).isEqualTo("rule");
        assertThat(response.field("X-Rule")).isEqualTo("403");
        assertThat(web.requests()).isZero();
    }

    @Test
    void ruleCutsTheConnection() {
        RunningWeir weir = ruled.request("connection.discard();").start(WEIR);
        try (RawClient client = RawClient.to(weir.port())) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(client.rest()).isEmpty();
        }
        assertThat(web.requests()).isZero();
    }

    @Test
    void pathQueryFieldsAndBodyAreRewrittenWithTheRightLength() {
        ruled.request(
                        """
                        http.setMethod('PUT');
                        http.setPath('/new path');
                        http.setQueryString('a=b c');
                        http.setHeader('X-Old', 'new');
                        http.setBody(http.getBody().toUpperCase() + '!');
                        """)
                .start(WEIR);
        ruled.send(
                "POST /old?x=y HTTP/1.1\r\n"
                        + "Host: a\r\n"
                        + "X-Old: old\r\n"
                        + "Transfer-Encoding: chunked\r\n\r\n"
                        + "3\r\n"
                        + "abc\r\n"
                        + "2\r\n"
                        + "de\r\n"
                        + "0\r\n\r\n");
        String seen = RuledWeir.seen(web);
        assertThat(seen).startsWith("PUT /new%20path?a=b%20c\n");
        assertThat(seen).contains("X-Old: new\n").contains("Content-Length: 6\n");
        assertThat(seen).endsWith("\n\nABCDE!");
        assertThat(seen).doesNotContain("chunked").doesNotContain("old");
    }

    @Test
    void messagesAreReadAndWrittenAsOnTheWeb() {
        ruled.request(
                        """
                        for (const [name, value] of request.headers) {
                            if (name.toLowerCase() === 'x-in') request.headers.set('X-Out', value);
                        }
                        request.headers.delete('X-In');
                        """,
                        """
                        const body = await request.bytes();
                        await request.setBytes(body.map((each) => each ^ 0x20));
                        """)
                .response("await response.setText(request.headers.get('X-Out') + ' \u20ac');")
                .start(WEIR);
        ReceivedResponse answer =
                ruled.send("POST / HTTP/1.1\r\nHost: x\r\nX-In: 1\r\nContent-Length: 3\r\n\r\nabc");
        assertThat(answer.text().getBytes(StandardCharsets.ISO_8859_1))
                .isEqualTo("1 \u20ac".getBytes(StandardCharsets.UTF_8));
        assertThat(RuledWeir.seen(web)).contains("X-Out: 1").doesNotContain("X-In").endsWith("ABC");
    }

    @Test
    void responseRuleMasksTheBody() {
        web.behave(html("ssn 123-45-6789 and 987-65-4321."));
        ruled.response(
                        """
                        if (string.startsWith(http.getPath(), '/cgi-bin/')) {
                            http.setResponseBody(string.regexsub(
                                http.getResponseBody(), '[0-9]{3}-[0-9]{2}-[0-9]{4}', 'xxx-xx-xxxx', 'g'));
                        }
                        """)
                .start(WEIR);
        assertThat(ruled.get("/cgi-bin/a").text()).endsWith("ssn xxx-xx-xxxx and xxx-xx-xxxx.");
        assertThat(ruled.get("/else").text()).endsWith("ssn 123-45-6789 and 987-65-4321.");
    }

    @Test
    void namesOfFunctionsHaveNoCaseAndGroupsAreDollars() {
        ruled.request(
                        """
                        if (string.RegexMatch(http.getpath(), '^/user/([a-z]+)$')) {
                            http.setheader('X-User', $1);
                        }
                        """)
                .start(WEIR);
        ruled.get("/user/alice");
        assertThat(RuledWeir.seen(web)).contains("X-User: alice\n");
    }

    @Test
    void ruleThatSleepsGoesOnWhereItWas() {
        ruled.request(
                        """
                        http.setHeader('X-Count', Number(http.getHeader('X-Count') || 0) + 1);
                        const before = Date.now();
                        connection.sleep(50);
                        http.setHeader('X-Count', Number(http.getHeader('X-Count')) + 1);
                        connection.sleep(50);
                        http.setHeader('X-Waited', sys.time.highres() * 1000 - before >= 100);
                        """)
                .start(WEIR);
        ruled.get("/");
        assertThat(RuledWeir.seen(web)).contains("X-Count: 2\n").contains("X-Waited: 1\n");
    }

    @Test
    void ruleAsksAnotherServerAndWaitsForIt() {
        other.behave(html("desk-7"));
        ruled.global("rules: {egress: [127.0.0.0/8]}")
                .request(
                        "const body = http.request.get('http://"
                                + other.address()
                                + "/who'); http.setHeader('X-Desk', body + ' ' + $1);")
                .start(WEIR);
        ruled.get("/");
        assertThat(RuledWeir.seen(web)).contains("X-Desk: desk-7 200\n");
    }

    @Test
    void ruleReachesNoServerThatTheOperatorDidNotAllow() {
        ruled.request(
                        "http.request.get('http://"
                                + other.address()
                                + "/who'); http.setHeader('X-Status', $1);")
                .start(WEIR);
        ruled.get("/");
        assertThat(RuledWeir.seen(web)).contains("X-Status: 0\n");
        assertThat(other.connections()).isZero();
    }

    @Test
    void errorInARuleIsAnErrorPageAndAnEventWithThePlace() {
        RunningWeir weir = ruled.request("const a = 1;\n  undefinedThing.call();").start(WEIR);
        assertThat(ruled.get("/").status()).isEqualTo(500);
        assertThat(web.requests()).isZero();
        assertThat(weir.events())
                .anyMatch(
                        e ->
                                e.tag() == EventTag.RULEABORT
                                        && e.text().contains("line 2, column 3"));
    }

    @Test
    void errorInARuleIsPassedOverWhenTheOperatorSaysSo() {
        ruled.request("undefinedThing.call();").virtualServer("rule-failure: continue").start(WEIR);
        assertThat(ruled.get("/").status()).isEqualTo(200);
    }

    @Test
    void completionRuleSeesHowItEnded() {
        RunningWeir weir =
                ruled.completion("event.emit('done', connection.getCompletionReasonCode());")
                        .start(WEIR);
        ruled.get("/");
        assertThat(weir.events())
                .anyMatch(e -> e.tag() == EventTag.CUSTOMEVENT && e.text().equals("COMPLETE"));
    }

    @Test
    void ruleWithAnErrorNeverReplacesAGoodOne() {
        RunningWeir weir = ruled.request("pool.use('other');").start(WEIR);
        ruled.write("request1", "pool.use('web'");
        assertThat(weir.tryApply(ruled.yaml()).applied()).isFalse();
        ruled.get("/");
        assertThat(other.requests()).isEqualTo(1);
        ruled.write("request1", "pool.use('web');");
        weir.apply(ruled.yaml().replace("127.0.0.1:0", "127.0.0.1:0"));
    }

    @Test
    void rateClassesLetPassAndRefuse() {
        ruled.sections(
                        "rate-classes: {slow: {max-rate-per-minute: 1}, fast: {max-rate-per-second:"
                                + " 100}}\n")
                .request(
                        """
                        if (rate.use('fast', request.getRemoteIP()) !== 1) connection.discard();
                        http.setHeader('X-Now', rate.use.noQueue('slow') + ' ' + rate.use.noQueue('none')
                            + ' ' + rate.getbacklog('fast'));
                        """)
                .start(WEIR);
        for (int i = 0; i < 3; i++) {
            ruled.get("/");
        }
        assertThat(web.received())
                .extracting(r -> r.fields().values("X-Now").getFirst())
                .containsExactly("1 -1 0", "0 -1 0", "0 -1 0");
    }

    /**
     * Not failed: whoever comes too often is told so, whatever becomes of requests after an error.
     */
    @Test
    void whoFindsTheQueueOfARateFullIsRefusedAsByTheClassItself() {
        ruled.sections("rate-classes: {slow: {max-rate-per-minute: 1, queue-timeout: 1ms}}\n")
                .virtualServer("rule-failure: continue")
                .request("rate.use('slow', http.getPath() === '/own' ? 'me' : '');")
                .start(WEIR);
        for (String path : List.of("/", "/own")) {
            assertThat(ruled.get(path).status()).isEqualTo(200);
            ReceivedResponse refusal = ruled.get(path);
            assertThat(refusal.status()).isEqualTo(path.equals("/") ? 503 : 429);
            assertThat(refusal.field("Retry-After")).isEqualTo("1");
        }
        assertThat(web.requests()).isEqualTo(2);
        assertThat(ruled.running().plane().status().classes().rates().getFirst().refused())
                .isEqualTo(2);
    }

    @Test
    void aRuleThatWaitsForItsRateGoesOnInItsTurn() {
        ruled.sections("rate-classes: {slow: {max-rate-per-second: 4}}\n")
                .request("http.setHeader('X-Used', rate.use('slow'));")
                .start(WEIR);
        long start = System.nanoTime();
        for (int i = 0; i < 4; i++) {
            assertThat(ruled.get("/").status()).isEqualTo(200);
        }
        assertThat(System.nanoTime() - start).isGreaterThan(400_000_000L);
        assertThat(web.requests()).isEqualTo(4);
    }

    @Test
    void whoLeavesWhileItsRuleWaitsForTheRateLeavesItsPlaceToOthers() {
        FakeNode other = WEIR.node("other", connection -> connection.drain());
        ruled.sections("rate-classes: {slow: {max-rate-per-minute: 1, queue-timeout:" + " 10m}}\n")
                .global("rules: {egress: [127.0.0.0/8]}")
                .request(
                        """
                        if (http.getPath() === '/slow') {
                            tcp.connect('127.0.0.1', %d);
                            rate.use('slow');
                        }
                        """
                                .formatted(other.port()))
                .start(WEIR);
        assertThat(ruled.get("/slow").status()).isEqualTo(200);
        try (RawClient one = ruled.client();
                RawClient two = ruled.client()) {
            one.send("GET /slow HTTP/1.1\r\nHost: www.test\r\n\r\n");
            two.send("GET /slow HTTP/1.1\r\nHost: www.test\r\n\r\n");
            Await.until("both to wait", () -> queued() == 2);
            one.reset();
            two.reset();
        }
        Await.until("their places to be free", () -> queued() == 0);
        Await.until("the rule's connection to be closed", () -> other.openConnections() == 0);
        assertThat(ruled.get("/").status()).isEqualTo(200);
    }

    @Test
    void aStreamThatEndsWhileItsRuleWaitsForTheRateLeavesItsPlaceToOthers() {
        ruled.sections("rate-classes: {slow: {max-rate-per-minute: 1, queue-timeout: 10m}}\n")
                .virtualServer("protocol: client-first")
                .request("rate.use('slow');")
                .start(WEIR);
        try (RawClient first = ruled.client();
                RawClient one = ruled.client();
                RawClient two = ruled.client()) {
            first.send("GET / HTTP/1.1\r\nHost: www.test\r\n\r\n");
            Await.until("the first to pass", () -> web.requests() == 1);
            one.send("GET / HTTP/1.1\r\nHost: www.test\r\n\r\n");
            two.send("GET / HTTP/1.1\r\nHost: www.test\r\n\r\n");
            Await.until("both to wait", () -> queued() == 2);
            one.reset();
            two.reset();
            Await.until("their places to be free", () -> queued() == 0);
        }
    }

    private int queued() {
        return ruled.running().plane().status().classes().rates().getFirst().queued();
    }

    @Test
    void rulesTalkToOtherServersByTcpWhereTheOperatorAllowsIt() {
        FakeNode echo =
                WEIR.node("echo", connection -> connection.send(connection.exactly(5)).drain());
        ruled.global("rules: {egress: [127.0.0.0/8]}")
                .request(
                        """
                        const c = tcp.connect('127.0.0.1', %d);
                        tcp.write(c, 'hello');
                        http.setHeader('X-Said', tcp.read(c, 100));
                        http.setHeader('X-Nobody', tcp.connect('192.0.2.1', 1) + $1);
                        """
                                .formatted(echo.port()))
                .start(WEIR);
        ruled.get("/");
        assertThat(RuledWeir.seen(web))
                .contains("X-Said: hello\n")
                .contains("X-Nobody: 0rules may not connect to 192.0.2.1");
        Await.until("the rule's connection to be closed", () -> echo.openConnections() == 0);
    }

    @Test
    void whoDoesNotReadKeepsNoRuleLongerThanItHasTime() {
        FakeNode deaf = WEIR.node("deaf", connection -> connection.freeze());
        ruled.global("rules: {egress: [127.0.0.0/8], memory-limit: 512MiB, time-limit: 20s}")
                .request(
                        """
                        const long = 'x'.repeat(8000000);
                        const c = tcp.connect('127.0.0.1', %1$d);
                        http.setHeader('X-Sent', tcp.write(c, long, 200) + ' ' + $1);
                        http.setHeader('X-Said', http.request.post('http://127.0.0.1:%1$d/', long, '', 1) + $2);
                        """
                                .formatted(deaf.port()))
                .start(WEIR);
        ruled.get("/");
        assertThat(RuledWeir.seen(web))
                .contains("X-Sent: 0 timeout\n")
                .contains("X-Said: the answer took too long\n");
    }

    @Test
    void aResponseRuleHasTheRequestSentAgainOnceOnly() {
        int[] asked = {0};
        web.behave(
                Behaviour.answering(
                        request ->
                                ("HTTP/1.1 "
                                                + (asked[0]++ == 0 ? "500 x" : "200 OK")
                                                + "\r\nContent-Length: 0\r\n\r\n")
                                        .getBytes(StandardCharsets.ISO_8859_1)));
        ruled.poolKeys("retry-budget: 100")
                .response("if (http.getResponseCode() === 500) request.retry();")
                .start(WEIR);
        assertThat(ruled.get("/").status()).isEqualTo(200);
        assertThat(asked[0]).isEqualTo(2);
    }

    @Test
    void rulesThatRunFirstRunOnceForAConnection() {
        RunningWeir weir =
                ruled.virtualServer("request-rules: [{rule: once, run: first}, always]")
                        .catalog("once", "http.setHeader('X-Once', 'yes');")
                        .catalog("always", "http.setHeader('X-Always', 'yes');")
                        .start(WEIR);
        try (RawClient client = RawClient.to(weir.port())) {
            for (int i = 0; i < 3; i++) {
                client.exchange("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            }
        }
        assertThat(web.received()).filteredOn(r -> r.fields().has("X-Once")).hasSize(1);
        assertThat(web.received()).filteredOn(r -> r.fields().has("X-Always")).hasSize(3);
    }

    @Test
    void rulesSayWhichExchangesAreLogged() throws Exception {
        RunningWeir weir =
                ruled.virtualServer("log: {enabled: true, file: a.log, format: json}")
                        .request("if (http.getPath() === '/health') requestlog.exclude();")
                        .start(WEIR);
        ruled.get("/health");
        ruled.get("/page");
        Path log = weir.logs().resolve("a.log");
        Await.until("a line", () -> Files.exists(log) && log.toFile().length() > 0);
        assertThat(Files.readString(log))
                .contains("/page")
                .contains("\"rules\":\"request1=continue\"")
                .doesNotContain("/health");
    }

    /** RFC 9113 section 8.1: the node has answered, and does without the rest of the request. */
    @Test
    void aWholeAnswerStaysOneWhenTheNodeStopsTheRequestWhileARuleWaits() {
        FakeNode early =
                WEIR.node(
                        "early",
                        H2Service.running(
                                (service, request, frame) -> {
                                    if (frame.type() == H2Client.HEADERS) {
                                        service.connection().send(refusal(request.stream()));
                                    }
                                }));
        ruled = new RuledWeir(directory, early).poolKeys("http2: h2c");
        ruled.response("connection.sleep(50); http.setResponseHeader('X-Rule', 'ran');")
                .start(WEIR);
        H2Client client = WEIR.http2(ruled.running());
        client.post(1, "/", "content-length", "100").data(1, false, new byte[10]);
        assertThat(client.outcome(1)).isEqualTo("413");
        assertThat(client.answers(1).field("x-rule")).isEqualTo("ran");
        assertThat(client.answers(1).text()).isEqualTo("no");
    }

    /** An answer, its end, and RST_STREAM with NO_ERROR. */
    private static byte[] refusal(int stream) {
        byte[] head = H2Client.block(":status", "413", "content-length", "2");
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(H2Client.bytes(H2Client.HEADERS, H2Client.END_HEADERS, stream, head));
        byte[] body = "no".getBytes(StandardCharsets.US_ASCII);
        all.writeBytes(H2Client.bytes(H2Client.DATA, H2Client.END_STREAM, stream, body));
        all.writeBytes(H2Client.bytes(H2Client.RST_STREAM, 0, stream, H2Client.number(0)));
        return all.toByteArray();
    }
}
