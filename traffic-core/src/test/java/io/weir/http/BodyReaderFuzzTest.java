package io.weir.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;

import io.weir.http.BodyReader.Progress;
import io.weir.testkit.Escaped;
import io.weir.testkit.ReceivedRequest;
import io.weir.testkit.StrictHttpReader;

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

    private static final int LIMIT = 5;

    static Stream<byte[]> seeds() {
        return Seeds.bodies();
    }

    @MethodSource("seeds")
    @FuzzTest
    void isReadAlikeHoweverItIsCut(byte[] data) {
        BodyReading whole = BodyReading.of(Framing.CHUNKED, 0, data);
        for (int[] cuts : Cuts.some(data)) {
            assertThat(BodyReading.of(Framing.CHUNKED, 0, data, cuts))
                    .as("cut at " + Arrays.toString(cuts) + ": " + Escaped.text(data, 300))
                    .isEqualTo(whole);
        }
    }

    /** How much of a body that is too large was passed on before depends on the pieces. */
    @MethodSource("seeds")
    @FuzzTest
    void keepsItsLimitHoweverItIsCut(byte[] data) {
        BodyReading whole = BodyReading.of(Framing.CHUNKED, LIMIT, data);
        assertThat(whole.body().length()).isLessThanOrEqualTo(LIMIT);
        for (int[] cuts : Cuts.some(data)) {
            BodyReading cut = BodyReading.of(Framing.CHUNKED, LIMIT, data, cuts);
            assertThat(cut.body().length()).isLessThanOrEqualTo(LIMIT);
            assertThat(cut.progress()).isEqualTo(whole.progress());
            assertThat(cut.defect()).isEqualTo(whole.defect());
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
        BodyReading ours = BodyReading.of(Framing.CHUNKED, 0, data);
        assertThat(ours.progress()).as(Escaped.text(data, 300)).isEqualTo(Progress.COMPLETE);
        assertThat(HeadReading.bytes(ours.body())).isEqualTo(other.body());
        assertThat(ours.behind()).isEqualTo(data.length - strict.buffered() - in.available());
    }
}
