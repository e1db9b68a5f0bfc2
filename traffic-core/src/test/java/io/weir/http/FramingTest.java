package io.weir.http;

import static io.weir.http.HeadReading.completeRequest;
import static io.weir.http.HeadReading.completeResponse;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How long bodies are, and which messages could be understood in two ways. */
class FramingTest {

    private static final String LARGEST = "999999999999999999";

    private static RequestHead request(String start, String... lines) {
        return completeRequest(start + "\r\n" + joined(lines) + "\r\n");
    }

    private static RequestHead post(String... lines) {
        return request("POST / HTTP/1.1", "Host: a\r\n" + joined(lines).stripTrailing());
    }

    private static ResponseHead response(String start, String... lines) {
        return completeResponse(start + "\r\n" + joined(lines) + "\r\n");
    }

    private static String joined(String... lines) {
        StringBuilder text = new StringBuilder();
        for (String line : lines) {
            text.append(line).append("\r\n");
        }
        return text.toString();
    }

    private static @Nullable Defect host(String value) {
        return Framing.check(request("GET / HTTP/1.1", "Host: " + value));
    }

    // ---- requests

    @Test
    void requestWithoutFramingFieldsHasNoBody() {
        RequestHead head = request("POST / HTTP/1.1", "Host: a");
        assertThat(Framing.check(head)).isNull();
        assertThat(Framing.requestLength(head)).isZero();
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "5, 5", "005, 5", "000000000000000000, 0", LARGEST + ", " + LARGEST})
    void lengthOfARequestIsItsContentLength(String value, long length) {
        RequestHead head = post("Content-Length: " + value);
        assertThat(Framing.check(head)).isNull();
        assertThat(Framing.requestLength(head)).isEqualTo(length);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "-1",
                "+1",
                "1.0",
                "0x10",
                "1e3",
                "5, 5",
                "5,5",
                "5 5",
                "5;",
                "\"5\"",
                "a",
                "\u0665",
                "1000000000000000000",
                "0000000000000000005",
                "18446744073709551616"
            })
    void lengthThatIsNotPlainDigitsIsRefused(String value) {
        String latin1 = value.equals("\u0665") ? "\u00d9\u00a5" : value;
        assertThat(Framing.check(post("Content-Length: " + latin1)))
                .isEqualTo(Defect.CONTENT_LENGTH);
        assertThat(Framing.check(response("HTTP/1.1 200 OK", "Content-Length: " + latin1)))
                .isEqualTo(Defect.CONTENT_LENGTH);
    }

    @Test
    void secondLengthIsRefusedEvenIfItAgrees() {
        assertThat(Framing.check(post("Content-Length: 5", "content-length: 5")))
                .isEqualTo(Defect.CONTENT_LENGTH);
        assertThat(Framing.check(post("Content-Length: 5", "Content-Length: 6")))
                .isEqualTo(Defect.CONTENT_LENGTH);
        assertThat(
                        Framing.check(
                                response(
                                        "HTTP/1.1 200 OK",
                                        "Content-Length: 5",
                                        "Content-Length: 5")))
                .isEqualTo(Defect.CONTENT_LENGTH);
    }

    @ParameterizedTest
    @ValueSource(strings = {"chunked", "CHUNKED", "Chunked"})
    void chunkedIsTheOnlyCoding(String value) {
        RequestHead head = post("Transfer-Encoding: " + value);
        assertThat(Framing.check(head)).isNull();
        assertThat(Framing.requestLength(head)).isEqualTo(Framing.CHUNKED);
        ResponseHead answer = response("HTTP/1.1 200 OK", "Transfer-Encoding: " + value);
        assertThat(Framing.check(answer)).isNull();
        assertThat(Framing.responseLength(answer, Method.GET)).isEqualTo(Framing.CHUNKED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "identity",
                "gzip",
                "gzip, chunked",
                "chunked, gzip",
                "chunked, chunked",
                "chunked,",
                ",chunked",
                "chunked;",
                "chunked;q=1",
                "x chunked",
                "\"chunked\"",
                "chunked\u00a0",
                "chunke",
                "xchunked"
            })
    void everyOtherCodingIsRefused(String value) {
        assertThat(Framing.check(post("Transfer-Encoding: " + value)))
                .isEqualTo(Defect.TRANSFER_ENCODING);
        assertThat(Framing.check(response("HTTP/1.1 200 OK", "Transfer-Encoding: " + value)))
                .isEqualTo(Defect.TRANSFER_ENCODING);
    }

    @Test
    void secondTransferEncodingIsRefused() {
        assertThat(Framing.check(post("Transfer-Encoding: chunked", "Transfer-Encoding: chunked")))
                .isEqualTo(Defect.TRANSFER_ENCODING);
        assertThat(
                        Framing.check(
                                response(
                                        "HTTP/1.1 200 OK",
                                        "Transfer-Encoding: chunked",
                                        "Transfer-Encoding: chunked")))
                .isEqualTo(Defect.TRANSFER_ENCODING);
    }

    @Test
    void transferEncodingInHttp10IsRefused() {
        assertThat(Framing.check(request("POST / HTTP/1.0", "Transfer-Encoding: chunked")))
                .isEqualTo(Defect.TRANSFER_ENCODING);
        assertThat(Framing.check(response("HTTP/1.0 200 OK", "Transfer-Encoding: chunked")))
                .isEqualTo(Defect.TRANSFER_ENCODING);
    }

    @ParameterizedTest
    @CsvSource({
        "Content-Length: 5, Transfer-Encoding: chunked",
        "Transfer-Encoding: chunked, Content-Length: 5",
        "Content-Length: 0, Transfer-Encoding: chunked"
    })
    void lengthAndEncodingTogetherAreRefused(String one, String other) {
        assertThat(Framing.check(post(one, other))).isEqualTo(Defect.LENGTH_AND_ENCODING);
        assertThat(Framing.check(response("HTTP/1.1 200 OK", one, other)))
                .isEqualTo(Defect.LENGTH_AND_ENCODING);
    }

    /** Names that some recipients read as framing are other names, and passed on as such. */
    @ParameterizedTest
    @ValueSource(
            strings = {"Content_Length: 5", "Transfer_Encoding: chunked", "X-Content-Length: 5"})
    void similarNamesDoNotFrame(String line) {
        RequestHead head = post(line);
        assertThat(Framing.check(head)).isNull();
        assertThat(Framing.requestLength(head)).isZero();
    }

    @Test
    void expectationThatIsKnownIsAccepted() {
        assertThat(Framing.check(post("Expect: 100-continue"))).isNull();
        assertThat(Framing.check(post("Expect: 100-Continue"))).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "100", "100-continue, x", "200-ok", "100-continued"})
    void unknownExpectationIsRefused(String value) {
        assertThat(Framing.check(post("Expect: " + value))).isEqualTo(Defect.EXPECT);
    }

    @Test
    void methodsThatAreNotForAReverseProxyAreRefused() {
        assertThat(Framing.check(request("TRACE / HTTP/1.1", "Host: a")))
                .isEqualTo(Defect.METHOD_REFUSED);
        assertThat(Framing.check(request("CONNECT a:443 HTTP/1.1", "Host: a:443")))
                .isEqualTo(Defect.METHOD_REFUSED);
        assertThat(Framing.check(request("trace / HTTP/1.1", "Host: a"))).isNull();
    }

    // ---- Host

    @Test
    void hostIsNeededOnceInHttp11() {
        assertThat(Framing.check(request("GET / HTTP/1.1"))).isEqualTo(Defect.HOST);
        assertThat(Framing.check(request("GET http://a/ HTTP/1.1"))).isEqualTo(Defect.HOST);
        assertThat(Framing.check(request("GET / HTTP/1.0"))).isNull();
        assertThat(Framing.check(request("GET / HTTP/1.1", "Host: a", "Host: a")))
                .isEqualTo(Defect.HOST);
        assertThat(Framing.check(request("GET / HTTP/1.0", "Host: a", "host: b")))
                .isEqualTo(Defect.HOST);
        assertThat(Framing.check(request("GET / HTTP/1.0", "Host: a/b"))).isEqualTo(Defect.HOST);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a",
                "A.Example",
                "a.example.",
                "a-b_c~d.example",
                "192.0.2.1",
                "192.0.2.1:8080",
                "a:0",
                "a:",
                "a:80",
                "a:00080",
                "a:65535",
                "xn--bcher-kva.example",
                "a%20b",
                "!$&'()*+;=",
                "[::]",
                "[::1]:443",
                "[2001:DB8::ffff:192.0.2.1]:",
            })
    void hostsOfTheGrammarAreAccepted(String value) {
        assertThat(host(value)).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ":80",
                "a b",
                "a,b",
                "a/",
                "a?q",
                "a\\b",
                "a@b",
                "user:password@a",
                "a:b",
                "a:80:80",
                "a:-1",
                "a:65536",
                "a:99999",
                "a:000080",
                "a:8 0",
                "[",
                "[]",
                "[:]",
                "[::1",
                "[::1]80",
                "[::1]:x",
                "[::g]",
                "[fe80::1%25eth0]",
                "[v1.a]",
                "[::1]a",
                "::1",
                "<a>",
                "\"a\"",
                "\u00e4",
                "a\u0080"
            })
    void everyOtherHostIsRefused(String value) {
        assertThat(host(value)).isEqualTo(Defect.HOST);
    }

    // ---- responses

    @ParameterizedTest
    @EnumSource(Method.class)
    void responseWithoutFramingFieldsEndsWithTheConnection(Method asked) {
        ResponseHead head = response("HTTP/1.1 200 OK");
        assertThat(Framing.check(head)).isNull();
        assertThat(Framing.responseLength(head, asked))
                .isEqualTo(asked == Method.HEAD ? 0 : Framing.UNTIL_CLOSE);
    }

    @ParameterizedTest
    @CsvSource({
        "HEAD, HTTP/1.1 200 OK, Content-Length: 5, 0",
        "HEAD, HTTP/1.1 200 OK, Transfer-Encoding: chunked, 0",
        "GET, HTTP/1.1 200 OK, Content-Length: 5, 5",
        "GET, HTTP/1.0 200 OK, Content-Length: 5, 5",
        "GET, HTTP/1.1 200 OK, Content-Length: " + LARGEST + ", " + LARGEST,
        "GET, HTTP/1.1 204 No Content, X: y, 0",
        "GET, HTTP/1.1 204 No Content, Content-Length: 5, 0",
        "GET, HTTP/1.1 304 Not Modified, Content-Length: 5, 0",
        "GET, HTTP/1.1 304 Not Modified, Transfer-Encoding: chunked, 0",
        "GET, HTTP/1.1 100 Continue, X: y, 0",
        "GET, HTTP/1.1 101 Switching Protocols, X: y, 0",
        "GET, HTTP/1.1 205 Reset Content, Content-Length: 0, 0",
        "POST, HTTP/1.1 500 Oops, Transfer-Encoding: chunked, -1",
        "GET, HTTP/1.1 205 Reset Content, X: y, -2",
    })
    void lengthOfAResponseDependsOnWhatWasAsked(
            Method asked, String start, String line, long length) {
        ResponseHead head = response(start, line);
        assertThat(Framing.check(head)).isNull();
        assertThat(Framing.responseLength(head, asked)).isEqualTo(length);
    }

    @ParameterizedTest
    @CsvSource({
        "HTTP/1.1 100 Continue, Content-Length: 0, CONTENT_LENGTH",
        "HTTP/1.1 101 Switching Protocols, Content-Length: 5, CONTENT_LENGTH",
        "HTTP/1.1 103 Early Hints, Transfer-Encoding: chunked, TRANSFER_ENCODING",
        "HTTP/1.1 204 No Content, Transfer-Encoding: chunked, TRANSFER_ENCODING"
    })
    void framingWhereThereIsNoBodyIsRefused(String start, String line, Defect defect) {
        assertThat(Framing.check(response(start, line))).isEqualTo(defect);
    }

    // ---- persistence

    @ParameterizedTest
    @CsvSource({
        "1.1, X: y, true",
        "1.1, Connection: close, false",
        "1.1, Connection: Close, false",
        "1.1, 'Connection: keep-alive, close', false",
        "1.1, Connection: keep-alive, true",
        "1.1, Connection: closed, true",
        "1.0, X: y, false",
        "1.0, Connection: Keep-Alive, true",
        "1.0, 'Connection: a, keep-alive', true",
        "1.0, 'Connection: keep-alive, close', false",
        "1.0, Keep-Alive: timeout=5, false",
        "1.0, Proxy-Connection: keep-alive, false"
    })
    void connectionStaysOpenAsBothVersionsSay(String version, String line, boolean persistent) {
        assertThat(Framing.persistent(request("GET / HTTP/" + version, line)))
                .isEqualTo(persistent);
        assertThat(Framing.persistent(response("HTTP/" + version + " 200 OK", line)))
                .isEqualTo(persistent);
    }

    @ParameterizedTest
    @EnumSource(Defect.class)
    void everyDefectHasAnErrorStatusAndWords(Defect defect) {
        assertThat(defect.status()).isBetween(400, 599);
        assertThat(defect.text()).isNotBlank().matches("[A-Za-z0-9 ,.-]+");
    }
}
