package io.weir.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** Bodies: what is taken off the wire, and what is no body. */
class BodyReaderTest {

    private static final int EXTENSION_LIMIT = 16 * 1024;
    private static final int TRAILER_LIMIT = 8 * 1024;
    private static final int TRAILER_FIELDS = 32;

    // ---- samples

    /**
     * Bytes and what is read from them.
     *
     * @param length as for {@link BodyReader#start}
     */
    record Sample(
            long length,
            String bytes,
            BodyReader.Progress progress,
            @Nullable Defect defect,
            String body,
            List<String> trailers) {

        @Override
        public String toString() {
            String text = bytes.replace("\r", "\\r").replace("\n", "\\n").replace("\0", "\\0");
            text = text.length() <= 60 ? text : text.substring(0, 60) + "...";
            return length + " " + text;
        }
    }

    private static Sample legal(long length, String bytes, String body, String... trailers) {
        return new Sample(
                length, bytes, BodyReader.Progress.COMPLETE, null, body, List.of(trailers));
    }

    private static Sample chunked(String bytes, String body, String... trailers) {
        return legal(Framing.CHUNKED, bytes, body, trailers);
    }

    private static Sample unfinished(long length, String bytes, String body) {
        return new Sample(length, bytes, BodyReader.Progress.NEED_MORE, null, body, List.of());
    }

    private static Sample broken(Defect defect, String bytes, String body) {
        return new Sample(
                Framing.CHUNKED, bytes, BodyReader.Progress.BROKEN, defect, body, List.of());
    }

    static List<Sample> legalSamples() {
        return List.of(
                legal(1, "a", "a"),
                legal(5, "hello", "hello"),
                legal(5, "helloGET / HTTP/1.1\r\n", "hello"),
                chunked("0\r\n\r\n", ""),
                chunked("0000\r\n\r\n", ""),
                chunked("5\r\nhello\r\n0\r\n\r\n", "hello"),
                chunked("5\r\nhello\r\n0\r\n\r\nGET / HTTP/1.1\r\n", "hello"),
                chunked("1\r\na\r\n2\r\nbc\r\n00a\r\n0123456789\r\n0\r\n\r\n", "abc0123456789"),
                chunked("a\r\n0123456789\r\nA\r\n0123456789\r\n0\r\n\r\n", "01234567890123456789"),
                chunked("000000000000005\r\nhello\r\n0\r\n\r\n", "hello"),
                chunked("7\r\n0\r\n\r\nab\r\n0\r\n\r\n", "0\r\n\r\nab"),
                chunked("1;x\r\na\r\n0;y=z\r\n\r\n", "a"),
                chunked("1;\r\na\r\n1;a=\"b;c\"\t;\u00e4 d\r\nb\r\n0; \r\n\r\n", "ab"),
                chunked("0\r\nX-Sum: 1\r\n\r\n", "", "X-Sum: 1"),
                chunked(
                        "1\r\na\r\n0\r\nX: 1\r\nETag: \"e\"\r\nX: 2\r\n\r\nmore",
                        "a",
                        "X: 1",
                        "ETag: \"e\"",
                        "X: 2"),
                chunked(
                        "0\r\nContent-Length: 5\r\nHost: b\r\nX: 1\r\nTransfer-Encoding: x\r\n\r\n",
                        "",
                        "X: 1"),
                chunked("0\r\nset-cookie: a\r\nAUTHORIZATION: b\r\nConnection: close\r\n\r\n", ""));
    }

    static List<Sample> brokenSamples() {
        return List.of(
                unfinished(5, "hell", "hell"),
                unfinished(Framing.UNTIL_CLOSE, "whatever\r\n0\r\n\r\n", "whatever\r\n0\r\n\r\n"),
                unfinished(Framing.CHUNKED, "", ""),
                unfinished(Framing.CHUNKED, "5", ""),
                unfinished(Framing.CHUNKED, "5\r", ""),
                unfinished(Framing.CHUNKED, "5;a", ""),
                unfinished(Framing.CHUNKED, "5\r\nhel", "hel"),
                unfinished(Framing.CHUNKED, "5\r\nhello", "hello"),
                unfinished(Framing.CHUNKED, "5\r\nhello\r\n", "hello"),
                unfinished(Framing.CHUNKED, "0\r\n", ""),
                unfinished(Framing.CHUNKED, "0\r\n\r", ""),
                unfinished(Framing.CHUNKED, "0\r\nX: y\r\n", ""),
                broken(Defect.CHUNK, "\r\n", ""),
                broken(Defect.CHUNK, "\n0\r\n\r\n", ""),
                broken(Defect.CHUNK, " 5\r\nhello", ""),
                broken(Defect.CHUNK, "5 \r\nhello", ""),
                broken(Defect.CHUNK, "5\t;x\r\nhello", ""),
                broken(Defect.CHUNK, "0x5\r\nhello", ""),
                broken(Defect.CHUNK, "+5\r\nhello", ""),
                broken(Defect.CHUNK, "-5\r\nhello", ""),
                broken(Defect.CHUNK, "g\r\n", ""),
                broken(Defect.CHUNK, ";x\r\n", ""),
                broken(Defect.CHUNK, "5\nhello", ""),
                broken(Defect.CHUNK, "5\rhello", ""),
                broken(Defect.CHUNK, "5\r\r\nhello", ""),
                broken(Defect.CHUNK, "5;x\nhello", ""),
                broken(Defect.CHUNK, "5;x\rhello", ""),
                broken(Defect.CHUNK, "5;\0\r\nhello", ""),
                broken(Defect.CHUNK, "5;\u007f\r\nhello", ""),
                broken(Defect.CHUNK, "0000000000000005\r\nhello", ""),
                broken(Defect.CHUNK, "ffffffffffffffff\r\nhello", ""),
                broken(Defect.CHUNK, "10000000000000000\r\n", ""),
                broken(Defect.CHUNK, "5\r\nhello0\r\n\r\n", "hello"),
                broken(Defect.CHUNK, "5\r\nhello\n0\r\n\r\n", "hello"),
                broken(Defect.CHUNK, "5\r\nhello\r0\r\n\r\n", "hello"),
                broken(Defect.CHUNK, "5\r\nhello\r\n\r\n0\r\n\r\n", "hello"),
                broken(Defect.CHUNK, "4\r\nhello\r\n0\r\n\r\n", "hell"),
                broken(Defect.CHUNK, "6\r\nhello\r\n0\r\n\r\n", "hello\r"),
                broken(Defect.TRAILER, "0\r\n\n", ""),
                broken(Defect.TRAILER, "0\r\n\rX", ""),
                broken(Defect.TRAILER, "0\r\nX\r\n\r\n", ""),
                broken(Defect.TRAILER, "0\r\nX : y\r\n\r\n", ""),
                broken(Defect.TRAILER, "0\r\n X: y\r\n\r\n", ""),
                broken(Defect.TRAILER, "0\r\nX: y\r\n z\r\n\r\n", ""),
                broken(Defect.TRAILER, "0\r\nX: y\n\r\n", ""),
                broken(Defect.TRAILER, "0\r\nX: \0\r\n\r\n", ""),
                broken(Defect.TRAILER, "0\r\n0\r\n\r\n", ""));
    }

    static Stream<Sample> samples() {
        return Stream.concat(legalSamples().stream(), brokenSamples().stream());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("samples")
    void eachSampleIsWhatItIs(Sample sample) {
        BodyReading reading = BodyReading.of(sample.length(), sample.bytes());
        assertThat(reading.progress()).isEqualTo(sample.progress());
        assertThat(reading.defect()).isEqualTo(sample.defect());
        assertThat(reading.body()).isEqualTo(sample.body());
        assertThat(reading.trailers() == null ? List.of() : reading.trailers())
                .isEqualTo(sample.trailers());
        boolean complete = sample.progress() == BodyReader.Progress.COMPLETE;
        assertThat(reading.ended()).isEqualTo(complete ? 1 : 0);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("samples")
    void bodyIsTheSameWhereverItIsCut(Sample sample) {
        byte[] bytes = HeadReading.bytes(sample.bytes());
        for (int[] cuts : Cuts.all(bytes.length)) {
            assertThat(BodyReading.of(sample.length(), 0, bytes, cuts))
                    .as("cut at %s", Arrays.toString(cuts))
                    .isEqualTo(BodyReading.of(sample.length(), 0, bytes));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"5\r\nhello\r\n0\r\n\r\n", "5\r\nhello\r\n0\r\nX: y\r\n\r\n"})
    void whatComesBehindTheBodyStaysInTheBuffer(String chunks) {
        ByteBuf in = Unpooled.copiedBuffer(chunks + "GET /", StandardCharsets.US_ASCII);
        BodyReader reader = new BodyReader();
        reader.start(Framing.CHUNKED, 0);
        List<ByteBuf> pieces = new ArrayList<>();
        assertThat(reader.read(in, collecting(pieces))).isEqualTo(BodyReader.Progress.COMPLETE);
        assertThat(in.toString(StandardCharsets.US_ASCII)).isEqualTo("GET /");
        assertThat(reader.read(in, collecting(pieces))).isEqualTo(BodyReader.Progress.COMPLETE);
        assertThat(in.toString(StandardCharsets.US_ASCII)).isEqualTo("GET /");
        pieces.forEach(ByteBuf::release);
        assertThat(in.refCnt()).isEqualTo(1);
        in.release();
    }

    private static BodySink collecting(List<ByteBuf> pieces) {
        return new BodySink() {
            @Override
            public void data(ByteBuf piece) {
                pieces.add(piece);
            }

            @Override
            public void end(@Nullable Fields trailers) {}
        };
    }

    @Test
    void piecesAreSlicesAndNotCopies() {
        ByteBuf in = Unpooled.copiedBuffer("5\r\nhello\r\n", StandardCharsets.US_ASCII);
        BodyReader reader = new BodyReader();
        reader.start(Framing.CHUNKED, 0);
        List<ByteBuf> pieces = new ArrayList<>();
        reader.read(in, collecting(pieces));
        assertThat(in.refCnt()).as("shared with the piece").isEqualTo(2);
        in.setByte(3, 'H');
        assertThat(pieces.get(0).toString(StandardCharsets.US_ASCII)).isEqualTo("Hello");
        pieces.get(0).release();
        assertThat(in.refCnt()).isEqualTo(1);
        in.release();
    }

    // ---- lengths and limits

    @Test
    void bodyOfNoLengthIsDoneBeforeItBegins() {
        BodyReader reader = new BodyReader();
        reader.start(0, 0);
        assertThat(reader.done()).isTrue();
        assertThat(BodyReading.of(0, "more"))
                .isEqualTo(new BodyReading(BodyReader.Progress.COMPLETE, null, "", 0, null, 0));
    }

    @Test
    void bodyOfALengthBeyondIntegersIsReadOn() {
        BodyReader reader = new BodyReader();
        reader.start(999_999_999_999_999_999L, 0);
        assertThat(BodyReading.of(reader, new byte[100_000]).progress())
                .isEqualTo(BodyReader.Progress.NEED_MORE);
        assertThat(reader.total()).isEqualTo(100_000);
        assertThat(BodyReading.chunked("fffffffffffffff\r\nabc").body()).isEqualTo("abc");
    }

    @Test
    void bodyMayBeAsLongAsItsLimitAndNotOneByteMore() {
        String chunks = "3\r\nabc\r\n4\r\ndefg\r\n0\r\n\r\n";
        assertThat(limited(Framing.CHUNKED, 7, chunks).body()).isEqualTo("abcdefg");
        assertThat(limited(Framing.CHUNKED, 6, chunks).defect()).isEqualTo(Defect.BODY_TOO_LARGE);
        assertThat(limited(Framing.CHUNKED, 2, chunks).defect()).isEqualTo(Defect.BODY_TOO_LARGE);
        assertThat(limited(Framing.UNTIL_CLOSE, 7, "abcdefg").body()).isEqualTo("abcdefg");
        assertThat(limited(Framing.UNTIL_CLOSE, 6, "abcdefg").defect())
                .isEqualTo(Defect.BODY_TOO_LARGE);
        assertThat(limited(7, 7, "abcdefg").body()).isEqualTo("abcdefg");
        assertThat(limited(7, 6, "abcdefg").defect()).isEqualTo(Defect.BODY_TOO_LARGE);
        assertThat(BodyReading.of(Framing.CHUNKED, 6, HeadReading.bytes(chunks), 4, 5, 12).defect())
                .isEqualTo(Defect.BODY_TOO_LARGE);
    }

    private static BodyReading limited(long length, long limit, String bytes) {
        return BodyReading.of(length, limit, HeadReading.bytes(bytes));
    }

    @Test
    void bodyThatEndsWithTheConnectionNeverEndsByItself() {
        BodyReader reader = new BodyReader();
        reader.start(Framing.UNTIL_CLOSE, 0);
        assertThat(reader.untilClose()).isTrue();
        assertThat(BodyReading.of(reader, HeadReading.bytes("a")).ended()).isZero();
        assertThat(BodyReading.of(reader, HeadReading.bytes("b")).ended()).isZero();
        assertThat(reader.total()).isEqualTo(2);
        reader.start(1, 0);
        assertThat(reader.untilClose()).isFalse();
    }

    // ---- extensions and trailers

    @Test
    void extensionsAreBoundedOverTheWholeBody() {
        String half = "1;" + "x".repeat(EXTENSION_LIMIT / 2) + "\r\na\r\n";
        assertThat(BodyReading.chunked(half + half + "0\r\n\r\n").body()).isEqualTo("aa");
        assertThat(BodyReading.chunked(half + half + "0;x\r\n\r\n").defect())
                .isEqualTo(Defect.CHUNK);
        byte[] endless = HeadReading.bytes("1;" + "x".repeat(EXTENSION_LIMIT + 1));
        assertThat(BodyReading.of(Framing.CHUNKED, 0, endless).defect()).isEqualTo(Defect.CHUNK);
        assertThat(BodyReading.of(Framing.CHUNKED, 0, endless, 2, 300, 16_000).defect())
                .isEqualTo(Defect.CHUNK);
    }

    @Test
    void trailerSectionIsBoundedInBytes() {
        String filling = "v".repeat(TRAILER_LIMIT - "X: \r\n\r\n".length());
        String largest = "0\r\nX: " + filling + "\r\n\r\n";
        assertThat(BodyReading.chunked(largest + "more").trailers()).hasSize(1);
        byte[] tooLarge = HeadReading.bytes("0\r\nX: v" + filling + "\r\n\r\nmore");
        BodyReading whole = BodyReading.of(Framing.CHUNKED, 0, tooLarge);
        assertThat(whole.defect()).isEqualTo(Defect.TRAILER);
        assertThat(BodyReading.of(Framing.CHUNKED, 0, tooLarge, Cuts.everywhere(tooLarge.length)))
                .isEqualTo(whole);
        assertThat(BodyReading.of(Framing.CHUNKED, 0, tooLarge, 5000)).isEqualTo(whole);
        assertThat(BodyReading.of(Framing.CHUNKED, 0, tooLarge, TRAILER_LIMIT + 3))
                .isEqualTo(whole);
    }

    @Test
    void trailerSectionIsBoundedInFields() {
        assertThat(
                        BodyReading.chunked("0\r\n" + "X: y\r\n".repeat(TRAILER_FIELDS) + "\r\n")
                                .trailers())
                .hasSize(TRAILER_FIELDS);
        assertThat(
                        BodyReading.chunked(
                                        "0\r\n" + "X: y\r\n".repeat(TRAILER_FIELDS + 1) + "\r\n")
                                .defect())
                .isEqualTo(Defect.TRAILER);
    }

    /** The rule for every well-known name; unknown ones are passed on. */
    @ParameterizedTest
    @MethodSource("io.weir.http.FieldNameTest#wellKnown")
    void trailersThatAreNotAllowedAreDropped(FieldName name) {
        BodyReading reading =
                BodyReading.chunked("0\r\nX-A: 1\r\n" + name + ": v\r\nX-B: 2\r\n\r\n");
        assertThat(reading.trailers())
                .isEqualTo(
                        name.allowedInTrailers()
                                ? List.of("X-A: 1", name + ": v", "X-B: 2")
                                : List.of("X-A: 1", "X-B: 2"));
    }

    // ---- reuse

    /** Whatever state the one before left behind, the next body is read as by a new object. */
    @Test
    void readersThatAreUsedAgainReadAsNewOnes() {
        BodyReader used = new BodyReader();
        for (Sample before : samples().toList()) {
            for (Sample after : samples().toList()) {
                used.start(before.length(), 3);
                BodyReading.of(used, HeadReading.bytes(before.bytes()));
                used.start(after.length(), 0);
                assertThat(used.total()).isZero();
                assertThat(BodyReading.of(used, HeadReading.bytes(after.bytes())))
                        .as("%s after %s", after, before)
                        .isEqualTo(BodyReading.of(after.length(), after.bytes()));
            }
        }
    }
}
