package io.weir.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.util.function.Consumer;

/** What rules may ask of the cache. */
class CacheWishTest {

    private static final String GET = "GET /a HTTP/1.1\r\nHost: weir.test\r\n\r\n";
    private static final String FRESH =
            "HTTP/1.1 200 OK\r\nCache-Control: max-age=60\r\nContent-Length: 0\r\n\r\n";

    private final OneExchange exchange = new OneExchange("10.0.0.1:80", "cache: true");

    @AfterEach
    void close() {
        exchange.close();
    }

    /** Whether the node is asked when a rule does this. */
    private boolean asks(Consumer<CacheWish> rule) {
        exchange.ruled(x -> rule.accept(x.cacheWish())).exchanged(GET, FRESH);
        return exchange.nodeAsked();
    }

    @Test
    void aRuleKeepsAnExchangeAwayFromTheCacheAndTakesItBack() {
        assertThat(asks(wish -> wish.cache(false))).isTrue();
        assertThat(asks(wish -> wish.cache(false))).isTrue();
        assertThat(
                        asks(
                                wish -> {
                                    wish.cache(false);
                                    wish.cache(true);
                                }))
                .isTrue();
        assertThat(asks(wish -> {})).isFalse();
        assertThat(asks(wish -> wish.cache(false))).isTrue();
    }

    @Test
    void aKeyTellsVariantsApart() {
        assertThat(asks(wish -> wish.cacheKey("gold"))).isTrue();
        assertThat(asks(wish -> wish.cacheKey("silver"))).isTrue();
        assertThat(asks(wish -> {})).isTrue();
        assertThat(asks(wish -> wish.cacheKey("gold"))).isFalse();
    }

    @Test
    void longKeysThatDifferAtTheirEndsAreToldApart() {
        String many = "x".repeat(5000);
        assertThat(asks(wish -> wish.cacheKey(many + "alice"))).isTrue();
        assertThat(asks(wish -> wish.cacheKey(many + "bob"))).isTrue();
        assertThat(asks(wish -> wish.cacheKey(many + "\ud800"))).isTrue();
        assertThat(asks(wish -> wish.cacheKey(many + "\ud801"))).isTrue();
        assertThat(asks(wish -> wish.cacheKey(many + "alice"))).isFalse();
        assertThat(asks(wish -> wish.cacheKey(many + "bob"))).isFalse();
    }

    @Test
    void noKeyIsTakenForOneWithSomethingBesideIt() {
        exchange.trusted();
        assertThat(asks(wish -> wish.cacheKey("a\nX-Forwarded-Port:81"))).isTrue();
        exchange.ruled(x -> x.cacheWish().cacheKey("a"))
                .exchanged(
                        "GET /a HTTP/1.1\r\nHost: weir.test\r\nX-Forwarded-Port: 81\r\n\r\n",
                        FRESH);
        assertThat(exchange.nodeAsked()).isTrue();
    }

    @Test
    void aRuleCanAskWhetherTheStoreWouldAnswer() {
        boolean[] cached = new boolean[2];
        asks(wish -> cached[0] = wish.cached(null));
        asks(wish -> cached[1] = wish.cached(null));
        assertThat(cached).containsExactly(false, true);
    }

    @Test
    void noRuleVouchesForFieldsThatConnectionTakesAway() {
        String stripped =
                "GET /a HTTP/1.1\r\nHost: weir.test\r\nX-Who: me\r\nConnection: x-who\r\n\r\n";
        exchange.ruled(x -> x.cacheWish().cache(true)).exchanged(stripped, FRESH);
        assertThat(exchange.nodeAsked()).isTrue();
        assertThat(asks(wish -> {})).isTrue();
    }
}
