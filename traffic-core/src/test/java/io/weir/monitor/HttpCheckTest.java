package io.weir.monitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.config.MonitorConfig.Http;
import io.weir.config.NodeAddress;
import io.weir.config.Secret;
import io.weir.testkit.Await;
import io.weir.time.Ticker;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Map;

class HttpCheckTest {

    private static final String STATUS = "^[234][0-9][0-9]$";
    private static final Http GET = http(null);

    private final ScriptedNode node = ScriptedNode.running(ScriptedNode.silent());

    @AfterEach
    void closeNode() {
        node.close();
    }

    private static Http http(@Nullable String bodyRegex) {
        return new Http("/", null, null, STATUS, bodyRegex);
    }

    private static String ok(String body) {
        return "HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
    }

    /** Puts CR LF for ~ and a bare LF for ^. */
    private static String wire(String text) {
        return text.replace("~", "\r\n").replace("^", "\n");
    }

    @Test
    void passesOnAStatusThatMatches() {
        node.follow(node.answering("HTTP/1.1 302 Found\r\nLocation: /in\r\n\r\n"));
        assertThat(Trial.pass(GET, node.address())).isEqualTo("status 302");
    }

    @Test
    void passesOnTheOldVersionWithoutAReason() {
        node.follow(node.answering("HTTP/1.0 204\r\n\r\n"));
        assertThat(Trial.pass(GET, node.address())).isEqualTo("status 204");
    }

    @Test
    void namesTheStatusFoundAndTheOneExpected() {
        node.follow(node.answering("HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n"));
        assertThat(Trial.cause(GET, node.address()))
                .isEqualTo("status 500, expected to match ^[234][0-9][0-9]$");
    }

    @Test
    void asksForThePathWithTheNodesAddressAsHost() {
        node.follow(node.answering(ok("")));
        Trial.pass(new Http("/health?full", null, null, STATUS, null), node.address());
        assertThat(node.requests())
                .containsExactly(
                        """
                        GET /health?full HTTP/1.1
                        Host: %s
                        User-Agent: Weir-monitor
                        Accept: */*
                        Connection: close\
                        """
                                .formatted(node.address()));
    }

    @Test
    void sendsTheConfiguredHostAndAuthentication() {
        node.follow(node.answering(ok("")));
        Http http = new Http("/", "www.example", new Secret("user:p\u00e4ss"), STATUS, null);
        Trial.pass(http, node.address());
        assertThat(node.requests().getFirst())
                .contains("\nHost: www.example\n")
                .contains("\nAuthorization: Basic dXNlcjpww6Rzcw==");
    }

    @Test
    void skipsInterimAnswers() {
        node.follow(
                node.answering(
                        wire(
                                "HTTP/1.1 103 Early Hints~Link: </a>~~"
                                        + "HTTP/1.1 100 Continue~~HTTP/1.1 404 No~~")));
        assertThat(Trial.pass(GET, node.address())).isEqualTo("status 404");
    }

    @Test
    void readsAHeadThatComesByteByByte() {
        node.follow(node.dribbling(ok("all is well"), 1));
        assertThat(Trial.pass(http("^all is well$"), node.address())).isEqualTo("status 200");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK~Content-Length: 11~~all is wellness",
                "HTTP/1.1 200 OK~~all is well",
                "HTTP/1.1 200 OK~Transfer-Encoding: Chunked~~4;a=b~all ~7~is well~0~X: y~~",
                "HTTP/1.1 200 OK~Transfer-Encoding: chunked~~00b~all is well~0~~"
            })
    void takesTheFramingOffTheBody(String answer) {
        node.follow(node.answering(wire(answer)));
        Trial.pass(http("^all is well$"), node.address());
        node.follow(node.dribbling(wire(answer), 0));
        Trial.pass(http("^all is well$"), node.address());
    }

    @Test
    void quotesABodyWithoutAMatch() {
        node.follow(node.answering(ok("down for\nrepair")));
        assertThat(Trial.cause(http("well"), node.address()))
                .isEqualTo(
                        "status 200, body of 15 bytes \"down for\\nrepair\", expected a match for"
                                + " well");
    }

    @Test
    void saysThatABodyWasCutOff() {
        node.follow(node.answering("HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\nall is"));
        assertThat(Trial.cause(http("well"), node.address()))
                .isEqualTo(
                        "status 200, body cut off after 6 bytes \"all is\", expected a match for"
                                + " well");
    }

    @Test
    void doesNotTakeThePauseInABodyForItsEnd() {
        node.follow(
                socket -> {
                    ScriptedNode.send(socket, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nup");
                    ScriptedNode.linger(200);
                    ScriptedNode.send(socket, "set");
                });
        assertThat(Trial.cause(http("^up$"), node.address())).contains("\"upset\"");
    }

    @Test
    void passesAsSoonAsAnEndlessBodyHasTheMatch() {
        node.follow(node.endless("HTTP/1.1 200 OK\r\n\r\nall is well", "."));
        Trial.pass(http("all is well"), node.address());
    }

    @Test
    void passesOnAMatchInABodyThatNeverGoesOn() {
        node.follow(
                socket -> {
                    ScriptedNode.send(socket, "HTTP/1.1 200 OK\r\n\r\nall is well\n");
                    ScriptedNode.readToEnd(socket);
                });
        Trial.pass(http("well"), node.address());
    }

    @Test
    void looksAtTheFirst64KibibytesOfAnEndlessBody() {
        node.follow(node.endless("HTTP/1.1 200 OK\r\n\r\n", "0123456789abcdef"));
        assertThat(Trial.cause(http("well"), node.address()))
                .startsWith("status 200, first 65536 bytes of the body \"0123456789");
    }

    @Test
    void refusesAHeadBeyond16Kibibytes() {
        node.follow(node.endless("HTTP/1.1 200 OK\r\n", "X-More: and more\r\n"));
        assertThat(Trial.cause(GET, node.address()))
                .isEqualTo("head longer than expected, which is at most 16384 bytes");
        node.follow(node.endless("", "HTTP/1.1 100 Continue\r\n\r\n"));
        assertThat(Trial.cause(GET, node.address()))
                .isEqualTo("head longer than expected, which is at most 16384 bytes");
    }

    @Test
    void failsInTimeWhenTheNodeSaysNothing() {
        assertThat(Trial.causeAfterTimeout(GET, node.address()))
                .isEqualTo("no answer within 300 ms, expected an HTTP status line");
    }

    @Test
    void failsInTimeWhenTheHeadDribbles() {
        node.follow(node.dribbling("HTTP/1.1 200 OK\r\n" + "X-A: b\r\n".repeat(1000), 5));
        assertThat(Trial.causeAfterTimeout(GET, node.address()))
                .startsWith("only \"HTTP/1.1 ")
                .endsWith(" within 300 ms, expected a whole HTTP head");
    }

    @Test
    void failsInTimeWhenTheBodyDribbles() {
        node.follow(node.dribbling("HTTP/1.1 200 OK\r\n\r\n" + "x".repeat(10_000), 5));
        assertThat(Trial.causeAfterTimeout(http("well"), node.address()))
                .startsWith("status 200, ")
                .contains(" of body within 300 ms \"xx")
                .endsWith(", expected a match for well");
    }

    @Test
    void failsInTimeWhenChunkFramingDribbles() {
        node.follow(
                node.dribbling(
                        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                                + "1\r\nx\r\n".repeat(10_000),
                        1));
        assertThat(Trial.causeAfterTimeout(http("well"), node.address()))
                .startsWith("status 200, ");
    }

    @Test
    void quotesAnAnswerThatIsNotHttpAtOnce() {
        node.follow(ScriptedNode.saying("SSH-2.0-OpenSSH_9.2\r\n"));
        assertThat(Trial.cause(GET, node.address()))
                .isEqualTo("answer \"SSH-2.0-OpenSSH_9.2\\r\\n\", expected an HTTP status line");
    }

    @Test
    void escapesWhatANodeSays() {
        node.follow(ScriptedNode.saying("\u001b[2J\u0000\u00ff\"\n"));
        assertThat(Trial.cause(GET, node.address()))
                .isEqualTo("answer \"\\x1b[2J\\x00\\xff\\\"\\n\", expected an HTTP status line");
    }

    @Test
    void saysThatTheNodeClosedWithoutAnAnswer() {
        node.follow(node.answering(""));
        assertThat(Trial.cause(GET, node.address()))
                .isEqualTo(
                        "no answer before the node closed the connection, expected an HTTP status"
                                + " line");
        node.follow(node.answering("HTTP/1.1 200 OK\r\n"));
        assertThat(Trial.cause(GET, node.address()))
                .isEqualTo(
                        "only \"HTTP/1.1 200 OK\\r\\n\" before the node closed the connection,"
                                + " expected a whole HTTP head");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "HTTP/1.1 2000 OK~~ | status line",
                "HTTP/1.2 200 OK~~ | status line",
                "HTTP/1.1  200 OK~~ | status line",
                "HTTP/1.1 200OK~~ | status line",
                "HTTP/1.1 200 OK~Content-Length : 0~~ | header line \"Content-Length : 0\"",
                "HTTP/1.1 200 OK~A: b~ c: d~~ | header line \" c: d\"",
                "HTTP/1.1 200 OK~nothing~~ | header line \"nothing\"",
                "HTTP/1.1 200 OK~Content-Length: -1~~ | Content-Length \"-1\"",
                "HTTP/1.1 200 OK~Content-Length: 1~Content-Length: 2~~ | Content-Length \"2\""
                        + " after",
                "HTTP/1.1 200 OK~Content-Length: 0~Transfer-Encoding: chunked~~ | both",
                "HTTP/1.1 200 OK~Transfer-Encoding: gzip, chunked~~ | Transfer-Encoding \"gzip",
                "HTTP/1.1 200 OK^A: b~~ | line in the head that ends without CR",
                "HTTP/1.1 200 OK~Transfer-Encoding: chunked~~zz~ | chunked body with \"z\"",
                "HTTP/1.1 200 OK~Transfer-Encoding: chunked~~~ | chunked body with \"\\r\"",
                "HTTP/1.1 200 OK~Transfer-Encoding: chunked~~1~xy~ | chunked body with \"y\"",
                "HTTP/1.1 200 OK~Transfer-Encoding: chunked~~1^x~ | chunked body with \"1\\n\"",
                "HTTP/1.1 200 OK~Transfer-Encoding: chunked~~123456789~ | chunked body with",
            })
    void refusesAnAnswerThatCouldBeReadInTwoWays(String answer, String cause) {
        node.follow(node.answering(wire(answer)));
        assertThat(Trial.cause(http("."), node.address())).startsWith(cause);
    }

    @Test
    void hangsUpWhenItHasItsResult() {
        node.follow(node.endless("HTTP/1.1 200 OK\r\n\r\n", "."));
        Trial.pass(GET, node.address());
        Await.until("the connection to be closed", () -> node.openConnections() == 0);
    }

    @Test
    void rejectsSettingsThatCannotBeUsed() {
        assertRejected(new Http("/a b", null, null, STATUS, null), "path \"/a b\"");
        assertRejected(new Http("a", null, null, STATUS, null), "path \"a\"");
        assertRejected(new Http("/", "a\r\nb", null, STATUS, null), "host-header \"a\\r\\nb\"");
        assertRejected(new Http("/", null, null, "(", null), "status-regex \"(\"");
        assertRejected(new Http("/", null, null, STATUS, "["), "body-regex \"[\"");
    }

    private static void assertRejected(Http http, String message) {
        assertThatThrownBy(() -> Check.of(http, new Trial.Names(Map.of()), Ticker.system()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(message);
    }

    @Test
    void leavesTheDefaultPortOutOfTheHost() {
        Http http = new Http("/", null, null, STATUS, null);
        HttpCheck check = new HttpCheck(http, new Trial.Names(Map.of()), Ticker.system());
        assertThat(check.request(new NodeAddress("10.0.0.1", 80))).contains("\r\nHost: 10.0.0.1\r");
        assertThat(check.request(new NodeAddress("::1", 80))).contains("\r\nHost: [::1]\r");
        assertThat(check.request(new NodeAddress("::1", 8080))).contains("\r\nHost: [::1]:8080\r");
    }
}
