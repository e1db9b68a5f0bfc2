package io.weir.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.weir.event.EventTag;
import io.weir.runtime.DataPlane.ProtectionStatus;
import io.weir.testkit.Await;
import io.weir.testkit.ConfigText;
import io.weir.testkit.FakeNode;
import io.weir.testkit.RawClient;
import io.weir.testkit.ReceivedResponse;
import io.weir.testkit.RunningWeir;
import io.weir.testkit.WeirExtension;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Each limit of a protection class at its boundary. */
class ProtectionTest {

    private static final String GET = "GET /a HTTP/1.1\r\nHost: weir.test\r\n\r\n";

    @RegisterExtension static final WeirExtension WEIR = new WeirExtension();

    @TempDir Path directory;

    @SuppressWarnings("NullAway.Init") // before each test
    private FakeNode node;

    @BeforeEach
    void startNode() {
        node = WEIR.node("n");
    }

    private String config(String... keys) {
        return ConfigText.of(node).virtualServer("protection: guard").toString()
                + "\nprotection-classes:\n  guard:\n    log-time: 0\n"
                + String.join("", List.of(keys).stream().map(k -> "    " + k + "\n").toList());
    }

    private static ProtectionStatus guard(RunningWeir weir) {
        return weir.plane().status().classes().protection().getFirst();
    }

    private static long refused(RunningWeir weir, String reason) {
        Long count = guard(weir).refused().get(reason);
        return count == null ? -1 : count;
    }

    private static List<RawClient> served(RunningWeir weir, String source, int count) {
        List<RawClient> clients = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            RawClient client = WEIR.closing(RawClient.to(weir.port(), source));
            assertThat(client.exchange(GET).status()).as(source + ", client " + i).isEqualTo(200);
            clients.add(client);
        }
        return clients;
    }

    private static void isClosed(RunningWeir weir, String source) {
        isClosed(RawClient.to(weir.port(), source), "a connection from " + source);
    }

    /** What is sent has the kernel hand the connection on, so that somebody can close it. */
    private static void isClosed(RawClient client, String which) {
        WEIR.closing(client).trySend(GET.getBytes(StandardCharsets.US_ASCII));
        assertThat(client.closedByPeer()).as(which).isTrue();
    }

    @Test
    void theThirtyFirstConnectionOfAnAddressIsRefusedAndAnAllowedOneHasAHundred() {
        RunningWeir weir = WEIR.start(config("allowed: [127.0.0.9]", "banned: [127.0.0.8]"));
        List<RawClient> thirty = served(weir, "127.0.0.2", 30);
        isClosed(weir, "127.0.0.2");
        assertThat(refused(weir, "connections-1")).isEqualTo(1);

        served(weir, "127.0.0.9", 100);
        isClosed(weir, "127.0.0.8");
        assertThat(refused(weir, "banned")).isEqualTo(1);

        assertThat(guard(weir).connections()).isEqualTo(30);
        thirty.getFirst().close();
        Await.until("a connection less", () -> guard(weir).connections() == 29);
        served(weir, "127.0.0.2", 1);
        assertThat(node.requests()).isEqualTo(131);
        assertThat(weir.events())
                .filteredOn(e -> e.tag() == EventTag.TRIGGERSUMMARY)
                .hasSize(2)
                .allSatisfy(e -> assertThat(e.text()).contains("guard refused 1 connection"));
    }

    @Test
    void theTenBusiestAddressesHaveALimitTogether() {
        RunningWeir weir = WEIR.start(config("max-10-connections: 50"));
        for (int i = 0; i < 10; i++) {
            served(weir, "127.0.1." + (i + 1), 5);
        }
        isClosed(weir, "127.0.1.1");
        served(weir, "127.0.1.99", 4);
        assertThat(refused(weir, "connections-10")).isEqualTo(1);
    }

    @Test
    void connectionsAndFurtherRequestsCountForTheRate() {
        RunningWeir weir = WEIR.start(config("max-connection-rate: 5", "rate-timer: 1h"));
        RawClient client = served(weir, "127.0.0.2", 1).getFirst();
        for (int i = 0; i < 4; i++) {
            assertThat(client.exchange(GET).status()).isEqualTo(200);
        }
        ReceivedResponse refusal = client.exchange(GET);
        assertThat(refusal.status()).isEqualTo(429);
        assertThat(refusal.field("Retry-After")).isEqualTo("3600");
        isClosed(weir, "127.0.0.2");
        assertThat(refused(weir, "rate")).isEqualTo(2);
        served(weir, "127.0.0.3", 1);
        assertThat(node.requests()).isEqualTo(6);
    }

    @Test
    void sizesAreAllowedUpToTheLimitAndNotOneByteMore() {
        RunningWeir weir =
                WEIR.start(
                        config(
                                "max-url-length: 20",
                                "max-header-length: 30",
                                "max-request-length: 300",
                                "max-body-length: 10",
                                "max-1-connections: 0"));
        assertThat(status(weir, request("/" + "u".repeat(19), ""))).isEqualTo(200);
        assertThat(status(weir, request("/" + "u".repeat(20), ""))).isEqualTo(414);
        assertThat(status(weir, request("/", "X: " + "v".repeat(27) + "\r\n"))).isEqualTo(200);
        assertThat(status(weir, request("/", "X: " + "v".repeat(28) + "\r\n"))).isEqualTo(431);
        int bare = request("/", "").length();
        String filler = "A: 1234567890\r\n";
        int more = (300 - bare) / filler.length();
        int rest = 300 - bare - more * filler.length();
        String fit = filler.repeat(more - 1) + "A: 1234567890" + "x".repeat(rest) + "\r\n";
        assertThat(request("/", fit)).hasSize(300);
        assertThat(status(weir, request("/", fit))).isEqualTo(200);
        assertThat(status(weir, request("/", "B" + fit))).isEqualTo(431);

        String post = "POST / HTTP/1.1\r\nHost: weir.test\r\n";
        assertThat(status(weir, post + "Content-Length: 10\r\n\r\n0123456789")).isEqualTo(200);
        assertThat(status(weir, post + "Content-Length: 11\r\n\r\n0123456789a")).isEqualTo(413);
        String chunked = post + "Transfer-Encoding: chunked\r\n\r\n";
        assertThat(status(weir, chunked + "a\r\n0123456789\r\n0\r\n\r\n")).isEqualTo(200);
        assertThat(status(weir, chunked + "6\r\n012345\r\n5\r\n67890\r\n0\r\n\r\n")).isEqualTo(413);
        assertThat(refused(weir, "size")).isEqualTo(5);
        assertThat(node.violations()).isEmpty();
    }

    @Test
    void urlsAndHeadersAreTextWhenTheClassSaysSo() {
        RunningWeir weir = WEIR.start(config("check-rfc2396: true", "reject-binary: true"));
        assertThat(status(weir, request("/a?b=%20c", ""))).isEqualTo(200);
        assertThat(status(weir, request("/a|b", ""))).isEqualTo(400);
        assertThat(status(weir, request("/a%2", ""))).isEqualTo(400);
        assertThat(status(weir, request("/a%00", ""))).isEqualTo(400);
        assertThat(status(weir, request("/", "X: \u00e4\r\n"))).isEqualTo(400);
        assertThat(refused(weir, "rfc2396")).isEqualTo(2);
        assertThat(refused(weir, "binary")).isEqualTo(2);
        assertThat(node.requests()).isEqualTo(1);
    }

    @Test
    void inTestModeEverythingIsServedAndCounted() {
        RunningWeir weir =
                WEIR.start(
                        config(
                                "testing: true",
                                "banned: [127.0.0.8]",
                                "max-1-connections: 1",
                                "max-body-length: 1",
                                "max-url-length: 5"));
        served(weir, "127.0.0.8", 1);
        served(weir, "127.0.0.2", 2);
        assertThat(status(weir, request("/123456", ""))).isEqualTo(200);
        Await.until("the last connection to be gone", () -> weir.clientConnections() == 3);
        assertThat(
                        status(
                                weir,
                                "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
                                        + "2\r\nab\r\n0\r\n\r\n"))
                .isEqualTo(200);
        assertThat(refused(weir, "banned")).isEqualTo(1);
        assertThat(refused(weir, "connections-1")).isEqualTo(1);
        assertThat(refused(weir, "size")).isEqualTo(2);
        assertThat(weir.events())
                .filteredOn(e -> e.tag() == EventTag.TRIGGERSUMMARY)
                .hasSize(4)
                .allSatisfy(e -> assertThat(e.text()).contains("would have refused 1"));
    }

    @Test
    void blocksOfIpv6AndFilesWithThousandsOfLinesCountToo() throws IOException {
        assumeTrue(hasIpv6(), "the machine has no IPv6");
        StringBuilder lines = new StringBuilder("# gathered by somebody\n");
        for (int i = 0; i < 5000; i++) {
            lines.append("10.").append(i / 250).append('.').append(i % 250).append(".0/24\n");
        }
        Path list = directory.resolve("banned.txt");
        Files.writeString(list, lines + "127.0.0.8 # the last one\n");
        String text =
                ConfigText.of(node).virtualServer("protection: guard").listen("\"*:0\"").toString()
                        + "\nprotection-classes: {guard: {log-time: 0, banned: [\"::1/128\"],"
                        + " banned-files: ["
                        + list
                        + "]}}\n";
        RunningWeir weir = WEIR.start(text);
        served(weir, "127.0.0.7", 1);
        isClosed(weir, "127.0.0.8");
        try (Socket socket = new Socket(ipv6Loopback(), weir.port())) {
            socket.setSoTimeout((int) Await.DEADLINE.toMillis());
            socket.getOutputStream().write(GET.getBytes(StandardCharsets.US_ASCII));
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        } catch (SocketException reset) {
            assertThat(reset).hasMessageContaining("reset");
        }
        assertThat(refused(weir, "banned")).isEqualTo(2);
        assertThat(node.requests()).isEqualTo(1);
    }

    private static InetAddress ipv6Loopback() throws IOException {
        byte[] octets = new byte[16];
        octets[15] = 1;
        return InetAddress.getByAddress(octets);
    }

    private static boolean hasIpv6() {
        try (ServerSocket probe = new ServerSocket(0, 1, ipv6Loopback())) {
            return probe.isBound();
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    void equalRefusalsOfATimeAreOneEvent() {
        RunningWeir weir =
                WEIR.start(
                        config("banned: [127.0.0.8]", "max-url-length: 5")
                                .replace("log-time: 0", "log-time: 1h"));
        for (int i = 0; i < 5; i++) {
            isClosed(weir, "127.0.0.8");
        }
        assertThat(status(weir, request("/123456", ""))).isEqualTo(414);
        assertThat(told(weir)).isZero();
        weir.apply(
                config("banned: [127.0.0.8]", "max-url-length: 5")
                        .replace("log-time: 0", "log-time: 10ms"));
        Await.until("six refusals to be told", () -> told(weir) == 6);
        assertThat(weir.events().stream().filter(e -> e.tag() == EventTag.TRIGGERSUMMARY))
                .as("a shorter time holds for those that wait, too")
                .hasSize(1);
    }

    @Test
    void whatATestedClassLetInIsNotToldTogetherWithWhatItRefusesLater() {
        String hour = "log-time: 1h";
        RunningWeir weir =
                WEIR.start(
                        config("testing: true", "banned: [127.0.0.8]")
                                .replace("log-time: 0", hour));
        served(weir, "127.0.0.8", 1);
        weir.apply(config("banned: [127.0.0.8]").replace("log-time: 0", hour));
        isClosed(weir, "127.0.0.8");
        Await.until("the one that was let in to be told", () -> told(weir) == 1);
        assertThat(weir.events())
                .filteredOn(e -> e.tag() == EventTag.TRIGGERSUMMARY)
                .hasSize(1)
                .allSatisfy(e -> assertThat(e.text()).contains("would have refused 1"));
    }

    /** Refusals that events have told of. */
    private static int told(RunningWeir weir) {
        return weir.events().stream()
                .filter(e -> e.tag() == EventTag.TRIGGERSUMMARY)
                .map(e -> Pattern.compile("refused (\\d+) ").matcher(e.text()))
                .mapToInt(found -> found.find() ? Integer.parseInt(found.group(1)) : 0)
                .sum();
    }

    @Test
    void withoutAnErrorPageTheConnectionIsCut() {
        RunningWeir weir = WEIR.start(config("send-error-page: false", "max-url-length: 5"));
        RawClient client = WEIR.closing(RawClient.to(weir.port()));
        client.send(request("/123456", ""));
        assertThat(client.closedByPeer()).isTrue();
        assertThat(node.requests()).isZero();
    }

    @Test
    void aChangedClassIsInForceOnAllTwentyThatNameItAndKeepsItsCounts() {
        RunningWeir weir = WEIR.start(twenty("max-1-connections: 3"));
        Map<String, Integer> ports = portsOf(weir);
        assertThat(ports).hasSize(20);
        assertThat(ports.values()).as("listeners of their own").doesNotHaveDuplicates();
        List<RawClient> clients = new ArrayList<>();
        for (int port : ports.values()) {
            RawClient client = WEIR.closing(RawClient.to(port, "127.0.1." + (clients.size() + 1)));
            assertThat(client.exchange(request("/123456", "")).status()).isEqualTo(200);
            clients.add(client);
        }
        for (String server : List.of("s0", "s7", "s19")) {
            assertThat(fromTwo(weir, server).exchange(GET).status()).isEqualTo(200);
        }
        isClosed(fromTwo(weir, "s11"), "a fourth connection");

        weir.apply(twenty("max-1-connections: 4, max-url-length: 5"));

        assertThat(portsOf(weir)).as("listeners that did not change").isEqualTo(ports);
        for (RawClient client : clients) {
            assertThat(client.exchange(request("/123456", "")).status()).isEqualTo(414);
        }
        assertThat(fromTwo(weir, "s11").exchange(GET).status()).isEqualTo(200);
        isClosed(fromTwo(weir, "s3"), "a fifth connection");
    }

    private String twenty(String guard) {
        StringBuilder text = new StringBuilder("virtual-servers:\n");
        for (int i = 0; i < 20; i++) {
            text.append("  s").append(i);
            text.append(": {listen: \"127.0.0.1:0\", pool: web, protection: guard}\n");
        }
        text.append("pools: {web: {nodes: [").append(node.address()).append("]}}\n");
        return text + "protection-classes: {guard: {" + guard + "}}\n";
    }

    private static Map<String, Integer> portsOf(RunningWeir weir) {
        Map<String, Integer> ports = new HashMap<>();
        weir.plane()
                .status()
                .virtualServers()
                .forEach(server -> ports.put(server.name(), weir.port(server.name())));
        return ports;
    }

    private static RawClient fromTwo(RunningWeir weir, String server) {
        return WEIR.closing(RawClient.to(weir.port(server), "127.0.0.2"));
    }

    private static String request(String target, String fields) {
        return "GET " + target + " HTTP/1.1\r\nHost: weir.test\r\n" + fields + "\r\n";
    }

    private static int status(RunningWeir weir, String request) {
        try (RawClient client = RawClient.to(weir.port())) {
            return client.exchange(request).status();
        }
    }
}
