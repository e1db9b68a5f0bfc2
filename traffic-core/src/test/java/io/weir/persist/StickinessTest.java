package io.weir.persist;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.runtime.DataPlane.PersistenceStatus;
import io.weir.testkit.Await;
import io.weir.testkit.Behaviour;
import io.weir.testkit.ConfigText;
import io.weir.testkit.FakeNode;
import io.weir.testkit.Load;
import io.weir.testkit.ReceivedResponse;
import io.weir.testkit.RunningWeir;
import io.weir.testkit.WeirExtension;

import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Every kind of session that shows in HTTP stays on its node, and what happens when it cannot. */
class StickinessTest {

    private static final String KEY = "cluster-key: a key for every member";

    @RegisterExtension static final WeirExtension WEIR = new WeirExtension();

    private final List<Application> applications = new ArrayList<>();

    private List<Application> applications(Kind kind) {
        for (String name : List.of("one", "two", "three")) {
            applications.add(Application.start(kind, name, WEIR));
        }
        return applications;
    }

    private String config(Kind kind, List<String> nodes, String... more) {
        return ConfigText.ofNodes(nodes.toArray(String[]::new))
                        .global(KEY, "event-loops: 2")
                        .pool(
                                "algorithm: random",
                                "persistence: sticky",
                                "node-connection-attempts: 1",
                                "max-connect-time: 2s",
                                "slow-start: 0s",
                                "retry-budget: 100")
                + kind.asClass(more);
    }

    private String config(Kind kind, String... more) {
        return config(kind, applications.stream().map(a -> a.node().address()).toList(), more);
    }

    private RunningWeir start(Kind kind, String... more) {
        applications(kind);
        return WEIR.start(config(kind, more));
    }

    private Application application(String name) {
        return applications.stream().filter(a -> a.name().equals(name)).findFirst().orElseThrow();
    }

    private Browser browser(Kind kind, int number, RunningWeir weir) {
        return WEIR.closing(new Browser(kind, number, weir.port()));
    }

    /** A browser with a session; its node is the one returned by {@code settled.node()}. */
    private Browser settled(Kind kind, int number, RunningWeir weir) {
        Browser browser = browser(kind, number, weir);
        browser.node();
        return browser;
    }

    @ParameterizedTest
    @EnumSource
    void everyOneOfAHundredClientsStaysOnItsNodeUnderChangingLoad(Kind kind)
            throws InterruptedException {
        RunningWeir weir = start(kind);
        Load load = WEIR.closing(Load.start(weir.port(), 3, Duration.ofMillis(1)));
        ConcurrentLinkedQueue<String> strays = new ConcurrentLinkedQueue<>();
        Set<String> used = Collections.synchronizedSet(new HashSet<>());
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            int number = i;
            threads.add(
                    Thread.ofVirtual()
                            .start(
                                    () -> {
                                        try (Browser browser =
                                                new Browser(kind, number, weir.port())) {
                                            String home = browser.node();
                                            used.add(home);
                                            for (int r = 1; r < 20; r++) {
                                                String node = browser.node();
                                                if (!node.equals(home)) {
                                                    strays.add(number + ": " + home + " " + node);
                                                }
                                                if (r % 5 == 0) {
                                                    browser.reconnect();
                                                }
                                            }
                                        } catch (RuntimeException | AssertionError e) {
                                            strays.add(number + ": " + e);
                                        }
                                    }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        load.stop();
        assertThat(strays).isEmpty();
        assertThat(used).as("there is something to stick to").hasSize(3);
        assertThat(load.failures().stream().filter(f -> !f.contains(" 302 "))).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void whenTheNodeDiesTheSessionMovesForGood(Kind kind) {
        RunningWeir weir = start(kind);
        Browser browser = settled(kind, 1, weir);
        String first = browser.node();
        application(first).node().kill();

        String second = browser.node();
        assertThat(second).isNotEqualTo(first).isNotEmpty();
        // A session of the application itself begins on the new node, perhaps with a redirect.
        browser.node();
        application(first).node().revive();
        for (int i = 0; i < 20; i++) {
            assertThat(browser.node()).isEqualTo(second);
        }
        assertThat(status(weir).failed()).isPositive();
    }

    @ParameterizedTest
    @EnumSource
    void whenTheNodeDiesTheClientIsRedirectedIfTheClassSaysSo(Kind kind) {
        RunningWeir weir = start(kind, "failure-mode: url", "url: https://sorry.test/gone");
        Browser browser = settled(kind, 1, weir);
        String first = browser.node();
        application(first).node().kill();

        ReceivedResponse response = browser.get("page");
        assertThat(response.status()).isEqualTo(302);
        assertThat(response.field("Location")).isEqualTo("https://sorry.test/gone");
        assertThat(weir.plane().status().virtualServers().get(0).errors()).isPositive();
        // The session has ended with that, so the next request is free to go elsewhere.
        assertThat(browser.node()).isNotEqualTo(first).isNotEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void whenTheNodeDiesTheClientIsCutOffIfTheClassSaysSo(Kind kind) {
        RunningWeir weir = start(kind, "failure-mode: close");
        Browser browser = settled(kind, 1, weir);
        String first = browser.node();
        application(first).node().kill();

        ReceivedResponse response = browser.get("page");
        assertThat(response.status()).isEqualTo(503);
        assertThat(response.field("X-Node")).isEmpty();
        assertThat(browser.closedByWeir()).isTrue();
        assertThat(browser.reconnect().node()).isNotEqualTo(first).isNotEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void aSessionThatIsNotDeletedWaitsForItsNode(Kind kind) {
        RunningWeir weir = start(kind, "failure-mode: url", "url: /wait", "delete: false");
        Browser browser = settled(kind, 1, weir);
        String first = browser.node();
        weir.apply(config(kind, nodes(first, "disabled"), waiting()));
        for (int i = 0; i < 5; i++) {
            assertThat(browser.get("page").status()).isEqualTo(302);
        }
        weir.apply(config(kind, waiting()));
        assertThat(browser.node()).isEqualTo(first);
    }

    private static String[] waiting() {
        return new String[] {"failure-mode: url", "url: /wait", "delete: false"};
    }

    /** The nodes, one of them in another state. */
    private List<String> nodes(String name, String state) {
        return applications.stream()
                .map(
                        a ->
                                a.name().equals(name)
                                        ? "{address: '"
                                                + a.node().address()
                                                + "', state: "
                                                + state
                                                + "}"
                                        : a.node().address())
                .toList();
    }

    @ParameterizedTest
    @EnumSource
    void aDrainingNodeKeepsItsSessionsAndGetsNoOther(Kind kind) {
        RunningWeir weir = start(kind);
        Browser browser = settled(kind, 1, weir);
        String home = browser.node();
        weir.apply(config(kind, nodes(home, "draining")));
        for (int i = 0; i < 10; i++) {
            assertThat(browser.node()).isEqualTo(home);
        }
        for (int i = 2; i < 30; i++) {
            assertThat(browser(kind, i, weir).node()).isNotEqualTo(home);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aDisabledNodeKeepsNoSessions(Kind kind) {
        RunningWeir weir = start(kind);
        Browser browser = settled(kind, 1, weir);
        String home = browser.node();
        weir.apply(config(kind, nodes(home, "disabled")));
        String next = browser.node();
        assertThat(next).isNotEqualTo(home).isNotEmpty();
        browser.node();
        weir.apply(config(kind));
        for (int i = 0; i < 10; i++) {
            assertThat(browser.node()).isEqualTo(next);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aReloadKeepsSessions(Kind kind) {
        RunningWeir weir = start(kind);
        List<Browser> browsers = new ArrayList<>();
        List<String> homes = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            browsers.add(settled(kind, i, weir));
            homes.add(browsers.get(i).node());
        }
        List<String> backwards =
                applications.reversed().stream().map(a -> a.node().address()).toList();
        weir.apply(config(kind, backwards, "max-entries: 100", "note: another one"));
        for (int i = 0; i < 10; i++) {
            assertThat(browsers.get(i).node()).isEqualTo(homes.get(i));
        }
    }

    @ParameterizedTest
    @EnumSource
    void sessionsThatClientsCarryOutliveARestartAndAreKnownToEveryMember(Kind kind) {
        RunningWeir weir = start(kind);
        List<Browser> browsers = new ArrayList<>();
        List<String> homes = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            browsers.add(settled(kind, i, weir));
            homes.add(browsers.get(i).node());
        }
        RunningWeir other = WEIR.start(config(kind));
        List<String> found = new ArrayList<>();
        for (Browser browser : browsers) {
            found.add(browser.reconnect(other.port()).node());
        }
        if (kind.carriedByClient()) {
            assertThat(found).isEqualTo(homes);
        } else {
            // Twenty random choices among three nodes: what is remembered is not elsewhere.
            assertThat(found).isNotEqualTo(homes);
        }
    }

    @ParameterizedTest
    @EnumSource
    void theBusyAnswerOfItsNodeDoesNotEndASession(Kind kind) {
        RunningWeir weir = start(kind);
        Browser browser = settled(kind, 1, weir);
        String home = browser.node();
        FakeNode node = application(home).node();
        weir.apply(
                config(kind).replace("node-connection-attempts: 1", "node-connection-attempts: 5"));
        int before = node.connections();
        node.connectionLog().forEach(c -> c.reset());
        node.behave(
                Behaviour.sayingOnce(
                        "HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n"
                                .getBytes(StandardCharsets.ISO_8859_1)));
        assertThat(browser.get("page").status()).isEqualTo(503);
        assertThat(node.connections()).isGreaterThan(before);
        node.behave(Behaviour.answering());
        assertThat(browser.node()).isEqualTo(home);
    }

    @ParameterizedTest
    @EnumSource
    void theVerdictIsLoggedAndCounted(Kind kind) {
        applications(kind);
        RunningWeir weir =
                WEIR.start(
                        config(kind)
                                .replace(
                                        "    pool: web\n",
                                        "    pool: web\n    log: '%{persistence}w %{node}w'\n"));
        Browser browser = settled(kind, 1, weir);
        browser.node();
        browser.node();
        Await.until("the requests to be counted", () -> status(weir).hits() >= 1);
        PersistenceStatus status = status(weir);
        assertThat(status.begun()).isPositive();
        if (!kind.carriedByClient()) {
            assertThat(status.entries()).isPositive();
            assertThat(status.nodes()).hasSize(1);
            assertThat(status.nodes().get(0).sessions()).isEqualTo(status.entries());
        }
        Path log = weir.logs().resolve("web.log");
        Await.until("the log", () -> lines(log).stream().anyMatch(l -> l.startsWith("hit ")));
        assertThat(lines(log).get(0)).startsWith("new ");
    }

    private static List<String> lines(Path log) {
        try {
            return Files.exists(log) ? Files.readAllLines(log) : List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static PersistenceStatus status(RunningWeir weir) {
        return weir.plane().status().persistence().get(0);
    }
}
