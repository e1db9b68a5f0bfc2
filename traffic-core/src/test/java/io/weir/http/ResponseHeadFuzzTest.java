package io.weir.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.weir.http.Head.Progress;
import io.weir.testkit.Escaped;
import io.weir.testkit.StrictResponseReader;

import org.junit.jupiter.params.provider.MethodSource;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.stream.Stream;

/** What {@link RequestHeadFuzzTest} says of requests, said of responses. */
class ResponseHeadFuzzTest {

    private static final int MAX_HEAD = 64 * 1024;
    private static final int MAX_FIELDS = 200;

    static Stream<byte[]> seeds() {
        return Seeds.answers();
    }

    @MethodSource("seeds")
    @FuzzTest
    void isReadAlikeHoweverItIsCut(byte[] data) {
        HeadReading whole = HeadReading.response(data);
        for (int[] cuts : Cuts.some(data)) {
            assertThat(HeadReading.response(data, cuts))
                    .as("cut at " + Arrays.toString(cuts) + ": " + Escaped.text(data, 300))
                    .isEqualTo(whole);
        }
    }

    @MethodSource("seeds")
    @FuzzTest
    void isReadAlikeOnceMoreWhenWrittenAgain(byte[] data) {
        ResponseHead head = new ResponseHead();
        if (read(head, data, data.length) == Progress.COMPLETE) {
            // A blank is added behind a status that came without.
            HeadReading again =
                    HeadReading.of(
                            new ResponseHead(), MAX_HEAD + 1, MAX_HEAD, MAX_FIELDS, encoded(head));
            assertThat(again.progress()).isEqualTo(Progress.COMPLETE);
            assertThat(again.fields()).isEqualTo(HeadReading.fields(head));
            assertThat(again.asked()).isEqualTo(Integer.toString(head.status()));
        }
    }

    @MethodSource("seeds")
    @FuzzTest
    void meansTheSameToAnotherParserWhenWrittenAgain(byte[] data) throws IOException {
        ResponseHead head = new ResponseHead();
        if (read(head, data, data.length) != Progress.COMPLETE || Framing.check(head) != null) {
            return;
        }
        for (Method asked : new Method[] {Method.GET, Method.HEAD}) {
            StrictResponseReader.Head other =
                    new StrictResponseReader(new ByteArrayInputStream(encoded(head)))
                            .head(asked.name());
            assertThat(other.status()).isEqualTo(head.status());
            assertThat(other.fields().all()).hasSize(head.fieldCount());
            long length = Framing.responseLength(head, asked);
            switch (other.framing().kind()) {
                case NONE -> assertThat(length).isZero();
                case LENGTH -> assertThat(length).isEqualTo(other.framing().length());
                case CHUNKED -> assertThat(length).isEqualTo(Framing.CHUNKED);
                case CLOSE -> assertThat(length).isEqualTo(Framing.UNTIL_CLOSE);
            }
        }
    }

    private static Progress read(ResponseHead head, byte[] data, int step) {
        int from = 0;
        Progress progress = Progress.NEED_MORE;
        while (progress == Progress.NEED_MORE && from < data.length) {
            int to = Math.min(data.length, from + step);
            ByteBuf in = Unpooled.wrappedBuffer(Arrays.copyOfRange(data, from, to));
            progress = head.read(in, MAX_HEAD, MAX_HEAD, MAX_FIELDS);
            if (progress == Progress.COMPLETE) {
                assertThat(to - in.readableBytes()).as("bytes taken").isEqualTo(head.headLength());
            }
            in.release();
            from = to;
        }
        return progress;
    }

    private static byte[] encoded(ResponseHead head) {
        byte[] out = new byte[head.startLineLength() + head.encodedLength() + 2];
        int end = head.encode(out, head.encodeStartLine(out, 0));
        out[end++] = '\r';
        out[end++] = '\n';
        return Arrays.copyOf(out, end);
    }
}
