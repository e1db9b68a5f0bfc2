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

/**
 * A node that answers with everything it was told, and lets it be cached: what one client says must
 * never come back to another one.
 */
class CachePoisonTest {

    @RegisterExtension static final WeirExtension WEIR = new WeirExtension();

    private int port;
    private FakeNode node;

    @BeforeEach
    void start() {
        node = WEIR.node("n", Behaviour.answering(CachePoisonTest::echo));
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

    @Test
    void theOrderOfPlainParametersDoesNotMatter() {
        ask("GET /a?b=1&a=2");
        assertThat(ask("GET /a?a=2&b=1")).startsWith("GET /a?b=1&a=2 ");
    }

    @Test
    void whatComesWithASetCookieIsNotStored() {
        node.behave(
                Behaviour.saying(
                        "HTTP/1.1 200 OK\r\nCache-Control: public, max-age=60\r\n"
                                + "Set-Cookie: session=evil\r\nContent-Length: 2\r\n\r\nhi"));
        for (String target : new String[] {"/me;.css", "/me/x.css", "/me%0a.css"}) {
            ask("GET " + target);
            ask("GET " + target);
        }
        assertThat(node.requests()).isEqualTo(6);
    }
}
