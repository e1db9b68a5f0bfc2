package io.weir.http;

import static io.weir.http.HeadReading.completeResponse;
import static io.weir.http.HeadReading.encoded;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.List;

/** Response heads: what is accepted from nodes, what is refused, and what clients get. */
class ResponseHeadTest {

    static List<SampleHeads.Sample> responses() {
        return SampleHeads.responses();
    }

    static List<SampleHeads.Sample> legalResponses() {
        return SampleHeads.legalResponses();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("responses")
    void eachSampleIsWhatItIs(SampleHeads.Sample sample) {
        HeadReading reading = HeadReading.response(sample.bytes());
        assertThat(reading.progress()).isEqualTo(sample.progress());
        assertThat(reading.defect()).isEqualTo(sample.defect());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("legalResponses")
    void whatIsAcceptedIsSentOnAsItCame(SampleHeads.Sample sample) {
        ResponseHead head = completeResponse(sample.latin1());
        String came =
                sample.latin1()
                        .substring(0, head.headLength())
                        .replaceFirst("HTTP/1.0", "HTTP/1.1")
                        .replaceFirst("^(HTTP/1.1 ...)\r", "$1 \r");
        assertThat(encoded(head)).isEqualTo(came);
    }

    @Test
    void everyStatusFrom100To599IsAccepted() {
        for (int status = 0; status <= 999; status++) {
            String line = String.format("HTTP/1.1 %03d x\r\n\r\n", status);
            HeadReading reading = HeadReading.response(line);
            if (status >= 100 && status <= 599) {
                assertThat(reading.asked()).isEqualTo(Integer.toString(status));
            } else {
                assertThat(reading.defect()).as(line).isEqualTo(Defect.STATUS_LINE);
            }
        }
    }

    @Test
    void statusAndReasonThatWereSetAreSent() {
        ResponseHead head = completeResponse("HTTP/1.1 200 OK\r\nX: y\r\n\r\n");
        head.setStatus(503, "Service Unavailable");
        assertThat(head.status()).isEqualTo(503);
        assertThat(encoded(head)).isEqualTo("HTTP/1.1 503 Service Unavailable\r\nX: y\r\n\r\n");
    }

    @Test
    void responseOfWeirItselfNeedsNoBytesFromANode() {
        ResponseHead head = new ResponseHead();
        head.setStatus(302, "Found");
        head.add(FieldName.LOCATION, "/x");
        assertThat(encoded(head)).isEqualTo("HTTP/1.1 302 Found\r\nLocation: /x\r\n\r\n");
    }

    @Test
    void headMayBeAsLongAsTheLimitAndNotOneByteMore() {
        byte[] head = HeadReading.bytes("HTTP/1.1 200 OK\r\nX: y\r\n\r\n");
        assertThat(HeadReading.of(new ResponseHead(), head.length, 100, 10, head).progress())
                .isEqualTo(Head.Progress.COMPLETE);
        assertThat(HeadReading.of(new ResponseHead(), head.length - 1, 100, 10, head).defect())
                .isEqualTo(Defect.HEAD_TOO_LARGE);
        assertThat(HeadReading.of(new ResponseHead(), 10, 100, 10, head).defect())
                .as("no room for the status line")
                .isEqualTo(Defect.STATUS_LINE);
        assertThat(HeadReading.of(new ResponseHead(), 1000, 100, 0, head).defect())
                .isEqualTo(Defect.TOO_MANY_FIELDS);
    }

    @Test
    void clearedHeadRemembersNothing() {
        ResponseHead head = completeResponse("HTTP/1.0 404 Not Found\r\nServer: s\r\n\r\n");
        head.setStatus(500, "changed");
        head.clear();
        assertThat(head.status()).isZero();
        assertThat(head.begun()).isFalse();
        String next = "HTTP/1.1 200 OK\r\nDate: d\r\n\r\n";
        assertThat(HeadReading.of(head, HeadReading.bytes(next)))
                .isEqualTo(HeadReading.response(next));
        assertThat(encoded(head)).isEqualTo(next);
    }

    @Test
    void headsThatAreUsedAgainReadAsNewOnes() {
        ResponseHead used = new ResponseHead();
        for (SampleHeads.Sample before : SampleHeads.responses()) {
            for (SampleHeads.Sample after : SampleHeads.responses()) {
                used.clear();
                HeadReading.of(used, before.bytes(), Cuts.drawn(before.bytes()));
                used.clear();
                assertThat(HeadReading.of(used, after.bytes()))
                        .as("%s after %s", after, before)
                        .isEqualTo(HeadReading.response(after.bytes()));
            }
        }
    }
}
