package io.weir.control.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.control.Author;
import io.weir.control.Configs;
import io.weir.control.Control;
import io.weir.control.ManualTicker;
import io.weir.control.RecordingEvents;
import io.weir.control.RecordingPlane;
import io.weir.control.SettableSource;
import io.weir.control.store.Json;
import io.weir.control.store.OverlayStore;
import io.weir.event.EventTag;
import io.weir.metrics.MetricSink;
import io.weir.metrics.MetricsPage;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

class MetricsListenerTest {

    @TempDir Path directory;

    private final RecordingEvents events = new RecordingEvents();
    private Control control;
    private @Nullable RecordingPlane plane;
    private MetricsListener listener;

    @BeforeEach
    void start() throws Exception {
        control =
                Control.start(
                        new SettableSource(
                                new Configs()
                                        .pool("web", "a:80", "b:80")
                                        .server("web", "web", 8080)
                                        .build()),
                        (config, overlay) -> {
                            RecordingPlane made = new RecordingPlane(config, overlay);
                            plane = made;
                            return made;
                        },
                        new OverlayStore(directory),
                        null,
                        events,
                        new ManualTicker());
        listener = new MetricsListener(control, new Figures(), events, Set.of("edge1.example"));
        listener.follow(new Configs().metrics(0).build());
    }

    @AfterEach
    void stop() {
        listener.close();
    }

    @Test
    void saysThatItIsAliveReadyAndWell() throws IOException {
        Answer answer = get("/health");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json())
                .isEqualTo(
                        Json.read(
                                "{\"alive\":true,\"ready\":true,\"degraded\":false,"
                                        + "\"reasons\":[],\"causes\":[]}"));
        assertThat(get("/health/live").status()).isEqualTo(200);
        assertThat(get("/health/ready").status()).isEqualTo(200);
    }

    @Test
    void saysThatItIsDegradedAndStillReadyWhenANodeIsDown() throws IOException {
        Objects.requireNonNull(plane).down("a:80");
        Answer answer = get("/health");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json()).containsEntry("degraded", true).containsEntry("ready", true);
        assertThat(answer.body()).contains("node a:80 in pool web is down: connection refused");
    }

    @Test
    void saysThatItIsAliveAndNotReadyWhenItStops() throws IOException {
        control.stop(null, Author.WEIR);
        assertThat(get("/health").status()).isEqualTo(503);
        assertThat(get("/health/ready").status()).isEqualTo(503);
        assertThat(get("/health/live").status()).isEqualTo(200);
        assertThat(get("/health").json()).containsEntry("alive", true);
    }

    @Test
    void showsTheStatus() throws IOException {
        assertThat(get("/status").json()).containsKeys("virtual-servers", "pools", "overlay");
    }

    @Test
    void showsTheFiguresInTheFormatThatWasAskedFor() throws IOException {
        Answer answer = request("GET", "/metrics", "Accept: application/openmetrics-text\r\n");
        assertThat(answer.head()).contains("Content-type: test/figures");
        assertThat(answer.body()).isEqualTo("figures for application/openmetrics-text");
    }

    @Test
    void answersHeadWithoutABody() throws IOException {
        Answer answer = request("HEAD", "/health", "");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.head()).containsPattern("Content-length: [1-9]");
        assertThat(answer.body()).isEmpty();
    }

    @Test
    void changesNothingWhateverTheMethod() throws IOException {
        for (String method : new String[] {"POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"}) {
            Answer answer = request(method, "/status", "");
            assertThat(answer.status()).as(method).isEqualTo(405);
            assertThat(answer.head()).contains("Allow: GET, HEAD");
        }
    }

    @Test
    void refusesABody() throws IOException {
        assertThat(request("GET", "/health", "Content-Length: 5\r\n", "hello").status())
                .isEqualTo(400);
        assertThat(
                        request("GET", "/health", "Transfer-Encoding: chunked\r\n", "0\r\n\r\n")
                                .status())
                .isEqualTo(400);
    }

    @Test
    void sendsAwayAClientThatIsSlowToAsk() throws IOException {
        InetSocketAddress address = Objects.requireNonNull(listener.address());
        try (Socket socket = new Socket(address.getAddress(), address.getPort())) {
            socket.setSoTimeout(30_000);
            socket.getOutputStream().write(bytes("GET /status HTTP/1.1\r\nHost: 127."));
            assertThat(get("/health").status()).isEqualTo(200);
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void knowsNoOtherPages() throws IOException {
        assertThat(get("/healthy").status()).isEqualTo(404);
        assertThat(get("/").body()).contains("/health");
    }

    @Test
    void keepsBrowsersFromDoingAnythingWithIt() throws IOException {
        assertThat(get("/status").head())
                .contains("X-content-type-options: nosniff")
                .contains("X-frame-options: DENY")
                .contains("Content-security-policy: default-src 'none'")
                .contains("Cache-control: no-store");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"evil.example", "evil.example:9080", "127.0.0.1.evil.example", "", "a b"})
    void refusesANameThatIsNotItsOwn(String host) throws IOException {
        Answer answer =
                raw("GET /status HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n");
        assertThat(answer.status()).isIn(400, 421);
        assertThat(answer.body()).doesNotContain("virtual-servers");
    }

    @Test
    void refusesTwoNamesAndNone() throws IOException {
        assertThat(
                        raw("GET /status HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n"
                                        + "Connection: close\r\n\r\n")
                                .status())
                .isEqualTo(421);
        assertThat(raw("GET /status HTTP/1.0\r\n\r\n").status()).isEqualTo(421);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "127.0.0.1:9080",
                "[::1]:9080",
                "localhost:1",
                "LOCALHOST",
                "edge1.example",
                "Edge1.Example:80",
                "weir.localhost"
            })
    void answersToItsOwnNamesAndToAddresses(String host) throws IOException {
        assertThat(
                        raw("GET /health HTTP/1.1\r\nHost: "
                                        + host
                                        + "\r\nConnection: close\r\n\r\n")
                                .status())
                .isEqualTo(200);
    }

    @Test
    void reportsAnAddressThatIsTakenAndListensWhenItIsFree() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            events.clear();
            listener.follow(new Configs().metrics(taken.getLocalPort()).build());
            listener.retry();
            assertThat(listener.address()).isNull();
            assertThat(events.texts(EventTag.LISTENFAIL))
                    .singleElement()
                    .asString()
                    .startsWith("the metrics listener cannot listen on 127.0.0.1:")
                    .contains("127.0.0.1:" + taken.getLocalPort())
                    .contains("traffic goes on");
            assertThat(control.health().ready()).isTrue();
            assertThat(control.health().reasons())
                    .singleElement()
                    .asString()
                    .startsWith("metrics listener: cannot listen");
        }
        listener.retry();
        assertThat(listener.address()).isNotNull();
        assertThat(control.health().degraded()).isFalse();
        assertThat(get("/health").status()).isEqualTo(200);
    }

    @Test
    void stopsListeningWhenTheConfigurationSaysSo() {
        listener.follow(new Configs().build());
        assertThat(listener.address()).isNull();
        assertThat(control.health().degraded()).isFalse();
    }

    private Answer get(String path) throws IOException {
        return request("GET", path, "");
    }

    private Answer request(String method, String path, String fields) throws IOException {
        return request(method, path, fields, "");
    }

    private Answer request(String method, String path, String fields, String body)
            throws IOException {
        return raw(
                method
                        + " "
                        + path
                        + " HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
                        + fields
                        + "\r\n"
                        + body);
    }

    private Answer raw(String request) throws IOException {
        InetSocketAddress address = Objects.requireNonNull(listener.address());
        try (Socket socket = new Socket(address.getAddress(), address.getPort())) {
            socket.setSoTimeout(20_000);
            OutputStream out = socket.getOutputStream();
            out.write(bytes(request));
            out.flush();
            InputStream in = socket.getInputStream();
            String all = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            int end = all.indexOf("\r\n\r\n");
            return new Answer(
                    Integer.parseInt(all.substring(9, 12)),
                    all.substring(0, end),
                    all.substring(end + 4));
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private record Answer(int status, String head, String body) {
        Map<String, @Nullable Object> json() {
            return Json.readObject(body.strip());
        }
    }

    private static final class Figures implements MetricsPage {
        @Override
        public void collect(MetricSink sink) {}

        @Override
        public String contentType(@Nullable String accept) {
            return "test/figures";
        }

        @Override
        public void write(OutputStream out, @Nullable String accept) throws IOException {
            out.write(("figures for " + accept).getBytes(StandardCharsets.UTF_8));
        }
    }
}
