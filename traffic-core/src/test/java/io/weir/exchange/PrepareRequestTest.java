package io.weir.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of the heads of clients' requests before nodes see them. */
class PrepareRequestTest {

    private static final String NODE = "10.0.0.1:8080";

    /** A virtual server that adds nothing by itself. */
    private static OneExchange plain() {
        return new OneExchange(
                NODE,
                "forwarding: { cluster-ip: false, forwarded-for: false, forwarded-proto: false,"
                        + " via: false }");
    }

    private static String asked(OneExchange one, String start, String... lines) {
        try (one) {
            StringBuilder text = new StringBuilder(start).append("\r\n");
            for (String line : lines) {
                text.append(line).append("\r\n");
            }
            return one.asked(text.append("\r\n").toString());
        }
    }

    @Test
    void requestIsSentOnAsItCame() {
        assertThat(
                        asked(
                                plain(),
                                "GET /a?b HTTP/1.1",
                                "hOST: a.test:81",
                                "X-~:  v ",
                                "Cookie: \u00e4",
                                "Trailer: X-Sum"))
                .isEqualTo(
                        "GET /a?b HTTP/1.1\r\nhOST: a.test:81\r\nX-~:  v \r\n"
                                + "Cookie: \u00e4\r\nTrailer: X-Sum\r\n");
    }

    @Test
    void fieldsForTheNextHopGo() {
        assertThat(
                        asked(
                                plain(),
                                "GET / HTTP/1.1",
                                "Host: a",
                                "Connection: close, X-Hop, Host",
                                "X-Hop: 1",
                                "Keep-Alive: 5",
                                "TE: trailers",
                                "Upgrade: h2c",
                                "HTTP2-Settings: x",
                                "Proxy-Connection: close"))
                .isEqualTo("GET / HTTP/1.1\r\nHost: a\r\n");
    }

    /** RFC 9112 section 3.2.2: the authority of an absolute target counts, and Host does not. */
    @Test
    void authorityOfTheTargetReplacesHost() {
        assertThat(asked(plain(), "GET http://B.test:82/c HTTP/1.1", "Host: a", "X: y"))
                .isEqualTo("GET /c HTTP/1.1\r\nX: y\r\nHost: B.test:82\r\n");
        assertThat(asked(plain(), "OPTIONS http://b.test HTTP/1.0"))
                .isEqualTo("OPTIONS * HTTP/1.1\r\nHost: b.test\r\n");
    }

    @ParameterizedTest
    @CsvSource({
        "198.51.100.1, 80, 198.51.100.1",
        "198.51.100.1, 8080, 198.51.100.1:8080",
        "2001:db8::1, 80, [2001:db8:0:0:0:0:0:1]",
        "2001:db8::1, 81, [2001:db8:0:0:0:0:0:1]:81"
    })
    void clientThatNamesNoHostMeansTheAddressItConnectedTo(String ip, int port, String host) {
        assertThat(asked(plain().at(OneExchange.address(ip, port)), "GET / HTTP/1.0"))
                .isEqualTo("GET / HTTP/1.1\r\nHost: " + host + "\r\n");
    }

    @ParameterizedTest
    @CsvSource({"5, 5", "0, 0", "005, 5", "000, 0", "000000000000000007, 7"})
    void lengthIsSpeltInOneWay(String spelt, String sent) {
        assertThat(asked(plain(), "POST / HTTP/1.1", "Host: a", "Content-Length: " + spelt))
                .isEqualTo("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: " + sent + "\r\n");
    }

    @Test
    void expectationOfAnOldClientIsIgnored() {
        assertThat(
                        asked(
                                plain(),
                                "POST / HTTP/1.0",
                                "Host: a",
                                "Expect: 100-continue",
                                "Content-Length: 1"))
                .isEqualTo("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n");
        assertThat(
                        asked(
                                plain(),
                                "POST / HTTP/1.1",
                                "Host: a",
                                "Expect: 100-continue",
                                "Content-Length: 1"))
                .contains("Expect: 100-continue\r\n");
    }

    // ---- upgrades

    @Test
    void webSocketIsAskedForAfresh() {
        assertThat(
                        asked(
                                plain(),
                                "GET /ws HTTP/1.1",
                                "Host: a",
                                "Connection: keep-alive, UPGRADE",
                                "Upgrade: WebSocket",
                                "Sec-WebSocket-Key: k"))
                .isEqualTo(
                        "GET /ws HTTP/1.1\r\nHost: a\r\nSec-WebSocket-Key: k\r\n"
                                + "Connection: Upgrade\r\nUpgrade: websocket\r\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1|Connection: close|Upgrade: websocket",
                "GET / HTTP/1.1|Connection: upgrade",
                "GET / HTTP/1.1|Connection: upgrade|Upgrade: h2c",
                "GET / HTTP/1.1|Connection: upgrade|Upgrade: websocket, h2c",
                "GET / HTTP/1.1|Connection: upgrade|Upgrade: websocket|Upgrade: websocket",
                "GET / HTTP/1.1|Connection: upgrade|Upgrade: websocket|Content-Length: 1",
                "POST / HTTP/1.1|Connection: upgrade|Upgrade: websocket",
                "GET / HTTP/1.0|Connection: upgrade|Upgrade: websocket"
            })
    void otherUpgradesAreNotAskedFor(String request) {
        String[] lines = (request + "|Host: a").split("\\|", -1);
        assertThat(asked(plain(), lines[0], java.util.Arrays.copyOfRange(lines, 1, lines.length)))
                .doesNotContainIgnoringCase("upgrade")
                .doesNotContain("Connection");
    }

    @Test
    void noUpgradeIsAskedForWhereTheyAreOff() {
        assertThat(
                        asked(
                                new OneExchange(NODE, "upgrade: false"),
                                "GET / HTTP/1.1",
                                "Host: a",
                                "Connection: upgrade",
                                "Upgrade: websocket"))
                .doesNotContainIgnoringCase("upgrade");
    }

    // ---- who the client is

    private static final String[] CLAIMS = {
        "Host: a",
        "X-Cluster-Client-Ip: 1.1.1.1",
        "X-Forwarded-For: 2.2.2.2",
        "x-forwarded-for: 3.3.3.3, 4.4.4.4",
        "X-Forwarded-Proto: https",
        "X-Forwarded-Host: evil",
        "X-Forwarded-Port: 443",
        "X-Real-IP: 5.5.5.5",
        "Forwarded: for=6.6.6.6"
    };

    private static OneExchange telling() {
        return new OneExchange(
                NODE,
                "forwarding: { cluster-ip: true, forwarded-for: true, forwarded-proto: true, via:"
                        + " true }");
    }

    @Test
    void claimsOfStrangersAreReplaced() {
        assertThat(asked(telling(), "GET / HTTP/1.1", CLAIMS))
                .isEqualTo(
                        "GET / HTTP/1.1\r\nHost: a\r\nX-Cluster-Client-Ip: 192.0.2.7\r\n"
                                + "X-Forwarded-For: 192.0.2.7\r\nX-Forwarded-Proto: http\r\n"
                                + "Via: 1.1 weir\r\n");
        assertThat(asked(telling().secure(), "GET / HTTP/1.0", CLAIMS))
                .isEqualTo(
                        "GET / HTTP/1.1\r\nHost: a\r\nX-Cluster-Client-Ip: 192.0.2.7\r\n"
                                + "X-Forwarded-For: 192.0.2.7\r\nX-Forwarded-Proto: https\r\n"
                                + "Via: 1.0 weir\r\n");
        assertThat(asked(plain(), "GET / HTTP/1.1", CLAIMS))
                .isEqualTo("GET / HTTP/1.1\r\nHost: a\r\n");
    }

    @Test
    void claimsInASpellingThatSomeNodesTakeForTheSameGoWhoeverMakesThem() {
        String request =
                "GET / HTTP/1.1\r\nHost: a\r\nX_Forwarded_For: 6.6.6.6\r\n"
                        + "x-forwarded_proto: https\r\nX_Forwarded_Host: evil\r\n"
                        + "X_FORWARDED_PORT: 443\r\nX_Real_IP: 6.6.6.6\r\n"
                        + "X_Cluster_Client_Ip: 6.6.6.6\r\nX_Other: 1\r\n\r\n";
        try (OneExchange stranger = plain();
                OneExchange proxy = plain().trusted()) {
            assertThat(stranger.asked(request))
                    .isEqualTo("GET / HTTP/1.1\r\nHost: a\r\nX_Other: 1\r\n")
                    .isEqualTo(proxy.asked(request));
        }
    }

    @Test
    void claimsOfTrustedProxiesAreContinued() {
        assertThat(asked(telling().trusted(), "GET / HTTP/1.1", CLAIMS))
                .isEqualTo(
                        "GET / HTTP/1.1\r\nHost: a\r\nX-Forwarded-Proto: https\r\n"
                                + "X-Forwarded-Host: evil\r\nX-Forwarded-Port: 443\r\n"
                                + "X-Real-IP: 5.5.5.5\r\nForwarded: for=6.6.6.6\r\n"
                                + "X-Cluster-Client-Ip: 192.0.2.7\r\n"
                                + "X-Forwarded-For: 2.2.2.2, 3.3.3.3, 4.4.4.4, 192.0.2.7\r\n"
                                + "Via: 1.1 weir\r\n");
        assertThat(asked(plain().trusted(), "GET / HTTP/1.1", CLAIMS))
                .isEqualTo("GET / HTTP/1.1\r\n" + String.join("\r\n", CLAIMS) + "\r\n");
    }

    @Test
    void trustedProxyThatClaimsNothingIsTheClient() {
        assertThat(asked(telling().trusted(), "GET / HTTP/1.1", "Host: a"))
                .isEqualTo(
                        "GET / HTTP/1.1\r\nHost: a\r\nX-Cluster-Client-Ip: 192.0.2.7\r\n"
                                + "X-Forwarded-For: 192.0.2.7\r\nX-Forwarded-Proto: http\r\n"
                                + "Via: 1.1 weir\r\n");
    }

    @Test
    void viaOfOthersStays() {
        assertThat(asked(telling(), "GET / HTTP/1.1", "Host: a", "Via: 1.0 other"))
                .contains("Via: 1.0 other\r\n")
                .endsWith("Via: 1.1 weir\r\n");
    }
}
