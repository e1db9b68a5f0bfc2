package io.weir.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.event.EventTag;
import io.weir.testkit.Await;
import io.weir.testkit.MemoryTempDir;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/** What pages that are open for hours do to the server, in seconds. */
class LongStreamsTest {

    private static final int EVENTS = 2000;
    private static final int AT_ONCE = 250;
    private static final int COMERS = 400;
    private static final int MOST = 64;

    @TempDir(factory = MemoryTempDir.class)
    Path state;

    private RestRig rig;

    @BeforeEach
    void open() throws Exception {
        rig = new RestRig(state);
    }

    @AfterEach
    void close() throws Exception {
        rig.close();
    }

    @Test
    void manyWhoComeAndGoLeaveNothingBehindAndOneWhoStaysMissesNothing() throws Exception {
        try (Reader stays = new Reader("events/stream")) {
            stays.await("event: begin");
            comeAndGo(COMERS / 4);
            long before = used();
            CompletableFuture<Void> others = CompletableFuture.runAsync(() -> comeAndGo(COMERS));
            for (int told = 0; told < EVENTS; told += AT_ONCE) {
                for (int i = told; i < told + AT_ONCE; i++) {
                    rig.events.emit(EventTag.RULELOGMSGINFO, "no " + i);
                }
                for (int i = told; i < told + AT_ONCE; i++) {
                    assertThat(stays.await("data: {\"")).contains("\"no " + i + "\"");
                }
            }
            others.get(60, TimeUnit.SECONDS);
            assertThat(used() - before).as("bytes more in use").isLessThan(12 << 20);
        }
        // All places are free again, and there are no more of them than there are.
        List<Reader> all = new ArrayList<>();
        try {
            for (int i = 0; i < MOST; i++) {
                all.add(admitted("events/stream"));
            }
            try (Reader more = new Reader("status/stream")) {
                assertThat(more.status()).contains("503");
            }
        } finally {
            for (Reader each : all) {
                each.close();
            }
        }
    }

    @Test
    void whoAsksOnlyForTheHeadTakesNoPlace() throws Exception {
        for (int i = 0; i <= MOST; i++) {
            assertThat(rig.ask("HEAD", "events/stream", "").status())
                    .as("HEAD %s", i)
                    .isEqualTo(200);
        }
        try (Reader reader = new Reader("status/stream")) {
            assertThat(reader.status()).contains(" 200 ");
        }
    }

    private void comeAndGo(int count) {
        for (int i = 0; i < count; i++) {
            try (Reader reader =
                    admitted(i % 2 == 0 ? "events/stream" : "status/stream?seconds=1")) {
                assertThat(reader.await("event: ")).isNotEmpty();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** Comes again until there is a place: those who have gone are noticed within a moment. */
    private Reader admitted(String path) {
        AtomicReference<@Nullable Reader> found = new AtomicReference<>();
        Await.until(
                "a place for a stream",
                Duration.ofSeconds(60),
                () -> {
                    Reader reader = tried(path);
                    found.set(reader);
                    return reader != null;
                });
        return Objects.requireNonNull(found.get());
    }

    private @Nullable Reader tried(String path) {
        try {
            Reader reader = new Reader(path);
            if (reader.status().contains(" 200 ")) {
                return reader;
            }
            reader.close();
            return null;
        } catch (IOException e) {
            return null;
        }
    }

    private static long used() {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 3; i++) {
            System.gc();
            Runtime runtime = Runtime.getRuntime();
            least = Math.min(least, runtime.totalMemory() - runtime.freeMemory());
        }
        return least;
    }

    private final class Reader implements AutoCloseable {
        private final Socket socket;
        private final BufferedReader lines;
        private @Nullable String status;

        Reader(String path) throws IOException {
            socket = new Socket(rig.door.address().getAddress(), rig.door.address().getPort());
            socket.setSoTimeout(60_000);
            socket.getOutputStream()
                    .write(
                            ("GET /api/v1/"
                                            + path
                                            + " HTTP/1.1\r\nHost: localhost\r\n"
                                            + rig.bearer()
                                            + "\r\n")
                                    .getBytes(StandardCharsets.US_ASCII));
            lines =
                    new BufferedReader(
                            new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
        }

        String status() throws IOException {
            String known = status;
            if (known == null) {
                known = Objects.requireNonNull(lines.readLine());
                status = known;
            }
            return known;
        }

        String await(String start) throws IOException {
            String line = lines.readLine();
            while (line != null && !line.startsWith(start)) {
                line = lines.readLine();
            }
            return Objects.requireNonNull(line);
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
