package io.weir.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.testkit.ReceivedResponse;
import io.weir.testkit.WeirExtension;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Validation and invalidation (RFC 9111 sections 4.3 and 4.4), each requirement by its section. */
class CacheValidationTest {

    @RegisterExtension static final WeirExtension WEIR = new WeirExtension();

    private CacheWorld world;

    @BeforeEach
    void start() {
        world = new CacheWorld(WEIR);
    }

    private @Nullable String sent(String name) {
        return world.lastRequest().fields().first(name);
    }

    /** Stores a response with these fields that is stale when this returns. */
    private void storeStale(String... fields) {
        world.answeringOk(fields);
        world.get("/a", "X-Kind: one");
        world.passSeconds(5);
    }

    private void answeringHead(String head) {
        world.answering(request -> "HTTP/1.1 " + head + "\r\n\r\n");
    }

    @Test
    void everyValidatorThatIsStoredIsSent() {
        String modified = world.date(-1000);
        storeStale("Cache-Control: max-age=1", "Last-Modified: " + modified);
        world.get("/a", "If-None-Match: \"mine\"");
        assertThat(sent("If-Modified-Since")).as("section 4.3.1").isEqualTo(modified);
        assertThat(sent("If-None-Match")).isNull();
        world.passSeconds(5);
        storeStale("Cache-Control: max-age=1", "Last-Modified: " + modified, "ETag: \"x\"");
        world.get("/a");
        assertThat(sent("If-Modified-Since")).isEqualTo(modified);
        assertThat(sent("If-None-Match")).isEqualTo("\"x\"");
    }

    @Test
    void aTagDecidesWhereTheClientNamesADateAsWell() {
        world.answeringOk(
                "Cache-Control: max-age=60", "ETag: \"x\"", "Last-Modified: " + world.date(-1000));
        world.get("/a");
        String since = "If-Modified-Since: " + world.date(0);
        assertThat(world.get("/a", "If-None-Match: \"y\"", since).status())
                .as("section 4.3.2")
                .isEqualTo(200);
        assertThat(world.get("/a", "If-None-Match: *").status()).isEqualTo(304);
        assertThat(world.asked()).isEqualTo(1);
    }

    @Test
    void withoutLastModifiedTheDateOfTheResponseCounts() {
        world.answeringOk("Cache-Control: max-age=60", "Date: " + world.date(-10));
        world.get("/a");
        assertThat(world.get("/a", "If-Modified-Since: " + world.date(-10)).status())
                .as("section 4.3.2")
                .isEqualTo(304);
        assertThat(world.get("/a", "If-Modified-Since: " + world.date(-20)).status())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"If-Match: \"y\"", "If-Unmodified-Since: Thu, 01 Jan 1970 00:00:01 GMT"})
    void whatOnlyTheNodeCanDecideGoesToIt(String condition) {
        world.answeringOk("Cache-Control: max-age=60", "ETag: \"x\"");
        world.get("/a");
        world.answering(request -> CacheWorld.response("412 Precondition Failed", ""));
        assertThat(world.get("/a", condition).status()).as("section 4.3.2").isEqualTo(412);
        assertThat(world.get("/a").text()).isEqualTo("body 1");
    }

    @Test
    void theNodesWordOnWhatOnlyTheClientHasIsPassedOnAndNotStored() {
        answeringHead("304 Not Modified\r\nETag: \"x\"\r\nCache-Control: max-age=60");
        assertThat(world.get("/a", "If-None-Match: \"x\"").status())
                .as("section 4.3.3")
                .isEqualTo(304);
        world.answeringOk("Cache-Control: max-age=60");
        assertThat(world.get("/a").text()).isEqualTo("body 1");
    }

    @ParameterizedTest(name = "section 4.3.4: 304 with {0}")
    @ValueSource(strings = {"ETag: \"y\"", "Vary: *", "Cache-Control: no-store"})
    void aResponseThatTheNodesWordIsNotAboutOrMayNotBeKeptIsAskedForAnew(String field) {
        storeStale("Cache-Control: max-age=1", "ETag: \"x\"");
        answeringHead("304 Not Modified\r\n" + field);
        assertThat(world.get("/a").text()).isEqualTo("body 1");
        world.answeringOk("Cache-Control: max-age=60");
        assertThat(world.get("/a").text()).isEqualTo("body 2");
        assertThat(sent("If-None-Match")).isNull();
    }

    @Test
    void aDateThatIsNotTheStoredOneConfirmsNothing() {
        storeStale("Cache-Control: max-age=1", "Last-Modified: " + world.date(-1000));
        answeringHead("304 Not Modified\r\nLast-Modified: " + world.date(-100));
        world.get("/a");
        world.answeringOk();
        assertThat(world.get("/a").text()).as("section 4.3.4").isEqualTo("body 2");
        assertThat(sent("If-Modified-Since")).isNull();
    }

    @Test
    void aResponseThatVariesByMoreOnceItIsConfirmedIsOnlyForThoseLikeTheOneWhoAsked() {
        storeStale("Cache-Control: max-age=1", "ETag: \"x\"");
        answeringHead("304 Not Modified\r\nCache-Control: max-age=60\r\nVary: X-Kind");
        ReceivedResponse confirmed = world.get("/a", "X-Kind: one");
        assertThat(confirmed.text()).isEqualTo("body 1");
        assertThat(confirmed.field("Vary")).as("section 3.2").isEqualTo("X-Kind");
        assertThat(world.get("/a", "X-Kind: one").field("X-Cache-Info")).isEqualTo("hit");
        world.answeringOk("Cache-Control: max-age=60", "Vary: X-Kind");
        assertThat(world.get("/a", "X-Kind: two").text()).as("section 4.1").isEqualTo("body 2");
        assertThat(world.get("/a", "X-Kind: one").text()).isEqualTo("body 1");
        assertThat(world.asked()).isEqualTo(3);
    }

    @Test
    void headThatAgreesRenewsTheStoredResponse() {
        storeStale("Cache-Control: max-age=1", "ETag: \"x\"", "X-Old: 1");
        answeringHead(
                "200 OK\r\nETag: \"x\"\r\nContent-Length: 6\r\nX-Old: 2\r\n"
                        + "Cache-Control: max-age=60");
        assertThat(world.send("HEAD", "/a").status()).isEqualTo(200);
        ReceivedResponse renewed = world.get("/a");
        assertThat(renewed.field("X-Cache-Info")).as("section 4.3.5").isEqualTo("hit");
        assertThat(renewed.field("X-Old")).isEqualTo("2");
        assertThat(renewed.text()).isEqualTo("body 1");
        assertThat(world.asked()).isEqualTo(2);
    }

    @ParameterizedTest(name = "section 4.3.5: HEAD answered with {0}")
    @ValueSource(
            strings = {
                "ETag: \"y\"",
                "Content-Length: 7",
                "ETag: \"x\"\r\nContent-Length: 7",
                "ETag: \"x\"\r\nLast-Modified: Thu, 01 Jan 1970 00:00:01 GMT"
            })
    void headThatDisagreesHasTheStoredResponseFetchedAnew(String fields) {
        storeStale("Cache-Control: max-age=1", "ETag: \"x\"");
        answeringHead("200 OK\r\nCache-Control: max-age=60\r\n" + fields);
        world.send("HEAD", "/a");
        world.answeringOk();
        assertThat(world.get("/a").text()).isEqualTo("body 2");
        assertThat(sent("If-None-Match")).isNull();
    }

    @ParameterizedTest(name = "section 4.3.5: HEAD answered with {0}")
    @ValueSource(strings = {"200 OK\r\nContent-Length: 6", "404 Not Found\r\nETag: \"y\""})
    void headThatSaysNothingAboutTheStoredResponseLeavesItAsItIs(String head) {
        storeStale("Cache-Control: max-age=1", "ETag: \"x\"");
        answeringHead(head + "\r\nCache-Control: max-age=60");
        world.send("HEAD", "/a");
        world.answeringOk();
        world.get("/a");
        assertThat(sent("If-None-Match")).isEqualTo("\"x\"");
    }

    @ParameterizedTest(name = "section 4.4: {0} answered with {1}: node asked {2} times more")
    @CsvSource({
        "POST,    200 OK,          1",
        "PUT,     204 No Content,  1",
        "PATCH,   303 See Other,   1",
        "DELETE,  302 Found,       1",
        "UNHEARD, 200 OK,          1",
        "DELETE,  404 Not Found,   0",
        "PUT,     500 Broken,      0",
        "OPTIONS, 200 OK,          0",
    })
    void aMethodThatMayHaveChangedSomethingRemovesEveryVariant(
            String method, String status, int more) {
        world.answeringOk("Cache-Control: max-age=60", "Vary: X-Kind");
        world.get("/a", "X-Kind: one");
        world.get("/a", "X-Kind: two");
        String length = status.startsWith("204") ? "" : "\r\nContent-Length: 0";
        answeringHead(status + length);
        world.send(method, "/a", "Content-Length: 0");
        world.answeringOk("Cache-Control: max-age=60", "Vary: X-Kind");
        world.get("/a", "X-Kind: one");
        world.get("/a", "X-Kind: two");
        assertThat(world.asked()).isEqualTo(3 + 2 * more);
    }
}
