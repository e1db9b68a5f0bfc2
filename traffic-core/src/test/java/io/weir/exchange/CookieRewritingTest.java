package io.weir.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.config.VirtualServerConfig.CookieDomain;
import io.weir.config.VirtualServerConfig.CookieSecure;
import io.weir.config.VirtualServerConfig.LocationRewrite;
import io.weir.config.VirtualServerConfig.ResponseRewriting;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;
import java.util.Objects;

/** What becomes of the attributes of cookies. */
class CookieRewritingTest {

    private static @Nullable CookieRewriting rewriting(
            CookieDomain domain,
            @Nullable String newDomain,
            @Nullable String pathRegex,
            @Nullable String pathReplace,
            CookieSecure secure) {
        return CookieRewriting.of(
                new ResponseRewriting(
                        LocationRewrite.NEVER,
                        null,
                        null,
                        domain,
                        newDomain,
                        pathRegex,
                        pathReplace,
                        secure,
                        List.of()));
    }

    private static CookieRewriting domain(CookieDomain domain, @Nullable String newDomain) {
        return Objects.requireNonNull(
                rewriting(domain, newDomain, null, null, CookieSecure.NO_MODIFY));
    }

    private static CookieRewriting path(String regex, String replace) {
        return Objects.requireNonNull(
                rewriting(CookieDomain.NO_REWRITE, null, regex, replace, CookieSecure.NO_MODIFY));
    }

    private static CookieRewriting secure(CookieSecure secure) {
        return Objects.requireNonNull(rewriting(CookieDomain.NO_REWRITE, null, null, null, secure));
    }

    @Test
    void thereIsNoneWhenNothingIsAsked() {
        assertThat(
                        rewriting(
                                CookieDomain.NO_REWRITE,
                                "unused.example",
                                null,
                                "unused",
                                CookieSecure.NO_MODIFY))
                .isNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a=b | a=b; Secure",
                "a=b; Secure | a=b; Secure",
                "a=b; SECURE; HttpOnly | a=b; Secure; HttpOnly",
                "a=b; Path=/x; SameSite=Lax | a=b; Path=/x; SameSite=Lax; Secure",
                "a=secure; X-Secure | a=secure; X-Secure; Secure"
            })
    void secureIsSetOnce(String before, String after) {
        assertThat(secure(CookieSecure.SET_SECURE).rewrite(before, "h")).isEqualTo(after);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a=b; Secure | a=b",
                "a=b;secure;HttpOnly | a=b; HttpOnly",
                "a=b; Secure=1; Secure | a=b",
                "Secure=1 | Secure=1",
                "a=b | a=b"
            })
    void secureIsTakenAway(String before, String after) {
        assertThat(secure(CookieSecure.UNSET_SECURE).rewrite(before, "h")).isEqualTo(after);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a=b; Domain=node.local | a=b; Domain=www.example.com",
                "a=b; domain = .node.local ;Path=/ | a=b; Domain=www.example.com; Path=/",
                "a=b; Domain= | a=b; Domain=www.example.com",
                "a=b | a=b",
                "Domain=b | Domain=b"
            })
    void domainBecomesTheNamedOne(String before, String after) {
        assertThat(
                        domain(CookieDomain.SET_TO_NAMED, "www.example.com")
                                .rewrite(before, "other.example"))
                .isEqualTo(after);
    }

    @ParameterizedTest
    @CsvSource({
        "www.example.com, www.example.com",
        "www.example.com:8080, www.example.com",
        "192.0.2.1:80, 192.0.2.1"
    })
    void domainBecomesTheHostOfTheRequestWithoutItsPort(String host, String domain) {
        assertThat(domain(CookieDomain.SET_TO_REQUEST, null).rewrite("a=b; Domain=n", host))
                .isEqualTo("a=b; Domain=" + domain);
    }

    /** A cookie for an IPv6 literal has no Domain that a browser would accept. */
    @Test
    void domainStaysWhereTheRequestNamesNone() {
        CookieRewriting rewriting = domain(CookieDomain.SET_TO_REQUEST, null);
        assertThat(rewriting.rewrite("a=b; Domain=n", "[::1]:80")).isEqualTo("a=b; Domain=n");
        assertThat(rewriting.rewrite("a=b; Domain=n", null)).isEqualTo("a=b; Domain=n");
        assertThat(domain(CookieDomain.SET_TO_NAMED, null).rewrite("a=b; Domain=n", "h"))
                .isEqualTo("a=b; Domain=n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a=b; Path=/app/shop | a=b; Path=/shop",
                "a=b; path=/app | a=b; Path=/",
                "a=b; Path=/other | a=b; Path=/other",
                "a=b; Path=/app/app | a=b; Path=/app",
                "a=b | a=b",
                "Path=/app/x | Path=/app/x"
            })
    void pathIsReplacedByItsExpression(String before, String after) {
        assertThat(path("^/app(/|$)", "/").rewrite(before, "h")).isEqualTo(after);
    }

    @Test
    void groupsOfTheExpressionMayBeUsed() {
        assertThat(path("^/v(\\d+)/(.*)$", "/$2/$1").rewrite("a=b; Path=/v7/x", "h"))
                .isEqualTo("a=b; Path=/x/7");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a=b",
                "a=",
                "a",
                "",
                "a=\"b c\"; Max-Age=5; Expires=Wed, 21 Oct 2026 07:28:00 GMT",
                "a=b=c==; SameSite=None; Partitioned; HttpOnly; Unknown = value"
            })
    void everythingElseStaysAsItIs(String cookie) {
        assertThat(secure(CookieSecure.UNSET_SECURE).rewrite(cookie, "h")).isEqualTo(cookie);
    }

    @Test
    void emptyAttributesGo() {
        assertThat(secure(CookieSecure.SET_SECURE).rewrite("a=b;; ;HttpOnly;", "h"))
                .isEqualTo("a=b; HttpOnly; Secure");
    }

    @Test
    void everythingMayBeAskedAtOnce() {
        CookieRewriting all =
                Objects.requireNonNull(
                        rewriting(
                                CookieDomain.SET_TO_REQUEST,
                                null,
                                "^/app",
                                "",
                                CookieSecure.SET_SECURE));
        assertThat(all.rewrite("id=7; Path=/app/x; Domain=n; HttpOnly", "www.example.com:81"))
                .isEqualTo("id=7; Path=/x; Domain=www.example.com; HttpOnly; Secure");
    }
}
