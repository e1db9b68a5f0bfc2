package io.weir.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.testkit.Corpus;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** A head means the same, whatever head was read into the same object before it. */
class HeadReuseTest {

    private static final String ORDINARY_RESPONSE =
            "HTTP/1.1 200 OK\r\nServer: a\r\nDate: b\r\nContent-Type: text/plain\r\n"
                    + "Content-Length: 3\r\nConnection: close\r\n\r\n";

    private static final List<byte[]> REQUESTS = requests();
    private static final List<byte[]> RESPONSES = responses();

    static List<byte[]> requests() {
        return Stream.concat(
                        SampleHeads.requests().stream().map(SampleHeads.Sample::bytes),
                        Corpus.read("/corpus/ambiguous-requests.txt").stream()
                                .map(Corpus.Case::send)
                                .filter(bytes -> bytes.length > 0))
                .toList();
    }

    static List<byte[]> responses() {
        return Stream.concat(
                        SampleHeads.responses().stream().map(SampleHeads.Sample::bytes),
                        Corpus.read("/corpus/broken-answers.txt").stream()
                                .map(Corpus.Case::reply)
                                .filter(Objects::nonNull))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("requests")
    void requestIsTheSameBehindEveryOther(byte[] bytes) {
        HeadReading alone = HeadReading.request(bytes);
        for (byte[] before : REQUESTS) {
            RequestHead head = new RequestHead();
            HeadReading.of(head, before);
            head.clear();
            assertThat(HeadReading.of(head, bytes)).isEqualTo(alone);
        }
    }

    @ParameterizedTest
    @MethodSource("responses")
    void responseIsTheSameBehindEveryOther(byte[] bytes) {
        HeadReading alone = HeadReading.response(bytes);
        for (byte[] before : RESPONSES) {
            ResponseHead head = new ResponseHead();
            HeadReading.of(head, before);
            head.clear();
            assertThat(HeadReading.of(head, bytes)).isEqualTo(alone);
        }
    }

    /** Names like those that are expected, but for one letter, and lines cut in them. */
    @ParameterizedTest
    @MethodSource("near")
    void namesThatAreNearlyThoseOfTheHeadBeforeAreTheirOwn(String near) {
        byte[] bytes = HeadReading.bytes(near);
        HeadReading alone = HeadReading.response(bytes);
        for (int cut = 1; cut < bytes.length; cut++) {
            ResponseHead head = new ResponseHead();
            HeadReading.of(head, HeadReading.bytes(ORDINARY_RESPONSE));
            head.clear();
            assertThat(HeadReading.of(head, bytes, cut)).as("cut at %s", cut).isEqualTo(alone);
        }
    }

    static List<String> near() {
        return List.of(
                ORDINARY_RESPONSE,
                ORDINARY_RESPONSE.replace("Server", "SERVER"),
                ORDINARY_RESPONSE.replace("Server", "Servers"),
                ORDINARY_RESPONSE.replace("Server", "Serve"),
                ORDINARY_RESPONSE.replace("Server: a", "Server:a"),
                ORDINARY_RESPONSE.replace("Server: a", "Server:"),
                ORDINARY_RESPONSE.replace("Server: a", "Server: \t a b\t "),
                ORDINARY_RESPONSE.replace("Server:", "Server :"),
                ORDINARY_RESPONSE.replace("Date: b", "Date: b\0c"),
                ORDINARY_RESPONSE.replace("Date: b\r\n", "Date: b\n"),
                ORDINARY_RESPONSE.replace("Date: b\r\n", "Date: b\r"),
                ORDINARY_RESPONSE.replace("Date: b", "Date: b\r\n c"),
                ORDINARY_RESPONSE.replace("Content-Type", "Content-Length"),
                ORDINARY_RESPONSE.replace("Connection", "Connection-"));
    }
}
