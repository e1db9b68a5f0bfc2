package io.weir.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.cache.CacheContents;
import io.weir.cache.CacheContents.Purged;
import io.weir.cache.CacheContents.ZoneFigures;
import io.weir.cache.CacheQuery;
import io.weir.cache.Outcome;
import io.weir.cache.Wildcard;
import io.weir.testkit.Await;
import io.weir.testkit.Behaviour;
import io.weir.testkit.ConfigText;
import io.weir.testkit.FakeNode;
import io.weir.testkit.RawClient;
import io.weir.testkit.ReceivedResponse;
import io.weir.testkit.RunningWeir;
import io.weir.testkit.WeirExtension;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import java.util.List;

/** What is stored can be looked at, counted, and cleared by what it is. */
class CacheContentsTest {

    @RegisterExtension static final WeirExtension WEIR = new WeirExtension();

    private CacheWorld world;
    private CacheContents contents;

    @BeforeEach
    void store() {
        world = new CacheWorld(WEIR);
        world.answering(
                request ->
                        world.ok(
                                "Cache-Control: max-age=60",
                                "ETag: \"e\"",
                                "Surrogate-Key: all "
                                        + (request.target().startsWith("/a") ? "a" : "b")));
        contents = world.weir.plane().cache();
        for (String target : List.of("/a/1", "/a/2", "/b/1", "/b/2?x=*")) {
            world.get(target);
            world.get(target, "Host: other.test");
        }
    }

    private static CacheQuery query(String host, String target, @Nullable String tag) {
        return new CacheQuery(null, null, new Wildcard(host), new Wildcard(target), tag);
    }

    private List<String> left() {
        return contents.find(CacheQuery.ALL, 100).items().stream()
                .map(item -> item.host() + item.target())
                .sorted()
                .toList();
    }

    @Test
    void aPurgeByHostAndPathRemovesExactlyWhatFits() {
        Purged purged = contents.purge(query("weir.test", "/a/*", null), false);
        assertThat(purged.responses()).isEqualTo(2);
        assertThat(purged.bytes()).isPositive();
        assertThat(left())
                .containsExactly(
                        "other.test/a/1",
                        "other.test/a/2",
                        "other.test/b/1",
                        "other.test/b/2?x=*",
                        "weir.test/b/1",
                        "weir.test/b/2?x=*");
        int asked = world.asked();
        world.get("/a/1", "Host: other.test");
        assertThat(world.asked()).isEqualTo(asked);
        world.get("/a/1");
        assertThat(world.asked()).isEqualTo(asked + 1);
    }

    @Test
    void aPurgeByTagRemovesWhatHasIt() {
        assertThat(contents.purge(query("", "", "a"), false).responses()).isEqualTo(4);
        assertThat(left()).noneMatch(each -> each.contains("/a/"));
        assertThat(contents.purge(query("", "", "al"), false).responses()).isZero();
        assertThat(contents.purge(query("", "", "all"), false).responses()).isEqualTo(4);
        assertThat(left()).isEmpty();
    }

    @Test
    void theLastOfManyTagsIsOneToo() {
        StringBuilder tags = new StringBuilder("Cache-Tag: ");
        for (int i = 0; i < 1000; i++) {
            tags.append('t').append(i).append(',');
        }
        world.answeringOk("Cache-Control: max-age=60", tags.toString());
        world.get("/many");
        assertThat(contents.purge(query("", "", "t999"), false).responses()).isEqualTo(1);
        int asked = world.asked();
        world.get("/many");
        assertThat(world.asked()).isEqualTo(asked + 1);
    }

    @Test
    void theCacheGoesByFieldsThatClientsDoNotSee() {
        FakeNode node =
                WEIR.node(
                        "hiding",
                        Behaviour.saying(
                                "HTTP/1.1 200 OK\r\nCDN-Cache-Control: max-age=60\r\n"
                                        + "Surrogate-Key: x\r\nCache-Tag: y\r\nServer: z\r\n"
                                        + "Content-Length: 2\r\n\r\nok"));
        RunningWeir weir =
                WEIR.start(
                        ConfigText.of(node)
                                .virtualServer(
                                        "cache: true",
                                        "rewriting: {remove-headers: [Server, surrogate-key,"
                                                + " Cache-Tag, CDN-Cache-Control]}"));
        CacheContents hiding = weir.plane().cache();
        for (String tag : List.of("x", "y")) {
            for (int i = 0; i < 2; i++) {
                try (RawClient client = RawClient.to(weir.port())) {
                    ReceivedResponse response =
                            client.exchange(CacheWorld.request("GET", "/hidden"));
                    assertThat(response.text()).isEqualTo("ok");
                    assertThat(response.toString())
                            .doesNotContainIgnoringCase("surrogate-key")
                            .doesNotContain("Cache-Tag", "CDN-Cache-Control", "Server");
                }
            }
            assertThat(hiding.purge(query("", "", tag), false).responses()).isEqualTo(1);
        }
        assertThat(node.requests()).isEqualTo(2);
    }

    @Test
    void anExactPurgeTakesAStarForAStar() {
        CacheQuery exact =
                new CacheQuery(
                        "web",
                        false,
                        Wildcard.exactly("weir.test"),
                        Wildcard.exactly("/b/2?x=*"),
                        null);
        assertThat(contents.purge(exact, false).responses()).isEqualTo(1);
        assertThat(left()).hasSize(7).doesNotContain("weir.test/b/2?x=*");
    }

    @Test
    void otherVirtualServersAndSchemesAreNotTouched() {
        CacheQuery other = new CacheQuery("api", null, Wildcard.ANY, Wildcard.ANY, null);
        CacheQuery secure = new CacheQuery(null, true, Wildcard.ANY, Wildcard.ANY, null);
        assertThat(contents.purge(other, false).responses()).isZero();
        assertThat(contents.purge(secure, false).responses()).isZero();
        assertThat(left()).hasSize(8);
    }

    @Test
    void aSoftPurgeHasTheNodeAskedBeforeTheNextUse() {
        assertThat(contents.purge(query("", "/a/1", null), true).responses()).isEqualTo(2);
        assertThat(contents.purge(query("", "/a/1", null), true).responses()).isZero();
        world.answering(request -> "HTTP/1.1 304 Not Modified\r\nETag: \"e\"\r\n\r\n");
        int asked = world.asked();
        assertThat(world.get("/a/1").text()).isEqualTo("body 1");
        assertThat(world.lastRequest().fields().first("If-None-Match")).isEqualTo("\"e\"");
        assertThat(world.asked()).isEqualTo(asked + 1);
    }

    @Test
    void aSoftPurgeHasTheNodeAskedAlsoWhereStaleAnswersMayBeUsedMeanwhile() {
        world.answeringOk("Cache-Control: max-age=60, stale-while-revalidate=600", "ETag: \"e\"");
        String before = world.get("/swr").text();
        contents.purge(query("weir.test", "/swr", null), true);
        assertThat(world.get("/swr").text()).isNotEqualTo(before);
    }

    @Test
    void aListTellsWhatIsKnownAboutEachResponse() {
        world.get("/a/1");
        world.passSeconds(20);
        CacheContents.Listing listing = contents.find(query("weir.test", "/a/1", null), 10);
        assertThat(listing.matching()).isEqualTo(1);
        CacheContents.Item item = listing.items().getFirst();
        assertThat(item.virtualServer()).isEqualTo("web");
        assertThat(item.status()).isEqualTo(200);
        assertThat(item.length()).isEqualTo(6);
        assertThat(item.hits()).isEqualTo(1);
        assertThat(item.ageSeconds()).isBetween(20L, 39L);
        assertThat(item.freshSeconds()).isBetween(20L, 40L);
        assertThat(item.unusedSeconds()).isBetween(20L, 59L);
        assertThat(item.tags()).containsExactly("all", "a");
        assertThat(item.bytes()).isEqualTo(listing.bytes());
        assertThat(contents.find(CacheQuery.ALL, 3).items()).hasSize(3);
        assertThat(contents.find(CacheQuery.ALL, 3).matching()).isEqualTo(8);
    }

    @Test
    void theFiguresAddUp() {
        world.get("/a/1");
        world.send("POST", "/x", "Content-Length: 0");
        Await.until(
                "all exchanges to be counted",
                () -> zone().outcomes().values().stream().mapToLong(n -> n).sum() == 10);
        ZoneFigures zone = zone();
        assertThat(zone.virtualServer()).isEqualTo("web");
        assertThat(zone.count(Outcome.MISS)).isEqualTo(8);
        assertThat(zone.count(Outcome.HIT)).isEqualTo(1);
        assertThat(zone.count(Outcome.BYPASS)).isEqualTo(1);
        assertThat(zone.served()).isEqualTo(6);
        assertThat(zone.stored()).isEqualTo(8);
        assertThat(zone.evicted()).isZero();
        assertThat(zone.responses()).isEqualTo(8);
        assertThat(zone.bytes())
                .isEqualTo(contents.find(CacheQuery.ALL, 0).bytes())
                .isEqualTo(contents.figures().entryBytes());
        contents.purge(CacheQuery.ALL, false);
        assertThat(zone().responses()).isZero();
        assertThat(zone().bytes()).isZero();
        assertThat(contents.figures().entryBytes()).isZero();
        assertThat(contents.figures().memoryBytes()).isZero();
    }

    private ZoneFigures zone() {
        return contents.figures().zones().getFirst();
    }
}
