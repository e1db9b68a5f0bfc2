package io.weir.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.testkit.Behaviour;
import io.weir.testkit.FakeNode;
import io.weir.testkit.ReceivedRequest;
import io.weir.testkit.ReceivedResponse;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** What the example about sessions promises. */
final class SessionProbe {

    private SessionProbe() {}

    static void ask(RunningExample weir) {
        basket(weir);
        servlet(weir);
    }

    private static void basket(RunningExample weir) {
        Set<String> all = new TreeSet<>();
        String cookie = "";
        String home = "";
        for (int customer = 0; customer < 30; customer++) {
            ReceivedResponse first = weir.get("shop", "/");
            home = first.field("X-Node");
            all.add(home);
            cookie = "Cookie: " + first.field("Set-Cookie").split(";", 2)[0];
            assertThat(weir.answeredBy("shop", cookie)).isEqualTo(home);
        }
        assertThat(all).containsExactly("10.0.0.11:8080", "10.0.0.12:8080", "10.0.0.13:8080");
        FakeNode node = weir.node(home);
        assertThat(node.received()).noneMatch(request -> request.fields().has("Cookie"));
        node.kill();
        ReceivedResponse moved = weir.get("shop", "/", cookie);
        assertThat(moved.field("X-Node")).isNotEqualTo(home).isNotEmpty();
        String next = "Cookie: " + moved.field("Set-Cookie").split(";", 2)[0];
        node.revive();
        assertThat(weir.answeredBy("shop", next)).isEqualTo(moved.field("X-Node"));
    }

    private static void servlet(RunningExample weir) {
        for (String address : List.of("10.0.0.21:8080", "10.0.0.22:8080")) {
            FakeNode node = weir.node(address);
            node.behave(Behaviour.answering(request -> report(node, request)));
        }
        ReceivedResponse first = weir.get("reports", "/reports/new");
        String home = first.field("X-Node");
        String session = first.field("Set-Cookie").split("[=;]", 3)[1];
        for (int i = 0; i < 10; i++) {
            assertThat(weir.answeredBy("reports", "Cookie: JSESSIONID=" + session)).isEqualTo(home);
            assertThat(weir.get("reports", "/reports;jsessionid=" + session).field("X-Node"))
                    .isEqualTo(home);
        }
        weir.node(home).kill();
        ReceivedResponse gone = weir.get("reports", "/", "Cookie: JSESSIONID=" + session);
        assertThat(gone.status()).isEqualTo(302);
        assertThat(gone.field("Location")).isEqualTo("/reports/interrupted.html");
    }

    private static byte[] report(FakeNode node, ReceivedRequest request) {
        boolean begins = request.target().endsWith("new");
        return ("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nX-Node: "
                        + node.name()
                        + "\r\n"
                        + (begins
                                ? "Set-Cookie: JSESSIONID="
                                        + "A1B2C3.node"
                                        + node.port()
                                        + "; HttpOnly\r\n"
                                : "")
                        + "\r\n")
                .getBytes(StandardCharsets.ISO_8859_1);
    }
}
