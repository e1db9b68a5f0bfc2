package io.weir.control.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.control.Configs;
import io.weir.control.Control;
import io.weir.control.ManualTicker;
import io.weir.control.RecordingEvents;
import io.weir.control.RecordingPlane;
import io.weir.control.SettableSource;
import io.weir.control.store.Json;
import io.weir.control.store.OverlayStore;
import io.weir.event.EventTag;
import io.weir.testkit.Await;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

class ControlSocketTest {

    private static final Duration PATIENCE = Await.DEADLINE;

    @TempDir Path directory;

    private final RecordingEvents events = new RecordingEvents();
    private final ManualTicker ticker = new ManualTicker();
    private final SettableSource source = new SettableSource(Configs.web("a:80", "b:80"));
    private Control control;
    private ControlSocket socket;

    @BeforeEach
    void open() throws Exception {
        control =
                Control.start(
                        source,
                        RecordingPlane::new,
                        new OverlayStore(directory),
                        null,
                        events,
                        ticker);
        socket = ControlSocket.open(directory.resolve("weir.sock"), control, null, events, ticker);
    }

    @AfterEach
    void close() throws IOException {
        socket.close();
    }

    @Test
    void isThereForItsOwnerOnly() throws IOException {
        assertThat(
                        PosixFilePermissions.toString(
                                Files.getPosixFilePermissions(directory.resolve("weir.sock"))))
                .isEqualTo("rw-------");
    }

    @Test
    void answersManyRequestsOnOneConnection() throws IOException {
        try (ControlClient client = ControlClient.connect(List.of(directory))) {
            for (int i = 0; i < 3; i++) {
                assertThat(result(client.call("ping", Map.of(), PATIENCE)))
                        .containsEntry("pid", ProcessHandle.current().pid());
            }
        }
    }

    @Test
    void drainsAndUndrainsANodeInTheNameOfTheUser() throws IOException {
        Map<String, @Nullable Object> answer =
                call(
                        "drain",
                        Map.of(
                                "node", "a:80",
                                "pool", "web",
                                "reason", "new kernel",
                                "seconds", 90));
        assertThat(answer).containsEntry("changed", true).containsEntry("saved", true);
        assertThat(control.overlay().entries())
                .singleElement()
                .satisfies(
                        e -> {
                            assertThat(e.owner()).isEqualTo(System.getProperty("user.name"));
                            assertThat(e.reason()).isEqualTo("new kernel");
                            assertThat(e.expires()).isEqualTo(ticker.now().plusSeconds(90));
                        });
        Map<?, ?> node = node("a:80");
        assertThat(node.get("state")).isEqualTo("draining");
        assertThat((Map<?, ?>) ((List<?>) Objects.requireNonNull(node.get("decisions"))).getFirst())
                .extracting("reason")
                .isEqualTo("new kernel");

        call("undrain", Map.of("node", "a:80"));
        assertThat(node("a:80").get("state")).isEqualTo("active");
    }

    @Test
    void weighsDisablesAndEnablesANode() throws IOException {
        call("weight", Map.of("node", "b:80", "weight", 5));
        assertThat(node("b:80").get("weight")).isEqualTo(5L);
        call("weight", Map.of("node", "b:80"));
        assertThat(node("b:80").get("weight")).isEqualTo(1L);
        call("disable", Map.of("node", "b:80"));
        assertThat(node("b:80").get("state")).isEqualTo("disabled");
        call("enable", Map.of("node", "b:80"));
        assertThat(node("b:80").get("state")).isEqualTo("active");
    }

    @Test
    void reloadsAndReportsWhyItWasRefused() throws IOException {
        source.set(Configs.web("a:80", "b:80", "c:80"));
        assertThat(call("reload", Map.of())).containsEntry("applied", true);

        source.breakWith("typo");
        Map<String, @Nullable Object> problem = problem("reload", Map.of());
        assertThat(problem).containsEntry("code", "bad-configuration");
        assertThat(map(((List<?>) Objects.requireNonNull(problem.get("problems"))).getFirst()))
                .containsEntry("line", 3L)
                .containsEntry("suggestion", "listen");

        source.set(Configs.web("a:80"));
        assertThat(problem("reload", Map.of())).containsEntry("code", "shrinks");
        assertThat(call("reload", Map.of("allow-shrink", true))).containsEntry("applied", true);
    }

    @Test
    void tellsTheRecentEvents() throws IOException {
        Object answer;
        try (ControlClient client = ControlClient.connect(List.of(directory))) {
            answer = client.call("events", Map.of("max", 10), PATIENCE).get("result");
        }
        assertThat((List<?>) answer)
                .singleElement()
                .satisfies(e -> assertThat((Map<?, ?>) e).extracting("tag").isEqualTo("running"));
    }

    @Test
    void sendsEventsAsTheyComeUntilTheClientGoes() throws IOException {
        try (ControlClient client = ControlClient.connect(List.of(directory))) {
            client.send("events", Map.of("follow", true));
            assertThat(client.next()).containsEntry("ok", true);
            events.emit(EventTag.NODEFAIL, "node a:80 has failed");
            assertThat(client.next())
                    .containsEntry("tag", "nodefail")
                    .containsEntry("severity", "serious")
                    .containsEntry("text", "node a:80 has failed");
            assertThat(events.listeners()).isEqualTo(1);
        }
        Await.until("nobody to listen", () -> events.listeners() == 0);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "rubbish | not JSON",
                "[] | expected a JSON object",
                "{\"command\":\"ping\"} | the version is null, expected 1",
                "{\"version\":2,\"command\":\"ping\"} | the version is 2, expected 1",
                "{\"version\":1} | the command is missing",
                "{\"version\":1,\"command\":\"launch\"} | there is no command launch",
                "{\"version\":1,\"command\":\"ping\",\"arguments\":3} | not an object",
                "{\"version\":1,\"command\":\"ping\",\"arguments\":{\"x\":1}} | no argument x",
                "{\"version\":1,\"command\":\"drain\"} | the node is missing, expected host:port",
                "{\"version\":1,\"command\":\"drain\",\"arguments\":{\"node\":7}} | node is 7",
                "{\"version\":1,\"command\":\"drain\",\"arguments\":{\"node\":\"a\"}} | 'a'",
                "{\"version\":1,\"command\":\"drain\",\"arguments\":{\"node\":\"a:80\","
                        + "\"seconds\":0}} | the time is 0 seconds",
                "{\"version\":1,\"command\":\"weight\",\"arguments\":{\"node\":\"a:80\","
                        + "\"weight\":4294967297}} | the weight is 4294967297, expected 1 to 100",
                "{\"version\":1,\"command\":\"drain\",\"arguments\":{\"node\":\"c:80\"}} |"
                        + " there is no node c:80 in any pool",
            })
    void saysWhatIsWrongWithARequest(String request, String message) throws IOException {
        try (SocketChannel channel = connect()) {
            channel.write(ByteBuffer.wrap((request + "\n").getBytes(StandardCharsets.UTF_8)));
            Map<String, @Nullable Object> answer = Json.readObject(readLine(channel));
            assertThat(answer).containsEntry("ok", false).containsEntry("version", 1L);
            assertThat((Map<?, ?>) answer.get("problem"))
                    .extracting("message")
                    .asString()
                    .contains(message);
        }
        assertThat(control.overlay().entries()).isEmpty();
    }

    @Test
    void takesARequestThatComesByteByByte() throws IOException {
        try (SocketChannel channel = connect()) {
            for (byte b :
                    "{\"version\":1,\"command\":\"ping\"}\n".getBytes(StandardCharsets.UTF_8)) {
                channel.write(ByteBuffer.wrap(new byte[] {b}));
            }
            assertThat(Json.readObject(readLine(channel))).containsEntry("ok", true);
        }
    }

    @Test
    void doesNotReadAnEndlessLine() throws IOException {
        try (SocketChannel channel = connect()) {
            byte[] much = new byte[32 << 20];
            java.util.Arrays.fill(much, (byte) ' ');
            ByteBuffer out = ByteBuffer.wrap(much);
            while (out.hasRemaining()) {
                channel.write(out);
            }
            assertThat(readLine(channel)).contains("longer than 33554432 bytes");
        }
    }

    @Test
    void sendsAwayWhoeverKeepsItWaiting() throws IOException {
        try (SocketChannel channel = connect()) {
            channel.write(ByteBuffer.wrap("{".getBytes(StandardCharsets.UTF_8)));
            assertThat(call("ping", Map.of())).isNotEmpty();
            ticker.advance(Duration.ofMinutes(1));
            assertThat(channel.read(ByteBuffer.allocate(10))).isEqualTo(-1);
        }
    }

    @Test
    void boundsItsConnections() throws IOException {
        List<SocketChannel> open = new ArrayList<>();
        try {
            for (int i = 0; i < 64; i++) {
                SocketChannel channel = connect();
                open.add(channel);
                channel.write(
                        ByteBuffer.wrap(
                                "{\"version\":1,\"command\":\"ping\"}\n"
                                        .getBytes(StandardCharsets.UTF_8)));
                readLine(channel);
            }
            try (SocketChannel oneMore = connect()) {
                assertThat(readLine(oneMore)).contains("too many connections");
            }
        } finally {
            for (SocketChannel channel : open) {
                channel.close();
            }
        }
        Await.until("a place to be free", this::answers);
    }

    private boolean answers() {
        try {
            return !call("ping", Map.of()).isEmpty();
        } catch (IOException | AssertionError notYet) {
            return false;
        }
    }

    @Test
    void takesThePlaceOfASocketThatADeadProcessLeft() throws IOException {
        Path other = Files.createDirectory(directory.resolve("other"));
        Path path = other.resolve("weir.sock");
        try (ServerSocketChannel dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            dead.bind(UnixDomainSocketAddress.of(path));
        }
        assertThat(path).exists();
        assertThatThrownBy(() -> ControlClient.connect(List.of(other)))
                .hasMessageContaining(path.toString())
                .hasMessageContaining("refused");
        try (ControlSocket second = ControlSocket.open(path, control, null, events, ticker);
                ControlClient client =
                        ControlClient.connect(List.of(directory.resolve("x"), other))) {
            assertThat(second).isNotNull();
            assertThat(client.call("ping", Map.of(), PATIENCE)).containsEntry("ok", true);
        }
        assertThat(path).doesNotExist();
    }

    @Test
    void namesThePathWhenItIsTooLongForASocket() throws IOException {
        Path deep = Files.createDirectories(directory.resolve("x".repeat(120)));
        assertThatThrownBy(
                        () ->
                                ControlSocket.open(
                                        deep.resolve("weir.sock"), control, null, events, ticker))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(deep.toString());
    }

    @Test
    void writesTimesAsTextThatParses() throws IOException {
        assertThat(
                        Instant.parse(
                                (String)
                                        Objects.requireNonNull(
                                                call("status", Map.of()).get("started"))))
                .isEqualTo(ticker.now());
    }

    private Map<?, ?> node(String name) throws IOException {
        for (Object pool :
                (List<?>) Objects.requireNonNull(call("status", Map.of()).get("pools"))) {
            for (Object node : (List<?>) Objects.requireNonNull(((Map<?, ?>) pool).get("nodes"))) {
                if (name.equals(((Map<?, ?>) node).get("node"))) {
                    return (Map<?, ?>) node;
                }
            }
        }
        throw new AssertionError("no node " + name);
    }

    private Map<String, @Nullable Object> call(String command, Map<String, ?> arguments)
            throws IOException {
        try (ControlClient client = ControlClient.connect(List.of(directory))) {
            return result(client.call(command, arguments, PATIENCE));
        }
    }

    private Map<String, @Nullable Object> problem(String command, Map<String, ?> arguments)
            throws IOException {
        try (ControlClient client = ControlClient.connect(List.of(directory))) {
            Map<String, @Nullable Object> answer = client.call(command, arguments, PATIENCE);
            assertThat(answer).containsEntry("ok", false);
            return map(answer.get("problem"));
        }
    }

    private static Map<String, @Nullable Object> result(Map<String, @Nullable Object> answer) {
        assertThat(answer).containsEntry("ok", true);
        return map(answer.get("result"));
    }

    @SuppressWarnings("unchecked") // JSON objects are read as maps keyed by strings
    private static Map<String, @Nullable Object> map(@Nullable Object value) {
        return (Map<String, @Nullable Object>) Objects.requireNonNull(value);
    }

    private SocketChannel connect() throws IOException {
        return SocketChannel.open(UnixDomainSocketAddress.of(directory.resolve("weir.sock")));
    }

    private static String readLine(SocketChannel channel) throws IOException {
        StringBuilder line = new StringBuilder();
        ByteBuffer one = ByteBuffer.allocate(1);
        while (channel.read(one) > 0) {
            char c = (char) one.flip().get();
            one.clear();
            if (c == '\n') {
                break;
            }
            line.append(c);
        }
        return line.toString();
    }
}
