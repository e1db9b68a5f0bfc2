package io.weir.persist;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.pool.BreakerStatus;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CyclicBarrier;

/** Sessions of every protocol: what rules, addresses and TLS tell about them. */
class SessionTest {

    private static final String NODES =
            "nodes: ['10.0.0.1:80', '10.0.0.2:80', '10.0.0.3:80', '10.0.0.4:80']";

    private final List<Desk> desks = new ArrayList<>();

    @AfterEach
    void close() {
        desks.forEach(Desk::close);
    }

    private Desk desk(String yaml) {
        Desk desk = new Desk(yaml);
        desks.add(desk);
        return desk;
    }

    private static String config(String type, String nodes, String... more) {
        return "pools:\n  p: {algorithm: random, slow-start: 0s, persistence: s, "
                + nodes
                + "}\npersistence-classes:\n  s: {type: "
                + type
                + (more.length == 0 ? "" : ", " + String.join(", ", more))
                + "}\n";
    }

    private static void tell(Desk.Caller caller, String type, int number) {
        switch (type) {
            case "ip" -> caller.from("192.0.2." + number);
            case "universal" -> caller.withKey("user " + number);
            case "named" -> caller.withNode("10.0.0." + (1 + number % 4) + ":80");
            case "ssl-session-id" -> caller.withTls(1, 2, 3, number, 0, 255);
            default -> throw new AssertionError(type);
        }
    }

    private static Desk.Caller caller(Desk desk, String type, int number) {
        Desk.Caller caller = desk.caller();
        tell(caller, type, number);
        return caller;
    }

    @ParameterizedTest
    @ValueSource(strings = {"ip", "universal", "named", "ssl-session-id"})
    void aHundredClientsStayOnTheirNodes(String type) {
        Desk desk = desk(config(type, NODES));
        Set<String> used = new HashSet<>();
        for (int client = 0; client < 100; client++) {
            String home = caller(desk, type, client).served();
            used.add(home);
            for (int i = 0; i < 50; i++) {
                Desk.Caller again = caller(desk, type, client);
                assertThat(again.served()).isEqualTo(home);
                assertThat(again.verdict()).isEqualTo(Verdict.HIT);
                desk.caller().from("198.51.100.1").served();
            }
        }
        assertThat(used).hasSize(4);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ip", "universal", "named", "ssl-session-id"})
    void aDrainingNodeKeepsItsSessionsAndADisabledOneDoesNot(String type) {
        Desk desk = desk(config(type, NODES));
        String home = caller(desk, type, 1).served();
        desk.apply(config(type, inState(home, "draining")));
        for (int i = 0; i < 10; i++) {
            assertThat(caller(desk, type, 1).served()).isEqualTo(home);
        }
        desk.apply(config(type, inState(home, "disabled")));
        Desk.Caller moved = caller(desk, type, 1);
        String next = moved.served();
        assertThat(next).isNotEqualTo(home).isNotEmpty();
        assertThat(moved.verdict()).isEqualTo(Verdict.FAILED);
        if (!type.equals("named")) {
            desk.apply(config(type, NODES));
            assertThat(caller(desk, type, 1).served()).as("for good").isEqualTo(next);
        }
    }

    private static String inState(String node, String state) {
        return NODES.replace("'" + node + "'", "{address: '" + node + "', state: " + state + "}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ip", "universal", "named", "ssl-session-id"})
    void theNodeOfASessionThatIsRefusedDecidesByFailureMode(String type) {
        for (String mode : List.of("new-node", "url", "close")) {
            Desk desk = desk(config(type, NODES, "failure-mode: " + mode, "url: /x"));
            String home = caller(desk, type, 1).served();
            Desk.Caller caller = caller(desk, type, 1);
            String second = caller.servedAtSecondAttempt();
            assertThat(caller.verdict()).isEqualTo(Verdict.FAILED);
            switch (mode) {
                case "new-node" -> {
                    assertThat(second).isNotEqualTo(home).isNotEmpty();
                    if (!type.equals("named")) {
                        assertThat(caller(desk, type, 1).served()).isEqualTo(second);
                    }
                }
                case "url" -> {
                    assertThat(second).isEmpty();
                    assertThat(caller.ruling()).isEqualTo(Session.Ruling.REDIRECT);
                }
                default -> {
                    assertThat(second).isEmpty();
                    assertThat(caller.ruling()).isEqualTo(Session.Ruling.CLOSE);
                }
            }
        }
    }

    @Test
    void aSessionThatBeginsWithAFailedAttemptIsNotLost() {
        Desk desk = desk(config("universal", NODES, "failure-mode: close"));
        Desk.Caller caller = desk.caller().withKey("new");
        String served = caller.servedAtSecondAttempt();
        assertThat(served).isNotEmpty();
        assertThat(caller.verdict()).isEqualTo(Verdict.NEW);
        assertThat(desk.caller().withKey("new").served()).isEqualTo(served);
    }

    @Test
    void aRequestOfASessionIsNotUsedToTryOutANodeThatHadFailed() {
        Desk desk = desk(config("universal", NODES, "failure-mode: close"));
        String home = desk.caller().withKey("k").served();
        // Three refusals condemn each of the other nodes.
        for (int i = 0;
                desk.pool("p").view().entries().stream()
                                .filter(e -> e.node().status().health().usable())
                                .count()
                        > 1;
                i++) {
            Desk.Caller caller = desk.caller().withKey("other " + i);
            caller.refusedBy(node -> !node.equals(home));
        }
        desk.advance(Duration.ofMinutes(2));
        for (int i = 0; i < 5; i++) {
            assertThat(desk.caller().withKey("k").served()).isEqualTo(home);
        }
        assertThat(desk.caller().withKey("new").served()).as("somebody has to").isNotEqualTo(home);
    }

    @Test
    void aRuleNamesTheNodeByHostAndPortOrByHost() {
        String nodes = "nodes: ['alice-pc.test:3389', 'bob-pc.test:3389', '[2001:db8::1]:3389']";
        Desk desk = desk(config("named", nodes, "failure-mode: close"));
        for (String name : List.of("alice-pc.test:3389", "ALICE-PC.test", "alice-pc.test:80")) {
            assertThat(desk.caller().withNode(name).served()).isEqualTo("alice-pc.test:3389");
            // As in ZXTM's example, where the key is the name of the desktop.
            assertThat(desk.caller().withKey(name).served()).isEqualTo("alice-pc.test:3389");
        }
        for (String name : List.of("[2001:db8::1]:3389", "2001:db8::1", "[2001:db8::1]:1")) {
            assertThat(desk.caller().withNode(name).served()).isEqualTo("[2001:db8::1]:3389");
        }
        for (String name :
                List.of("carol-pc.test", "alice-pc", "alice-pc.test.", ":", "[", "[]:")) {
            Desk.Caller caller = desk.caller().withNode(name);
            assertThat(caller.served()).as(name).isEmpty();
            assertThat(caller.ruling()).isEqualTo(Session.Ruling.CLOSE);
        }
        // Without a name there is no session, and nothing to say about it.
        Desk.Caller nobody = desk.caller();
        assertThat(nobody.served()).isNotEmpty();
        assertThat(nobody.verdict()).isNull();
    }

    @Test
    void aRuleMayPutAnotherClassInForce() {
        Desk desk =
                desk(
                        "pools:\n  p: {algorithm: random, slow-start: 0s, "
                                + NODES
                                + "}\npersistence-classes:\n  u: {type: universal}\n"
                                + "  n: {type: named}\n");
        String home = desk.caller().inClass("u").withKey("k").served();
        for (int i = 0; i < 20; i++) {
            assertThat(desk.caller().inClass("u").withKey("k").served()).isEqualTo(home);
            assertThat(desk.caller().inClass("n").withKey("10.0.0.3:80").served())
                    .isEqualTo("10.0.0.3:80");
        }
        Desk.Caller unknown = desk.caller().inClass("gone").withKey("k");
        assertThat(unknown.served()).isNotEmpty();
        assertThat(unknown.verdict()).isNull();
    }

    @Test
    void aSubnetIsOneSession() {
        Desk desk = desk(config("ip", NODES, "subnet-prefix-v4: 20", "subnet-prefix-v6: 61"));
        String v4 = desk.caller().from("10.1.16.1").served();
        String v6 = desk.caller().from("2001:db8:0:8::1").served();
        for (int i = 0; i < 30; i++) {
            assertThat(desk.caller().from("10.1.31." + i).served()).isEqualTo(v4);
            assertThat(desk.caller().from("2001:db8:0:f::" + i).served()).isEqualTo(v6);
        }
        desk.caller().from("10.1.32.1").served();
        desk.caller().from("2001:db8:0:10::1").served();
        assertThat(table(desk).size(0)).isEqualTo(4);
    }

    @Test
    void whereNothingIsToldThereIsNoSession() {
        Desk desk = desk(config("ssl-session-id", NODES));
        Desk.Caller plain = desk.caller();
        assertThat(plain.served()).isNotEmpty();
        assertThat(plain.verdict()).isEqualTo(Verdict.MISS);
        assertThat(table(desk).size(0)).isZero();
    }

    @Test
    void poolsWithTheSameNodesShareSessions() {
        String both =
                "pools:\n  p: {algorithm: random, slow-start: 0s, persistence: s, "
                        + NODES
                        + "}\n  q: {algorithm: random, slow-start: 0s, persistence: s, "
                        + NODES
                        + "}\npersistence-classes:\n  s: {type: ip}\n";
        Desk desk = desk(both);
        String home = desk.caller().served();
        Desk.Caller caller = desk.caller();
        Session session = Session.begin(desk.classes(), caller);
        for (int i = 0; i < 10; i++) {
            assertThat(session.seek(desk.pool("q"), caller, 0)).isEqualTo(Session.Ruling.CHOOSE);
            assertThat(Objects.requireNonNull(session.pinned()).address()).hasToString(home);
            assertThat(session.pinned().poolName()).isEqualTo("q");
        }
    }

    @Test
    void aDeadPoolsFailurePoolHasItsOwnClass() {
        String yaml =
                "pools:\n  p: {slow-start: 0s, persistence: s, failure-pool: f, nodes:"
                        + " [{address: '10.0.0.1:80', state: STATE}]}\n"
                        + "  f: {algorithm: random, slow-start: 0s, persistence: t, "
                        + NODES.replace("10.0.0.", "10.0.1.")
                        + "}\npersistence-classes:\n  s: {type: universal, failure-mode: close}\n"
                        + "  t: {type: ip}\n";
        Desk desk = desk(yaml.replace("STATE", "active"));
        assertThat(desk.caller().withKey("k").served()).isEqualTo("10.0.0.1:80");

        desk.apply(yaml.replace("STATE", "disabled"));
        String home = desk.caller().withKey("k").served();
        assertThat(home).startsWith("10.0.1.");
        for (int i = 0; i < 20; i++) {
            assertThat(desk.caller().withKey("k").served()).isEqualTo(home);
        }

        // A draining pool takes nothing new, and keeps what it has.
        desk.apply(yaml.replace("STATE", "draining"));
        assertThat(desk.caller().withKey("k").served()).isEqualTo("10.0.0.1:80");
        assertThat(desk.caller().withKey("other").served()).isEqualTo(home);
    }

    @Test
    void aClassOfAnotherTypeBeginsAnewAndOneOfTheSameGoesOn() {
        Desk desk = desk(config("ip", NODES));
        for (int i = 1; i <= 50; i++) {
            desk.caller().from("192.0.2." + i).served();
        }
        desk.apply(config("ip", NODES, "max-entries: 20"));
        assertThat(table(desk).size(0)).isEqualTo(20);
        desk.apply(config("universal", NODES));
        assertThat(table(desk).size(0)).isZero();
    }

    @Test
    void everyClassCountsItsSessionsOfANode() {
        Desk desk =
                desk(
                        config("ip", "nodes: ['10.0.0.1:80']")
                                + "  u: {type: universal}\n  t: {type: transparent}\n");
        desk.caller().from("192.0.2.1").served();
        desk.caller().from("192.0.2.2").served();
        desk.caller().inClass("u").withKey("k").served();
        var node = desk.pool("p").view().entries().get(0).node().address();
        int[] sessions = {0};
        desk.classes()
                .all()
                .forEach(
                        each -> {
                            SessionTable.NodeSessions of = each.table().sessions(node, 0);
                            sessions[0] += of == null ? 0 : of.sessions();
                        });
        assertThat(sessions[0]).isEqualTo(3);
        desk.apply(config("ip", "nodes: ['10.0.0.2:80']"));
        assertThat(Objects.requireNonNull(table(desk).sessions(node, 0)).sessions()).isEqualTo(2);
    }

    /** The first requests of one session come at once, on different event loops. */
    @Test
    void whoeverComesFirstDecidesForAll() throws Exception {
        int threads = 6;
        Desk desk = desk(config("universal", NODES));
        for (int round = 0; round < 200; round++) {
            String key = "round " + round;
            CyclicBarrier start = new CyclicBarrier(threads);
            ConcurrentLinkedQueue<String> served = new ConcurrentLinkedQueue<>();
            List<Thread> running = new ArrayList<>();
            for (int t = 0; t < threads; t++) {
                running.add(
                        Thread.ofPlatform()
                                .start(
                                        () -> {
                                            try {
                                                start.await();
                                            } catch (Exception e) {
                                                served.add(e.toString());
                                            }
                                            served.add(desk.caller().withKey(key).served());
                                        }));
            }
            for (Thread thread : running) {
                thread.join();
            }
            assertThat(new HashSet<>(served)).as(key).hasSize(1);
        }
        desk.pool("p").view().entries().forEach(e -> assertThat(e.node().inFlight()).isZero());
    }

    private static SessionTable table(Desk desk) {
        return Objects.requireNonNull(desk.classes().named("s")).table();
    }

    private static final String BREAKER =
            "breaker: {enabled: true, min-requests: 4, open-time: 1m, probes: 1}";

    private Desk deskWithBreaker(String failureMode) {
        return desk(
                "pools:\n  p: {slow-start: 0s, persistence: s, failure-pool: f, "
                        + BREAKER
                        + ", "
                        + NODES
                        + "}\n  f: {slow-start: 0s, persistence: s, nodes: ['10.0.1.1:80',"
                        + " '10.0.1.2:80', '10.0.1.3:80', '10.0.1.4:80']}\n"
                        + "persistence-classes:\n  s: {type: ip, failure-mode: "
                        + failureMode
                        + "}\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"new-node", "close"})
    void aSessionGoesBackToItsNodeWhenTheBreakerOfItsPoolCloses(String failureMode) {
        Desk desk = deskWithBreaker(failureMode);
        String home = desk.caller().served();
        desk.tripBreaker();

        Desk.Caller away = desk.caller();
        assertThat(away.served()).startsWith("10.0.1.");
        assertThat(away.verdict()).isEqualTo(Verdict.FAILED);
        desk.advance(Duration.ofMinutes(2));

        assertThat(desk.caller().served()).as("the one that tries the pool out").isEqualTo(home);
        assertThat(desk.pool("p").breaker()).extracting(BreakerStatus::state).isEqualTo("closed");
        assertThat(desk.caller().served()).isEqualTo(home);
    }

    @ParameterizedTest
    @ValueSource(strings = {"new-node", "close"})
    void aSessionThatBeginsWhileTheBreakerIsOpenStaysOnItsNodeOfTheFailurePool(String failureMode) {
        Desk desk = deskWithBreaker(failureMode);
        desk.tripBreaker();
        String elsewhere = desk.caller().served();
        assertThat(elsewhere).startsWith("10.0.1.");

        for (int i = 0; i < 5; i++) {
            desk.caller().from("198.51.100." + i).served();
            Desk.Caller again = desk.caller();
            assertThat(again.served()).isEqualTo(elsewhere);
            assertThat(again.verdict()).isEqualTo(Verdict.HIT);
        }
    }
}
