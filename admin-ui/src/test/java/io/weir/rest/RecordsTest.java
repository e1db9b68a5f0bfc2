package io.weir.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.event.EventTag;
import io.weir.testkit.AdminDoor.Answer;
import io.weir.testkit.MemoryTempDir;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;

/** What is on record is read by cursor, and followed. */
class RecordsTest {

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
    void eventsAreReadByCursorEachOnceAndInOrder() throws Exception {
        for (int i = 0; i < 50; i++) {
            rig.events.emit(EventTag.RULELOGMSGINFO, "number " + i);
        }
        List<String> seen = new ArrayList<>();
        String cursor = "oldest";
        long deadline = System.nanoTime() + 30_000_000_000L;
        while (seen.size() < 50 && System.nanoTime() < deadline) {
            JsonNode page = rig.get("events?max=7&after=" + cursor);
            assertThat(page.get("lost").booleanValue()).isFalse();
            for (JsonNode event : page.get("events")) {
                if (event.get("tag").stringValue().equals("rulelogmsginfo")) {
                    seen.add(event.get("text").stringValue());
                }
            }
            cursor = page.get("next").stringValue();
        }
        assertThat(seen).isEqualTo(IntStream.range(0, 50).mapToObj(i -> "number " + i).toList());
        assertThat(rig.get("events?after=newest").get("next").stringValue()).isEqualTo(cursor);

        JsonNode last = rig.get("events?before=newest&max=3&text=NUMBER%201");
        assertThat(last.get("events").findValuesAsString("text"))
                .containsExactly("number 17", "number 18", "number 19");
        JsonNode earlier =
                rig.get(
                        "events?max=20&text=number%201&before="
                                + last.get("previous").stringValue());
        assertThat(earlier.get("events").findValuesAsString("text"))
                .startsWith("number 1", "number 10")
                .endsWith("number 15", "number 16")
                .hasSize(8);
        assertThat(earlier.get("previous").isNull()).isTrue();

        String now = rig.ticker.now().toString();
        String later = rig.ticker.now().plusSeconds(1).toString();
        assertThat(rig.get("events?after=oldest&from=" + now + "&to=" + later).get("events"))
                .hasSizeGreaterThan(49);
        assertThat(rig.get("events?after=oldest&from=" + later).get("events")).isEmpty();
        for (String wrong :
                List.of(
                        "after=7",
                        "after=oldest&from=noon",
                        "after=../../etc/passwd",
                        "before=yesterday",
                        "before=newest&after=oldest")) {
            assertThat(rig.ask("GET", "events?" + wrong, "").status()).as(wrong).isEqualTo(400);
        }
    }

    @Test
    void whatWasAskedForIsReadByCursor() throws Exception {
        String cursor = rig.get("audit?after=newest").get("next").stringValue();
        for (int i = 0; i < 5; i++) {
            rig.ask("PUT", "config/pools/p" + i, "{\"nodes\":[\"n:1\"]}");
        }
        JsonNode page = rig.get("audit?max=3&after=" + cursor);
        assertThat(page.get("entries").size()).isEqualTo(3);
        assertThat(page.get("more").booleanValue()).isTrue();
        JsonNode rest = rig.get("audit?max=3&after=" + page.get("next").stringValue());
        assertThat(rest.get("entries").size()).isEqualTo(2);
        assertThat(rest.get("entries").get(1).get("objects").get(0).stringValue())
                .isEqualTo("pools/p4");
        assertThat(rest.get("more").booleanValue()).isFalse();
        JsonNode last = rig.get("audit?before=newest&max=1&text=pools/p3");
        assertThat(last.get("entries").size()).isEqualTo(1);
        assertThat(last.get("entries").get(0).get("objects").get(0).stringValue())
                .isEqualTo("pools/p3");
        assertThat(last.get("previous").isNull()).isTrue();
    }

    @Test
    void filesOfTheLogsAreReadLineByLineAndNothingElseIs() throws Exception {
        Files.createDirectories(rig.directories.log().resolve("shop"));
        Files.writeString(rig.directories.log().resolve("shop/access.log"), "one\ntwo\n");
        JsonNode page = rig.get("logs/shop%2Faccess.log/lines?max=1");
        assertThat(page.get("lines").get(0).stringValue()).isEqualTo("one");
        JsonNode rest =
                rig.get("logs/shop%2Faccess.log/lines?after=" + page.get("next").stringValue());
        assertThat(rest.get("lines").toString()).isEqualTo("[\"two\"]");
        Files.createSymbolicLink(rig.directories.log().resolve("link"), state.resolve("users"));
        for (String elsewhere : List.of("..%2Fusers", "link", "%2Fetc%2Fpasswd", "shop")) {
            assertThat(rig.ask("GET", "logs/" + elsewhere + "/lines", "").status())
                    .as(elsewhere)
                    .isEqualTo(404);
        }
    }

    @Test
    void aStreamGoesOnWhereTheReaderLeftOff() throws Exception {
        String left;
        try (Reader reader = new Reader("")) {
            reader.await("event: begin");
            rig.events.emit(EventTag.RUNNING, "the first");
            left = reader.await("id: ");
            assertThat(reader.await("data: ")).contains("the first");
        }
        rig.events.emit(EventTag.RUNNING, "the second");
        rig.events.emit(EventTag.RUNNING, "the third");
        try (Reader reader = new Reader("Last-Event-ID: " + left.substring(4) + "\r\n")) {
            reader.await("event: begin");
            reader.await("event: event");
            assertThat(reader.await("data: ")).contains("the second");
            assertThat(reader.await("data: ")).contains("the third");
        }
        Answer wrong =
                rig.door.ask(
                        "GET", "/api/v1/events/stream", rig.bearer() + "Last-Event-ID: x\r\n", "");
        assertThat(wrong.status()).isEqualTo(400);
    }

    private final class Reader implements AutoCloseable {
        private final Socket socket;
        private final BufferedReader lines;

        Reader(String field) throws IOException {
            socket = new Socket(rig.door.address().getAddress(), rig.door.address().getPort());
            socket.setSoTimeout(60_000);
            socket.getOutputStream()
                    .write(
                            ("GET /api/v1/events/stream HTTP/1.1\r\nHost: localhost\r\n"
                                            + rig.bearer()
                                            + field
                                            + "\r\n")
                                    .getBytes(StandardCharsets.US_ASCII));
            lines =
                    new BufferedReader(
                            new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
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
