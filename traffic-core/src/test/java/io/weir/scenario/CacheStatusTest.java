package io.weir.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.testkit.RawClient;
import io.weir.testkit.ReceivedResponse;
import io.weir.testkit.WeirExtension;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What the cache did is told as RFC 9211 section 2 describes. */
class CacheStatusTest {

    @RegisterExtension static final WeirExtension WEIR = new WeirExtension();

    private final CacheWorld world =
            new CacheWorld(WEIR, "enabled: true", "cache-status: true", "client-control: true");

    private static @Nullable String status(ReceivedResponse response) {
        return response.field("Cache-Status");
    }

    @Test
    void anAnswerOfTheNodeIsAMissThatIsStoredOrNot() {
        world.answeringOk("Cache-Control: max-age=60");
        assertThat(status(world.get("/a"))).isEqualTo("weir; fwd=uri-miss; stored");
        world.answeringOk("Cache-Control: private");
        assertThat(status(world.get("/b"))).isEqualTo("weir; fwd=uri-miss; detail=private");
    }

    @Test
    void aHitHasTheTimeThatIsLeft() {
        world.answeringOk("Cache-Control: max-age=60");
        world.get("/a");
        assertThat(status(world.get("/a"))).matches("weir; hit; ttl=(59|60)");
    }

    @Test
    void aStaleHitHasATimeBelowZero() {
        world.answeringOk("Cache-Control: max-age=10, stale-while-revalidate=100");
        world.get("/a");
        world.passSeconds(60);
        assertThat(status(world.get("/a"))).matches("weir; hit; ttl=-\\d\\d");
    }

    @Test
    void aClientThatWantsTheNodesWordIsTheReasonToForward() {
        world.answeringOk("Cache-Control: max-age=60", "ETag: \"x\"");
        world.get("/a");
        world.answering(
                r ->
                        "HTTP/1.1 304 Not Modified\r\n"
                                + "ETag: \"x\"\r\n"
                                + "Cache-Control: max-age=60\r\n\r\n");
        assertThat(status(world.get("/a", "Cache-Control: no-cache")))
                .matches("weir; fwd=request; fwd-status=304; ttl=(59|60)");
    }

    @Test
    void aRangeThatIsNotAllThereIsForwardedForItsRest() {
        world.answering(
                r ->
                        CacheWorld.response(
                                "206 Partial Content",
                                "01234",
                                "ETag: \"x\"",
                                "Cache-Control: max-age=60",
                                "Content-Range: bytes 0-4/10"));
        world.get("/a", "Range: bytes=0-4");
        assertThat(status(world.get("/a", "Range: bytes=1-2"))).matches("weir; hit; ttl=(59|60)");
        assertThat(status(world.get("/a", "Range: bytes=0-7")))
                .startsWith("weir; fwd=partial; stored");
    }

    @Test
    void aConfirmedResponseWasForwardedBecauseItWasStale() {
        world.answeringOk("Cache-Control: max-age=10", "ETag: \"x\"");
        world.get("/a");
        world.passSeconds(60);
        world.answering(
                r ->
                        "HTTP/1.1 304 Not Modified\r\n"
                                + "ETag: \"x\"\r\n"
                                + "Cache-Control: max-age=9\r\n\r\n");
        assertThat(status(world.get("/a"))).matches("weir; fwd=stale; fwd-status=304; ttl=[89]");
    }

    @Test
    void anotherVariantIsAMissOfItsOwnKind() {
        world.answeringOk("Cache-Control: max-age=60", "Vary: X-A");
        world.get("/a", "X-A: 1");
        assertThat(status(world.get("/a", "X-A: 2"))).isEqualTo("weir; fwd=vary-miss; stored");
    }

    @Test
    void whatTheClientDidNotWantFromTheStoreIsSaidToBeItsWish() {
        world.answeringOk("Cache-Control: max-age=60");
        world.get("/a");
        assertThat(status(world.get("/a", "Cache-Control: no-cache")))
                .isEqualTo("weir; fwd=request; stored");
        ReceivedResponse none = world.get("/none", "Cache-Control: only-if-cached");
        assertThat(none.status()).isEqualTo(504);
        assertThat(status(none)).isEqualTo("weir; detail=only-if-cached");
    }

    @Test
    void otherMethodsAndRequestsGoPast() {
        world.answeringOk("Cache-Control: max-age=60");
        assertThat(status(world.send("POST", "/a", "Content-Length: 0")))
                .isEqualTo("weir; fwd=method");
        assertThat(status(world.get("/a", "X-Original-URL: /b"))).isEqualTo("weir; fwd=bypass");
    }

    @Test
    void theStatusOfACacheBehindComesFirst() {
        world.answeringOk("Cache-Control: max-age=60", "Cache-Status: inner; hit");
        world.get("/a");
        try (RawClient client = RawClient.to(world.weir.port())) {
            String text =
                    client.exchange(CacheWorld.request("GET", "/a")).fields().all().toString();
            assertThat(text.indexOf("inner; hit"))
                    .isPositive()
                    .isLessThan(text.indexOf("weir; hit"));
        }
    }
}
