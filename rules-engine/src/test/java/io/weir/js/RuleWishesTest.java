package io.weir.js;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.event.Event;
import io.weir.explain.KeptQuery;
import io.weir.testkit.Await;
import io.weir.testkit.Behaviour;
import io.weir.testkit.FakeNode;
import io.weir.testkit.RawClient;
import io.weir.testkit.ReceivedResponse;
import io.weir.testkit.RunningWeir;
import io.weir.testkit.WeirExtension;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** What rules set for their exchange alone, in the place of what the configuration says. */
class RuleWishesTest {

    @RegisterExtension static final WeirExtension WEIR = new WeirExtension();

    @TempDir Path directory;

    private RuledWeir ruled(FakeNode... nodes) {
        return new RuledWeir(directory, nodes);
    }

    @Test
    void aNodeIsAvoidedAsLongAsThereIsAnotherOne() {
        FakeNode one = WEIR.node("one");
        FakeNode two = WEIR.node("two");
        RuledWeir ruled =
                ruled(one, two).request("request.avoidNode('%s');".formatted(one.address()));
        ruled.start(WEIR);
        for (int i = 0; i < 4; i++) {
            ruled.get("/");
        }
        assertThat(one.requests()).isZero();
        assertThat(two.requests()).isEqualTo(4);
        two.kill();
        assertThat(ruled.get("/").status()).isEqualTo(200);
        assertThat(one.requests()).isEqualTo(1);
    }

    @Test
    void aNodeIsAskedForByNameAndNoOtherOneServes() {
        FakeNode one = WEIR.node("one");
        FakeNode two = WEIR.node("two");
        FakeNode outside = WEIR.node("outside");
        RuledWeir ruled =
                ruled(one, two)
                        .global("rules: {egress: [127.0.0.0/8]}")
                        .virtualServer("cache: true")
                        .request(
                                """
                                const to = http.getRawQueryString().split(':');
                                pool.use(connection.getPool(), to[0], to[1]);
                                """);
        RunningWeir weir = ruled.start(WEIR);
        for (int i = 0; i < 3; i++) {
            assertThat(ruled.get("/?" + two.address()).status()).isEqualTo(200);
            assertThat(ruled.get("/?" + outside.address()).status()).isEqualTo(200);
        }
        assertThat(two.requests()).isEqualTo(3);
        assertThat(outside.requests()).isEqualTo(3);
        two.kill();
        assertThat(ruled.get("/?" + two.address()).status()).isEqualTo(503);
        assertThat(one.requests()).isZero();
        for (String refused : new String[] {"192.0.2.9:80", "web.example:80", "127.0.0.1:0"}) {
            assertThat(ruled.get("/?" + refused).status()).as(refused).isEqualTo(500);
        }
        assertThat(weir.events().stream().map(Event::text))
                .anyMatch(text -> text.contains("rules may not connect to 192.0.2.9"))
                .anyMatch(text -> text.contains("'web.example:80' is neither a node of pool"))
                .anyMatch(text -> text.contains("0 is no port, expected 1 to 65535"));
    }

    @Test
    void theTimesOfTheExchangeAreShortened() {
        FakeNode silent = WEIR.node("silent", Behaviour.silent());
        RuledWeir ruled =
                ruled(silent)
                        .request(
                                """
                                const seconds = Number(http.getQueryString());
                                if (http.getPath() === '/reply') request.setMaxReplyTime(seconds);
                                if (http.getPath() === '/whole') {
                                    request.setMaxTransactionDuration(seconds);
                                    if (request.getMaxTransactionDuration() !== seconds) connection.discard();
                                }
                                if (http.getPath() === '/still') request.setVirtualServerTimeout(seconds);
                                """);
        ruled.start(WEIR);
        for (String path : new String[] {"/reply", "/whole", "/still"}) {
            long start = System.nanoTime();
            assertThat(ruled.get(path + "?0.2").status()).as(path).isEqualTo(504);
            assertThat(System.nanoTime() - start)
                    .as(path)
                    .isBetween(TimeUnit.MILLISECONDS.toNanos(150), TimeUnit.SECONDS.toNanos(25));
        }
    }

    @Test
    void aRuleSaysHowManyNodesARequestMayTryAndWhetherItMayGoAgain() {
        AtomicInteger asked = new AtomicInteger();
        Behaviour rude =
                connection -> {
                    if (connection.request() != null) {
                        asked.incrementAndGet();
                    }
                };
        FakeNode one = WEIR.node("one", rude);
        FakeNode two = WEIR.node("two", rude);
        RuledWeir ruled =
                ruled(one, two)
                        .poolKeys("passive-monitoring: false", "retry-budget: 100")
                        .request(
                                """
                                if (http.getPath() === '/once') request.setMaxConnectionAttempts(1);
                                if (http.getPath() === '/again') http.setIdempotent(1);
                                if (http.getPath() === '/never') request.setIdempotent(0);
                                """);
        ruled.start(WEIR);
        assertThat(attempts(ruled, asked, "GET /once")).isEqualTo(1);
        assertThat(attempts(ruled, asked, "GET /many")).isEqualTo(2);
        assertThat(attempts(ruled, asked, "GET /never")).isEqualTo(1);
        assertThat(attempts(ruled, asked, "POST /plain")).isEqualTo(1);
        assertThat(attempts(ruled, asked, "POST /again")).isEqualTo(2);
    }

    private static int attempts(RuledWeir ruled, AtomicInteger asked, String line) {
        asked.set(0);
        ruled.send(line + " HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n");
        return asked.get();
    }

    @Test
    void anotherAddressTakesTheClientsPlace() {
        FakeNode web = WEIR.node("web");
        RuledWeir ruled =
                ruled(web)
                        .virtualServer("forwarding: {cluster-ip: true}")
                        .request(
                                """
                                request.setRemoteIP('198.51.100.7');
                                http.setHeader('X-Rule', request.getRemoteIP());
                                """);
        ruled.start(WEIR);
        ruled.get("/");
        assertThat(RuledWeir.seen(web))
                .contains("X-Rule: 198.51.100.7\n")
                .containsIgnoringCase("X-Cluster-Client-Ip: 198.51.100.7\n");
    }

    @Test
    void anAnswerSharesABandwidthClassThatARuleChooses() {
        FakeNode web =
                WEIR.node(
                        "web",
                        Behaviour.saying(
                                "HTTP/1.1 200 OK\r\nContent-Length: 60000\r\n\r\n"
                                        + "x".repeat(60_000)));
        RuledWeir ruled =
                ruled(web)
                        .sections("bandwidth-classes: {slow: {maximum: 800}}\n")
                        .response(
                                """
                                http.setResponseHeader('X-None', response.setBandwidthClass('none'));
                                http.setResponseHeader('X-Slow', response.setBandwidthClass('slow'));
                                http.setResponseHeader('X-Class', response.getBandwidthClass());
                                """);
        ruled.start(WEIR);
        long start = System.nanoTime();
        ReceivedResponse response = ruled.get("/");
        assertThat(System.nanoTime() - start)
                .as("60 KB at 100 KB a second")
                .isGreaterThan(TimeUnit.MILLISECONDS.toNanos(250));
        assertThat(response.field("X-None")).isEqualTo("0");
        assertThat(response.field("X-Slow")).isEqualTo("1");
        assertThat(response.field("X-Class")).isEqualTo("slow");
        assertThat(response.text()).hasSize(60_000);
    }

    @Test
    void whatIsSetCanBeRead() {
        FakeNode web = WEIR.node("web");
        RuledWeir ruled =
                ruled(web)
                        .response(
                                """
                                request.setDSCP(46);
                                response.setToS('LOWDELAY');
                                http.setResponseHeader('X-All', [request.getDSCP(), response.getToS(),
                                    response.getDSCP(), response.getLocalIP(), response.getLocalPort() > 0,
                                    connection.checkLimits(), connection.checkLimits('none'),
                                    connection.getMemoryUsage() >= 0].join(' '));
                                """);
        ruled.start(WEIR);
        assertThat(ruled.get("/").field("X-All"))
                .isEqualTo("46 LOWDELAY 4 127.0.0.1 true 1 -1 true");
    }

    @Test
    void rulesSayWhichExchangesAreKeptToBeExplained() {
        FakeNode web = WEIR.node("web");
        RuledWeir ruled =
                ruled(web)
                        .virtualServer("explain: {sample: 0}")
                        .request(
                                """
                                if (http.getPath() === '/keep') recentconns.include();
                                if (http.getPath() === '/skip') {
                                    recentconns.exclude();
                                    http.sendResponse(500, 'text/plain', '' + recentconns.markedForInclusion());
                                }
                                """);
        RunningWeir weir = ruled.start(WEIR);
        ruled.get("/plain");
        assertThat(ruled.get("/skip").text()).isEqualTo("0");
        ruled.get("/keep");
        Await.until("one is kept", () -> weir.plane().kept().count() > 0);
        assertThat(weir.plane().kept().find(KeptQuery.all(10)).exchanges())
                .singleElement()
                .satisfies(kept -> assertThat(kept.toString()).contains("/keep"));
    }

    @Test
    void rulesNeverReachThePortsByWhichWeirIsControlled() throws IOException {
        FakeNode web = WEIR.node("web");
        try (ServerSocket control = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int port = control.getLocalPort();
            RuledWeir ruled =
                    ruled(web)
                            .global("rules: {egress: [127.0.0.0/8]}")
                            .request(
                                    """
                                    http.request.get('http://127.0.0.1:%d/');
                                    http.sendResponse(200, 'text/plain', $1 + ' ' + $2);
                                    """
                                            .formatted(port));
            String yaml = ruled.yaml().replace("metrics: off", "metrics: 127.0.0.1:" + port);
            try (RawClient client = RawClient.to(WEIR.startIn(directory, yaml).port())) {
                assertThat(client.exchange("GET / HTTP/1.1\r\nHost: a\r\n\r\n").text())
                        .isEqualTo(
                                "0 rules may not connect to the port " + port + " of Weir itself");
            }
        }
    }
}
