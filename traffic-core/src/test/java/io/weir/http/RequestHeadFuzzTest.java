package io.weir.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.weir.http.Head.Progress;
import io.weir.testkit.Escaped;
import io.weir.testkit.StrictHttpReader;

import org.junit.jupiter.params.provider.MethodSource;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * Whatever bytes come: how they are cut does not matter, and what passes every check means the same
 * to a second, strict parser once it has been written again.
 */
class RequestHeadFuzzTest {

    private static final int MAX_HEAD = 32 * 1024;
    private static final int MAX_TARGET = 8 * 1024;
    private static final int MAX_FIELDS = 100;

    static Stream<byte[]> seeds() {
        return Seeds.requests();
    }

    @MethodSource("seeds")
    @FuzzTest
    void isReadAlikeHoweverItIsCut(byte[] data) {
        HeadReading whole = HeadReading.request(data);
        for (int[] cuts : Cuts.some(data)) {
            assertThat(HeadReading.request(data, cuts))
                    .as("cut at " + Arrays.toString(cuts) + ": " + Escaped.text(data, 300))
                    .isEqualTo(whole);
        }
    }

    @MethodSource("seeds")
    @FuzzTest
    void isReadAlikeOnceMoreWhenWrittenAgain(byte[] data) {
        RequestHead head = new RequestHead();
        if (read(head, data, data.length) == Progress.COMPLETE) {
            HeadReading again =
                    HeadReading.of(
                            new RequestHead(), MAX_HEAD, MAX_TARGET, MAX_FIELDS, encoded(head));
            if (head.method() != Method.CONNECT) {
                assertThat(again.progress()).isEqualTo(Progress.COMPLETE);
                assertThat(again.fields()).isEqualTo(HeadReading.fields(head));
                assertThat(again.asked())
                        .isEqualTo(
                                head.methodName() + " " + head.target() + " null " + head.target());
            }
        }
    }

    @MethodSource("seeds")
    @FuzzTest
    void meansTheSameToAnotherParserWhenWrittenAgain(byte[] data) throws IOException {
        RequestHead head = new RequestHead();
        if (read(head, data, data.length) != Progress.COMPLETE
                || Framing.check(head) != null
                || !head.contains(FieldName.HOST)) {
            return;
        }
        StrictHttpReader.Head other =
                Objects.requireNonNull(
                        new StrictHttpReader(new ByteArrayInputStream(encoded(head)), 1).head());
        assertThat(other.method()).isEqualTo(head.methodName());
        assertThat(other.target()).isEqualTo(head.target());
        assertThat(other.fields().all()).hasSize(head.fieldCount());
        long length = Framing.requestLength(head);
        switch (other.framing().kind()) {
            case NONE -> assertThat(length).isZero();
            case LENGTH -> assertThat(length).isEqualTo(other.framing().length());
            case CHUNKED -> assertThat(length).isEqualTo(Framing.CHUNKED);
            case CLOSE -> throw new AssertionError("a request cannot end with the connection");
        }
    }

    private static Progress read(RequestHead head, byte[] data, int step) {
        int from = 0;
        Progress progress = Progress.NEED_MORE;
        while (progress == Progress.NEED_MORE && from < data.length) {
            int to = Math.min(data.length, from + step);
            ByteBuf in = Unpooled.wrappedBuffer(Arrays.copyOfRange(data, from, to));
            progress = head.read(in, MAX_HEAD, MAX_TARGET, MAX_FIELDS);
            if (progress == Progress.COMPLETE) {
                assertThat(to - in.readableBytes()).as("bytes taken").isEqualTo(head.headLength());
            }
            in.release();
            from = to;
        }
        return progress;
    }

    private static byte[] encoded(RequestHead head) {
        byte[] out = new byte[head.startLineLength() + head.encodedLength() + 2];
        int end = head.encode(out, head.encodeStartLine(out, 0));
        out[end++] = '\r';
        out[end++] = '\n';
        return Arrays.copyOf(out, end);
    }
}
