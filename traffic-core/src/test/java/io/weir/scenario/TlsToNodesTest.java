package io.weir.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.event.Event;
import io.weir.event.EventTag;
import io.weir.testkit.Await;
import io.weir.testkit.Behaviour;
import io.weir.testkit.ConfigText;
import io.weir.testkit.FakeNode;
import io.weir.testkit.RawClient;
import io.weir.testkit.ReceivedResponse;
import io.weir.testkit.RunningWeir;
import io.weir.testkit.TestCa;
import io.weir.testkit.WeirExtension;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

import javax.net.ssl.SSLContext;

/** Nodes over TLS: one that does not prove who it is gets nothing. */
class TlsToNodesTest {

    private static final String GET = "GET /a HTTP/1.1\r\nHost: a.example\r\n\r\n";

    @RegisterExtension static final WeirExtension WEIR = new WeirExtension();

    @TempDir Path directory;
    private TestCa ca;

    @BeforeEach
    void start() {
        ca = new TestCa("ca");
        ca.write(directory.resolve("ca.pem"));
    }

    private FakeNode node(TestCa.Issued issued) {
        return node(issued, Behaviour.answering());
    }

    private FakeNode node(TestCa.Issued issued, Behaviour behaviour) {
        SSLContext context = issued.context(ca);
        return WEIR.closing(FakeNode.secured("n", context, behaviour));
    }

    private ConfigText config(String engine, FakeNode node, String... more) {
        StringBuilder tls = new StringBuilder("tls: {enabled: true");
        for (String each : more) {
            tls.append(", ").append(each);
        }
        return ConfigText.of(node)
                .global("tls-engine: " + engine, "event-loops: 1")
                .pool(tls.append("}").toString(), "node-connection-attempts: 1");
    }

    private String trust() {
        return "ca-file: " + directory.resolve("ca.pem");
    }

    private static ReceivedResponse ask(RunningWeir weir) {
        try (RawClient client = RawClient.to(weir.port())) {
            return client.exchange(GET);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"openssl", "jdk"})
    void aNodeThatProvesWhoItIsServesOverOneConnection(String engine) {
        FakeNode node = node(ca.issue("node", "127.0.0.1"));
        RunningWeir weir = WEIR.start(config(engine, node, trust()));
        for (int i = 0; i < 3; i++) {
            assertThat(ask(weir).status()).isEqualTo(200);
        }
        assertThat(node.connections()).isEqualTo(1);
        assertThat(node.violations()).isEmpty();
    }

    private void getsNothing(RunningWeir weir, FakeNode node, String cause) {
        assertThat(ask(weir).status()).isEqualTo(502);
        assertThat(node.connectionLog()).allMatch(connection -> connection.received() == 0);
        Await.until(
                "the node to count as failed",
                () -> weir.node(node.address()).health().equals("down"));
        assertThat(weir.node(node.address()).cause()).contains("TLS").containsIgnoringCase(cause);
        Await.until(
                "an event",
                () -> weir.events().stream().anyMatch(e -> e.tag() == EventTag.NODEFAIL));
        assertThat(weir.events())
                .filteredOn(event -> event.tag() == EventTag.NODEFAIL)
                .singleElement()
                .extracting(Event::text)
                .asString()
                .containsIgnoringCase(cause);
    }

    @ParameterizedTest
    @ValueSource(strings = {"openssl", "jdk"})
    void aNodeWithAnotherNameGetsNoByteAndCountsAsFailed(String engine) {
        FakeNode node = node(ca.issue("other.example", "127.0.0.9"));
        getsNothing(WEIR.start(config(engine, node, trust())), node, "no subject alternative");
    }

    @ParameterizedTest
    @ValueSource(strings = {"openssl", "jdk"})
    void aManInTheMiddleGetsNoByteAndCountsAsFailed(String engine) {
        FakeNode node = node(new TestCa("mallory").issue("node", "127.0.0.1"));
        getsNothing(WEIR.start(config(engine, node, trust())), node, "path");
    }

    @ParameterizedTest
    @ValueSource(strings = {"openssl", "jdk"})
    void aNodeOutOfDateGetsNoByteAndCountsAsFailed(String engine) {
        FakeNode node = node(ca.issueExpired("node", "127.0.0.1"));
        getsNothing(WEIR.start(config(engine, node, trust())), node, "certificate has expired");
    }

    @ParameterizedTest
    @ValueSource(strings = {"openssl", "jdk"})
    void aNodeOutOfDateGetsNoByteAlsoWhenItsOwnCertificateIsTrusted(String engine) {
        TestCa.Issued late = ca.issueExpired("node", "127.0.0.1").write(directory, "late");
        FakeNode node = node(late);
        String itself = "ca-file: " + directory.resolve("late.pem");
        getsNothing(WEIR.start(config(engine, node, itself)), node, "TLS");
    }

    @ParameterizedTest
    @ValueSource(strings = {"openssl", "jdk"})
    void withoutVerificationTheSameNodesServe(String engine) {
        for (TestCa.Issued issued :
                new TestCa.Issued[] {
                    ca.issue("other.example"),
                    ca.issueExpired("node", "127.0.0.1"),
                    new TestCa("mallory").issue("node", "127.0.0.1")
                }) {
            FakeNode node = node(issued);
            assertThat(ask(WEIR.start(config(engine, node, "verify: false"))).status())
                    .isEqualTo(200);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"openssl", "jdk"})
    void theNameToProveCanBeGiven(String engine) {
        FakeNode node = node(ca.issue("www.example"));
        RunningWeir weir = WEIR.start(config(engine, node, trust(), "server-name: www.example"));
        assertThat(ask(weir).status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"openssl", "jdk"})
    void oneOfSeveralNamesWillDo(String engine) {
        FakeNode node = node(ca.issue("n1.nodes.example"));
        String names = "common-name-match: [x.example, '*.nodes.example']";
        assertThat(ask(WEIR.start(config(engine, node, trust(), names))).status()).isEqualTo(200);
        FakeNode other = node(ca.issue("n1.example"));
        getsNothing(WEIR.start(config(engine, other, trust(), names)), other, "n1.example");
    }

    @ParameterizedTest
    @ValueSource(strings = {"openssl", "jdk"})
    void aNodeInTheClearIsNotSpokenToOverTls(String engine) {
        FakeNode node = WEIR.node("plain");
        RunningWeir weir =
                WEIR.start(config(engine, node, "verify: false").pool("max-connect-time: 500ms"));
        assertThat(ask(weir).status()).isEqualTo(502);
        assertThat(node.requests()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"openssl", "jdk"})
    void aBodyThatEndsWithoutCloseNotifyIsNotTakenForWhole(String engine) {
        FakeNode node =
                node(
                        ca.issue("node", "127.0.0.1"),
                        connection -> {
                            if (connection.request() != null) {
                                connection.send(
                                        "HTTP/1.1 200 OK\r\n\r\nhalf"
                                                .getBytes(StandardCharsets.US_ASCII));
                                connection.reset();
                            }
                        });
        RunningWeir weir = WEIR.start(config(engine, node, trust()));
        try (RawClient client = RawClient.to(weir.port())) {
            client.send(GET);
            client.head("GET");
            assertThat(new String(client.rest(), StandardCharsets.US_ASCII))
                    .doesNotEndWith("0\r\n\r\n");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"openssl", "jdk"})
    void connectionsUnderOldSettingsAreNotUsedUnderNewOnes(String engine) {
        FakeNode node = node(ca.issue("other.example"));
        RunningWeir weir = WEIR.start(config(engine, node, "verify: false"));
        assertThat(ask(weir).status()).isEqualTo(200);
        weir.apply(config(engine, node, trust()).toString());
        int before = node.requests();
        assertThat(ask(weir).status()).isEqualTo(502);
        assertThat(node.requests()).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(strings = {"openssl", "jdk"})
    void aNodeThatWantsACertificateIsShownOneThatItsOwnerCanRead(String engine) throws Exception {
        TestCa.Issued weirs = ca.issue("weir.example").write(directory, "weir");
        FakeNode node = node(ca.issue("node", "127.0.0.1")).demandingCertificates();
        RunningWeir weir =
                WEIR.start(
                        config(
                                engine,
                                node,
                                trust(),
                                "certificate: " + directory.resolve("weir.pem"),
                                "key: " + directory.resolve("weir.key")));
        assertThat(ask(weir).status()).isEqualTo(200);
        assertThat(node.connectionLog().getFirst().tls().getPeerCertificates()[0])
                .isEqualTo(weirs.certificate());
    }

    @ParameterizedTest
    @ValueSource(strings = {"openssl", "jdk"})
    void aNodeThatIsShownNoCertificateGetsNoneOfTheRequest(String engine) {
        FakeNode node = node(ca.issue("node", "127.0.0.1")).demandingCertificates();
        RunningWeir weir = WEIR.start(config(engine, node, trust()));
        assertThat(ask(weir).status()).isEqualTo(502);
        assertThat(node.requests()).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "openssl, intermediate",
        "openssl, modern",
        "jdk, intermediate",
        "jdk, modern",
    })
    void sessionsWithNodesAreResumed(String engine, String profile) {
        FakeNode node = node(ca.issue("node", "127.0.0.1"), Behaviour.closingAfterEach());
        String[] settings = {trust(), "profile: " + profile};
        RunningWeir weir = WEIR.start(config(engine, node, settings));
        for (int i = 0; i < 3; i++) {
            assertThat(ask(weir).status()).isEqualTo(200);
        }
        assertThat(begun(node)).hasSize(3).containsOnly(begun(node).getFirst());
    }

    @ParameterizedTest
    @ValueSource(strings = {"openssl", "jdk"})
    void withoutResumptionEverySessionIsNew(String engine) {
        FakeNode node = node(ca.issue("node", "127.0.0.1"), Behaviour.closingAfterEach());
        RunningWeir weir = WEIR.start(config(engine, node, trust(), "resumption: false"));
        for (int i = 0; i < 3; i++) {
            assertThat(ask(weir).status()).isEqualTo(200);
        }
        assertThat(begun(node)).hasSize(3).doesNotHaveDuplicates();
    }

    /** When the sessions of the connections were begun. */
    private static List<Long> begun(FakeNode node) {
        return node.connectionLog().stream().map(each -> each.tls().getCreationTime()).toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"openssl", "jdk"})
    void aMonitorWithUseSslChecksOverTls(String engine) {
        FakeNode node = node(new TestCa("anybody").issue("any"));
        FakeNode clear = WEIR.node("clear");
        RunningWeir weir =
                WEIR.start(
                        ConfigText.of(node, clear)
                                        .global("tls-engine: " + engine)
                                        .pool(
                                                "tls: {enabled: true, verify: false}",
                                                "monitors: [web]")
                                + "monitors:\n  web: {type: http, path: /up, use-ssl: true,"
                                + " delay: 1s, timeout: 1s, failures: 1}\n");
        Await.until("the node to be up", () -> weir.node(node.address()).health().equals("up"));
        assertThat(node.received().getFirst().target()).isEqualTo("/up");
        Await.until(
                "the node in the clear to be down",
                () -> weir.node(clear.address()).health().equals("down"));
        assertThat(weir.node(clear.address()).cause()).contains("monitor web").contains("TLS");
        assertThat(clear.requests()).isZero();
    }
}
