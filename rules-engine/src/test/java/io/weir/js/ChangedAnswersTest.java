package io.weir.js;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.testkit.Await;
import io.weir.testkit.Behaviour;
import io.weir.testkit.FakeNode;
import io.weir.testkit.RawClient;
import io.weir.testkit.ReceivedResponse;
import io.weir.testkit.WeirExtension;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.zip.GZIPInputStream;

/**
 * Answers that become others behind the node's back, by rules or out of the store: head and body
 * still belong together, and so do the connection and what comes next on it.
 */
class ChangedAnswersTest {

    @RegisterExtension static final WeirExtension WEIR = new WeirExtension();

    private static final String SIX_HUNDRED = "0123456789".repeat(60);

    @TempDir Path directory;

    private volatile String answer = "";
    private FakeNode web;
    private RuledWeir ruled;

    @BeforeEach
    void node() {
        web =
                WEIR.node(
                        "web",
                        Behaviour.answering(
                                request ->
                                        (request.target().equals("/next")
                                                        ? response("200 OK", "next")
                                                        : answer)
                                                .getBytes(StandardCharsets.ISO_8859_1)));
        ruled = new RuledWeir(directory, web);
    }

    private static String response(String status, String body, String... fields) {
        StringBuilder text = new StringBuilder("HTTP/1.1 " + status + "\r\n");
        for (String field : fields) {
            text.append(field).append("\r\n");
        }
        return text + "Content-Length: " + body.length() + "\r\n\r\n" + body;
    }

    private static String request(String method, String target, String... fields) {
        StringBuilder text =
                new StringBuilder(method + " " + target + " HTTP/1.1\r\nHost: www.test\r\n");
        for (String field : fields) {
            text.append(field).append("\r\n");
        }
        return text.append("\r\n").toString();
    }

    /** The answer to a first request, behind which a second one must get its own. */
    private ReceivedResponse first(String method, String... fields) {
        try (RawClient client = ruled.client()) {
            client.send(request(method, "/", fields) + request("GET", "/next"));
            ReceivedResponse first = client.response(method);
            assertThat(client.response("GET").text()).isEqualTo("next");
            return first;
        }
    }

    private RuledWeir onlyFirst(String rule) {
        return ruled.response("if (http.getRawURL() !== '/next') { " + rule + " }");
    }

    @ParameterizedTest
    @CsvSource({
        "HEAD, 200 OK",
        "GET, 304 Not Modified",
        "GET, 204 No Content",
        "GET, 200 OK",
        "HEAD, 404 Not Found"
    })
    void aReplacedBodyGoesOnlyWhereOneIsExpected(String method, String status) {
        answer =
                method.equals("HEAD")
                        ? "HTTP/1.1 " + status + "\r\nContent-Length: 3\r\n\r\n"
                        : status.startsWith("200")
                                ? response(status, "old")
                                : "HTTP/1.1 " + status + "\r\nETag: \"x\"\r\n\r\n";
        onlyFirst("http.setResponseBody('REPLACED');").start(WEIR);
        ReceivedResponse first = first(method, "If-None-Match: \"x\"");
        boolean whole = method.equals("GET") && status.startsWith("200");
        assertThat(first.text()).isEqualTo(whole ? "REPLACED" : "");
    }

    @ParameterizedTest
    @ValueSource(ints = {204, 304})
    void aStatusWithoutBodyThatARuleSetsTakesTheBodyAway(int status) {
        answer = response("200 OK", SIX_HUNDRED);
        onlyFirst("http.setResponseCode(" + status + ");").start(WEIR);
        ReceivedResponse first = first("GET");
        assertThat(first.status()).isEqualTo(status);
        assertThat(first.text()).isEmpty();
    }

    @Test
    void aStatusWithABodyThatARuleSetsForOneWithoutComesWithALength() {
        answer = "HTTP/1.1 204 No Content\r\n\r\n";
        onlyFirst("http.setResponseCode(200);").start(WEIR);
        ReceivedResponse first = first("GET");
        assertThat(first.status()).isEqualTo(200);
        assertThat(first.field("Content-Length")).isEqualTo("0");
    }

    @ParameterizedTest
    @ValueSource(ints = {204, 304})
    void anAnswerOfARuleWithAStatusWithoutBodyHasNone(int status) {
        ruled.request(
                        "if (http.getRawURL() !== '/next') http.sendResponse("
                                + status
                                + ", 'text/plain', 'x');")
                .start(WEIR);
        ReceivedResponse first = first("GET");
        assertThat(first.status()).isEqualTo(status);
        assertThat(first.text()).isEmpty();
    }

    @Test
    void aReplacedBodyIsCompressedAsItsHeadSays() throws Exception {
        answer = response("200 OK", SIX_HUNDRED, "Content-Type: text/plain");
        ruled.virtualServer("compression: {enabled: true, min-size: 1, codings: [gzip]}");
        onlyFirst("http.setResponseBody('new '.repeat(500));").start(WEIR);
        ReceivedResponse first = first("GET", "Accept-Encoding: gzip");
        assertThat(first.field("Content-Encoding")).isEqualTo("gzip");
        byte[] plain = new GZIPInputStream(new ByteArrayInputStream(first.body())).readAllBytes();
        assertThat(new String(plain, StandardCharsets.US_ASCII)).isEqualTo("new ".repeat(500));
    }

    @Test
    void whatWasTheDigestOfAReplacedBodyGoesWithIt() {
        answer =
                response(
                        "200 OK",
                        "old",
                        "Content-Digest: sha-256=:AAAA:",
                        "Repr-Digest: sha-256=:AAAA:",
                        "Digest: sha-256=AAAA",
                        "Content-MD5: AAAA",
                        "X-Other: kept");
        onlyFirst("http.setResponseBody('new');").start(WEIR);
        ReceivedResponse first = first("GET");
        assertThat(first.text()).isEqualTo("new");
        assertThat(first.field("X-Other")).isEqualTo("kept");
        for (String gone : List.of("Content-Digest", "Repr-Digest", "Digest", "Content-MD5")) {
            assertThat(first.field(gone)).as(gone).isEmpty();
        }
    }

    @Test
    void aRuleMayGiveTheDigestOfItsOwnBody() {
        answer = response("200 OK", "old", "Content-Digest: sha-256=:AAAA:");
        onlyFirst(
                        "http.setResponseBody('new');"
                                + "http.setResponseHeader('Content-Digest', 'sha-256=:BBBB:');")
                .start(WEIR);
        assertThat(first("GET").field("Content-Digest")).isEqualTo("sha-256=:BBBB:");
    }

    @Test
    void theDigestOfARequestBodyThatARuleReplacesDoesNotReachTheNode() {
        answer = response("200 OK", "got it");
        ruled.request("if (http.getMethod() === 'PUT') http.setBody('new');").start(WEIR);
        ruled.send(
                "PUT / HTTP/1.1\r\n"
                        + "Host: www.test\r\n"
                        + "Content-Digest: sha-256=:AAAA:\r\n"
                        + "Content-MD5: AAAA\r\n"
                        + "X-Other: kept\r\n"
                        + "Content-Length: 3\r\n\r\n"
                        + "old");
        String seen = RuledWeir.seen(web).toLowerCase(Locale.ROOT);
        assertThat(seen).contains("x-other: kept").endsWith("new");
        assertThat(seen).doesNotContain("digest", "md5");
    }

    /** Something stored that is stale, and may be sent when the node fails. */
    private void stored(String rule) {
        ruled.virtualServer("cache: {enabled: true}");
        onlyFirst(rule).start(WEIR);
        answer =
                response(
                        "200 OK",
                        SIX_HUNDRED,
                        "Cache-Control: max-age=60, stale-if-error=600",
                        "ETag: \"x\"");
        assertThat(ruled.get("/").text()).isEqualTo(SIX_HUNDRED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "if (http.getResponseCode() >= 500) http.setResponseBody('SORRY');",
                "if (http.getResponseCode() >= 500) http.getResponseBody();",
                "if (http.getResponseCode() >= 500) connection.sleep(1);"
            })
    void whatIsSentForAFailedNodeIsWhatWasStored(String rule) {
        stored(rule);
        answer = response("500 Broken", "BBBB");
        ReceivedResponse first = first("GET", "Cache-Control: no-cache");
        assertThat(first.status()).isEqualTo(200);
        assertThat(first.text()).isEqualTo(SIX_HUNDRED);
    }

    @Test
    void aConfirmationThatARuleHasWaitedOnIsAnswered() {
        stored(
                "if (http.getResponseCode() === 304) { connection.sleep(1); http.getResponseBody();"
                        + " }");
        answer = "HTTP/1.1 304 Not Modified\r\nETag: \"x\"\r\n\r\n";
        ReceivedResponse first = first("GET", "Cache-Control: no-cache");
        assertThat(first.status()).isEqualTo(200);
        assertThat(first.text()).isEqualTo(SIX_HUNDRED);
    }

    @Test
    void aRuleThatRefusesIsNotPassedOverByWhatIsStored() {
        stored("if (http.getHeader('X-Bad')) connection.discard();");
        answer = response("200 OK", "new");
        try (RawClient client = ruled.client()) {
            client.send(request("GET", "/", "X-Bad: yes", "Cache-Control: no-cache"));
            assertThat(client.rest()).isEmpty();
        }
    }

    @Test
    void aRuleThatWaitsIsNotHeardAnyMoreWhenSomethingStoredIsSentInstead() {
        ruled.virtualServer("max-transaction-duration: 1s");
        stored(
                "if (http.getResponseCode() === 500) { connection.sleep(1500);"
                        + " http.sendResponse(200, 'text/plain', 'late'); }");
        answer = response("500 Broken", "BBBB");
        ReceivedResponse first = first("GET", "Cache-Control: no-cache");
        assertThat(first.text()).isEqualTo(SIX_HUNDRED);
    }

    @Test
    void aHeadThatARuleHasHeldUpLeavesAlsoWhereTheNodeSaysNothingMore() {
        FakeNode slow =
                WEIR.node(
                        "slow",
                        connection -> {
                            connection.request();
                            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nfirst");
                            connection.drain();
                        });
        ruled = new RuledWeir(directory, slow);
        ruled.response("connection.sleep(20);").start(WEIR);
        try (RawClient client = ruled.client()) {
            client.send(request("GET", "/"));
            assertThat(client.head("GET").status()).isEqualTo(200);
            assertThat(client.exactly(5)).isEqualTo("first");
        }
    }

    @Test
    void anEmptyBodyThatSaysItIsCodedStaysFramed() {
        answer = response("200 OK", "", "Content-Encoding: gzip");
        ruled.virtualServer("compression: true");
        onlyFirst("").start(WEIR);
        assertThat(first("GET").field("Content-Length")).isEqualTo("0");
        Await.until("both requests", () -> web.requests() == 2);
    }
}
