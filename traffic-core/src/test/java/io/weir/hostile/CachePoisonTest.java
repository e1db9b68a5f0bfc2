package io.weir.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.testkit.Behaviour;
import io.weir.testkit.ConfigText;
import io.weir.testkit.FakeNode;
import io.weir.testkit.RawClient;
import io.weir.testkit.ReceivedRequest;
import io.weir.testkit.WeirExtension;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.util.function.Function;

/**
 * A node that answers with everything it was told, and lets it be cached: what one client says must
 * never come back to another one.
 */
class CachePoisonTest {

    @RegisterExtension static final WeirExtension WEIR = new WeirExtension();

    private volatile Function<ReceivedRequest, byte[]> answers = CachePoisonTest::echo;
    private int port;
    private FakeNode node;

    @BeforeEach
    void start() {
        node = WEIR.node("n", Behaviour.answering(request -> answers.apply(request)));
        port = WEIR.start(ConfigText.of(node).virtualServer("cache: true")).port();
    }

    private static byte[] echo(ReceivedRequest request) {
        String body = request.method() + " " + request.target() + " " + request.fields().all();
        body += request.text();
        return ("HTTP/1.1 200 OK\r\nCache-Control: public, max-age=60\r\nContent-Length: "
                        + body.length()
                        + "\r\n\r\n"
                        + (request.method().equals("HEAD") ? "" : body))
                .getBytes(StandardCharsets.ISO_8859_1);
    }

    private void saying(String response) {
        answers = request -> response.getBytes(StandardCharsets.ISO_8859_1);
    }

    private String ask(String requestLine, String... fields) {
        StringBuilder text = new StringBuilder(requestLine + " HTTP/1.1\r\n");
        boolean host = false;
        for (String field : fields) {
            host |= field.startsWith("Host:");
        }
        text.append(host ? "" : "Host: weir.test\r\n");
        for (String field : fields) {
            text.append(field).append("\r\n");
        }
        try (RawClient client = RawClient.to(port)) {
            return client.exchange(text + "\r\n").text();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "X-Forwarded-Host: evil.test",
                "X-Forwarded-Proto: evil",
                "X-Forwarded-Port: 666",
                "Forwarded: host=evil.test",
                "X-Original-URL: /evil",
                "X_Original_URL: /evil",
                "X_Forwarded_Host: evil.test",
                "X-Forwarded_Port: 666",
                "x_http_method_override: EVIL",
                "X-Rewrite-URL: /evil",
                "X-Host: evil.test",
                "X-Forwarded-Server: evil.test",
                "X-Forwarded-Prefix: /evil",
                "X-Forwarded-Scheme: evil",
                "X-HTTP-Method-Override: EVIL",
                "X-HTTP-Method: EVIL",
                "X-Method-Override: EVIL",
                "Front-End-Https: evil",
            })
    void aFieldThatServersGoByDoesNotReachOtherClients(String field) {
        ask("GET /page", field);
        assertThat(ask("GET /page")).doesNotContainIgnoringCase("evil").doesNotContain("666");
    }

    @Test
    void aGetWithABodyIsNotStored() {
        fat();
        assertThat(ask("GET /fat")).doesNotContain("evil");
    }

    private void fat() {
        try (RawClient client = RawClient.to(port)) {
            client.exchange(
                    "GET /fat HTTP/1.1\r\nHost: weir.test\r\nContent-Length: 4\r\n\r\nevil");
        }
    }

    @Test
    void anotherMethodOrHostIsAnotherResponse() {
        ask("GET /page", "Host: evil.test");
        assertThat(ask("GET /page")).contains("weir.test").doesNotContain("evil");
        ask("GET /page", "Host: weir.test:81");
        assertThat(ask("GET /page", "Host: weir.test:82")).contains("weir.test:82");
        ask("POST /posted", "Content-Length: 0");
        assertThat(ask("GET /posted")).startsWith("GET");
        ask("HEAD /head");
        assertThat(ask("GET /head")).startsWith("GET");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/a?x=1&x=2|/a?x=2&x=1",
                "/a?x=1&%78=2|/a?%78=2&x=1",
                "/a?x=1;y=2&y=3|/a?y=3&x=1;y=2",
                "/a?x=1&X=2|/a?X=2&x=1",
                "/a?x[]=1&x=2|/a?x=2&x[]=1",
                "/a?x.y=1&x_y=2|/a?x_y=2&x.y=1",
                "/a/../b|/b",
                "/a%2fb|/a/b",
                "/A|/a",
                "/me|/me;.css",
                "/me|/me%0a.css",
                "//a|/a",
            })
    void targetsThatANodeMayTellApartAreToldApart(String pair) {
        String[] targets = pair.split("\\|", -1);
        ask("GET " + targets[0]);
        assertThat(ask("GET " + targets[1])).startsWith("GET " + targets[1] + " ");
    }

    /** Every row is sent first; what is asked for plainly afterwards must come from the node. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "Connection: close, X-Tenant|X-Tenant: evil",
                "Connection: X-Tenant|X-Tenant: evil",
                "Expect: 100-continue|Content-Length: 0",
                "Transfer-Encoding: chunked",
                "X-Middleware-Subrequest: evil",
                "X-Envoy-Original-Path: /evil",
                "X-HTTP-Host-Override: evil.test",
                "X-Original-Host: evil.test",
                "X-Invoke-Path: /evil",
                "If-Match: \"evil\"",
                "Cache-Control: no-store",
                "Range: bytes=0-3",
            })
    void aRequestThatIsNoneLikeTheOthersLeavesNothingBehind(String fields) {
        int before = node.requests();
        String[] lines = fields.split("\\|", -1);
        try (RawClient client = RawClient.to(port)) {
            StringBuilder text = new StringBuilder("GET /p HTTP/1.1\r\nHost: weir.test\r\n");
            for (String line : lines) {
                text.append(line).append("\r\n");
            }
            boolean chunked = fields.startsWith("Transfer-Encoding");
            client.exchange(text + "\r\n" + (chunked ? "4\r\nevil\r\n0\r\n\r\n" : ""));
        }
        assertThat(ask("GET /p")).doesNotContain("evil");
        assertThat(node.requests()).as("requests at the node").isEqualTo(before + 2);
    }

    @Test
    void whatIsForSomebodyIsNotStoredWhereverItSeemsToLie() {
        answers =
                request -> {
                    boolean known = request.fields().first("Authorization") != null;
                    String who = known ? "secret" : "nobody";
                    return ("HTTP/1.1 200 OK\r\nCache-Control: max-age=60\r\nContent-Length: 6"
                                    + "\r\n\r\n"
                                    + who)
                            .getBytes(StandardCharsets.ISO_8859_1);
                };
        for (String target : new String[] {"/me", "/me;.css", "/me/x.css", "/me%0a.css"}) {
            assertThat(ask("GET " + target, "Authorization: Basic eDp5")).isEqualTo("secret");
            assertThat(ask("GET " + target)).isEqualTo("nobody");
            assertThat(ask("GET " + target, "Authorization: Basic eDp5")).isEqualTo("secret");
        }
    }

    @Test
    void aTargetWithAnAuthorityIsFoundUnderThatAuthority() {
        ask("GET http://evil.test/page", "Host: weir.test");
        assertThat(ask("GET /page")).doesNotContain("evil");
    }

    @Test
    void whatATrustedProxySaysAboutTheOriginalHostIsPartOfTheKey() {
        int trusting =
                WEIR.start(
                                ConfigText.of(node)
                                        .global("trusted-proxies: [127.0.0.0/8]")
                                        .virtualServer("cache: true"))
                        .port();
        port = trusting;
        for (String field :
                new String[] {
                    "X-Forwarded-Host: evil.test",
                    "X-Forwarded-Port: 666",
                    "X-Forwarded-Proto: evil",
                    "Forwarded: host=evil.test",
                }) {
            ask("GET /page", field);
            assertThat(ask("GET /page"))
                    .as(field)
                    .doesNotContainIgnoringCase("evil")
                    .doesNotContain("666");
        }
    }

    @Test
    void whatWouldMakeAKeyLongerThanNamesAreIsNotStored() {
        port =
                WEIR.start(
                                ConfigText.of(node)
                                        .global("trusted-proxies: [127.0.0.0/8]")
                                        .virtualServer("cache: {enabled: true, cache-info: true}"))
                        .port();
        String longest = "a".repeat(255);
        assertThat(info("Host: " + longest + ":65535")).isEqualTo("miss");
        assertThat(info("Host: " + longest + ":65535")).isEqualTo("hit");
        for (int i = 0; i < 2; i++) {
            assertThat(info("Host: " + longest + "a:65535")).isEqualTo("bypass; host-too-long");
            assertThat(info("Forwarded: host=" + longest, "Forwarded: host=" + "b".repeat(800)))
                    .isEqualTo("bypass; forwarding-too-long");
        }
        assertThat(info("Forwarded: host=" + longest)).isEqualTo("miss");
        assertThat(info("Forwarded: host=" + longest)).isEqualTo("hit");
    }

    private String info(String... fields) {
        StringBuilder text = new StringBuilder("GET /page HTTP/1.1\r\n");
        text.append(fields[0].startsWith("Host:") ? "" : "Host: weir.test\r\n");
        for (String field : fields) {
            text.append(field).append("\r\n");
        }
        try (RawClient client = RawClient.to(port)) {
            return client.exchange(text + "\r\n").field("X-Cache-Info");
        }
    }

    @Test
    void theSchemeThatATrustedProxySaysIsPartOfTheKey() {
        port =
                WEIR.start(
                                ConfigText.of(node)
                                        .global("trusted-proxies: [127.0.0.0/8]")
                                        .virtualServer("cache: true"))
                        .port();
        for (String scheme : new String[] {"https", "HTTP", "http", "http, https"}) {
            assertThat(ask("GET /page", "X-Forwarded-Proto: " + scheme))
                    .contains(", X-Forwarded-Proto: " + scheme + ", X-Cl");
        }
    }

    @Test
    void aPartOrAnErrorIsNeverTheWhole() {
        saying(
                "HTTP/1.1 206 Partial Content\r\nCache-Control: public, max-age=60\r\n"
                        + "Content-Range: bytes 0-1/2\r\nContent-Length: 2\r\n\r\nhi");
        ask("GET /part", "Range: bytes=0-1");
        ask("GET /part");
        saying("HTTP/1.1 400 Bad Request\r\nContent-Length: 3\r\n\r\nbad");
        ask("GET /error", "X-Oversize: " + "x".repeat(4000));
        answers = CachePoisonTest::echo;
        assertThat(ask("GET /part")).startsWith("GET /part");
        assertThat(ask("GET /error")).startsWith("GET /error");
    }

    @Test
    void trailersOfOneAnswerAreNotThoseOfTheNext() {
        saying(
                "HTTP/1.1 200 OK\r\nCache-Control: public, max-age=60\r\n"
                        + "Trailer: Set-Cookie\r\nTransfer-Encoding: chunked\r\n\r\n"
                        + "2\r\nhi\r\n0\r\nSet-Cookie: session=evil\r\n\r\n");
        ask("GET /trailers");
        try (RawClient client = RawClient.to(port)) {
            String second =
                    client.exchange("GET /trailers HTTP/1.1\r\nHost: weir.test\r\n\r\n").toString();
            assertThat(second).doesNotContain("evil").doesNotContainIgnoringCase("trailer:");
        }
    }

    @Test
    void theOrderOfPlainParametersDoesNotMatter() {
        ask("GET /a?b=1&a=2");
        assertThat(ask("GET /a?a=2&b=1")).startsWith("GET /a?b=1&a=2 ");
    }

    @Test
    void whatComesWithASetCookieIsNotStored() {
        saying(
                "HTTP/1.1 200 OK\r\nCache-Control: public, max-age=60\r\n"
                        + "Set-Cookie: session=evil\r\nContent-Length: 2\r\n\r\nhi");
        for (String target : new String[] {"/me;.css", "/me/x.css", "/me%0a.css"}) {
            ask("GET " + target);
            ask("GET " + target);
        }
        assertThat(node.requests()).isEqualTo(6);
    }
}
