package io.weir.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.config.MonitorConfig;
import io.weir.config.MonitorConfig.Connect;
import io.weir.config.MonitorConfig.Http;
import io.weir.config.MonitorConfig.Ping;
import io.weir.config.MonitorConfig.Probe;
import io.weir.config.MonitorConfig.Program;
import io.weir.config.MonitorConfig.Scope;
import io.weir.config.MonitorConfig.TcpTransaction;
import io.weir.config.NodeAddress;
import io.weir.event.EventTag;
import io.weir.monitor.MonitorStatus.State;
import io.weir.testkit.Await;
import io.weir.time.Ticker;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.stream.Stream;

/** Monitors with their real checks, clocks and threads against scripted nodes. */
class MonitorsOnSocketsTest {

    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nwell";
    private static final Http HTTP = new Http("/", null, null, "^200$", "well");

    private final ExecutorService runner = Executors.newVirtualThreadPerTaskExecutor();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final Events events = new Events();
    private final List<String> told = new CopyOnWriteArrayList<>();
    private final List<ScriptedNode> nodes = new ArrayList<>();
    private volatile boolean machineAnswers = true;

    private final Monitors monitors =
            new Monitors(
                    probe -> Check.of(probe, new Switched(), Ticker.system()),
                    new MonitorSink() {
                        @Override
                        public void result(
                                String pool,
                                @Nullable NodeAddress node,
                                String monitor,
                                boolean ok,
                                @Nullable String cause) {
                            told.add(pool + " " + node + " " + ok);
                        }

                        @Override
                        public void retracted(
                                String pool, @Nullable NodeAddress node, String monitor) {}
                    },
                    events,
                    Ticker.system(),
                    new Random(1),
                    runner,
                    timer);

    @AfterEach
    void stop() {
        monitors.stop();
        runner.shutdownNow();
        timer.shutdownNow();
        nodes.forEach(ScriptedNode::close);
    }

    private ScriptedNode node() {
        ScriptedNode node = ScriptedNode.running(ScriptedNode.silent());
        nodes.add(node);
        return node;
    }

    private static MonitorConfig monitor(Probe probe, Duration delay, Duration timeout) {
        return new MonitorConfig(
                "m", Scope.PER_NODE, null, delay, timeout, 3, false, false, probe, null);
    }

    private void apply(MonitorConfig config, NodeAddress... addresses) {
        monitors.apply(
                Map.of("m", config), List.of(new Assignment("web", "m", List.of(addresses))));
    }

    private State state(NodeAddress address) {
        return monitors.status().stream()
                .filter(line -> address.equals(line.node()))
                .map(MonitorStatus::state)
                .findFirst()
                .orElse(State.UNCHECKED);
    }

    /** Makes a node bad and good again, and expects one report and one event for each. */
    private void seesBadAndGood(Probe probe, NodeAddress address, Runnable worsen, Runnable mend) {
        seesBadAndGood(probe, address, worsen, mend, Duration.ofMinutes(1), 2);
    }

    /** The same for nodes that only the time-out tells to be bad, which takes its time. */
    private void seesInTime(
            Probe probe, ScriptedNode node, ScriptedNode.Script well, ScriptedNode.Script ill) {
        node.follow(well);
        seesBadAndGood(
                probe,
                node.address(),
                () -> node.follow(ill),
                () -> node.follow(well),
                Duration.ofMillis(500),
                1);
    }

    private void seesBadAndGood(
            Probe probe,
            NodeAddress address,
            Runnable worsen,
            Runnable mend,
            Duration timeout,
            int times) {
        apply(monitor(probe, Duration.ofMillis(50), timeout), address);
        Await.until(address + " to be well", () -> state(address) == State.OK);
        List<String> expected = new ArrayList<>(List.of("web " + address + " true"));
        for (int round = 1; round <= times; round++) {
            expected.addAll(List.of("web " + address + " false", "web " + address + " true"));
            worsen.run();
            Await.until(address + " to fail", () -> state(address) == State.FAILED);
            mend.run();
            Await.until(address + " to be well", () -> state(address) == State.OK);
            int rounds = round;
            Await.until(
                    "the event of the recovery",
                    () -> events.count(EventTag.MONITOROK, address.toString()) == rounds);
            assertThat(events.count(EventTag.MONITORFAIL, address.toString())).isEqualTo(round);
        }
        assertThat(told).isEqualTo(expected);
    }

    @Test
    void pingSeesAMachineThatIsGone() {
        NodeAddress address = new NodeAddress("127.0.0.1", 9);
        seesBadAndGood(
                new Ping(), address, () -> machineAnswers = false, () -> machineAnswers = true);
    }

    @Test
    void connectSeesANodeThatRefuses() {
        ScriptedNode node = node();
        seesBadAndGood(new Connect(), node.address(), node::refuse, node::acceptAgain);
    }

    @Test
    void httpSeesAWrongStatus() {
        ScriptedNode node = node();
        node.follow(node.answering(OK));
        seesBadAndGood(
                HTTP,
                node.address(),
                () -> node.follow(node.answering("HTTP/1.1 503 Busy\r\n\r\nwell")),
                () -> node.follow(node.answering(OK)));
    }

    @Test
    void httpSeesAWrongBody() {
        ScriptedNode node = node();
        node.follow(node.answering(OK));
        seesBadAndGood(
                HTTP,
                node.address(),
                () -> node.follow(node.answering("HTTP/1.1 200 OK\r\n\r\nill")),
                () -> node.follow(node.answering(OK)));
    }

    @Test
    void httpSeesANodeThatAcceptsAndSaysNothing() {
        ScriptedNode node = node();
        seesInTime(HTTP, node, node.answering(OK), ScriptedNode.frozen());
    }

    @Test
    void tcpTransactionSeesAWrongAnswer() {
        seesInTime(
                new TcpTransaction(null, "^\\+OK ", "QUIT\r\n", 2048),
                node(),
                ScriptedNode.saying("+OK ready\r\n"),
                ScriptedNode.saying("-ERR\r\n"));
    }

    @Test
    void tcpTransactionSeesANodeThatTakesNothing() {
        ScriptedNode.Script reader =
                socket -> {
                    socket.getInputStream().skipNBytes(10_000_000);
                    ScriptedNode.send(socket, "thanks\n");
                };
        seesInTime(
                new TcpTransaction("x".repeat(10_000_000), "thanks", null, 0),
                node(),
                reader,
                ScriptedNode.frozen());
    }

    @Test
    void programSeesWhatItsExitStatusSays(@TempDir Path directory) {
        Path ill = directory.resolve("ill");
        Program program = new Program("/bin/sh", List.of("-c", "test ! -e " + ill));
        seesBadAndGood(
                program, new NodeAddress("127.0.0.1", 9), () -> create(ill), () -> delete(ill));
    }

    private static void create(Path file) {
        try {
            Files.createFile(file);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static void delete(Path file) {
        try {
            Files.delete(file);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void goodNodesAreCheckedAgainAndAgainWhileAsManyOthersHang() {
        List<ScriptedNode> good = Stream.generate(this::node).limit(100).toList();
        List<ScriptedNode> hanging = Stream.generate(this::node).limit(100).toList();
        good.forEach(node -> node.follow(node.answering(OK)));
        hanging.forEach(node -> node.follow(ScriptedNode.frozen()));
        NodeAddress[] all =
                Stream.concat(hanging.stream(), good.stream())
                        .map(ScriptedNode::address)
                        .toArray(NodeAddress[]::new);
        // No check of a hanging node ends during the test, so nobody can be waiting for one.
        apply(monitor(HTTP, Duration.ofMillis(200), Duration.ofMinutes(5)), all);
        Await.until(
                "every good node to be checked five times",
                () -> good.stream().allMatch(node -> node.requests().size() >= 5));
        assertThat(good).allMatch(node -> state(node.address()) == State.OK);
        assertThat(hanging).allMatch(node -> state(node.address()) == State.UNCHECKED);
        assertThat(hanging).allMatch(node -> node.openConnections() <= 3);
    }

    @Test
    void stoppingEndsTheChecksUnderWay() {
        ScriptedNode node = node();
        apply(monitor(HTTP, Duration.ofMillis(50), Duration.ofMinutes(5)), node.address());
        Await.until("a check to hang", () -> node.openConnections() > 0);
        monitors.stop();
        Await.until("no connection to be left", () -> node.openConnections() == 0);
        assertThat(told).isEmpty();
        // A timer that ends drops what is called off by then, and waits for the rest.
        Await.until("all to be called off", timer.submit(() -> {})::isDone);
        timer.shutdown();
        Await.until("the timer to have nothing left to do", timer::isTerminated);
    }

    @Test
    void stoppingEndsTheChecksUnderWayAlsoWhenTheTimerIsGone() {
        ScriptedNode node = node();
        apply(monitor(HTTP, Duration.ofMillis(50), Duration.ofMinutes(5)), node.address());
        Await.until("a check to hang", () -> node.openConnections() > 0);
        timer.shutdownNow();
        monitors.stop();
        Await.until("no connection to be left", () -> node.openConnections() == 0);
    }

    /** A network without names whose machines answer echoes, or do not. */
    private final class Switched implements Network {
        @Override
        public List<InetAddress> addresses(String name, Duration within)
                throws UnknownHostException {
            throw new UnknownHostException(name);
        }

        @Override
        public boolean mayEcho() {
            return true;
        }

        @Override
        public boolean echo(InetAddress address, Duration within) {
            return machineAnswers;
        }
    }
}
