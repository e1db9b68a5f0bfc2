package io.weir.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.testkit.Behaviour;
import io.weir.testkit.ConfigText;
import io.weir.testkit.FakeNode;
import io.weir.testkit.RawClient;
import io.weir.testkit.ReceivedResponse;
import io.weir.testkit.RunningWeir;
import io.weir.testkit.WeirExtension;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What nodes say about themselves does not reach clients. */
class ResponseRewritingTest {

    @RegisterExtension static final WeirExtension WEIR = new WeirExtension();

    private FakeNode node;
    private volatile String fields = "";
    private int port;

    @BeforeEach
    void start() {
        node =
                WEIR.node(
                        "n",
                        Behaviour.answering(
                                request ->
                                        ("HTTP/1.1 302 Found\r\nContent-Length: 0\r\n"
                                                        + fields
                                                        + "\r\n")
                                                .getBytes(StandardCharsets.ISO_8859_1)));
    }

    private ReceivedResponse answered(String nodeFields, String... virtualServer) {
        fields = nodeFields;
        RunningWeir weir = WEIR.start(ConfigText.of(node).virtualServer(virtualServer));
        port = weir.port();
        try (RawClient client = RawClient.to(weir.port())) {
            return client.exchange(
                    "GET /a HTTP/1.1\r\nHost: www.weir.test:" + weir.port() + "\r\n\r\n");
        }
    }

    private String location(String nodeLocation, String... virtualServer) {
        return answered("Location: " + nodeLocation + "\r\n", virtualServer)
                .field("Location")
                .replace("www.weir.test:" + port, "www.weir.test:PORT");
    }

    private List<String> cookies(String nodeCookie, String... virtualServer) {
        return answered("Set-Cookie: " + nodeCookie + "\r\n", virtualServer)
                .fields()
                .values("Set-Cookie");
    }

    @Test
    void redirectToTheHostOfTheRequestKeepsTheClientsPort() {
        assertThat(location("http://www.weir.test:8999/b?c"))
                .isEqualTo("http://www.weir.test:PORT/b?c");
    }

    @Test
    void redirectToAnotherSiteIsLeftAlone() {
        assertThat(location("https://other.test/b")).isEqualTo("https://other.test/b");
    }

    @Test
    void relativeRedirectIsLeftAlone() {
        assertThat(location("/b")).isEqualTo("/b");
    }

    @Test
    void redirectIsLeftAloneWhenRewritingIsOff() {
        assertThat(location("http://www.weir.test:8999/b", "rewriting: { location: never }"))
                .isEqualTo("http://www.weir.test:8999/b");
    }

    @Test
    void everyRedirectIsRewrittenWhenAskedFor() {
        assertThat(location("http://" + node.address() + "/b", "rewriting: { location: always }"))
                .isEqualTo("http://www.weir.test:PORT/b");
    }

    @Test
    void redirectIsRewrittenByAPattern() {
        assertThat(
                        location(
                                "http://inside.test/app/b",
                                "rewriting: { location-regex: '^http://inside\\.test/app/(.*)',"
                                        + " location-replace: 'http://www.weir.test/$1' }"))
                .isEqualTo("http://www.weir.test/b");
    }

    @Test
    void cookieIsLeftAloneByDefault() {
        assertThat(cookies("a=b; Domain=inside.test; Path=/app; HttpOnly"))
                .containsExactly("a=b; Domain=inside.test; Path=/app; HttpOnly");
    }

    @Test
    void domainOfCookiesIsSetToAName() {
        assertThat(
                        cookies(
                                "a=b; Domain=inside.test; Path=/",
                                "rewriting: { cookie-domain: set-to-named,"
                                        + " new-cookie-domain: weir.test }"))
                .singleElement()
                .asString()
                .containsIgnoringCase("domain=weir.test")
                .doesNotContain("inside.test")
                .contains("a=b")
                .containsIgnoringCase("path=/");
    }

    @Test
    void domainOfCookiesIsSetToThatOfTheRequest() {
        assertThat(
                        cookies(
                                "a=b; Domain=inside.test",
                                "rewriting: { cookie-domain: set-to-request }"))
                .singleElement()
                .asString()
                .containsIgnoringCase("domain=www.weir.test")
                .doesNotContain("inside.test");
    }

    @Test
    void pathOfCookiesIsRewrittenByAPattern() {
        assertThat(
                        cookies(
                                "a=b; path=/app/x; HttpOnly",
                                "rewriting: { cookie-path-regex: '^/app',"
                                        + " cookie-path-replace: '' }"))
                .singleElement()
                .asString()
                .containsIgnoringCase("path=/x")
                .contains("HttpOnly");
    }

    @Test
    void secureIsSetAndUnset() {
        assertThat(cookies("a=b", "rewriting: { cookie-secure: set-secure }"))
                .singleElement()
                .asString()
                .containsIgnoringCase("; secure");
        assertThat(cookies("a=b; Secure; Path=/", "rewriting: { cookie-secure: unset-secure }"))
                .singleElement()
                .asString()
                .doesNotContainIgnoringCase("secure")
                .contains("Path=/");
    }

    @Test
    void listedFieldsAreRemoved() {
        ReceivedResponse response =
                answered(
                        "Server: Inside/1.0\r\nX-Powered-By: x\r\nserver: again\r\nX-Kept: y\r\n",
                        "rewriting: { remove-headers: [Server, X-Powered-By] }");
        assertThat(response.fields().has("Server")).isFalse();
        assertThat(response.fields().has("X-Powered-By")).isFalse();
        assertThat(response.field("X-Kept")).isEqualTo("y");
    }

    @Test
    void errorPageSaysNothingAboutNodes() {
        FakeNode gone = WEIR.closing(FakeNode.refusing("gone"));
        RunningWeir weir = WEIR.start(ConfigText.of(gone));
        try (RawClient client = RawClient.to(weir.port())) {
            ReceivedResponse response =
                    client.exchange("GET /a<script> HTTP/1.1\r\nHost: weir.test\r\n\r\n");
            assertThat(response.status()).isGreaterThanOrEqualTo(400);
        }
        try (RawClient client = RawClient.to(weir.port())) {
            ReceivedResponse response =
                    client.exchange("GET /where HTTP/1.1\r\nHost: weir.test\r\n\r\n");
            assertThat(response.status()).isIn(502, 503);
            assertThat(response.complete()).isTrue();
            assertThat(response.toString())
                    .doesNotContain(gone.address())
                    .doesNotContain(String.valueOf(gone.port()))
                    .doesNotContain("/where")
                    .doesNotContain("Exception");
        }
    }

    @Test
    void errorFileIsSentWhenNoNodeCanAnswer(@TempDir Path directory) throws IOException {
        Path page = directory.resolve("sorry.html");
        Files.writeString(page, "<html>sorry for now</html>");
        FakeNode gone = WEIR.closing(FakeNode.refusing("gone"));
        RunningWeir weir = WEIR.start(ConfigText.of(gone).virtualServer("error-file: " + page));
        try (RawClient client = RawClient.to(weir.port())) {
            ReceivedResponse response =
                    client.exchange("GET /a HTTP/1.1\r\nHost: weir.test\r\n\r\n");
            assertThat(response.status()).isIn(502, 503);
            assertThat(response.text()).isEqualTo("<html>sorry for now</html>");
        }
        try (RawClient client = RawClient.to(weir.port())) {
            ReceivedResponse head = client.exchange("HEAD /a HTTP/1.1\r\nHost: weir.test\r\n\r\n");
            assertThat(head.status()).isIn(502, 503);
            assertThat(client.nothingMore()).isTrue();
        }
    }
}
