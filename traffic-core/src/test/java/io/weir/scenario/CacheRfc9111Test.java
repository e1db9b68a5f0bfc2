package io.weir.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.testkit.ReceivedResponse;
import io.weir.testkit.WeirExtension;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The requirements of RFC 9111, each with its section. */
class CacheRfc9111Test {

    @RegisterExtension static final WeirExtension WEIR = new WeirExtension();

    private CacheWorld world;

    @BeforeEach
    void start() {
        world = new CacheWorld(WEIR);
    }

    /** Asks twice, the second time after {@code seconds}; how often the node was asked. */
    private int askedAgainAfter(int seconds, String... fields) {
        world.answeringOk(fields);
        world.get("/a");
        world.passSeconds(seconds);
        world.get("/a");
        return world.asked();
    }

    @ParameterizedTest(name = "section {0}: {1} after {2} s: node asked {3} times")
    @CsvSource(
            delimiter = '|',
            value = {
                "3       | Cache-Control: max-age=60                        | 10 | 1",
                "4.2     | Cache-Control: max-age=60                        | 61 | 2",
                "4.2.1   | Cache-Control: s-maxage=60, max-age=1            | 10 | 1",
                "4.2.1   | Cache-Control: s-maxage=1, max-age=60            | 10 | 2",
                "4.2.1   | Cache-Control: max-age=60, max-age=1             | 10 | 2",
                "1.2.2   | Cache-Control: max-age=\"60\"                    | 10 | 1",
                "4.2.1   | Cache-Control: max-age=sixty                     |  1 | 2",
                "4.2.1   | Cache-Control: max-age=-1                        |  1 | 2",
                "4.2.1   | Cache-Control: max-age=60.5                      |  1 | 2",
                "1.2.2   | Cache-Control: max-age=99999999999999            | 10 | 1",
                "5.2     | Cache-Control: MAX-AGE=60                        | 10 | 1",
                "5.2.3   | Cache-Control: max-age=60, unheard-of=1          | 10 | 1",
                "5.2.2.5 | Cache-Control: no-store, max-age=60              |  1 | 2",
                "5.2.2.5 | Cache-Control: no-store=x, max-age=60            |  1 | 2",
                "5.2.2.7 | Cache-Control: private, max-age=60               |  1 | 2",
                "5.2.2.4 | Cache-Control: no-cache, max-age=60              |  1 | 2",
                "5.2.2.3 | Cache-Control: must-understand, no-store, max-age=60 | 1 | 1",
                "5.2.2.4 | Cache-Control: no-cache=\"X-Mine\", max-age=60  | 10 | 1",
                "5.2.2.6 | Cache-Control: no-transform, max-age=60          | 10 | 1",
                "5.2.2.7 | Cache-Control: private=\"X-Mine\", max-age=60   | 10 | 1",
                "5.2.2.8 | Cache-Control: proxy-revalidate, max-age=60      | 61 | 2",
                "5.2.2.9 | Cache-Control: public                            |  1 | 2",
                "5.2.2.10| Cache-Control: s-maxage=60                       | 10 | 1",
                "8246    | Cache-Control: immutable, max-age=60             | 10 | 1",
                "5.3     | Expires: 0                                       |  1 | 2",
                "5.3     | Expires: Thu, 31 Dec 2099 23:59:60x GMT          |  1 | 2",
                "5.4     | Pragma: no-cache                                 |  1 | 2",
                "3       | X-Nothing: said                                  |  1 | 2",
                "3       | Set-Cookie: a=b                                  |  1 | 2",
                "4.1     | Vary: *                                          |  1 | 2",
                "9213    | CDN-Cache-Control: max-age=60                    | 10 | 1",
            })
    void aResponseIsReusedOnlyAsLongAsItSays(String section, String field, int seconds, int asked) {
        assertThat(askedAgainAfter(seconds, field)).as(section + " " + field).isEqualTo(asked);
    }

    @Test
    void expiresIsMeasuredFromDate() {
        int asked = askedAgainAfter(10, "Date: " + world.date(0), "Expires: " + world.date(60));
        assertThat(asked).as("section 5.3").isEqualTo(1);
        world.passSeconds(60);
        world.get("/a");
        assertThat(world.asked()).isEqualTo(2);
    }

    @Test
    void maxAgeWinsOverExpires() {
        assertThat(askedAgainAfter(10, "Expires: " + world.date(60), "Cache-Control: max-age=1"))
                .as("section 5.3")
                .isEqualTo(2);
    }

    @Test
    void aTargetedFieldWinsOverCacheControlAndExpires() {
        assertThat(
                        askedAgainAfter(
                                10,
                                "CDN-Cache-Control: max-age=60",
                                "Cache-Control: no-store",
                                "Expires: 0"))
                .as("RFC 9213 section 2.2")
                .isEqualTo(1);
    }

    @Test
    void aTargetedFieldThatIsNoDictionaryMeansNothing() {
        assertThat(
                        askedAgainAfter(
                                1, "CDN-Cache-Control: max-age=60,,&", "Cache-Control: no-store"))
                .as("RFC 9213 section 2.1")
                .isEqualTo(2);
    }

    @Test
    void theAgeThatAResponseCameWithCounts() {
        assertThat(askedAgainAfter(11, "Cache-Control: max-age=60", "Age: 50"))
                .as("section 4.2.3")
                .isEqualTo(2);
    }

    @Test
    void aResponseTellsItsAge() {
        world.answeringOk("Cache-Control: max-age=60", "Age: 10");
        world.get("/a");
        world.passSeconds(20);
        assertThat(Integer.parseInt(world.get("/a").field("Age")))
                .as("section 5.1")
                .isBetween(30, 89);
    }

    @ParameterizedTest(name = "section 5.1: Age: {0}: node asked {1} times")
    @CsvSource(
            delimiter = '|',
            value = {"old | 1", "-55 | 1", "55, 1 | 2", "1, 55 | 1", "55.5 | 1"})
    void anAgeThatIsNoNumberCountsForNothingAndOfAListTheFirst(String age, int asked) {
        assertThat(askedAgainAfter(10, "Cache-Control: max-age=60", "Age: " + age))
                .isEqualTo(asked);
    }

    @Test
    void anAnswerToAnotherMethodIsNotStoredAndNoneIsAnsweredFromTheStore() {
        world.answeringOk("Cache-Control: max-age=60");
        world.send("POST", "/a", "Content-Length: 0");
        assertThat(world.get("/a").text()).as("section 3").isEqualTo("body 2");
        assertThat(world.send("POST", "/a", "Content-Length: 0").text())
                .as("section 4: written through")
                .isEqualTo("body 3");
        assertThat(world.send("OPTIONS", "/a").text()).isEqualTo("body 4");
    }

    @Test
    void anInterimResponseIsNotTheOneThatIsStored() {
        String early = "HTTP/1.1 103 Early Hints\r\nCache-Control: max-age=60\r\n\r\n";
        world.answering(request -> early + world.ok("Cache-Control: max-age=60"));
        world.get("/a");
        assertThat(world.get("/a").text()).as("section 3").isEqualTo("body 1");
        assertThat(world.asked()).isEqualTo(1);
    }

    @Test
    void aStatusThatHasToBeUnderstoodAndIsNotIsNotStored() {
        world.answering(
                request ->
                        CacheWorld.response(
                                "299 Odd", "odd", "Cache-Control: must-understand, max-age=60"));
        world.get("/a");
        world.get("/a");
        assertThat(world.asked()).as("section 5.2.2.3").isEqualTo(2);
    }

    @Test
    void fieldsThatAreNotKnownAreKeptAsTheyCame() {
        world.answeringOk("Cache-Control: max-age=60", "X-Unheard: of, \"this\"");
        world.get("/a");
        assertThat(world.get("/a").field("X-Unheard")).as("section 3.1").isEqualTo("of, \"this\"");
        assertThat(world.asked()).isEqualTo(1);
    }

    @Test
    void whatAClientWantsUnstoredIsNotStored() {
        world.answeringOk("Cache-Control: max-age=60");
        world.get("/a", "Cache-Control: no-store");
        assertThat(world.get("/a").text()).as("section 5.2.1.5").isEqualTo("body 2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"public", "s-maxage=60", "must-revalidate"})
    void threeDirectivesLetAnAnswerToAuthorizationBeShared(String directive) {
        world.answeringOk("Cache-Control: max-age=60, " + directive);
        world.get("/a", "Authorization: Basic eDp5");
        world.get("/a", "Authorization: Basic enp6");
        world.get("/a");
        assertThat(world.asked()).as("section 3.5").isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "s-maxage=60",
                "max-age=60, proxy-revalidate",
                "max-age=60, must-revalidate",
                "max-age=60, no-cache"
            })
    void aStaleResponseIsNotUsedWhereThatIsForbiddenWhateverTheClientTakes(String control) {
        world.answeringOk("Cache-Control: " + control, "ETag: \"x\"");
        world.get("/a");
        world.passSeconds(61);
        assertThat(world.get("/a", "Cache-Control: max-stale=1000").field("X-Cache-Info"))
                .as("section 4.2.4")
                .isNotEqualTo("stale");
        assertThat(world.asked()).isEqualTo(2);
    }

    @Test
    void aStaleResponseIsNotUsedWithoutPermissionEvenWhenNoNodeAnswers() {
        world.answeringOk("Cache-Control: max-age=60");
        world.get("/a");
        world.passSeconds(61);
        world.node.stopAccepting();
        world.node.kill();
        assertThat(world.get("/a").status()).as("section 4.2.4").isBetween(500, 599);
    }

    @Test
    void aGuessIsATenthOfTheTimeSinceTheChangeAndOnlyMadeWhereNothingIsSaid() {
        CacheWorld guessing =
                new CacheWorld(WEIR, "enabled: true", "cache-info: true", "heuristic: true");
        guessing.answeringOk("Last-Modified: " + guessing.date(-1000));
        guessing.get("/a");
        guessing.passSeconds(90);
        guessing.get("/a");
        assertThat(guessing.asked()).as("section 4.2.2").isEqualTo(1);
        guessing.passSeconds(20);
        guessing.get("/a");
        assertThat(guessing.asked()).isEqualTo(2);
        guessing.answeringOk("Last-Modified: " + guessing.date(-1000), "Cache-Control: max-age=1");
        guessing.get("/b");
        guessing.passSeconds(5);
        guessing.get("/b");
        assertThat(guessing.asked()).as("section 4.2.2: MUST NOT").isEqualTo(4);
    }

    @Test
    void ofSeveralResponsesThatFitTheNewestIsUsed() {
        world.answeringOk("Cache-Control: max-age=60", "Vary: X-Kind");
        world.get("/a", "X-Kind: one");
        world.answeringOk("Cache-Control: max-age=60");
        world.get("/a", "X-Kind: two");
        assertThat(world.get("/a", "X-Kind: one").text()).as("section 4").isEqualTo("body 2");
    }

    @Test
    void anOldDateMakesAResponseOld() {
        assertThat(askedAgainAfter(1, "Cache-Control: max-age=60", "Date: " + world.date(-61)))
                .as("section 4.2.3")
                .isEqualTo(2);
    }

    @Test
    void aRequestWithAuthorizationIsNotAnsweredFromTheStore() {
        world.answeringOk("Cache-Control: max-age=60");
        world.get("/a");
        world.get("/a", "Authorization: Basic eDp5");
        assertThat(world.asked()).as("section 3.5").isEqualTo(2);
    }

    @Test
    void anAnswerToAuthorizationIsStoredOnlyWhenItSaysSo() {
        world.answeringOk("Cache-Control: max-age=60");
        world.get("/a", "Authorization: Basic eDp5");
        world.get("/a");
        assertThat(world.asked()).as("section 3.5").isEqualTo(2);
        world.answeringOk("Cache-Control: public, max-age=60");
        world.get("/b", "Authorization: Basic eDp5");
        world.get("/b", "Authorization: Basic enp6");
        assertThat(world.asked()).isEqualTo(3);
    }

    @Test
    void variantsAreKeptApartAndServedToWhomTheyFit() {
        world.answeringOk("Cache-Control: max-age=60", "Vary: X-Kind");
        assertThat(world.get("/a", "X-Kind: one").text()).isEqualTo("body 1");
        assertThat(world.get("/a", "X-Kind: two").text()).isEqualTo("body 2");
        assertThat(world.get("/a", "X-Kind: one").text()).as("section 4.1").isEqualTo("body 1");
        assertThat(world.get("/a").text()).isEqualTo("body 3");
    }

    @Test
    void spellingsThatMeanTheSameShareAVariant() {
        world.answeringOk("Cache-Control: max-age=60", "Vary: Accept-Encoding, Accept-Language");
        world.get("/a", "Accept-Encoding: gzip, br", "Accept-Language: en, de;q=0.5");
        world.get("/a", "Accept-Encoding: br,gzip;q=0.8", "Accept-Language: de;q=0.5,EN");
        assertThat(world.asked()).as("section 4.1").isEqualTo(1);
    }

    @Test
    void theClientsDirectivesAreObeyed() {
        world.answeringOk("Cache-Control: max-age=60");
        world.get("/a");
        world.passSeconds(20);
        world.get("/a", "Cache-Control: max-age=30");
        assertThat(world.asked()).as("section 5.2.1.1").isEqualTo(1);
        world.get("/a", "Cache-Control: min-fresh=10");
        assertThat(world.asked()).as("section 5.2.1.3").isEqualTo(1);
        world.get("/a", "Cache-Control: max-age=10");
        assertThat(world.asked()).isEqualTo(2);
        world.get("/a", "Cache-Control: no-cache");
        assertThat(world.asked()).as("section 5.2.1.4").isEqualTo(3);
        world.get("/a", "Pragma: no-cache");
        assertThat(world.asked()).as("section 5.4").isEqualTo(4);
        world.passSeconds(70);
        assertThat(world.get("/a", "Cache-Control: max-stale=30").field("X-Cache-Info"))
                .as("section 5.2.1.2")
                .isEqualTo("stale");
        assertThat(world.get("/b", "Cache-Control: only-if-cached").status())
                .as("section 5.2.1.7")
                .isEqualTo(504);
    }

    @Test
    void aStaleResponseThatMustBeRevalidatedIsNeverUsed() {
        world.answeringOk("Cache-Control: max-age=60, must-revalidate, stale-if-error=100");
        world.get("/a");
        world.passSeconds(61);
        world.node.stopAccepting();
        world.node.kill();
        assertThat(world.get("/a", "Cache-Control: max-stale").status())
                .as("section 5.2.2.2")
                .isBetween(500, 599);
    }

    @Test
    void aClientThatHasTheResponseGetsNoBody() {
        world.answeringOk(
                "Cache-Control: max-age=60",
                "ETag: \"x\"",
                "Content-Type: text/plain",
                "Last-Modified: " + world.date(-1000));
        world.get("/a");
        ReceivedResponse same = world.get("/a", "If-None-Match: \"y\", W/\"x\"");
        assertThat(same.status()).as("section 4.3.2").isEqualTo(304);
        assertThat(same.field("ETag")).isEqualTo("\"x\"");
        assertThat(same.body()).isEmpty();
        assertThat(world.get("/a", "If-Modified-Since: " + world.date(0)).status()).isEqualTo(304);
        assertThat(world.get("/a", "If-Modified-Since: " + world.date(-2000)).status())
                .isEqualTo(200);
        assertThat(world.get("/a", "If-None-Match: \"y\"").status()).isEqualTo(200);
        assertThat(world.asked()).isEqualTo(1);
    }

    @Test
    void theNodeIsAskedWithTheValidatorsOfTheStoredResponse() {
        world.answeringOk("Cache-Control: max-age=1", "ETag: \"x\"", "X-Old: 1", "X-Kept: 1");
        world.get("/a");
        world.passSeconds(5);
        world.answering(
                request ->
                        "HTTP/1.1 304 Not Modified\r\nCache-Control: max-age=60\r\n"
                                + "X-Old: 2\r\nContent-Length: 999\r\n\r\n");
        ReceivedResponse renewed = world.get("/a", "If-None-Match: \"other\"");
        assertThat(world.lastRequest().fields().first("If-None-Match"))
                .as("section 4.3.1")
                .isEqualTo("\"x\"");
        assertThat(renewed.status()).isEqualTo(200);
        assertThat(renewed.text()).isEqualTo("body 1");
        assertThat(renewed.field("X-Old")).as("section 3.2").isEqualTo("2");
        assertThat(renewed.field("X-Kept")).isEqualTo("1");
        assertThat(world.get("/a").field("X-Cache-Info")).isEqualTo("hit");
    }

    @Test
    void aNewResponseReplacesTheStoredOne() {
        world.answeringOk("Cache-Control: max-age=1", "ETag: \"x\"");
        world.get("/a");
        world.passSeconds(5);
        world.answeringOk("Cache-Control: max-age=60", "ETag: \"y\"");
        assertThat(world.get("/a").text()).as("section 4.3.3").isEqualTo("body 2");
        assertThat(world.get("/a").text()).isEqualTo("body 2");
    }

    @Test
    void anUnsafeRequestThatSucceedsInvalidates() {
        world.answeringOk("Cache-Control: max-age=60");
        world.get("/a");
        world.get("/b");
        world.get("/c");
        world.answering(
                request ->
                        CacheWorld.response(
                                "200 OK",
                                "done",
                                "Location: http://weir.test/b",
                                "Content-Location: /c"));
        world.send("DELETE", "/a");
        world.answeringOk("Cache-Control: max-age=60");
        int before = world.asked();
        world.get("/a");
        world.get("/b");
        world.get("/c");
        assertThat(world.asked() - before).as("section 4.4").isEqualTo(3);
    }

    @Test
    void anUnsafeRequestDoesNotInvalidateOtherHostsNorWhenItFails() {
        world.answeringOk("Cache-Control: max-age=60");
        world.get("/a");
        world.get("/b");
        world.answering(
                request -> CacheWorld.response("500 Broken", "no", "Location: http://weir.test/b"));
        world.send("POST", "/a", "Content-Length: 0");
        world.answering(
                request ->
                        CacheWorld.response("200 OK", "ok", "Location: http://elsewhere.test/b"));
        world.send("POST", "/z", "Content-Length: 0");
        int before = world.asked();
        world.get("/a");
        world.get("/b");
        assertThat(world.asked()).as("section 4.4").isEqualTo(before);
    }

    @Test
    void headIsAnsweredOutOfGet() {
        world.answeringOk("Cache-Control: max-age=60");
        world.get("/a");
        ReceivedResponse head = world.send("HEAD", "/a");
        assertThat(head.field("Content-Length")).isEqualTo("6");
        assertThat(head.field("X-Cache-Info")).isEqualTo("hit");
        assertThat(world.asked()).as("section 4").isEqualTo(1);
    }

    @Test
    void partsAreServedOutOfTheWhole() {
        world.answering(
                request ->
                        CacheWorld.response(
                                "200 OK",
                                "0123456789",
                                "Cache-Control: max-age=60",
                                "ETag: \"x\""));
        world.get("/a");
        ReceivedResponse part = world.get("/a", "Range: bytes=2-4");
        assertThat(part.status()).isEqualTo(206);
        assertThat(part.text()).isEqualTo("234");
        assertThat(part.field("Content-Range")).isEqualTo("bytes 2-4/10");
        assertThat(world.get("/a", "Range: bytes=-3").text()).isEqualTo("789");
        assertThat(world.get("/a", "Range: bytes=10-").status()).isEqualTo(416);
        assertThat(world.get("/a", "Range: bytes=2-4", "If-Range: \"y\"").status()).isEqualTo(200);
        assertThat(world.get("/a", "Range: bytes=2-4", "If-Range: \"x\"").status()).isEqualTo(206);
        assertThat(world.asked()).as("section 3.3").isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"private", "no-cache"})
    void fieldsThatAreNamedByNoCacheAndPrivateAreNotKept(String directive) {
        world.answeringOk(
                "Cache-Control: max-age=60, " + directive + "=\"X-Mine, Set-Cookie\"",
                "X-Mine: secret",
                "Set-Cookie: a=b",
                "X-Ours: 1");
        assertThat(world.get("/a").field("X-Mine")).isEqualTo("secret");
        ReceivedResponse again = world.get("/a");
        assertThat(again.field("X-Mine")).as("sections 5.2.2.4 and 5.2.2.7").isEmpty();
        assertThat(again.field("Set-Cookie")).isEmpty();
        assertThat(again.field("X-Ours")).isEqualTo("1");
    }

    @Test
    void fieldsOfOneHopAreNotKept() {
        world.answeringOk("Cache-Control: max-age=60", "Connection: X-Hop", "X-Hop: 1");
        world.get("/a");
        assertThat(world.get("/a").field("X-Hop")).as("section 3.1").isEmpty();
        assertThat(world.asked()).isEqualTo(1);
    }

    @Test
    void aResponseThatBreaksOffIsNotStored() {
        world.answering(
                request ->
                        "HTTP/1.1 200 OK\r\nConnection: close\r\nCache-Control: max-age=60\r\n\r\n"
                                + "until close");
        world.node.behave(
                connection -> {
                    if (connection.request() != null) {
                        connection.send(
                                ("HTTP/1.1 200 OK\r\nCache-Control: max-age=60\r\n"
                                                + "Content-Length: 100\r\n\r\nhalf")
                                        .getBytes(java.nio.charset.StandardCharsets.US_ASCII));
                    }
                });
        assertThat(world.get("/a").complete()).isFalse();
        world.get("/a");
        assertThat(world.asked()).as("section 3.3").isEqualTo(2);
    }
}
