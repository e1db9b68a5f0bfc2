package io.weir.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import com.aayushatharva.brotli4j.Brotli4jLoader;
import com.aayushatharva.brotli4j.decoder.BrotliInputStream;
import com.github.luben.zstd.ZstdInputStream;

import io.weir.testkit.Await;
import io.weir.testkit.Behaviour;
import io.weir.testkit.ConfigText;
import io.weir.testkit.FakeNode;
import io.weir.testkit.RawClient;
import io.weir.testkit.ReceivedResponse;
import io.weir.testkit.RunningWeir;
import io.weir.testkit.WeirExtension;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.InflaterInputStream;

/** Responses are compressed where it is worth it, for clients that like it. */
class CompressionTest {

    @RegisterExtension static final WeirExtension WEIR = new WeirExtension();

    private static final String TEXT = "The quick brown fox jumps over the lazy dog. ".repeat(400);

    private volatile String answer = "";
    private FakeNode node;
    private int port;

    @BeforeEach
    void start() {
        node =
                WEIR.node(
                        "n",
                        Behaviour.answering(r -> answer.getBytes(StandardCharsets.ISO_8859_1)));
    }

    private void weir(String... lines) {
        port = WEIR.start(ConfigText.of(node).virtualServer(lines)).port();
    }

    private void answerWith(String body, String... fields) {
        answer = CacheWorld.response("200 OK", body, fields);
    }

    private ReceivedResponse get(String... fields) {
        try (RawClient client = RawClient.to(port)) {
            return client.exchange(CacheWorld.request("GET", "/a", fields));
        }
    }

    private static String gzipped(String text) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream zip = new GZIPOutputStream(out)) {
            zip.write(text.getBytes(StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toString(StandardCharsets.ISO_8859_1);
    }

    @Test
    void whatANodeHasCompressedIsDecodedForClientsThatDoNotSayThatTheyCan() {
        weir("compression: true");
        answerWith(
                gzipped(TEXT), "Content-Type: text/html", "Content-Encoding: gzip", "ETag: \"x\"");
        ReceivedResponse plain = get();
        assertThat(plain.text()).isEqualTo(TEXT);
        assertThat(plain.field("Content-Encoding")).isEmpty();
        assertThat(plain.field("ETag")).isEqualTo("W/\"x\"");
        assertThat(plain.field("Vary")).isEqualTo("Accept-Encoding");
        ReceivedResponse able = get("Accept-Encoding: gzip");
        assertThat(able.field("Content-Encoding")).isEqualTo("gzip");
        assertThat(decoded(able)).isEqualTo(TEXT);
        answerWith(
                gzipped(TEXT),
                "Content-Type: text/html",
                "Content-Encoding: gzip",
                "Cache-Control: no-transform");
        assertThat(get().field("Content-Encoding")).isEqualTo("gzip");
    }

    @Test
    void digestsGoWithTheBytesThatTheyAreOf() {
        weir("compression: true", "cache: true");
        String[] fields = {
            "Content-Type: text/css",
            "ETag: \"a\"",
            "Cache-Control: max-age=60",
            "Content-Digest: sha-256=:AA==:",
            "Repr-Digest: sha-256=:AA==:",
            "Digest: sha-256=AA==",
            "Content-MD5: AA=="
        };
        answerWith(TEXT, fields);
        assertThat(digests(get("Accept-Encoding: gzip"))).isEmpty();
        assertThat(digests(get("Accept-Encoding: gzip", "If-None-Match: \"a\""))).isEmpty();
        assertThat(digests(get())).hasSize(4);
        assertThat(digests(get("Range: bytes=1-2"))).containsExactly("Repr-Digest", "Digest");
        assertThat(node.requests()).isEqualTo(1);
        String[] coded = java.util.Arrays.copyOf(fields, fields.length + 1);
        coded[fields.length] = "Content-Encoding: gzip";
        coded[2] = "Cache-Control: no-store";
        answerWith(gzipped(TEXT), coded);
        try (RawClient client = RawClient.to(port)) {
            assertThat(digests(client.exchange(CacheWorld.request("GET", "/coded")))).isEmpty();
        }
        answer =
                "HTTP/1.1 200 OK\r\nContent-Type: text/css\r\nTransfer-Encoding: chunked\r\n"
                        + "Trailer: Content-Digest\r\n\r\n5\r\nwords\r\n0\r\n"
                        + "Content-Digest: sha-256=:AA==:\r\nX-Sum: 1\r\n\r\n";
        try (RawClient client = RawClient.to(port)) {
            ReceivedResponse streamed =
                    client.exchange(
                            CacheWorld.request(
                                    "GET",
                                    "/streamed",
                                    "Accept-Encoding: gzip",
                                    "Connection: TE",
                                    "TE: trailers"));
            assertThat(streamed.field("Content-Encoding")).isEqualTo("gzip");
            assertThat(streamed.trailers().has("X-Sum")).isTrue();
            assertThat(streamed.trailers().has("Content-Digest")).isFalse();
        }
    }

    private static List<String> digests(ReceivedResponse response) {
        return Stream.of("Content-Digest", "Repr-Digest", "Digest", "Content-MD5")
                .filter(name -> response.fields().has(name))
                .toList();
    }

    @Test
    void whatIsToBeLeftAloneIsSoWhateverClientsAreToldOfCaching() {
        weir("compression: true", "cache: {enabled: true, control-out: no-cache}");
        answerWith(TEXT, "Content-Type: text/css", "Cache-Control: no-transform, max-age=60");
        assertThat(get("Accept-Encoding: gzip").text()).isEqualTo(TEXT);
        ReceivedResponse stored = get("Accept-Encoding: gzip");
        assertThat(stored.field("Cache-Control")).isEqualTo("no-cache");
        assertThat(stored.text()).isEqualTo(TEXT);
        assertThat(node.requests()).isEqualTo(1);
    }

    @Test
    void aStoredCodingServesClientsThatCanAndThoseThatCannot() {
        weir("compression: true", "cache: true");
        answerWith(
                gzipped(TEXT),
                "Content-Type: text/html",
                "Content-Encoding: gzip",
                "Cache-Control: max-age=60");
        ReceivedResponse able = get("Accept-Encoding: gzip");
        assertThat(decoded(able)).isEqualTo(TEXT);
        assertThat(able.field("Vary")).as("others get it decoded").isEqualTo("Accept-Encoding");
        assertThat(get("Accept-Encoding: br").text()).isEqualTo(TEXT);
        assertThat(node.requests()).isEqualTo(1);
    }

    @Test
    void anAnswerThatNothingHasChangedTellsWhatTheWholeWouldTell() {
        weir("compression: {etag-rewrite: weaken}", "cache: true");
        answerWith(TEXT, "Content-Type: text/html", "ETag: \"a\"", "Cache-Control: max-age=60");
        assertThat(get("Accept-Encoding: gzip").field("ETag")).isEqualTo("W/\"a\"");
        ReceivedResponse coded = get("Accept-Encoding: gzip", "If-None-Match: W/\"a\"");
        ReceivedResponse plain = get("If-None-Match: \"a\"");
        assertThat(List.of(coded.status(), plain.status())).containsOnly(304);
        assertThat(coded.field("ETag")).isEqualTo("W/\"a\"");
        assertThat(plain.field("ETag")).isEqualTo("\"a\"");
        assertThat(List.of(coded.field("Vary"), plain.field("Vary")))
                .as("the other representation")
                .containsOnly("Accept-Encoding");
        assertThat(node.requests()).isEqualTo(1);
    }

    @Test
    void aBodyThatCannotBeDecodedOrIsABombIsCut() {
        weir("compression: true");
        answerWith(
                gzipped(TEXT).substring(0, 100),
                "Content-Type: text/html",
                "Content-Encoding: gzip");
        assertThat(get().complete()).isFalse();
        answerWith(
                gzipped("\0".repeat(40 << 20)),
                "Content-Type: text/html",
                "Content-Encoding: gzip");
        ReceivedResponse bomb = get();
        assertThat(bomb.complete()).isFalse();
        assertThat(bomb.body().length).isLessThan(8 << 20);
        answerWith("fine", "Content-Type: text/plain");
        assertThat(get().text()).isEqualTo("fine");
    }

    private static String decoded(ReceivedResponse response) {
        InputStream in = new ByteArrayInputStream(response.body());
        try (InputStream decoding =
                switch (response.field("Content-Encoding")) {
                    case "gzip" -> new GZIPInputStream(in);
                    case "deflate" -> new InflaterInputStream(in);
                    case "zstd" -> new ZstdInputStream(in);
                    case "br" -> {
                        Brotli4jLoader.ensureAvailability();
                        yield new BrotliInputStream(in);
                    }
                    default -> in;
                }) {
            return new String(decoding.readAllBytes(), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "gzip|gzip",
                "GZIP;q=0.5|gzip",
                "gzip, br|br",
                "gzip, br, zstd|zstd",
                "gzip;q=1, br;q=0.5|gzip",
                "*|zstd",
                "gzip;q=0, *;q=0|''",
                "identity, gzip;q=0.5|''",
                "deflate|''",
                "''|''",
            })
    void theClientChoosesTheCodingAndTheOrderDecidesAmongEquals(String accept, String coding) {
        weir("compression: true");
        answerWith(TEXT, "Content-Type: text/html; charset=utf-8", "ETag: \"x\"");
        ReceivedResponse response = get("Accept-Encoding: " + accept);
        assertThat(response.field("Content-Encoding")).isEqualTo(coding);
        assertThat(decoded(response)).isEqualTo(TEXT);
        assertThat(response.field("Vary")).isEqualTo("Accept-Encoding");
        assertThat(response.field("ETag"))
                .isEqualTo(coding.isEmpty() ? "\"x\"" : "\"x-" + coding + "\"");
        if (!coding.isEmpty()) {
            assertThat(response.body().length).isLessThan(TEXT.length() / 4);
        }
    }

    @Test
    void theFastWayAndDeflateCanBeDecoded() {
        weir("compression: {codings: [gzip], fast: true}");
        answerWith(TEXT, "Content-Type: application/json");
        assertThat(decoded(get("Accept-Encoding: gzip"))).isEqualTo(TEXT);
        StringBuilder odd = new StringBuilder();
        for (int i = 0; i < 200_000; i++) {
            odd.append((char) (i * 7919 % 251));
        }
        answerWith(odd.toString(), "Content-Type: text/plain");
        assertThat(decoded(get("Accept-Encoding: gzip"))).isEqualTo(odd.toString());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Content-Type: image/png",
                "Content-Encoding: br",
                "Cache-Control: no-transform",
            })
    void whatIsNotFitIsLeftAlone(String field) {
        weir("compression: true");
        answerWith(
                TEXT,
                field,
                field.startsWith("Content-Type") ? "X-A: b" : "Content-Type: text/css");
        assertThat(get("Accept-Encoding: gzip, br").text()).isEqualTo(TEXT);
    }

    @Test
    void theLimitsOfSizeAreExact() {
        weir("compression: {max-size: 2000}");
        answerWith("x".repeat(999), "Content-Type: text/css");
        assertThat(get("Accept-Encoding: gzip").field("Content-Encoding")).isEmpty();
        answerWith("x".repeat(1000), "Content-Type: text/css");
        assertThat(get("Accept-Encoding: gzip").field("Content-Encoding")).isEqualTo("gzip");
        answerWith("x".repeat(2001), "Content-Type: text/css");
        assertThat(get("Accept-Encoding: gzip").field("Content-Encoding")).isEmpty();
    }

    @Test
    void aPartIsNeverCompressed() {
        weir("compression: true");
        answer =
                CacheWorld.response(
                        "206 Partial Content",
                        TEXT,
                        "Content-Type: text/css",
                        "Content-Range: bytes 0-17999/99999");
        ReceivedResponse part = get("Accept-Encoding: gzip", "Range: bytes=0-17999");
        assertThat(part.text()).isEqualTo(TEXT);
        assertThat(part.field("Vary")).as("as of the whole").isEqualTo("Accept-Encoding");
    }

    @Test
    void theLogTellsWhatBecameOfEachBodyAndWhy() {
        RunningWeir weir =
                WEIR.start(
                        ConfigText.of(node)
                                .virtualServer(
                                        "compression: {codings: [gzip]}",
                                        "cache: true",
                                        "log: '%{compression}w'"));
        port = weir.port();
        answerWith(TEXT, "Content-Type: text/css");
        get("Accept-Encoding: gzip");
        get();
        answerWith(TEXT, "Content-Type: image/png");
        get("Accept-Encoding: gzip");
        answerWith("short", "Content-Type: text/css");
        get("Accept-Encoding: gzip");
        answerWith(TEXT, "Content-Type: text/css", "Cache-Control: no-transform");
        get("Accept-Encoding: gzip");
        answerWith(gzipped(TEXT), "Content-Type: text/css", "Content-Encoding: gzip");
        get("Accept-Encoding: gzip");
        get();
        answerWith(TEXT, "Content-Type: text/css", "Cache-Control: max-age=60");
        Await.until(
                "a compressed response with a length",
                () -> !get("Accept-Encoding: gzip").field("Content-Length").isEmpty());
        Path log = weir.logs().resolve("web.log");
        Await.until("the line of a kept coding", () -> lines(log).contains("gzip-kept"));
        assertThat(lines(log))
                .startsWith("gzip", "client", "type", "size", "no-transform", "coded", "decoded");
    }

    private static List<String> lines(Path log) {
        try {
            return Files.readAllLines(log);
        } catch (IOException e) {
            return List.of();
        }
    }

    @Test
    void aStreamArrivesWithoutWaitingForItsEnd() {
        weir("compression: {codings: [gzip]}");
        CountDownLatch rest = new CountDownLatch(1);
        node.behave(
                connection -> {
                    if (connection.request() == null) {
                        return;
                    }
                    connection.send(
                            ("HTTP/1.1 200 OK\r\nContent-Type: text/css\r\n"
                                            + "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n")
                                    .getBytes(StandardCharsets.US_ASCII));
                    try {
                        rest.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                    connection.send("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                    connection.drain();
                });
        try (RawClient client = RawClient.to(port)) {
            client.send(CacheWorld.request("GET", "/a", "Accept-Encoding: gzip"));
            client.head("GET");
            assertThat(client.some(100)).isNotEmpty();
        } finally {
            rest.countDown();
        }
    }

    @Test
    void headSaysWhatGetWould() {
        weir("compression: true");
        answer =
                "HTTP/1.1 200 OK\r\nContent-Type: text/css\r\nETag: \"x\"\r\n"
                        + "Content-Length: 5000\r\n\r\n";
        try (RawClient client = RawClient.to(port)) {
            ReceivedResponse head =
                    client.exchange(CacheWorld.request("HEAD", "/a", "Accept-Encoding: gzip"));
            assertThat(head.field("Content-Encoding")).isEqualTo("gzip");
            assertThat(head.field("Content-Length")).isEmpty();
            assertThat(head.field("ETag")).isEqualTo("\"x-gzip\"");
        }
    }

    @Test
    void aMarkedTagIsUnwrappedForTheNodeAndMarkedAgainInItsAnswer() {
        weir("compression: true");
        answer = "HTTP/1.1 304 Not Modified\r\nETag: \"x\"\r\n\r\n";
        ReceivedResponse response = get("Accept-Encoding: gzip", "If-None-Match: \"x-gzip\"");
        assertThat(node.received().get(0).fields().first("If-None-Match"))
                .isEqualTo("\"x-gzip\", \"x\"");
        assertThat(response.status()).isEqualTo(304);
        assertThat(response.field("ETag")).isEqualTo("\"x-gzip\"");
    }

    @Test
    void aNodesOwnTagThatLooksMarkedIsStillItsTag() {
        weir("compression: true", "cache: true");
        answer =
                "HTTP/1.1 200 OK\r\nContent-Type: text/css\r\nContent-Encoding: gzip\r\n"
                        + "Vary: Accept-Encoding\r\nETag: \"x-gzip\"\r\n"
                        + "Cache-Control: max-age=60\r\nContent-Length: 1\r\n\r\nz";
        String[] asked = {"Accept-Encoding: gzip", "If-None-Match: W/\"x-gzip\""};
        assertThat(get("Accept-Encoding: gzip").field("ETag")).isEqualTo("\"x-gzip\"");
        ReceivedResponse stored = get(asked);
        assertThat(stored.status()).isEqualTo(304);
        assertThat(stored.field("ETag")).isEqualTo("\"x-gzip\"");
        answer = "HTTP/1.1 304 Not Modified\r\nETag: \"x-gzip\"\r\n\r\n";
        try (RawClient client = RawClient.to(port)) {
            ReceivedResponse passed = client.exchange(CacheWorld.request("GET", "/other", asked));
            assertThat(passed.status()).isEqualTo(304);
            assertThat(passed.field("ETag")).isEqualTo("\"x-gzip\"");
        }
    }

    @Test
    void aStoredResponseIsCompressedOnceAndKept() {
        weir("compression: {codings: [gzip]}", "cache: true");
        answerWith(TEXT, "Content-Type: text/css", "Cache-Control: max-age=60", "ETag: \"x\"");
        assertThat(decoded(get("Accept-Encoding: gzip"))).isEqualTo(TEXT);
        Await.until(
                "a compressed response with a length",
                () -> !get("Accept-Encoding: gzip").field("Content-Length").isEmpty());
        assertThat(decoded(get("Accept-Encoding: gzip"))).isEqualTo(TEXT);
        assertThat(get().text()).isEqualTo(TEXT);
        assertThat(get("If-None-Match: \"x-gzip\"").status()).isEqualTo(304);
        assertThat(node.requests()).isEqualTo(1);
    }
}
