package io.weir.hostile;

import static io.weir.testkit.H2Client.END_HEADERS;
import static io.weir.testkit.H2Client.END_STREAM;
import static io.weir.testkit.H2Client.HEADERS;
import static io.weir.testkit.H2Client.block;
import static io.weir.testkit.H2Client.fields;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.testkit.ConfigText;
import io.weir.testkit.FakeNode;
import io.weir.testkit.H2Client;
import io.weir.testkit.ReceivedRequest;
import io.weir.testkit.RunningWeir;
import io.weir.testkit.WeirExtension;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Field lists over HTTP/2 that would become something else in HTTP/1.1, judged at a node: not one
 * byte of them may arrive.
 */
class Http2RequestsTest {

    @RegisterExtension static final WeirExtension WEIR = new WeirExtension();

    private static FakeNode node;
    private static RunningWeir weir;

    @BeforeAll
    static void start() {
        node = WEIR.node("recorder");
        weir =
                WEIR.start(
                        ConfigText.of(node)
                                .pool("passive-monitoring: false")
                                .virtualServer(
                                        "limits: { max-url-length: 2000, max-header-length: 8192,"
                                                + " max-headers: 50 }"));
    }

    @BeforeEach
    void forget() {
        node.forget();
    }

    private static String[] all(String... fields) {
        return fields;
    }

    static Stream<Arguments> malformed() {
        List<Arguments> cases = new ArrayList<>();
        cases.add(
                Arguments.of("no method", all(":scheme", "http", ":path", "/", ":authority", "a")));
        cases.add(
                Arguments.of("no scheme", all(":method", "GET", ":path", "/", ":authority", "a")));
        cases.add(
                Arguments.of(
                        "no path", all(":method", "GET", ":scheme", "http", ":authority", "a")));
        cases.add(
                Arguments.of(
                        "no authority", all(":method", "GET", ":scheme", "http", ":path", "/")));
        cases.add(Arguments.of("nothing", all()));
        cases.add(Arguments.of("an empty method", fields("", "/")));
        cases.add(Arguments.of("an empty path", fields("GET", "")));
        for (String method :
                List.of("GE T", "GE:T", "GET\r\nX: y", "GET /x HTTP/1.1\r\nA: b\r\n\r\n", "G\0T")) {
            cases.add(Arguments.of("method " + method, fields(method, "/")));
        }
        for (String path :
                List.of(
                        "x",
                        "*",
                        "http://other/",
                        "/a b",
                        "/a HTTP/1.1\r\nX: y",
                        "/a\rb",
                        "/a\nb",
                        "/a\0b",
                        "/a\tb",
                        "/a#b",
                        "/\u00e9",
                        "/a\u007fb")) {
            cases.add(Arguments.of("path " + path, fields("GET", path)));
        }
        for (String authority :
                List.of("", "a b", "a\r\nX: y", "u@a", "a/b", "a,b", "a:x", "a:99999", "a\0")) {
            cases.add(
                    Arguments.of(
                            "authority " + authority,
                            all(
                                    ":method",
                                    "GET",
                                    ":scheme",
                                    "http",
                                    ":path",
                                    "/",
                                    ":authority",
                                    authority)));
        }
        for (String scheme : List.of("", "ftp", "http\r\nX: y", "https://")) {
            cases.add(
                    Arguments.of(
                            "scheme " + scheme,
                            all(
                                    ":method",
                                    "GET",
                                    ":scheme",
                                    scheme,
                                    ":path",
                                    "/",
                                    ":authority",
                                    "a")));
        }
        for (String twice : List.of(":method", ":scheme", ":path", ":authority")) {
            List<String> both =
                    new ArrayList<>(List.of(twice, twice.equals(":path") ? "/" : "GET"));
            both.addAll(List.of(fields("GET", "/")));
            cases.add(Arguments.of(twice + " twice", both.toArray(new String[0])));
        }
        cases.add(Arguments.of("a response's pseudo-header field", with0(":status", "200")));
        cases.add(Arguments.of("an unknown pseudo-header field", with0(":x", "y")));
        cases.add(Arguments.of("a protocol without CONNECT", with0(":protocol", "websocket")));
        cases.add(
                Arguments.of(
                        "a pseudo-header field behind others",
                        fields("GET", "/", "a", "b", ":path", "/x")));
        for (String[] field :
                List.of(
                        all("Upper", "case"),
                        all("", "no name"),
                        all("a b", "c"),
                        all("a:", "c"),
                        all("a\r\nb", "c"),
                        all("a\0", "c"),
                        all("\u00e9", "c"),
                        all("a", "b\r\nc: d"),
                        all("a", "b\nc"),
                        all("a", "b\rc"),
                        all("a", "b\0c"),
                        all("a", " b"),
                        all("a", "b "),
                        all("a", "\tb"),
                        all("a", "b\u007f"),
                        all("cookie", "a=b\r\nc: d"),
                        all("connection", "close"),
                        all("connection", "x-secret"),
                        all("keep-alive", "timeout=5"),
                        all("proxy-connection", "close"),
                        all("transfer-encoding", "chunked"),
                        all("upgrade", "websocket"),
                        all("upgrade", "h2c"),
                        all("http2-settings", "AAMAAABkAAQAAP__"),
                        all("te", "gzip"),
                        all("te", "trailers, gzip"),
                        all("host", "other.test"),
                        all("content-length", "+1"),
                        all("content-length", "-1"),
                        all("content-length", "1, 1"),
                        all("content-length", "0x1"),
                        all("content-length", "99999999999999999999"),
                        all("content-length", "5"))) {
            cases.add(Arguments.of(field[0] + ": " + field[1], fields("POST", "/", field)));
        }
        cases.add(
                Arguments.of(
                        "content-length twice",
                        fields("POST", "/", "content-length", "0", "content-length", "0")));
        cases.add(
                Arguments.of(
                        "host twice",
                        all(
                                ":method", "GET", ":scheme", "http", ":path", "/", "host", "a",
                                "host", "a")));
        return cases.stream();
    }

    /** A pseudo-header field before those of a GET. */
    private static String[] with0(String name, String value) {
        List<String> all = new ArrayList<>(List.of(name, value));
        all.addAll(List.of(fields("GET", "/")));
        return all.toArray(new String[0]);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("malformed")
    void endsItsStreamAndNeverReachesANode(String name, String[] fields) {
        try (H2Client client = H2Client.to(weir.port())) {
            client.frame(HEADERS, END_STREAM | END_HEADERS, 1, block(fields));
            assertThat(client.outcome(1)).isEqualTo("RST PROTOCOL_ERROR");

            client.get(3, "/sentinel");
            assertThat(client.outcome(3)).as("the connection goes on").isEqualTo("200");
        }
        assertThat(node.violations()).isEmpty();
        assertThat(node.received())
                .extracting(ReceivedRequest::target)
                .containsExactly("/sentinel");
    }

    @Test
    void tooMuchIsRefusedWithItsStatus() {
        String[] many = new String[102];
        for (int i = 0; i < many.length; i += 2) {
            many[i] = "x" + i;
            many[i + 1] = "";
        }
        try (H2Client client = H2Client.to(weir.port())) {
            client.get(1, "/" + "u".repeat(2000));
            assertThat(client.outcome(1)).isEqualTo("414");
            client.get(3, "/", many);
            assertThat(client.outcome(3)).isEqualTo("431");
            client.get(5, "/", "x", "y".repeat(8192));
            assertThat(client.outcome(5)).isEqualTo("431");
            client.get(7, "/", "expect", "200-maybe");
            assertThat(client.outcome(7)).isEqualTo("417");
            client.frame(HEADERS, 5, 9, block(":method", "CONNECT", ":authority", "a:1"));
            assertThat(client.outcome(9)).isEqualTo("405");
            client.frame(HEADERS, 5, 11, block(fields("TRACE", "/")));
            assertThat(client.outcome(11)).isEqualTo("405");
            client.get(13, "/sentinel");
            assertThat(client.outcome(13)).isEqualTo("200");
        }
        assertThat(node.received())
                .extracting(ReceivedRequest::target)
                .containsExactly("/sentinel");
    }

    @Test
    void whatIsAllowedArrivesAsOneCleanRequest() {
        try (H2Client client = H2Client.to(weir.port())) {
            client.get(
                    1,
                    "/a?b=c",
                    "host",
                    "WEIR.test",
                    "te",
                    "trailers",
                    "cookie",
                    "a=1",
                    "x-y",
                    "z",
                    "cookie",
                    "b=2",
                    "x-forwarded-for",
                    "6.6.6.6");
            assertThat(client.outcome(1)).isEqualTo("200");
            client.frame(HEADERS, 5, 3, block(fields("OPTIONS", "*")));
            assertThat(client.outcome(3)).isEqualTo("200");
            client.frame(
                    HEADERS,
                    5,
                    5,
                    block(
                            ":path",
                            "/h",
                            ":method",
                            "GET",
                            ":scheme",
                            "https",
                            "host",
                            "only.test"));
            assertThat(client.outcome(5)).isEqualTo("200");
        }
        assertThat(node.violations()).isEmpty();
        ReceivedRequest first = node.received().get(0);
        assertThat(first.target()).isEqualTo("/a?b=c");
        assertThat(first.version()).isEqualTo("HTTP/1.1");
        assertThat(first.fields().values("Host")).containsExactly("weir.test");
        assertThat(first.fields().values("Cookie")).containsExactly("a=1; b=2");
        assertThat(first.fields().values("X-Y")).containsExactly("z");
        assertThat(first.fields().values("X-Forwarded-For")).containsExactly("127.0.0.1");
        assertThat(first.fields().values("Via")).containsExactly("2.0 weir");
        assertThat(node.received().get(1).target()).isEqualTo("*");
        assertThat(node.received().get(2).fields().values("Host")).containsExactly("only.test");
    }

    /** A browser cuts its cookies into pieces, each of them a field (RFC 9113 section 8.2.3). */
    @Test
    void cookiesInPiecesCountAsOneField() {
        String[] crumbs = new String[160];
        List<String> whole = new ArrayList<>();
        for (int i = 0; i < crumbs.length; i += 2) {
            crumbs[i] = "cookie";
            crumbs[i + 1] = "c" + i + "=1";
            whole.add(crumbs[i + 1]);
        }
        try (H2Client client = H2Client.to(weir.port())) {
            assertThat(client.get(1, "/", crumbs).outcome(1)).isEqualTo("200");
        }
        assertThat(node.received().getFirst().fields().values("Cookie"))
                .containsExactly(String.join("; ", whole));
    }

    /** The bytes of its tunnel are no body, and a node would wait for one. */
    @Test
    void aWishForAWebSocketHasNoLength() {
        String[] wish = {":protocol", "websocket", "sec-websocket-version", "13"};
        List<String> fields = new ArrayList<>(List.of(fields("CONNECT", "/", wish)));
        fields.addAll(List.of("content-length", "40"));
        try (H2Client client = H2Client.to(weir.port())) {
            client.frame(HEADERS, END_HEADERS, 1, block(fields.toArray(new String[0])));
            assertThat(client.outcome(1)).isEqualTo("RST PROTOCOL_ERROR");
            assertThat(client.get(3, "/sentinel").outcome(3)).isEqualTo("200");
        }
        assertThat(node.violations()).isEmpty();
        assertThat(node.received())
                .extracting(ReceivedRequest::target)
                .containsExactly("/sentinel");
    }

    @Test
    void aWishForAWebSocketThatIsNotServedAnyMoreReachesNoNode() {
        FakeNode other = WEIR.node("other");
        ConfigText config = ConfigText.of(other);
        RunningWeir changed = WEIR.start(config);
        H2Client client = WEIR.http2(changed);
        changed.apply(config.virtualServer("upgrade: false").toString());
        client.webSocket(1, "/");
        assertThat(client.outcome(1)).isEqualTo("RST PROTOCOL_ERROR");
        assertThat(client.get(3, "/sentinel").outcome(3)).isEqualTo("200");
        assertThat(other.received())
                .extracting(ReceivedRequest::target)
                .containsExactly("/sentinel");
    }
}
