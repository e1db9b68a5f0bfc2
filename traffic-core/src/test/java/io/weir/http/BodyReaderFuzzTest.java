package io.weir.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.weir.http.BodyReader.Progress;
import io.weir.testkit.Escaped;
import io.weir.testkit.ReceivedRequest;
import io.weir.testkit.StrictHttpReader;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * Whatever bytes come as a chunked body: how they are cut does not matter, no buffer is lost, and a
 * body that a second, strict parser accepts is accepted with the same content and the same end.
 */
class BodyReaderFuzzTest {

    private static final byte[] HEAD =
            "POST / HTTP/1.1\r\nHost: w\r\nTransfer-Encoding: chunked\r\n\r\n"
                    .getBytes(StandardCharsets.US_ASCII);

    /** Longer inputs may run into limits that the strict parser does not have. */
    private static final int BELOW_LIMITS = 4096;

    static Stream<byte[]> seeds() {
        return Seeds.bodies();
    }

    /** What became of one input. */
    private static final class Outcome implements BodySink {
        private final ByteArrayOutputStream content = new ByteArrayOutputStream();
        private Progress progress = Progress.NEED_MORE;
        private String trailers = "";
        private int taken;
        private int ends;

        @Override
        public void data(ByteBuf piece) {
            assertThat(ends).as("data behind the end").isZero();
            assertThat(piece.isReadable()).as("a piece is not empty").isTrue();
            byte[] bytes = new byte[piece.readableBytes()];
            piece.readBytes(bytes);
            content.writeBytes(bytes);
            piece.release();
        }

        @Override
        public void end(@Nullable Fields fields) {
            ends++;
            trailers = fields == null ? "" : fields.toString();
        }
    }

    @MethodSource("seeds")
    @FuzzTest
    void isReadAlikeHoweverItIsCut(byte[] data) {
        Outcome whole = read(data, Math.max(1, data.length));
        assertThat(whole.ends).isEqualTo(whole.progress == Progress.COMPLETE ? 1 : 0);
        for (int step : new int[] {1, 2, 7, 1000}) {
            Outcome cut = read(data, step);
            String what = step + " bytes at a time: " + Escaped.text(data, 300);
            assertThat(cut.progress).as(what).isEqualTo(whole.progress);
            assertThat(cut.content.toByteArray()).as(what).isEqualTo(whole.content.toByteArray());
            assertThat(cut.trailers).as(what).isEqualTo(whole.trailers);
            assertThat(cut.ends).as(what).isEqualTo(whole.ends);
            if (whole.progress == Progress.COMPLETE) {
                assertThat(cut.taken).as(what).isEqualTo(whole.taken);
            }
        }
    }

    @MethodSource("seeds")
    @FuzzTest
    void acceptsWhatAnotherParserAcceptsAndEndsWhereItEnds(byte[] data) {
        if (data.length > BELOW_LIMITS) {
            return;
        }
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        message.writeBytes(HEAD);
        message.writeBytes(data);
        ByteArrayInputStream in = new ByteArrayInputStream(message.toByteArray());
        StrictHttpReader strict = new StrictHttpReader(in, 1);
        ReceivedRequest other;
        try {
            other = Objects.requireNonNull(strict.request());
        } catch (IOException refused) {
            return;
        }
        if (other.trailers().all().size() > 32) {
            return;
        }
        Outcome outcome = read(data, data.length);
        assertThat(outcome.progress).as(Escaped.text(data, 300)).isEqualTo(Progress.COMPLETE);
        assertThat(outcome.content.toByteArray()).isEqualTo(other.body());
        assertThat(outcome.taken).isEqualTo(data.length - strict.buffered() - in.available());
    }

    private static Outcome read(byte[] data, int step) {
        Outcome outcome = new Outcome();
        BodyReader reader = new BodyReader();
        reader.start(Framing.CHUNKED, 0);
        int from = 0;
        while (outcome.progress == Progress.NEED_MORE && from < data.length) {
            int to = Math.min(data.length, from + step);
            ByteBuf in = Unpooled.wrappedBuffer(Arrays.copyOfRange(data, from, to));
            outcome.progress = reader.read(in, outcome);
            outcome.taken = to - in.readableBytes();
            assertThat(in.release()).as("nobody else holds the bytes").isTrue();
            from = to;
        }
        return outcome;
    }
}
