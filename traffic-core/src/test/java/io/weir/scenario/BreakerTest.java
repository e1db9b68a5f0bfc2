package io.weir.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.event.EventTag;
import io.weir.explain.KeptExchange;
import io.weir.explain.KeptQuery;
import io.weir.metrics.Metrics;
import io.weir.pool.BreakerStatus;
import io.weir.runtime.DataPlaneMetrics;
import io.weir.testkit.Await;
import io.weir.testkit.Behaviour;
import io.weir.testkit.ConfigText;
import io.weir.testkit.FakeNode;
import io.weir.testkit.RawClient;
import io.weir.testkit.ReceivedResponse;
import io.weir.testkit.RunningWeir;
import io.weir.testkit.ShiftedTicker;
import io.weir.testkit.WeirExtension;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;

/** A pool whose nodes are all bad is left alone, and tried out by a few requests. */
class BreakerTest {

    private static final String GET = "GET /a HTTP/1.1\r\nHost: weir.test\r\n\r\n";
    private static final String BAD =
            "HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\n\r\n";
    private static final String BREAKER =
            "breaker: {enabled: true, min-requests: 4, interval: 1h, open-time: 1m,"
                    + " max-open-time: 10m, probes: 2}";

    @RegisterExtension static final WeirExtension WEIR = new WeirExtension();

    private final ShiftedTicker ticker = new ShiftedTicker();
    private final FakeNode node = WEIR.node("n", Behaviour.saying(BAD));

    private static List<Integer> ask(RunningWeir weir, int times) {
        List<Integer> statuses = new java.util.ArrayList<>();
        try (RawClient client = RawClient.to(weir.port())) {
            for (int i = 0; i < times; i++) {
                statuses.add(client.exchange(GET).status());
            }
        }
        return statuses;
    }

    private static boolean told(RunningWeir weir, EventTag tag) {
        return weir.events().stream().anyMatch(e -> e.tag() == tag);
    }

    @Test
    void whenNoAnswerIsGoodTheNodesAreLeftAloneUntilProbesSucceed() {
        RunningWeir weir =
                WEIR.start(ConfigText.of(node).pool(BREAKER, "keepalive: false"), ticker);
        assertThat(ask(weir, 6)).containsExactly(500, 500, 500, 500, 503, 503);
        assertThat(node.requests()).isEqualTo(4);
        Await.until("an event", () -> told(weir, EventTag.BREAKEROPEN));

        ticker.advance(Duration.ofSeconds(61));
        assertThat(ask(weir, 2))
                .as("a probe that fails, and nobody else")
                .containsExactly(500, 503);

        node.behave(Behaviour.answering());
        ticker.advance(Duration.ofSeconds(61));
        assertThat(ask(weir, 1)).as("twice as long").containsExactly(503);
        ticker.advance(Duration.ofSeconds(61));
        assertThat(ask(weir, 5)).containsOnly(200);
        Await.until("an event", () -> told(weir, EventTag.BREAKERCLOSED));
    }

    @Test
    void itIsSeenInTheStatusOnTheMetricsPageAndInTheRecordOfARequest() throws IOException {
        RunningWeir weir =
                WEIR.start(
                        ConfigText.of(node)
                                .pool(BREAKER, "keepalive: false", "passive-monitoring: false")
                                .virtualServer("explain: {sample: 1}"),
                        ticker);
        assertThat(breaker(weir)).isEqualTo(new BreakerStatus("closed", "", null));
        Instant before = ticker.now();
        assertThat(ask(weir, 5)).containsExactly(500, 500, 500, 500, 503);
        BreakerStatus open = breaker(weir);
        assertThat(open)
                .isEqualTo(new BreakerStatus("open", "4 of 4 requests failed", open.since()));
        assertThat(open.since()).isBetween(before, ticker.now());
        assertThat(page(weir))
                .contains("weir_pool_breaker_state{pool=\"web\",state=\"open\"} 1")
                .contains("weir_pool_breaker_state{pool=\"web\",state=\"closed\"} 0");
        assertThat(why(weir, 503))
                .isEqualTo(
                        "is left alone: the pool's circuit breaker is open (4 of 4 requests"
                                + " failed); is open");

        node.behave(Behaviour.answering());
        ticker.advance(Duration.ofSeconds(61));
        assertThat(ask(weir, 1)).containsExactly(200);
        assertThat(breaker(weir))
                .isEqualTo(new BreakerStatus("half-open", "4 of 4 requests failed", open.since()));
        assertThat(why(weir, 200)).startsWith("tries the pool out, whose circuit breaker is half-");
        assertThat(ask(weir, 1)).containsExactly(200);
        assertThat(breaker(weir).closed()).isTrue();
    }

    private static BreakerStatus breaker(RunningWeir weir) {
        return Objects.requireNonNull(weir.plane().status().pools().getFirst().breaker());
    }

    private static String page(RunningWeir weir) throws IOException {
        Metrics metrics = new Metrics(1);
        metrics.addSource(new DataPlaneMetrics(weir.plane()::status));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        metrics.write(out, null);
        return out.toString(StandardCharsets.UTF_8);
    }

    /** What the record of a request with this status says of the only node. */
    private static String why(RunningWeir weir, int status) {
        Supplier<Optional<KeptExchange>> kept =
                () ->
                        weir.plane().kept().find(KeptQuery.all(100)).exchanges().stream()
                                .filter(x -> x.status() == status)
                                .findFirst();
        Await.until("the request to be kept", () -> kept.get().isPresent());
        return kept.get().orElseThrow().candidates().getFirst().why();
    }

    @Test
    void meanwhileTheFailurePoolServes() {
        FakeNode sorry = WEIR.node("s");
        RunningWeir weir =
                WEIR.start(
                        ConfigText.of(node)
                                .pool(BREAKER, "failure-pool: sorry")
                                .anotherPool("sorry", "nodes: [" + sorry.address() + "]"),
                        ticker);
        assertThat(ask(weir, 6)).containsExactly(500, 500, 500, 500, 200, 200);
        assertThat(sorry.requests()).isEqualTo(2);
    }

    @Test
    void aSessionThatTheFailurePoolServesMeanwhileKeepsItsCookie() {
        FakeNode sorry = WEIR.node("s");
        node.behave(Behaviour.answering());
        RunningWeir weir =
                WEIR.start(
                        ConfigText.of(node)
                                        .pool(
                                                BREAKER,
                                                "keepalive: false",
                                                "failure-pool: sorry",
                                                "persistence: sticky")
                                        .anotherPool(
                                                "sorry",
                                                "nodes: [" + sorry.address() + "]",
                                                "persistence: sticky")
                                + "persistence-classes:\n  sticky: {type: transparent}\n",
                        ticker);
        String cookie;
        try (RawClient client = RawClient.to(weir.port())) {
            cookie = client.exchange(GET).field("Set-Cookie").split(";", 2)[0];
        }
        node.behave(Behaviour.saying(BAD));
        assertThat(ask(weir, 4)).as("with the first answer").containsExactly(500, 500, 500, 200);

        try (RawClient client = RawClient.to(weir.port())) {
            ReceivedResponse away =
                    client.exchange(
                            "GET / HTTP/1.1\r\nHost: weir.test\r\nCookie: " + cookie + "\r\n\r\n");
            assertThat(away.status()).isEqualTo(200);
            assertThat(away.field("Set-Cookie")).isEmpty();
        }
        assertThat(sorry.requests()).isEqualTo(2);
    }

    @Test
    void halfOfTheAnswersMayBeBad() {
        node.behave(
                connection -> {
                    boolean bad = false;
                    while (connection.request() != null) {
                        connection.send(
                                (bad ? BAD : "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
                                        .getBytes(java.nio.charset.StandardCharsets.US_ASCII));
                        bad = !bad;
                    }
                });
        RunningWeir weir =
                WEIR.start(ConfigText.of(node).pool(BREAKER, "keepalive: false"), ticker);
        assertThat(ask(weir, 12)).doesNotContain(503);
    }
}
