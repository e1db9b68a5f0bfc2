package io.weir.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.testkit.Await;
import io.weir.testkit.RawClient;
import io.weir.testkit.ReceivedResponse;
import io.weir.testkit.WeirExtension;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** What the cache does beyond RFC 9111: ZXTM's ceilings, late use, coalescing. */
class CacheExtrasTest {

    @RegisterExtension static final WeirExtension WEIR = new WeirExtension();

    @Test
    void noResponseOutlivesTheCeiling() {
        CacheWorld world = new CacheWorld(WEIR).answeringOk("Cache-Control: max-age=86400");
        world.get("/a");
        world.passSeconds(590);
        world.get("/a");
        assertThat(world.asked()).isEqualTo(1);
        world.passSeconds(20);
        world.get("/a");
        assertThat(world.asked()).isEqualTo(2);
    }

    @Test
    void errorsHaveACeilingOfTheirOwn() {
        CacheWorld world = new CacheWorld(WEIR);
        world.answering(
                r -> CacheWorld.response("404 Not Found", "no", "Cache-Control: max-age=600"));
        world.get("/a");
        world.passSeconds(20);
        world.get("/a");
        assertThat(world.asked()).isEqualTo(1);
        world.passSeconds(20);
        world.get("/a");
        assertThat(world.asked()).isEqualTo(2);
    }

    @Test
    void listedStatusesAreKeptWithoutATime() {
        CacheWorld world = new CacheWorld(WEIR, "enabled: true", "error-statuses: [404]");
        world.answering(r -> CacheWorld.response("404 Not Found", "no"));
        world.get("/a");
        world.get("/a");
        assertThat(world.asked()).isEqualTo(1);
    }

    @Test
    void aStaleResponseIsServedWhileTheNodeIsAskedOnce() {
        CacheWorld world =
                new CacheWorld(WEIR)
                        .answeringOk("Cache-Control: max-age=10, stale-while-revalidate=60");
        world.get("/a");
        world.passSeconds(20);
        assertThat(world.get("/a").text()).isEqualTo("body 1");
        world.node.awaitRequests(2);
        Await.until("the new response", () -> world.get("/a").text().equals("body 2"));
        assertThat(world.asked()).isEqualTo(2);
    }

    @Test
    void aResponseIsRenewedAheadOfItsTimeOnceASecondAtMost() {
        CacheWorld world = new CacheWorld(WEIR).answeringOk("Cache-Control: max-age=60");
        world.get("/a");
        world.passSeconds(59);
        assertThat(world.get("/a").text()).isEqualTo("body 1");
        world.node.awaitRequests(2);
        Await.until("the new response", () -> world.get("/a").text().equals("body 2"));
        assertThat(world.asked()).isEqualTo(2);
    }

    @Test
    void aStaleResponseIsServedWhenTheNodeFails() {
        CacheWorld world =
                new CacheWorld(WEIR).answeringOk("Cache-Control: max-age=10, stale-if-error=60");
        world.get("/a");
        world.passSeconds(20);
        world.answering(r -> CacheWorld.response("500 Broken", "broken"));
        ReceivedResponse late = world.get("/a");
        assertThat(late.text()).isEqualTo("body 1");
        assertThat(late.field("X-Cache-Info")).isEqualTo("stale");
        world.node.kill();
        assertThat(world.get("/a").text()).isEqualTo("body 1");
        world.passSeconds(60);
        assertThat(world.get("/a").status()).isBetween(500, 599);
    }

    @Test
    void manyClientsForOneColdResponseCostOneNodeRequest() throws Exception {
        CacheWorld world = new CacheWorld(WEIR);
        CountDownLatch held = new CountDownLatch(1);
        world.answering(
                request -> {
                    try {
                        held.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                    return world.ok("Cache-Control: max-age=60");
                });
        List<RawClient> clients = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            RawClient client = WEIR.closing(RawClient.to(world.weir.port()));
            client.send(CacheWorld.request("GET", "/cold"));
            clients.add(client);
        }
        Await.until(
                "all exchanges to have begun",
                () -> world.weir.plane().status().virtualServers().get(0).exchanges() == 200);
        held.countDown();
        for (RawClient client : clients) {
            assertThat(client.response("GET").text()).isEqualTo("body 1");
        }
        assertThat(world.asked()).isEqualTo(1);
    }

    @Test
    void thoseWhoWaitedGoOnByThemselvesWhenTheAnswerCannotBeStored() throws Exception {
        CacheWorld world = new CacheWorld(WEIR);
        CountDownLatch held = new CountDownLatch(1);
        world.answering(
                request -> {
                    try {
                        held.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                    return world.ok("Cache-Control: private");
                });
        List<RawClient> clients = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            RawClient client = WEIR.closing(RawClient.to(world.weir.port()));
            client.send(CacheWorld.request("GET", "/mine"));
            clients.add(client);
        }
        Await.until(
                "all exchanges to have begun",
                () -> world.weir.plane().status().virtualServers().get(0).exchanges() == 5);
        held.countDown();
        List<String> bodies = new ArrayList<>();
        for (RawClient client : clients) {
            bodies.add(client.response("GET").text());
        }
        assertThat(bodies).doesNotHaveDuplicates().hasSize(5);
    }

    @Test
    void aFillerWhoseClientLeavesStillServesTheOthers() throws Exception {
        CacheWorld world = new CacheWorld(WEIR);
        CountDownLatch rest = new CountDownLatch(1);
        world.node.behave(
                connection -> {
                    if (connection.request() == null) {
                        return;
                    }
                    connection.send(
                            ("HTTP/1.1 200 OK\r\nCache-Control: max-age=60\r\n"
                                            + "Content-Length: 10\r\n\r\n01234")
                                    .getBytes(StandardCharsets.US_ASCII));
                    try {
                        rest.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                    connection.send("56789".getBytes(StandardCharsets.US_ASCII));
                    connection.drain();
                });
        RawClient first = WEIR.closing(RawClient.to(world.weir.port()));
        first.send(CacheWorld.request("GET", "/a"));
        first.head("GET");
        first.exactly(5);
        RawClient second = WEIR.closing(RawClient.to(world.weir.port()));
        second.send(CacheWorld.request("GET", "/a"));
        second.head("GET");
        assertThat(second.exactly(5)).isEqualTo("01234");
        first.reset();
        Await.until("the first to be gone", () -> world.weir.clientConnections() == 1);
        rest.countDown();
        assertThat(second.exactly(5)).isEqualTo("56789");
        assertThat(world.get("/a").text()).isEqualTo("0123456789");
        assertThat(world.asked()).isEqualTo(1);
    }

    @Test
    void aChunkedResponseIsStoredAndServedWithItsLength() {
        CacheWorld world = new CacheWorld(WEIR);
        world.answering(
                r ->
                        "HTTP/1.1 200 OK\r\n"
                                + "Cache-Control: max-age=60\r\n"
                                + "Transfer-Encoding: chunked\r\n\r\n"
                                + "5\r\n"
                                + "hello\r\n"
                                + "1\r\n"
                                + "!\r\n"
                                + "0\r\n\r\n");
        assertThat(world.get("/a").text()).isEqualTo("hello!");
        ReceivedResponse hit = world.get("/a");
        assertThat(hit.text()).isEqualTo("hello!");
        assertThat(hit.field("Content-Length")).isEqualTo("6");
    }

    @Test
    void aResponseThatIsTooLongStreamsPast() {
        CacheWorld world = new CacheWorld(WEIR);
        String piece = "x".repeat(100_000);
        StringBuilder chunks = new StringBuilder();
        for (int i = 0; i < 40; i++) {
            chunks.append("186a0\r\n").append(piece).append("\r\n");
        }
        world.answering(
                r ->
                        "HTTP/1.1 200 OK\r\nCache-Control: max-age=60\r\n"
                                + "Transfer-Encoding: chunked\r\n\r\n"
                                + chunks
                                + "0\r\n\r\n");
        assertThat(world.get("/a").body()).hasSize(4_000_000);
        assertThat(world.get("/a").body()).hasSize(4_000_000);
        assertThat(world.asked()).isEqualTo(2);
    }
}
