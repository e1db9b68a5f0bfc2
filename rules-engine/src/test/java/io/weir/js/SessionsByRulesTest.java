package io.weir.js;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.testkit.Await;
import io.weir.testkit.FakeNode;
import io.weir.testkit.RawClient;
import io.weir.testkit.ReceivedResponse;
import io.weir.testkit.RunningWeir;
import io.weir.testkit.WeirExtension;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Path;
import java.util.Arrays;

/** Sessions that rules give a key or a node, when that node dies, drains, or Weir starts anew. */
class SessionsByRulesTest {

    @RegisterExtension static final WeirExtension WEIR = new WeirExtension();

    @TempDir Path directory;
    private FakeNode[] nodes;
    private RunningWeir weir;
    private String yaml;
    private int newcomers;

    @BeforeEach
    @SuppressWarnings("NullAway.Init") // what is started comes with each test
    void nodes() {
        nodes = new FakeNode[] {WEIR.node("n0"), WEIR.node("n1"), WEIR.node("n2")};
    }

    private void start(String type, String... more) {
        RuledWeir ruled =
                new RuledWeir(directory, nodes)
                        .poolKeys(
                                "algorithm: random",
                                "persistence: sticky",
                                "passive-monitoring: false",
                                "slow-start: 0s",
                                "retry-budget: 100")
                        .sections(
                                "persistence-classes:\n  sticky: {type: "
                                        + type
                                        + String.join("", more)
                                        + "}\n")
                        .request("connection.setPersistenceKey(http.getHeader('X-Session'));");
        weir = ruled.start(WEIR);
        yaml = ruled.yaml();
    }

    /** The node of {@code name} in another state, the others as they were. */
    private String inState(String name, String state) {
        String address = node(name).address();
        return yaml.replace(address, "{address: '" + address + "', state: " + state + "}");
    }

    private FakeNode node(String name) {
        return Arrays.stream(nodes).filter(n -> n.name().equals(name)).findFirst().orElseThrow();
    }

    /** What rules say of a session: any text for universal, its node for named. */
    private String session(String type, int number) {
        return type.equals("named") ? nodes[number % 3].address() : "user " + number;
    }

    private static ReceivedResponse get(RunningWeir from, String session) {
        try (RawClient client = RawClient.to(from.port())) {
            return client.exchange(
                    "GET / HTTP/1.1\r\nHost: w.test\r\nX-Session: " + session + "\r\n\r\n");
        }
    }

    private String served(String session) {
        return get(weir, session).field("X-Node");
    }

    @ParameterizedTest
    @ValueSource(strings = {"universal", "named"})
    void whenTheNodeDiesTheSessionGoesOnElsewhere(String type) {
        start(type);
        String session = session(type, 1);
        String home = served(session);
        assertThat(served(session)).isEqualTo(home);
        node(home).kill();
        String next = served(session);
        assertThat(next).isNotEqualTo(home).isNotEmpty();
        node(home).revive();
        if (type.equals("named")) {
            // The rule goes on naming it.
            Await.until("the node to be used again", () -> served(session).equals(home));
        } else {
            Await.until("the node to be used again", () -> usedByOthers(home));
            assertThat(served(session)).as("for good").isEqualTo(next);
        }
    }

    /** Whether a new session begins on the node. */
    private boolean usedByOthers(String home) {
        return served("newcomer " + newcomers++).equals(home);
    }

    @ParameterizedTest
    @ValueSource(strings = {"universal", "named"})
    void whenTheNodeDiesTheClientIsRedirectedIfTheClassSaysSo(String type) {
        start(type, ", failure-mode: url, url: 'https://sorry.test/gone'");
        String session = session(type, 1);
        node(served(session)).kill();
        ReceivedResponse response = get(weir, session);
        assertThat(response.status()).isEqualTo(302);
        assertThat(response.field("Location")).isEqualTo("https://sorry.test/gone");
    }

    @ParameterizedTest
    @ValueSource(strings = {"universal", "named"})
    void whenTheNodeDiesTheClientIsCutOffIfTheClassSaysSo(String type) {
        start(type, ", failure-mode: close");
        String session = session(type, 1);
        node(served(session)).kill();
        try (RawClient client = RawClient.to(weir.port())) {
            ReceivedResponse response =
                    client.exchange(
                            "GET / HTTP/1.1\r\nHost: w.test\r\nX-Session: " + session + "\r\n\r\n");
            assertThat(response.status()).isEqualTo(503);
            assertThat(response.field("X-Node")).isEmpty();
            assertThat(client.closedByPeer()).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"universal", "named"})
    void aDrainingNodeKeepsItsSessionsAndADisabledOneDoesNot(String type) {
        start(type);
        String session = session(type, 1);
        String home = served(session);
        weir.apply(inState(home, "draining"));
        for (int i = 0; i < 10; i++) {
            assertThat(served(session)).isEqualTo(home);
        }
        if (type.equals("universal")) {
            for (int i = 2; i < 30; i++) {
                assertThat(served(session(type, i))).isNotEqualTo(home);
            }
        }
        weir.apply(inState(home, "disabled"));
        assertThat(served(session)).isNotEqualTo(home).isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"universal", "named"})
    void whatRulesNameIsKnownAfterARestartAndWhatWeirRemembersIsNot(String type) {
        start(type);
        RunningWeir another = WEIR.startIn(directory, yaml);
        int same = 0;
        for (int i = 0; i < 30; i++) {
            String session = session(type, i);
            String home = served(session);
            same += get(another, session).field("X-Node").equals(home) ? 1 : 0;
        }
        if (type.equals("named")) {
            assertThat(same).isEqualTo(30);
        } else {
            // Thirty random choices among three nodes.
            assertThat(same).isLessThan(30);
        }
    }
}
