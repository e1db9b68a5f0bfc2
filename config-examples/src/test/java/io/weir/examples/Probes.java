package io.weir.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.config.WeirConfig;
import io.weir.control.store.Json;
import io.weir.event.EventTag;
import io.weir.testkit.Await;
import io.weir.testkit.Behaviour;
import io.weir.testkit.FakeNode;
import io.weir.testkit.H2Client;
import io.weir.testkit.H2Service;
import io.weir.testkit.NodeConnection;
import io.weir.testkit.RawClient;
import io.weir.testkit.ReceivedResponse;
import io.weir.testkit.StrictHttpReader;
import io.weir.testkit.TlsClient;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Semaphore;

/** What each example promises in its comments, asked of the running example. */
final class Probes {

    /** Asks a running example whether it does what it says. */
    @FunctionalInterface
    interface Probe {
        void ask(RunningExample example) throws Exception;
    }

    /** One for each example, by name. */
    static final Map<String, Probe> ALL =
            Map.ofEntries(
                    Map.entry("access-log", Probes::accessLog),
                    Map.entry("conf.d-includes", Probes::includes),
                    Map.entry("cookie-and-redirect-rewriting", Probes::rewriting),
                    Map.entry("dns-nodes", Probes::dnsNodes),
                    Map.entry("draining", Probes::draining),
                    Map.entry("env-and-secrets", Probes::envAndSecrets),
                    Map.entry("failure-pool-too-busy", Probes::tooBusy),
                    Map.entry("http2-grpc", Probes::http2AndGrpc),
                    Map.entry("limits", Probes::limits),
                    Map.entry("minimal", Probes::minimal),
                    Map.entry("monitors", Probes::monitors),
                    Map.entry("proxy-protocol", Probes::proxyProtocol),
                    Map.entry("session-persistence", SessionProbe::ask),
                    Map.entry("several-services", Probes::severalServices),
                    Map.entry("slow-start", Probes::slowStart),
                    Map.entry("sticky-hash", Probes::stickyHash),
                    Map.entry("tls-offload", Probes::tlsOffload),
                    Map.entry("thresholds", Probes::thresholds),
                    Map.entry("websocket", Probes::webSocket),
                    Map.entry("mail", StreamProbes::mail),
                    Map.entry("remote-desktop", StreamProbes::remoteDesktop),
                    Map.entry("databases", StreamProbes::databases),
                    Map.entry("tls-passthrough", StreamProbes::tlsPassthrough),
                    Map.entry("dns", StreamProbes::dns),
                    Map.entry("desktop-manager", RuleProbes::desktopManager),
                    Map.entry("ported-rules", RuleProbes::portedRules),
                    Map.entry("rule-families", RuleProbes::ruleFamilies),
                    Map.entry("weighted-and-priority", Probes::weightedAndPriority));

    private Probes() {}

    private static void minimal(RunningExample weir) {
        assertThat(answers(weir, "web", 4)).isEqualTo(Map.of("10.0.0.11:80", 2, "10.0.0.12:80", 2));
    }

    private static void tlsOffload(RunningExample weir) throws IOException {
        String port = weir.address("web");
        try (TlsClient client =
                TlsClient.toAnybody(
                        Integer.parseInt(port.substring(port.lastIndexOf(':') + 1)),
                        "www.example.com")) {
            assertThat(client.certificate().getSubjectX500Principal().getName())
                    .isEqualTo("CN=www.example.com");
            ReceivedResponse answer = client.exchange(RunningExample.request("/"));
            assertThat(answer.field("Strict-Transport-Security")).isEqualTo("max-age=31536000");
        }
        FakeNode node = weir.node("10.0.0.11:80");
        FakeNode used = node.requests() > 0 ? node : weir.node("10.0.0.12:80");
        assertThat(used.received().getFirst().fields().values("SSLServerName"))
                .containsExactly("www.example.com");
        assertThat(used.received().getFirst().fields().values("X-Forwarded-Proto"))
                .containsExactly("https");
    }

    private static void http2AndGrpc(RunningExample weir) {
        for (String node : List.of("10.0.0.21:50051", "10.0.0.22:50051")) {
            weir.node(node).behave(H2Service.echoing());
        }
        try (H2Client client = H2Client.to(weir.address("web"))) {
            assertThat(client.setting(3)).isEqualTo(100);
            assertThat(client.get(1, "/").answer(1).field("x-node"))
                    .isIn("10.0.0.11:80", "10.0.0.12:80");
        }
        try (H2Client client = H2Client.to(weir.address("grpc"))) {
            assertThat(client.setting(4)).isEqualTo(256 * 1024);
            client.post(1, "/service/method", "te", "trailers").data(1, true, (byte) 'x');
            H2Client.Answer answer = client.answer(1);
            assertThat(answer.text()).isEqualTo("x");
            assertThat(answer.field("x-via-h2")).isEqualTo("yes");
            assertThat(answer.trailers()).containsEntry("x-sum", "7");
        }
    }

    private static void severalServices(RunningExample weir) {
        Set<String> shop = Set.of("10.0.0.11:8080", "10.0.0.12:8080");
        assertThat(shop).contains(weir.answeredBy("shop"), weir.answeredBy("shop-for-tests"));
        for (int address = 0; address < 2; address++) {
            try (RawClient client = weir.client("api", address)) {
                assertThat(client.exchange(RunningExample.request("/")).field("X-Node"))
                        .isIn("10.0.0.21:9000", "10.0.0.22:9000");
            }
        }
    }

    private static void weightedAndPriority(RunningExample weir) {
        assertThat(answers(weir, "web", 8)).isEqualTo(Map.of("10.0.0.11:80", 6, "10.0.0.12:80", 2));
        weir.node("10.0.0.11:80").kill();
        awaitAnswerFrom(weir, "web", "10.0.0.12:80");
        weir.node("10.0.0.12:80").kill();
        awaitAnswerFrom(weir, "web", "10.9.0.11:80");
    }

    private static void tooBusy(RunningExample weir) throws IOException {
        FakeNode one = weir.node("10.0.0.11:8080");
        FakeNode two = weir.node("10.0.0.12:8080");
        one.behave(Behaviour.silent());
        two.behave(Behaviour.silent());
        List<RawClient> clients = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            clients.add(weir.client("shop").send(RunningExample.request("/")));
        }
        Await.until(
                "both nodes to be full",
                () ->
                        weir.view("shop", "10.0.0.11:8080").inFlight() == 50
                                && weir.view("shop", "10.0.0.12:8080").inFlight() == 50);
        assertTooBusy(weir);
        clients.forEach(RawClient::reset);
        one.behave(Behaviour.answering());
        two.behave(Behaviour.answering());
        Await.until("room", () -> weir.get("shop", "/").status() == 200);

        one.kill();
        two.kill();
        awaitAnswerFrom(weir, "shop", "10.0.0.99:80");
        weir.node("10.0.0.99:80").kill();
        assertTooBusy(weir);
    }

    private static void assertTooBusy(RunningExample weir) {
        ReceivedResponse page = weir.get("shop", "/");
        assertThat(page.status()).isEqualTo(503);
        assertThat(page.field("Retry-After")).isEqualTo("5");
        assertThat(page.text()).contains("We are very busy");
    }

    private static void monitors(RunningExample weir) {
        FakeNode web = weir.node("10.0.0.11:8080");
        FakeNode other = weir.node("10.0.0.12:8080");
        web.behave(Behaviour.saying("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nready"));
        other.behave(Behaviour.saying("HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\nstarting"));
        awaitHealth(weir, "web", "10.0.0.12:8080", "down");
        awaitHealth(weir, "web", "10.0.0.11:8080", "up");
        assertThat(weir.get("web", "/").text()).isEqualTo("ready");
        assertThat(web.received())
                .anySatisfy(
                        request -> {
                            assertThat(request.target()).isEqualTo("/health");
                            assertThat(request.fields().first("Host"))
                                    .isEqualTo("shop.example.com");
                        });

        FakeNode gateway = weir.node("10.0.0.21:80");
        awaitHealth(weir, "gateway", "10.0.0.21:80", "up");
        assertThat(gateway.received())
                .anySatisfy(r -> assertThat(r.summary()).startsWith("HEAD /alive"));
        gateway.behave(Behaviour.saying("HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n"));
        awaitHealth(weir, "gateway", "10.0.0.21:80", "down");
        assertThat(weir.answeredBy("gateway")).isEqualTo("10.0.0.22:80");

        // Its program is content with everybody.
        awaitHealth(weir, "batch", "10.0.0.31:80", "up");

        weir.node("10.0.0.40:5432").kill();
        Await.until(
                "the pool to have no usable node without its database",
                () -> weir.get("web", "/").status() == 503);
    }

    private static void stickyHash(RunningExample weir) {
        Set<String> all = new TreeSet<>();
        for (int customer = 0; customer < 50; customer++) {
            String field = "X-Customer: " + customer;
            String first = weir.answeredBy("api", field);
            assertThat(weir.answeredBy("api", field)).isEqualTo(first);
            all.add(first);
        }
        assertThat(all).containsExactly("10.0.0.11:8080", "10.0.0.12:8080", "10.0.0.13:8080");
    }

    private static void limits(RunningExample weir) {
        assertThat(weir.get("api", "/").status()).isEqualTo(200);
        assertThat(weir.get("api", "/" + "x".repeat(2048)).status()).isEqualTo(414);
        assertThat(weir.get("api", "/", "X-Large: " + "x".repeat(8192)).status()).isEqualTo(431);
        String[] many = new String[50];
        Arrays.setAll(many, i -> "X-" + i + ": 1");
        assertThat(weir.get("api", "/", many).status()).isEqualTo(431);
        assertThat(weir.get("api", "/", "Content-Length: 1048577").status()).isEqualTo(413);
        try (RawClient client = weir.client("api").send("GET / HTTP/1.1\r\nHost: x\r\n")) {
            assertThat(client.response("GET").status()).isEqualTo(408);
        }
    }

    private static void proxyProtocol(RunningExample weir) {
        List<String> told = new ArrayList<>();
        Behaviour listening =
                connection -> {
                    byte[] start = connection.exactly(16);
                    byte[] addresses = connection.exactly((start[14] & 0xff) << 8 | start[15]);
                    synchronized (told) {
                        told.add(HexFormat.of().formatHex(addresses));
                    }
                    Behaviour.answering().serve(connection);
                };
        weir.node("10.0.1.11:8080").behave(listening);
        weir.node("10.0.1.12:8080").behave(listening);
        try (RawClient client = weir.client("web")) {
            client.send("PROXY TCP4 198.51.100.7 192.0.2.1 1024 80\r\n");
            assertThat(client.exchange(RunningExample.request("/")).status()).isEqualTo(200);
        }
        assertThat(weir.get("direct", "/").status()).isEqualTo(200);
        synchronized (told) {
            assertThat(told).hasSize(2);
            assertThat(told.get(0)).isEqualTo("c6336407" + "c0000201" + "0400" + "0050");
            assertThat(told.get(1)).startsWith("7f000001");
        }
        try (RawClient client = weir.client("web").send(RunningExample.request("/"))) {
            assertThat(client.closedByPeer()).isTrue();
        }
    }

    private static void accessLog(RunningExample weir) throws IOException {
        LocalDate today = LocalDate.now(ZoneId.systemDefault());
        weir.get("web", "/one");
        weir.get("api", "/two?a=b", "X-Request-Id: 4711");
        weir.get("health-of-the-balancer-in-front", "/three");
        Map<String, Object> line = Map.copyOf(withoutNulls(weir.log("web.log")));
        assertThat(line)
                .containsEntry("virtual_server", "web")
                .containsEntry("target", "/one")
                .containsEntry("pool", "web")
                .containsKey("duration_us");
        assertThat(weir.log("api-" + today + ".log", "api-" + today.plusDays(1) + ".log"))
                .matches(
                        "127\\.0\\.0\\.1 \\[.*] \"GET /two\\?a=b HTTP/1\\.1\" 200 5 [0-9]+us"
                                + " node=127\\.0\\.0\\.1:[0-9]+ retries=[-0-9]+ id=4711\n");
    }

    private static Map<String, Object> withoutNulls(String json) {
        Map<String, Object> document = new TreeMap<>();
        Json.readObject(json).forEach((k, v) -> document.put(k, Objects.requireNonNull(v)));
        return document;
    }

    private static void rewriting(RunningExample weir) {
        FakeNode node = weir.node("10.0.0.11:8080");
        node.behave(
                Behaviour.answering(
                        request ->
                                ("HTTP/1.1 302 Found\r\nLocation: "
                                                + switch (request.target()) {
                                                    case "/expression" ->
                                                            "http://app.internal:8080/shop/cart";
                                                    case "/node" ->
                                                            "http://" + node.address() + "/cart";
                                                    case "/asked" ->
                                                            "http://www.example.com:81/cart";
                                                    default -> "http://elsewhere.example/";
                                                }
                                                + "\r\nSet-Cookie: id=1; Path=/shop/cart;"
                                                + " Domain=app.internal\r\nServer: Old/1.0\r\n"
                                                + "X-Powered-By: Steam\r\n"
                                                + "Content-Length: 0\r\n\r\n")
                                        .getBytes(StandardCharsets.US_ASCII)));
        ReceivedResponse response = weir.get("shop", "/expression");
        assertThat(response.field("Location")).isEqualTo("https://shop.example.com/cart");
        assertThat(response.field("Set-Cookie").toLowerCase(Locale.ROOT))
                .isEqualTo("id=1; path=/cart; domain=example.com; secure");
        assertThat(response.fields().has("Server") || response.fields().has("X-Powered-By"))
                .isFalse();
        assertThat(weir.get("shop", "/node").field("Location"))
                .isEqualTo("http://www.example.com/cart");
        assertThat(weir.get("shop", "/asked").field("Location"))
                .isEqualTo("http://www.example.com/cart");
        assertThat(weir.get("shop", "/away").field("Location"))
                .isEqualTo("http://elsewhere.example/");
    }

    /** Ten times over the bound and back are one event, and one at the end. */
    private static void thresholds(RunningExample weir) throws InterruptedException {
        Semaphore answers = new Semaphore(0);
        Behaviour waiting =
                connection -> {
                    if (connection.head() != null) {
                        answers.acquireUninterruptibly();
                        connection.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
                    }
                };
        weir.node("10.0.0.11:8080").behave(waiting);
        weir.node("10.0.0.12:8080").behave(waiting);
        List<RawClient> clients = new ArrayList<>();
        try {
            for (int saw = 0; saw < 10; saw++) {
                for (int there = saw == 0 ? 0 : 15; there < 21; there++) {
                    clients.add(weir.client("shop").send(RunningExample.request("/")));
                }
                await(weir, 21);
                assertThat(weir.look()).containsExactly(EventTag.THRESHOLDCROSSED);
                answers.release(6);
                await(weir, 15);
                assertThat(weir.look()).containsExactly(EventTag.THRESHOLDCROSSED);
            }
            answers.release(5);
            await(weir, 10);
            assertThat(weir.look())
                    .containsExactlyInAnyOrder(
                            EventTag.THRESHOLDCROSSED, EventTag.THRESHOLDCLEARED);
        } finally {
            answers.release(10);
            clients.forEach(RawClient::close);
        }
    }

    private static void await(RunningExample weir, int wanted) {
        Await.until(
                wanted + " requests on the nodes",
                () ->
                        weir.view("shop", "10.0.0.11:8080").inFlight()
                                        + weir.view("shop", "10.0.0.12:8080").inFlight()
                                == wanted);
    }

    private static void dnsNodes(RunningExample weir) {
        assertThat(answers(weir, "web", 2))
                .isEqualTo(Map.of("web-1.example.com:8080", 1, "web-2.example.com:8080", 1));
        assertThat(weir.answeredBy("api")).isEqualTo("api.example.com:9000");
        assertThat(weir.view("web", "web-1.example.com:8080").node())
                .startsWith("web-1.example.com:");
        assertThat(weir.view("api", "api.example.com:9000").node()).startsWith("127.0.0.1:");
    }

    private static void webSocket(RunningExample weir) {
        weir.node("10.0.0.11:8080").behave(Probes::echo);
        weir.node("10.0.0.12:8080").behave(Probes::echo);
        weir.node("10.0.0.21:8080").behave(Probes::echo);
        String[] upgrade = {"Connection: Upgrade", "Upgrade: websocket"};
        try (RawClient client = weir.client("chat")) {
            assertThat(client.exchange(RunningExample.request("/", upgrade)).status())
                    .isEqualTo(101);
            assertThat(client.send("to and fro").exactly(10)).isEqualTo("to and fro");
        }
        assertThat(weir.get("static", "/", upgrade).status()).isEqualTo(200);
    }

    /** Becomes an echo for those who ask for an upgrade. */
    private static void echo(NodeConnection connection) throws IOException {
        StrictHttpReader.Head head = connection.head();
        if (head == null) {
            return;
        }
        if (!head.fields().lists("Upgrade", "websocket")) {
            connection.send(Behaviour.answer(connection.node(), connection.body(head)));
            return;
        }
        connection.send(
                "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\n"
                        + "Upgrade: websocket\r\n\r\n");
        for (byte[] some = connection.some(1024); some.length > 0; some = connection.some(1024)) {
            connection.send(some);
        }
    }

    private static void includes(RunningExample weir) {
        assertThat(weir.answeredBy("shop")).isIn("10.0.0.11:8080", "10.0.0.12:8080");
        assertThat(weir.answeredBy("blog")).isEqualTo("10.0.0.21:8080");
        weir.node("10.0.0.21:8080").kill();
        awaitAnswerFrom(weir, "blog", "10.0.0.99:80");
    }

    private static void envAndSecrets(RunningExample weir) {
        FakeNode node = weir.node("10.0.0.11:8080");
        Await.until(
                "a check with the password",
                () ->
                        node.received().stream()
                                .filter(r -> r.target().equals("/internal/health"))
                                .map(r -> r.fields().first("Authorization"))
                                .anyMatch("Basic bW9uaXRvcjpjaGFuZ2UtbWU="::equals));
        Map<String, String> variables =
                Map.of(
                        "SHOP_LISTEN", "127.0.0.1:9999",
                        "SHOP_NODE_2", "app:1234",
                        "SHOP_REPLY_TIME", "5");
        WeirConfig config =
                Objects.requireNonNull(Example.named("env-and-secrets").load(variables).config());
        assertThat(shop(config.virtualServers()).listen().toString()).isEqualTo("[127.0.0.1:9999]");
        assertThat(shop(config.pools()).nodes().toString())
                .contains("10.0.0.11:8080")
                .contains("app:1234");
        assertThat(shop(config.pools()).maxReplyTime()).isEqualTo(Duration.ofSeconds(5));
    }

    private static <T> T shop(Map<String, T> objects) {
        return Objects.requireNonNull(objects.get("shop"));
    }

    private static void draining(RunningExample weir) {
        assertThat(answers(weir, "web", 6)).isEqualTo(Map.of("10.0.0.11:80", 6));
        assertThat(weir.view("web", "10.0.0.12:80").state()).isEqualTo("draining");
        assertThat(weir.view("web", "10.0.0.13:80").state()).isEqualTo("disabled");
    }

    private static void slowStart(RunningExample weir) {
        FakeNode back = weir.node("10.0.0.12:8080");
        awaitHealth(weir, "web", "10.0.0.12:8080", "up");
        // The algorithm draws lots among equals: thirty of sixty, give or take.
        assertThat(answers(weir, "web", 60).get("10.0.0.12:8080")).isGreaterThan(12);
        back.kill();
        awaitHealth(weir, "web", "10.0.0.12:8080", "down");
        back.revive();
        awaitHealth(weir, "web", "10.0.0.12:8080", "up");
        assertThat(answers(weir, "web", 60).getOrDefault("10.0.0.12:8080", 0)).isLessThan(12);
    }

    // ---- words

    /** How many of {@code requests} each node answered. */
    private static Map<String, Integer> answers(RunningExample weir, String server, int requests) {
        Map<String, Integer> counts = new TreeMap<>();
        for (int i = 0; i < requests; i++) {
            counts.merge(weir.answeredBy(server), 1, Integer::sum);
        }
        return counts;
    }

    private static void awaitAnswerFrom(RunningExample weir, String server, String node) {
        Await.until(
                "an answer of " + node + " through " + server,
                () -> weir.answeredBy(server).equals(node));
    }

    static void awaitHealth(RunningExample weir, String pool, String node, String expected) {
        Await.until(
                node + " in pool " + pool + " to be " + expected,
                () -> weir.view(pool, node).health().equals(expected));
    }
}
