package io.weir.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What becomes of the heads of nodes' responses before clients see them. */
class RewriteResponseTest {

    private static final String NODE = "10.0.0.1:8080";

    private static String answered(OneExchange one, String host, String lines) {
        try (one) {
            return one.answered(
                    "GET / HTTP/1.1\r\nHost: " + host + "\r\n\r\n",
                    "HTTP/1.1 302 Found\r\n" + lines + "\r\n\r\n");
        }
    }

    private static String location(OneExchange one, String host, String location) {
        String head = answered(one, host, "Location: " + location);
        String start = "HTTP/1.1 302 Found\r\nLocation: ";
        assertThat(head).startsWith(start).endsWith("\r\n");
        return head.substring(start.length(), head.length() - 2);
    }

    /** The default: redirects that name the host of the request, or the node. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a.test:81 | http://a.test/b?c#d | http://a.test:81/b?c#d",
                "a.test:81 | https://A.TEST:8443 | http://a.test:81",
                "a.test:81 | HTTP://a.test?q | http://a.test:81?q",
                "a.test:81 | http://a.test#f | http://a.test:81#f",
                "a.test | http://a.test:8080/b | http://a.test/b",
                "[::1]:81 | http://[::1]:9000/ | http://[::1]:81/",
                "a.test | http://10.0.0.1:8080/b | http://a.test/b",
                "a.test | http://10.0.0.1/b | http://10.0.0.1/b",
                "a.test | http://10.0.0.1:80/b | http://10.0.0.1:80/b",
                "a.test | http://b.test/ | http://b.test/",
                "a.test | http://a.test.evil.test/ | http://a.test.evil.test/",
                "a.test | http://user@a.test/ | http://user@a.test/",
                "a.test | /b | /b",
                "a.test | b/c | b/c",
                "a.test | //a.test/b | //a.test/b",
                "a.test | ftp://a.test/b | ftp://a.test/b",
                "a.test | ?next=http://a.test:9000/ | ?next=http://a.test:9000/",
                "a.test | /x?u=http://a.test:9000/ | /x?u=http://a.test:9000/",
                "a.test | '' | ''"
            })
    void redirectToTheHostAskedForNamesTheAddressAskedAt(
            String host, String location, String expected) {
        assertThat(location(new OneExchange(NODE), host, location)).isEqualTo(expected);
    }

    @Test
    void redirectToANodeOnTheUsualPortIsKnownWithoutIt() {
        assertThat(location(new OneExchange("10.0.0.1:80"), "a.test", "http://10.0.0.1/b"))
                .isEqualTo("http://a.test/b");
        assertThat(location(new OneExchange("node.test:80"), "a.test", "http://NODE.test/b"))
                .isEqualTo("http://a.test/b");
        assertThat(
                        location(
                                new OneExchange("'[2001:db8::1]:80'"),
                                "a.test",
                                "http://[2001:db8::1]/"))
                .isEqualTo("http://a.test/");
    }

    @Test
    void redirectKeepsTheSchemeOfTheClient() {
        assertThat(location(new OneExchange(NODE).secure(), "a.test", "http://a.test:8080/b"))
                .isEqualTo("https://a.test/b");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "http://b.test:8080/b?c | http://a.test/b?c",
                "https://b.test | http://a.test",
                "/b | /b",
                "ftp://b.test/ | ftp://b.test/"
            })
    void everyAbsoluteRedirectIsRewrittenWhenAsked(String location, String expected) {
        OneExchange one = new OneExchange(NODE, "rewriting: { location: always }");
        assertThat(location(one, "a.test", location)).isEqualTo(expected);
    }

    @Test
    void noRedirectIsRewrittenWhenNoneShallBe() {
        OneExchange one = new OneExchange(NODE, "rewriting: { location: never }");
        assertThat(location(one, "a.test", "http://a.test:8080/b"))
                .isEqualTo("http://a.test:8080/b");
    }

    @Test
    void expressionThatMatchesGoesBeforeTheRule() {
        String lines =
                "rewriting: { location: always, location-regex: '^http://in/(.*)$',"
                        + " location-replace: '/out/$1' }";
        assertThat(location(new OneExchange(NODE, lines), "a.test", "http://in/b"))
                .isEqualTo("/out/b");
        assertThat(location(new OneExchange(NODE, lines), "a.test", "http://other/b"))
                .isEqualTo("http://a.test/b");
    }

    @Test
    void responseWithoutHostInTheRequestIsRewrittenToTheAddressConnectedTo() {
        try (OneExchange one = new OneExchange(NODE).at(OneExchange.address("198.51.100.1", 81))) {
            assertThat(
                            one.answered(
                                    "GET / HTTP/1.0\r\n\r\n",
                                    "HTTP/1.1 302 Found\r\n"
                                            + "Location: http://10.0.0.1:8080/\r\n\r\n"))
                    .isEqualTo("HTTP/1.1 302 Found\r\nLocation: http://198.51.100.1:81/\r\n");
        }
    }

    @Test
    void everyCookieIsRewrittenInItsOrder() {
        OneExchange one = new OneExchange(NODE, "rewriting: { cookie-secure: set-secure }");
        assertThat(
                        answered(
                                one,
                                "a.test",
                                "Set-Cookie: a=1\r\nX: y\r\nset-cookie: b=2; Secure\r\n"
                                        + "Set-Cookie: c=\u00e4"))
                .isEqualTo(
                        "HTTP/1.1 302 Found\r\nX: y\r\nSet-Cookie: a=1; Secure\r\n"
                                + "Set-Cookie: b=2; Secure\r\nSet-Cookie: c=\u00e4; Secure\r\n");
    }

    @Test
    void cookiesGetTheHostOfTheRequest() {
        OneExchange one = new OneExchange(NODE, "rewriting: { cookie-domain: set-to-request }");
        assertThat(answered(one, "a.test:81", "Set-Cookie: a=1; domain=in.test"))
                .isEqualTo("HTTP/1.1 302 Found\r\nSet-Cookie: a=1; Domain=a.test\r\n");
    }

    @Test
    void hiddenFieldsAndThoseForTheNextHopGo() {
        OneExchange one =
                new OneExchange(NODE, "rewriting: { remove-headers: [server, X-Inside] }");
        assertThat(
                        answered(
                                one,
                                "a.test",
                                "Server: s\r\nConnection: close, X-Hop\r\nX-Hop: 1\r\n"
                                        + "x-inside: 2\r\nKeep-Alive: timeout=1\r\nX-INSIDE: 3\r\n"
                                        + "Upgrade: h2c\r\nContent-Length: 0"))
                .isEqualTo("HTTP/1.1 302 Found\r\nContent-Length: 0\r\n");
    }

    @Test
    void everythingElseStaysAsItCame() {
        String lines =
                "server: s\r\nDate: d\r\nSet-Cookie: a=b;Path=/;SECURE\r\nX-~:  v \r\n"
                        + "Content-Length: 0";
        assertThat(answered(new OneExchange(NODE), "a.test", lines))
                .isEqualTo("HTTP/1.1 302 Found\r\n" + lines + "\r\n");
    }
}
