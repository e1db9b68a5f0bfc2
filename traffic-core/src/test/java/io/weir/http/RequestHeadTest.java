package io.weir.http;

import static io.weir.http.HeadReading.completeRequest;
import static io.weir.http.HeadReading.encoded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Request heads: what is accepted, what is refused and why, and what is sent on. */
class RequestHeadTest {

    static List<SampleHeads.Sample> requests() {
        return SampleHeads.requests();
    }

    static List<SampleHeads.Sample> legalRequests() {
        return SampleHeads.legalRequests();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("requests")
    void eachSampleIsWhatItIs(SampleHeads.Sample sample) {
        HeadReading reading = HeadReading.request(sample.bytes());
        assertThat(reading.progress()).isEqualTo(sample.progress());
        assertThat(reading.defect()).isEqualTo(sample.defect());
    }

    /** Of the start line only the target changes form, of the fields not one byte. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("legalRequests")
    void whatIsAcceptedIsSentOnAsItCame(SampleHeads.Sample sample) {
        RequestHead head = completeRequest(sample.latin1());
        String came =
                sample.latin1()
                        .substring(0, head.headLength())
                        .replaceFirst("^(\r\n)+", "")
                        .replaceFirst("HTTP/1.0", "HTTP/1.1")
                        .replaceFirst("^(\\S+) (?i:http)://[^/? ]+(?=/)", "$1 ")
                        .replaceFirst("^(\\S+) (?i:http)://[^/? ]+(?=\\?)", "$1 /")
                        .replaceFirst("^OPTIONS (?i:http)://[^/? ]+", "OPTIONS *")
                        .replaceFirst("^(\\S+) (?i:http)://[^/? ]+", "$1 /");
        assertThat(encoded(head)).isEqualTo(came);
    }

    @Test
    void bytesBehindTheHeadStayInTheBuffer() {
        ByteBuf in = Unpooled.copiedBuffer("GET / HTTP/1.1\r\n\r\nbody", StandardCharsets.US_ASCII);
        RequestHead head = new RequestHead();
        assertThat(head.read(in, 1000, 100, 10)).isEqualTo(Head.Progress.COMPLETE);
        assertThat(in.toString(StandardCharsets.US_ASCII)).isEqualTo("body");
        assertThat(in.refCnt()).as("the buffer is borrowed").isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({
        "GET, GET",
        "HEAD, HEAD",
        "POST, POST",
        "PUT, PUT",
        "PATCH, PATCH",
        "DELETE, DELETE",
        "OPTIONS, OPTIONS",
        "TRACE, TRACE",
        "CONNECT, CONNECT",
        "get, OTHER",
        "GETS, OTHER",
        "P, OTHER",
        "PU, OTHER",
        "POSH, OTHER",
        "OTHER, OTHER",
        "PROPFIND, OTHER"
    })
    void methodsAreKnownByTheirExactSpelling(String spelt, Method method) {
        RequestHead head = completeRequest(spelt + " / HTTP/1.1\r\n\r\n");
        assertThat(head.method()).isEqualTo(method);
        assertThat(head.methodName()).isEqualTo(spelt);
    }

    @Test
    void onlySomeMethodsMayBeRepeated() {
        assertThat(List.of(Method.values()).stream().filter(Method::idempotent))
                .containsExactly(
                        Method.GET,
                        Method.HEAD,
                        Method.PUT,
                        Method.DELETE,
                        Method.OPTIONS,
                        Method.TRACE);
        assertThat(List.of(Method.values()).stream().filter(Method::safe))
                .containsExactly(Method.GET, Method.HEAD, Method.OPTIONS, Method.TRACE);
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "GET, /a?b, /a?b, -",
                "GET, /?, /?, -",
                "GET, //a/b, //a/b, -",
                "OPTIONS, *, *, -",
                "GET, http://a, /, a",
                "GET, http://a/, /, a",
                "GET, http://a:8080/b?c, /b?c, a:8080",
                "GET, http://a?b/c, /?b/c, a",
                "GET, HTTP://[::1]:81?, /?, [::1]:81",
                "OPTIONS, http://a:80, *, a:80",
                "OPTIONS, http://a/, /, a",
                "CONNECT, a:443, a:443, -"
            })
    void nodesSeeOriginForm(String method, String raw, String target, String authority) {
        RequestHead head = completeRequest(method + " " + raw + " HTTP/1.1\r\n\r\n");
        assertThat(head.rawTarget()).isEqualTo(raw);
        assertThat(head.target()).isEqualTo(target);
        assertThat(head.targetAuthority()).isEqualTo(authority);
        assertThat(encoded(head)).isEqualTo(method + " " + target + " HTTP/1.1\r\n\r\n");
    }

    @Test
    void logSeesTheRequestAsItCame() {
        RequestHead head = completeRequest("\r\nGET http://a?b HTTP/1.0\r\n\r\n");
        head.setTarget("/other");
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        head.requestLine(line::write);
        assertThat(line.toString(StandardCharsets.ISO_8859_1)).isEqualTo("GET http://a?b HTTP/1.0");
        ByteArrayOutputStream target = new ByteArrayOutputStream();
        head.rawTarget(target::write);
        assertThat(target.toString(StandardCharsets.ISO_8859_1)).isEqualTo("http://a?b");
    }

    @Test
    void replacedTargetIsSentInsteadOfTheOldOne() {
        RequestHead head = completeRequest("GET /old HTTP/1.1\r\nHost: a\r\n\r\n");
        head.setTarget("/a/much/longer/one?than=before");
        assertThat(head.target()).isEqualTo("/a/much/longer/one?than=before");
        assertThat(encoded(head))
                .isEqualTo("GET /a/much/longer/one?than=before HTTP/1.1\r\nHost: a\r\n\r\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "no-slash",
                "/a b",
                "/a\r\nX: y",
                "/a\tb",
                "/a#b",
                "/\u00e4",
                "/\u007f",
                "*/",
                "http://a/"
            })
    void targetThatNoRequestLineMayHaveIsRefused(String target) {
        RequestHead head = completeRequest("GET /old HTTP/1.1\r\n\r\n");
        assertThatThrownBy(() -> head.setTarget(target))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(head.target()).isEqualTo("/old");
    }

    @Test
    void hashOfTheTargetIsThatOfWhatTheNodeSees() {
        long hash = completeRequest("GET /a?b HTTP/1.1\r\n\r\n").targetHash();
        assertThat(completeRequest("POST http://h/a?b HTTP/1.0\r\nX: y\r\n\r\n").targetHash())
                .isEqualTo(hash);
        RequestHead replaced = completeRequest("GET /c HTTP/1.1\r\n\r\n");
        assertThat(replaced.targetHash()).isNotEqualTo(hash);
        replaced.setTarget("/a?b");
        assertThat(replaced.targetHash()).isEqualTo(hash);
        assertThat(completeRequest("GET http://h?q HTTP/1.1\r\n\r\n").targetHash())
                .isEqualTo(completeRequest("GET /?q HTTP/1.1\r\n\r\n").targetHash());
    }

    // ---- limits

    @Test
    void targetMayBeAsLongAsTheLimitAndNotOneByteMore() {
        assertThat(withTarget(100, 100).progress()).isEqualTo(Head.Progress.COMPLETE);
        assertThat(withTarget(101, 100).defect()).isEqualTo(Defect.URI_TOO_LONG);
        assertThat(withTarget(5000, 5000).progress()).isEqualTo(Head.Progress.COMPLETE);
        assertThat(withTarget(5001, 5000).defect()).isEqualTo(Defect.URI_TOO_LONG);
    }

    private static HeadReading withTarget(int length, int limit) {
        String target = "/" + "t".repeat(length - 1);
        return HeadReading.of(
                new RequestHead(),
                10_000,
                limit,
                10,
                HeadReading.bytes("GET " + target + " HTTP/1.1\r\n\r\n"));
    }

    @Test
    void targetThatNeverEndsIsRefusedAsSoonAsItIsTooLong() {
        HeadReading reading =
                HeadReading.of(
                        new RequestHead(),
                        10_000,
                        100,
                        10,
                        HeadReading.bytes("GET /" + "t".repeat(100)));
        assertThat(reading.defect()).isEqualTo(Defect.URI_TOO_LONG);
    }

    @Test
    void headMayBeAsLongAsTheLimitAndNotOneByteMore() {
        for (int length : new int[] {60, 1023, 1024, 1025, 2048, 5000}) {
            String start = "GET / HTTP/1.1\r\nX: ";
            byte[] head =
                    HeadReading.bytes(start + "v".repeat(length - start.length() - 4) + "\r\n\r\n");
            assertThat(head).hasSize(length);
            assertThat(HeadReading.of(new RequestHead(), length, 100, 10, head).progress())
                    .as("a head of %s bytes", length)
                    .isEqualTo(Head.Progress.COMPLETE);
            HeadReading tooLong = HeadReading.of(new RequestHead(), length - 1, 100, 10, head);
            assertThat(tooLong.defect()).isEqualTo(Defect.HEAD_TOO_LARGE);
            int[] everywhere = Cuts.everywhere(length);
            assertThat(HeadReading.of(new RequestHead(), length - 1, 100, 10, head, everywhere))
                    .as("in crumbs")
                    .isEqualTo(tooLong);
        }
    }

    @Test
    void requestLineThatFillsTheHeadIsATargetTooLong() {
        HeadReading reading =
                HeadReading.of(
                        new RequestHead(),
                        50,
                        100,
                        10,
                        HeadReading.bytes("GET /" + "t".repeat(60) + " HTTP/1.1\r\n\r\n"));
        assertThat(reading.defect()).isEqualTo(Defect.URI_TOO_LONG);
    }

    @Test
    void thereMayBeAsManyFieldsAsTheLimitAndNotOneMore() {
        byte[] ten = HeadReading.bytes("GET / HTTP/1.1\r\n" + "A: b\r\n".repeat(10) + "\r\n");
        assertThat(HeadReading.of(new RequestHead(), 1000, 100, 10, ten).fields()).hasSize(10);
        assertThat(HeadReading.of(new RequestHead(), 1000, 100, 9, ten).defect())
                .isEqualTo(Defect.TOO_MANY_FIELDS);
        assertThat(
                        HeadReading.of(
                                        new RequestHead(),
                                        1000,
                                        100,
                                        0,
                                        HeadReading.bytes("GET / HTTP/1.1\r\n\r\n"))
                                .progress())
                .isEqualTo(Head.Progress.COMPLETE);
    }

    @Test
    void aHeadLargerThanItsLimitIsNotReadToItsEnd() {
        ByteBuf in =
                Unpooled.copiedBuffer(
                        "GET / HTTP/1.1\r\nX: " + "v".repeat(100_000), StandardCharsets.US_ASCII);
        RequestHead head = new RequestHead();
        assertThat(head.read(in, 2000, 100, 10)).isEqualTo(Head.Progress.BROKEN);
        assertThat(in.readerIndex()).isEqualTo(2000);
        assertThat(head.worthKeeping()).isTrue();
    }

    // ---- reuse

    @Test
    void clearedHeadRemembersNothing() {
        RequestHead head =
                completeRequest("POST http://a/b HTTP/1.0\r\nHost: a\r\nCookie: c\r\n\r\n");
        head.setTarget("/replaced");
        head.remove(FieldName.COOKIE);
        head.add(FieldName.VIA, "1.1 weir");
        head.clear();
        assertThat(head.begun()).isFalse();
        assertThat(head.headLength()).isZero();
        assertThat(head.fieldCount()).isZero();
        assertThat(head.http10()).isFalse();
        assertThat(head.contains(FieldName.HOST)).isFalse();
        assertThat(head.contains(FieldName.VIA)).isFalse();
        String next = "GET /next HTTP/1.1\r\nHost: b\r\n\r\n";
        assertThat(HeadReading.of(head, HeadReading.bytes(next)))
                .isEqualTo(HeadReading.request(next));
        assertThat(encoded(head)).isEqualTo(next);
    }

    /** Whatever state the one before left behind, the next head is read as by a new object. */
    @Test
    void headsThatAreUsedAgainReadAsNewOnes() {
        RequestHead used = new RequestHead();
        for (SampleHeads.Sample before : SampleHeads.requests()) {
            for (SampleHeads.Sample after :
                    List.of(
                            SampleHeads.legalRequests().get(2),
                            SampleHeads.legalRequests().get(10),
                            SampleHeads.brokenRequests().get(20))) {
                used.clear();
                HeadReading.of(used, before.bytes(), Cuts.drawn(before.bytes()));
                used.clear();
                assertThat(HeadReading.of(used, after.bytes()))
                        .as("%s after %s", after, before)
                        .isEqualTo(HeadReading.request(after.bytes()));
            }
        }
    }

    /** It waits among many, then goes on its way, and is edited like any other. */
    @Test
    void aCompactHeadIsTheSameInLessRoom() {
        String text = "PUT http://a/b?c HTTP/1.0\r\nHost: a\r\nCookie: c\r\nX: y\r\n\r\n";
        RequestHead[] both = {completeRequest(text), completeRequest(text)};
        for (RequestHead each : both) {
            each.setTarget("/replaced");
            each.remove(FieldName.COOKIE);
        }
        RequestHead compact = both[0].compact();
        assertThat(compact.fits()).isTrue();
        assertThat(compact.footprint()).isLessThan(both[0].footprint() / 5);
        assertThat(compact.worthKeeping()).as("for the next request").isFalse();
        both[0].clear();
        for (RequestHead each : List.of(compact, both[1])) {
            each.add(FieldName.VIA, "1.1 weir");
            each.add(FieldName.of("Further"), "field");
        }
        assertThat(encoded(compact)).isEqualTo(encoded(both[1]));
        assertThat(compact.headLength()).isEqualTo(both[1].headLength());
        assertThat(compact.http10()).isTrue();
        assertThat(compact.rawTarget()).isEqualTo("http://a/b?c");
    }

    @Test
    void headThatGrewTooLargeIsNotKept() {
        assertThat(completeRequest("GET / HTTP/1.1\r\n\r\n").worthKeeping()).isTrue();
        assertThat(
                        completeRequest("GET / HTTP/1.1\r\nX: " + "v".repeat(9000) + "\r\n\r\n")
                                .worthKeeping())
                .isFalse();
    }
}
