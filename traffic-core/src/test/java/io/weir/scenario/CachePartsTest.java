package io.weir.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.testkit.ReceivedRequest;
import io.weir.testkit.ReceivedResponse;
import io.weir.testkit.WeirExtension;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/** Parts of responses are kept and joined where that is safe (RFC 9111 sections 3.3 and 3.4). */
class CachePartsTest {

    @RegisterExtension static final WeirExtension WEIR = new WeirExtension();

    private static final String WHOLE = "0123456789abcdefghijklmnopqrst";

    private volatile String tag = "\"v1\"";
    private volatile String whole = WHOLE;
    private volatile String control = "max-age=60";

    /** A node that has one document and gives the bytes that it is asked for. */
    private CacheWorld world() {
        return new CacheWorld(WEIR).answering(this::answer);
    }

    private String answer(ReceivedRequest request) {
        String validator = tag.isEmpty() ? "X-None: 1" : "ETag: " + tag;
        String cache = "Cache-Control: " + control;
        String range = request.fields().first("Range");
        String known = request.fields().first("If-None-Match");
        if (known != null && known.equals(tag)) {
            return "HTTP/1.1 304 Not Modified\r\n" + validator + "\r\n" + cache + "\r\n\r\n";
        }
        String version = request.fields().first("If-Range");
        if (range == null || version != null && !version.equals(tag)) {
            return CacheWorld.response("200 OK", whole, validator, cache);
        }
        String[] ends = range.substring("bytes=".length()).split("-", -1);
        int first = Integer.parseInt(ends[0]);
        int last = Integer.parseInt(ends[1]);
        if (first >= whole.length()) {
            return CacheWorld.response("416 Range Not Satisfiable", "", cache);
        }
        return CacheWorld.response(
                "206 Partial Content",
                whole.substring(first, last + 1),
                validator,
                cache,
                String.format(
                        Locale.ROOT, "Content-Range: bytes %d-%d/%d", first, last, whole.length()));
    }

    private static ReceivedResponse part(CacheWorld world, int first, int last, String... more) {
        String[] fields = new String[more.length + 1];
        fields[0] = "Range: bytes=" + first + "-" + last;
        System.arraycopy(more, 0, fields, 1, more.length);
        return world.get("/a", fields);
    }

    private static void isPart(ReceivedResponse response, int first, int last) {
        assertThat(response.status()).isEqualTo(206);
        assertThat(response.text()).isEqualTo(WHOLE.substring(first, last + 1));
        assertThat(response.field("Content-Range"))
                .isEqualTo("bytes " + first + "-" + last + "/" + WHOLE.length());
    }

    @Test
    void aPartAnswersRangesThatLieInsideIt() {
        CacheWorld world = world();
        isPart(part(world, 5, 14), 5, 14);
        world.passSeconds(7);
        ReceivedResponse inside = part(world, 7, 9);
        isPart(inside, 7, 9);
        assertThat(inside.field("ETag")).isEqualTo("\"v1\"");
        assertThat(inside.field("Age")).isEqualTo("7");
        assertThat(inside.field("X-Cache-Info")).startsWith("hit");
        assertThat(world.asked()).isEqualTo(1);
        isPart(part(world, 7, 15), 7, 15);
        assertThat(world.asked()).isEqualTo(2);
        world.passSeconds(60);
        isPart(part(world, 7, 9), 7, 9);
        assertThat(world.asked()).isEqualTo(3);
    }

    @Test
    void theWholeDoesNotTellTheDigestOfAPart() {
        CacheWorld world = world();
        control = "max-age=60\r\nContent-Digest: sha-256=:AA==:\r\nRepr-Digest: sha-256=:BB==:";
        part(world, 0, 19);
        part(world, 20, 29);
        ReceivedResponse all = world.get("/a");
        assertThat(all.text()).isEqualTo(WHOLE);
        assertThat(all.fields().has("Content-Digest")).isFalse();
        assertThat(all.field("Repr-Digest")).isEqualTo("sha-256=:BB==:");
        assertThat(world.asked()).isEqualTo(2);
    }

    @Test
    void partsThatTouchOrOverlapAreServedAsOneAndInTheEndAsTheWhole() {
        CacheWorld world = world();
        part(world, 0, 9);
        part(world, 20, 29);
        part(world, 8, 14);
        isPart(part(world, 0, 14), 0, 14);
        assertThat(world.asked()).isEqualTo(3);
        assertThat(world.get("/a").text()).as("not all is there").isEqualTo(WHOLE);
        assertThat(world.asked()).isEqualTo(4);

        CacheWorld other = world();
        part(other, 20, 29);
        part(other, 0, 9);
        part(other, 8, 21);
        ReceivedResponse all = other.get("/a");
        assertThat(all.status()).isEqualTo(200);
        assertThat(all.text()).isEqualTo(WHOLE);
        assertThat(all.field("Content-Range")).isEmpty();
        assertThat(all.field("Content-Length")).isEqualTo("30");
        isPart(part(other, 3, 25), 3, 25);
        assertThat(other.asked()).isEqualTo(3);
    }

    @Test
    void forTheWholeOnlyWhatIsMissingIsFetched() {
        CacheWorld world = world();
        part(world, 0, 9);
        part(world, 20, 29);
        ReceivedResponse all = world.get("/a");
        assertThat(world.lastRequest().fields().first("Range")).isEqualTo("bytes=10-19");
        assertThat(world.lastRequest().fields().first("If-Range")).isEqualTo("\"v1\"");
        assertThat(all.status()).isEqualTo(200);
        assertThat(all.text()).isEqualTo(WHOLE);
        assertThat(all.field("Content-Range")).isEmpty();
        assertThat(all.field("Content-Length")).isEqualTo("30");
        assertThat(all.field("X-Cache-Info")).isEqualTo("miss; partial");
        assertThat(world.get("/a").field("X-Cache-Info")).isEqualTo("hit");
        assertThat(world.asked()).isEqualTo(3);
    }

    @Test
    void aRangeWithSeveralGapsIsFetchedAsOneAndStalePartsAreConfirmedByIt() {
        CacheWorld world = world();
        part(world, 0, 4);
        part(world, 10, 14);
        world.passSeconds(61);
        assertThat(world.get("/a").text()).isEqualTo(WHOLE);
        assertThat(world.lastRequest().fields().first("Range")).isEqualTo("bytes=5-29");
        assertThat(world.get("/a").field("X-Cache-Info")).isEqualTo("hit");
    }

    @Test
    void aNodeThatHasSomethingElseByNowSendsItWhole() {
        CacheWorld world = world();
        part(world, 0, 9);
        tag = "\"v2\"";
        whole = "something else";
        assertThat(world.get("/a").text()).isEqualTo(whole);
        assertThat(world.get("/a").text()).isEqualTo(whole);
        assertThat(world.asked()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "206 Partial Content|ETag: \"v2\"|Content-Range: bytes 10-29/30",
                "206 Partial Content|ETag: \"v1\"|Content-Range: bytes 9-28/30",
                "206 Partial Content|ETag: \"v1\"|Content-Range: bytes 10-29/31",
                "206 Partial Content|ETag: \"v1\"|X-None: 1",
                "416 Range Not Satisfiable|ETag: \"v1\"|X-None: 1",
            })
    void aNodeThatSendsAWrongRestIsAskedForTheWhole(String wrong) {
        String[] said = wrong.split("\\|", -1);
        CacheWorld world = world();
        part(world, 0, 9);
        world.answering(
                request ->
                        request.fields().first("Range") == null
                                ? answer(request)
                                : CacheWorld.response(
                                        said[0],
                                        WHOLE.substring(10),
                                        said[1],
                                        said[2],
                                        "Cache-Control: max-age=60"));
        ReceivedResponse all = world.get("/a");
        assertThat(all.status()).isEqualTo(200);
        assertThat(all.text()).isEqualTo(WHOLE);
        assertThat(world.get("/a").field("X-Cache-Info")).isEqualTo("hit");
        assertThat(world.asked()).isEqualTo(3);
    }

    @Test
    void aRestThatBreaksOffIsNoWhole() {
        // The next request comes on a connection that behaves as it is said below.
        control = "max-age=60\r\nConnection: close";
        CacheWorld world = world();
        part(world, 0, 9);
        world.node.behave(
                connection -> {
                    if (connection.request() != null) {
                        connection.send(
                                ("HTTP/1.1 206 Partial Content\r\nETag: \"v1\"\r\n"
                                                + "Cache-Control: max-age=60\r\n"
                                                + "Content-Range: bytes 10-29/30\r\n"
                                                + "Content-Length: 20\r\n\r\nabc")
                                        .getBytes(StandardCharsets.US_ASCII));
                    }
                });
        assertThat(world.get("/a").status()).isGreaterThanOrEqualTo(500);
        isPart(part(world, 2, 5), 2, 5);
    }

    @Test
    void partsOfDifferentVersionsAreNeverJoined() {
        CacheWorld world = world();
        part(world, 0, 14);
        tag = "\"v2\"";
        part(world, 15, 29);
        tag = "\"v3\"";
        assertThat(world.get("/a").field("ETag")).isEqualTo("\"v3\"");
        assertThat(world.asked()).isEqualTo(3);
        part(world, 0, 3);
        assertThat(world.asked()).as("the whole serves now").isEqualTo(3);
    }

    @Test
    void aNewVersionTakesThePlaceOfTheParts() {
        CacheWorld world = world();
        part(world, 0, 14);
        tag = "\"v2\"";
        part(world, 15, 29);
        part(world, 0, 3);
        assertThat(world.asked()).isEqualTo(3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"W/\"v1\"", "", "v1"})
    void withoutAStrongTagNothingIsKept(String weak) {
        tag = weak;
        CacheWorld world = world();
        part(world, 0, 9);
        part(world, 0, 9);
        assertThat(world.asked()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"no-store", "private", "max-age=0, no-store"})
    void partsAreKeptOnlyWhereTheWholeWouldBe(String said) {
        control = said;
        CacheWorld world = world();
        part(world, 0, 9);
        part(world, 0, 9);
        assertThat(world.asked()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "bytes 0-9/*",
                "bytes 0-8/30",
                "bytes 9-0/30",
                "bytes 0-9/5",
                "lines 0-9/30",
                "bytes 0-9/99999999999999999999"
            })
    void aPartThatDoesNotSayWhatItIsGoesPast(String range) {
        CacheWorld world = world();
        List<String> fields =
                List.of("ETag: \"v1\"", "Cache-Control: max-age=60", "Content-Range: " + range);
        world.answering(
                r ->
                        CacheWorld.response(
                                "206 Partial Content",
                                WHOLE.substring(0, 10),
                                fields.toArray(String[]::new)));
        part(world, 0, 9);
        part(world, 0, 9);
        assertThat(world.asked()).isEqualTo(2);
    }

    @Test
    void aPartThatNobodyAskedForIsNotKept() {
        CacheWorld world = world();
        world.answering(
                r ->
                        CacheWorld.response(
                                "206 Partial Content",
                                WHOLE,
                                "ETag: \"v1\"",
                                "Cache-Control: max-age=60",
                                "Content-Range: bytes 0-29/30"));
        world.get("/a");
        world.get("/a");
        assertThat(world.asked()).isEqualTo(2);
    }

    @Test
    void aConditionOnTheVersionIsKept() {
        CacheWorld world = world();
        part(world, 0, 14);
        isPart(part(world, 2, 3, "If-Range: \"v1\""), 2, 3);
        assertThat(world.asked()).isEqualTo(1);
        part(world, 2, 3, "If-Range: \"v0\"");
        assertThat(world.asked()).isEqualTo(2);
    }

    @Test
    void aStaleWholeIsConfirmedForARange() {
        CacheWorld world = world();
        world.get("/a");
        world.passSeconds(61);
        isPart(part(world, 3, 5), 3, 5);
        assertThat(world.lastRequest().fields().first("If-None-Match")).isEqualTo("\"v1\"");
        isPart(part(world, 4, 9), 4, 9);
        assertThat(world.asked()).isEqualTo(2);
    }

    @Test
    void whatOnlyConcernsARangeIsNotKeptForOthers() {
        CacheWorld world = world();
        assertThat(part(world, 40, 50).status()).isEqualTo(416);
        assertThat(world.get("/a").text()).isEqualTo(WHOLE);
        assertThat(world.asked()).isEqualTo(2);
    }

    @Test
    void whatComesInsteadOfAPartIsNotKept() {
        CacheWorld world = world();
        world.answeringOk("Cache-Control: max-age=60");
        assertThat(part(world, 0, 2).text()).isEqualTo("body 1");
        assertThat(world.get("/a").text()).isEqualTo("body 2");
    }

    @Test
    void longPartsInManyPiecesOfMemoryAreJoined() {
        whole = "0123456789abcdef".repeat(64 * 1024);
        CacheWorld world = world();
        for (int first : new int[] {600_000, 0, 300_000, 800_000}) {
            int last = Math.min(first + 320_000, whole.length()) - 1;
            assertThat(part(world, first, last).text()).hasSize(last - first + 1);
        }
        assertThat(part(world, 250_000, 1_000_000).text())
                .isEqualTo(whole.substring(250_000, 1_000_001));
        assertThat(world.get("/a").text()).isEqualTo(whole);
        assertThat(world.asked()).isEqualTo(4);
    }
}
