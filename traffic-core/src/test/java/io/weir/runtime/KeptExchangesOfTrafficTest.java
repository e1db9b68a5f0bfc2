package io.weir.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.weir.control.local.TrafficDocuments;
import io.weir.control.store.Json;
import io.weir.explain.KeptExchange;
import io.weir.explain.KeptExchange.Candidate;
import io.weir.explain.KeptExchange.Phase;
import io.weir.explain.KeptExchange.Reason;
import io.weir.explain.KeptQuery;
import io.weir.testkit.Await;
import io.weir.testkit.Behaviour;
import io.weir.testkit.ConfigText;
import io.weir.testkit.FakeNode;
import io.weir.testkit.RawClient;
import io.weir.testkit.RunningWeir;
import io.weir.testkit.TestCa;
import io.weir.testkit.TlsClient;
import io.weir.testkit.WeirExtension;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/** What is kept of exchanges over real sockets, and what is said about them. */
class KeptExchangesOfTrafficTest {

    @RegisterExtension static final WeirExtension WEIR = new WeirExtension();

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String GET = "GET / HTTP/1.1\r\nHost: a.example\r\n\r\n";

    private static List<KeptExchange> kept(RunningWeir weir, int count) {
        Await.until(
                count + " exchanges are kept",
                PATIENCE,
                () -> weir.plane().kept().count() == count);
        return weir.plane().kept().find(KeptQuery.all(1000)).exchanges();
    }

    private static Candidate candidate(KeptExchange x, String node) {
        return x.candidates().stream().filter(c -> c.node().equals(node)).findFirst().orElseThrow();
    }

    @Test
    void anErrorIsKeptWithEveryTryAndTheReasonOfEveryNode() {
        FakeNode refusing = WEIR.closing(FakeNode.refusing("refusing"));
        FakeNode closing = WEIR.node("closing", Behaviour.closingAtOnce());
        RunningWeir weir =
                WEIR.start(
                        ConfigText.ofNodes(refusing.address(), closing.address())
                                .pool("passive-monitoring: false")
                                .virtualServer("explain: {sample: 0}"));
        try (RawClient client = RawClient.to(weir.port())) {
            assertThat(client.exchange(GET).status()).isIn(502, 503);
        }
        KeptExchange x = kept(weir, 1).getFirst();
        assertThat(x.kept()).isEqualTo(Reason.ERROR);
        assertThat(x.status()).isIn(502, 503);
        assertThat(x.cause()).isNotEmpty();
        assertThat(x.tries())
                .extracting(KeptExchange.Try::node)
                .containsExactlyInAnyOrder(refusing.address(), closing.address());
        assertThat(candidate(x, refusing.address()).why())
                .startsWith("was tried: connection refused");
        assertThat(candidate(x, closing.address()).why()).startsWith("was tried: closed before");
        assertThat(weir.plane().kept().lastError()).isEqualTo(x);
    }

    @Test
    void aSampleTellsWhyOneNodeWasTakenAndTheOthersWereNot() {
        FakeNode good = WEIR.node("good");
        FakeNode disabled = WEIR.node("disabled");
        FakeNode draining = WEIR.node("draining");
        RunningWeir weir =
                WEIR.start(
                        ConfigText.of(good)
                                .virtualServer("explain: {sample: 1}")
                                .toString()
                                .replace(
                                        "[" + good.address() + "]",
                                        "\n    - "
                                                + good.address()
                                                + "\n    - {address: \""
                                                + disabled.address()
                                                + "\", state: disabled}\n    - {address: \""
                                                + draining.address()
                                                + "\", state: draining}"));
        try (RawClient client = RawClient.to(weir.port())) {
            assertThat(client.exchange(GET).status()).isEqualTo(200);
            assertThat(client.exchange(GET).status()).isEqualTo(200);
        }
        List<KeptExchange> both = kept(weir, 2);
        KeptExchange first = both.get(1);
        assertThat(first.kept()).isEqualTo(Reason.SAMPLED);
        assertThat(candidate(first, good.address()).chosen()).isTrue();
        assertThat(candidate(first, good.address()).why()).contains("chosen by");
        assertThat(candidate(first, disabled.address()).why()).isEqualTo("is disabled");
        assertThat(candidate(first, draining.address()).why()).isEqualTo("is draining");
        assertThat(first.tries()).singleElement().matches(t -> !t.reused());
        assertThat(both.get(0).tries()).singleElement().matches(KeptExchange.Try::reused);
        assertThat(Objects.requireNonNull(both.get(0).request()).host()).isEqualTo("a.example");
    }

    @Test
    void theTimeOfASlowAnswerIsInTheRightPhaseAndPhasesHaveNoGaps() {
        FakeNode slow =
                WEIR.node(
                        "slow",
                        Behaviour.dribbling(
                                "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
                                Duration.ofMillis(4)));
        RunningWeir weir =
                WEIR.start(
                        ConfigText.of(slow)
                                .virtualServer("explain: {slow-after: 50ms, sample: 0}"));
        try (RawClient client = RawClient.to(weir.port())) {
            assertThat(client.exchange(GET).text()).isEqualTo("ok");
        }
        KeptExchange x = kept(weir, 1).getFirst();
        assertThat(x.kept()).isEqualTo(Reason.SLOW);
        long at = 0;
        for (Phase phase : x.phases()) {
            assertThat(phase.startMicros()).as(phase.name()).isEqualTo(at);
            at += phase.micros();
        }
        Phase firstByte =
                x.phases().stream()
                        .filter(p -> p.name().equals("first byte"))
                        .findFirst()
                        .orElseThrow();
        assertThat(firstByte.micros()).isGreaterThan(50_000);
        long beforeHead = x.phases().getFirst().micros();
        assertThat(at - beforeHead).isCloseTo(x.micros(), within(20_000L));
    }

    @Test
    void aRequestThatNoStrictReaderAcceptsIsKeptWithItsCause() {
        RunningWeir weir = WEIR.start(ConfigText.of(WEIR.node("node")));
        try (RawClient client = RawClient.to(weir.port())) {
            String twofold =
                    "POST /form?token=swordfish HTTP/1.1\r\nHost: a.example\r\n"
                            + "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n";
            assertThat(client.exchange(twofold).status()).isEqualTo(400);
        }
        KeptExchange x = kept(weir, 1).getFirst();
        assertThat(x.kept()).isEqualTo(Reason.ERROR);
        assertThat(x.status()).isEqualTo(400);
        assertThat(x.fault()).isEqualTo("client_broke");
        assertThat(x.cause()).isNotEmpty();
        assertThat(x.client().address()).isEqualTo("127.0.0.1");
        assertThat(Objects.requireNonNull(x.request()).path()).isEqualTo("/form?token=");
        assertThat(x.phases()).extracting(Phase::name).contains("head");
        try (RawClient client = RawClient.to(weir.port())) {
            assertThat(client.exchange("no request at all\r\n\r\n").status()).isEqualTo(400);
        }
        KeptExchange nonsense = kept(weir, 2).getFirst();
        assertThat(nonsense.request()).isNull();
        assertThat(nonsense.status()).isEqualTo(400);
        assertThat(nonsense.id()).isNotEqualTo(x.id());
    }

    @Test
    void thePhasesAddUpToWhatTheClientHasMeasured(@TempDir Path directory) throws Exception {
        new TestCa("authority").issue("a.example").write(directory, "a");
        FakeNode node =
                WEIR.node(
                        "slow",
                        connection -> {
                            while (connection.request() != null) {
                                if (!connection.linger(Duration.ofMillis(200))) {
                                    return;
                                }
                                connection.send("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nok");
                                if (!connection.linger(Duration.ofMillis(100))) {
                                    return;
                                }
                                connection.send("ok");
                            }
                        });
        RunningWeir weir =
                WEIR.start(
                        ConfigText.of(node)
                                .virtualServer(
                                        "explain: {slow-after: 50ms, sample: 0}",
                                        "tls: {certificate: "
                                                + directory.resolve("a.pem")
                                                + ", key: "
                                                + directory.resolve("a.key")
                                                + "}"));
        boolean exact = false;
        // A busy machine takes its time between client, Weir and node, but not every time.
        for (int i = 1; i <= 20 && !exact; i++) {
            long begin = System.nanoTime();
            try (TlsClient client = TlsClient.toAnybody(weir.port(), "a.example")) {
                assertThat(client.exchange(GET).text()).isEqualTo("okok");
            }
            long measured = (System.nanoTime() - begin) / 1000;
            KeptExchange x = kept(weir, i).getFirst();
            long sum = x.phases().stream().mapToLong(Phase::micros).sum();
            assertThat(sum).isLessThanOrEqualTo(measured);
            assertThat(micros(x, "first byte") + micros(x, "body")).isGreaterThan(295_000);
            assertThat(micros(x, "tls")).isPositive();
            exact =
                    measured - sum <= 80_000
                            && micros(x, "first byte") > 195_000
                            && micros(x, "body") > 95_000;
        }
        assertThat(exact).as("less than the shortest phase is in none, or in another").isTrue();
    }

    private static long micros(KeptExchange x, String phase) {
        return x.phases().stream()
                .filter(each -> each.name().equals(phase))
                .mapToLong(Phase::micros)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void nothingSecretIsKept() {
        FakeNode node = WEIR.node("node");
        RunningWeir weir = WEIR.start(ConfigText.of(node).virtualServer("explain: {sample: 1}"));
        try (RawClient client = RawClient.to(weir.port())) {
            String request =
                    "POST /form?token=swordfish&swordfish HTTP/1.1\r\n"
                            + "Host: a.example\r\n"
                            + "Authorization: Bearer swordfish\r\n"
                            + "Cookie: s=swordfish\r\n"
                            + "Referer: http://x/?swordfish\r\n"
                            + "Content-Length: 11\r\n\r\n"
                            + "a=swordfish";
            assertThat(client.exchange(request).status()).isEqualTo(200);
        }
        KeptExchange x = kept(weir, 1).getFirst();
        String document = Json.write(TrafficDocuments.exchange(x));
        assertThat(document).contains("/form?token=&").doesNotContain("swordfish");
        assertThat(x.bytes().fromClient()).isGreaterThan(100);
    }

    @Test
    void theIdIsToldToClientAndNodeWhereThatIsWanted() {
        FakeNode node = WEIR.node("node");
        RunningWeir weir =
                WEIR.start(
                        ConfigText.of(node)
                                .virtualServer(
                                        "explain:",
                                        "  sample: 1",
                                        "  response-header: X-Exchange",
                                        "  node-header: X-From-Weir"));
        String told;
        try (RawClient client = RawClient.to(weir.port())) {
            told =
                    client.exchange(
                                    "GET / HTTP/1.1\r\nHost: a.example\r\n"
                                            + "X-From-Weir: forged\r\n\r\n")
                            .field("X-Exchange");
        }
        assertThat(kept(weir, 1).getFirst().id()).isEqualTo(told);
        assertThat(node.received().getFirst().fields().values("X-From-Weir")).containsExactly(told);
    }

    @Test
    void aFloodOfErrorsIsWrittenDownInPartOnly() {
        FakeNode refusing = WEIR.closing(FakeNode.refusing("refusing"));
        RunningWeir weir =
                WEIR.start(ConfigText.of(refusing).virtualServer("explain: {sample: 0}"));
        int sent = 2000;
        try (RawClient client = RawClient.to(weir.port())) {
            for (int i = 0; i < sent; i++) {
                assertThat(client.exchange(GET).status()).isEqualTo(503);
            }
        }
        assertThat(weir.plane().kept().count()).isPositive();
        weir.apply(
                ConfigText.of(refusing)
                        .global("explain: {max-exchanges: 3}")
                        .virtualServer("explain: {sample: 0}")
                        .toString());
        assertThat(weir.plane().kept().count()).isEqualTo(3);
    }
}
