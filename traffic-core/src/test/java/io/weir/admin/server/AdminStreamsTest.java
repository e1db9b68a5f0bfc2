package io.weir.admin.server;

import static io.weir.admin.server.Echo.OPTIONS;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.admin.AdminResponse;
import io.weir.admin.MountOptions;
import io.weir.admin.MountOptions.SignIn;
import io.weir.testkit.AdminDoor;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Answers of the admin server that come bit by bit. */
class AdminStreamsTest {

    private static final MountOptions OPTIONS = new MountOptions(1000, SignIn.BASIC);
    private static final String ASK = "GET /stream HTTP/1.1\r\nHost: localhost\r\n\r\n";
    private static final byte[] PIECE = "data: x\n\n".getBytes(StandardCharsets.US_ASCII);

    /** A body that is one piece. */
    private static final String ONCE = "9\r\ndata: x\n\n\r\n0\r\n\r\n";

    @TempDir Path state;

    private AdminDoor door;

    @BeforeEach
    void open() {
        door = AdminDoor.open(AdminDoor.OPEN, state);
    }

    @AfterEach
    void close() {
        door.close();
    }

    private void mount(AdminResponse.Writer writer) {
        door.server()
                .mount(
                        "/stream",
                        request -> AdminResponse.stream(200, "text/event-stream", writer),
                        OPTIONS);
    }

    @Test
    void streamsABodyAndNoticesThatTheClientHasGone() throws Exception {
        CountDownLatch ended = new CountDownLatch(1);
        mount(
                sink -> {
                    try {
                        while (!sink.isClosed()) {
                            sink.write(PIECE);
                        }
                    } finally {
                        ended.countDown();
                    }
                });
        try (Socket socket = door.connect()) {
            assertThat(AdminDoor.exchange(socket, ASK))
                    .containsIgnoringCase("transfer-encoding: chunked");
            assertThat(new String(socket.getInputStream().readNBytes(12), StandardCharsets.UTF_8))
                    .isEqualTo("9\r\ndata: x\n\n");
        }
        assertThat(ended.await(60, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void noticesThatTheClientHasGoneWhileNothingIsWritten() throws Exception {
        CountDownLatch ended = new CountDownLatch(1);
        mount(
                sink -> {
                    sink.write(PIECE);
                    try {
                        sink.pause(Duration.ofHours(1));
                    } finally {
                        ended.countDown();
                    }
                });
        try (Socket socket = door.connect()) {
            var _ = AdminDoor.exchange(socket, ASK);
            assertThat(ended.getCount()).isEqualTo(1);
        }
        assertThat(ended.await(60, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void answersWhatIsAskedForDuringAStreamAfterIt() throws Exception {
        mount(
                sink -> {
                    sink.pause(Duration.ofMillis(1));
                    sink.write(PIECE);
                    sink.pause(Duration.ofMillis(100));
                });
        door.server()
                .mount(
                        "/echo",
                        request -> AdminResponse.text(200, "text/plain", request.text()),
                        OPTIONS);
        String all =
                door.raw(
                                ASK
                                        + "POST /echo HTTP/1.1\r\nHost: localhost\r\n"
                                        + "Connection: close\r\nContent-Length: 2\r\n\r\nhi")
                        .body();
        assertThat(all).startsWith(ONCE + "HTTP/1.1 200").endsWith("hi");
    }

    @Test
    void endsAStreamThatItselfEnds() throws Exception {
        mount(sink -> sink.write(PIECE));
        assertThat(door.ask("GET", "/stream", "", "").body()).isEqualTo(ONCE);
        assertThat(door.raw("GET /stream HTTP/1.0\r\n\r\n").body()).isEqualTo("data: x\n\n");
        assertThat(door.ask("HEAD", "/stream", "", "").body()).isEmpty();
    }

    @Test
    void saysThatAStreamIsOverAlsoWhenNothingOfItWasAskedForOrCouldBeSent() throws Exception {
        Semaphore over = new Semaphore(0);
        door.server()
                .mount(
                        "/stream",
                        request ->
                                AdminResponse.stream(
                                                200,
                                                "text/event-stream",
                                                sink -> sink.write(PIECE),
                                                over::release)
                                        .with("X-Query", request.text()),
                        OPTIONS);

        assertThat(door.ask("HEAD", "/stream", "", "").status()).isEqualTo(200);
        assertThat(over.tryAcquire(60, TimeUnit.SECONDS)).as("over after HEAD").isTrue();
        // A field that must not be sent: the head fails, and the writer is not asked.
        var _ = door.ask("POST", "/stream", "", "a\r\nb: c");
        assertThat(over.tryAcquire(60, TimeUnit.SECONDS)).as("over after no head").isTrue();
        assertThat(door.ask("GET", "/stream", "", "").body()).isEqualTo(ONCE);
        assertThat(over.tryAcquire(60, TimeUnit.SECONDS)).as("over after GET").isTrue();
        assertThat(over.availablePermits()).isZero();
    }
}
