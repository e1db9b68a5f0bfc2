package io.weir.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.testkit.Await;
import io.weir.testkit.H2Client;
import io.weir.testkit.H2Client.Answer;
import io.weir.testkit.WeirExtension;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import java.util.concurrent.CountDownLatch;

/** HTTP/2 clients share what is stored with each other and with those of HTTP/1.1. */
class CacheOverHttp2Test {

    @RegisterExtension static final WeirExtension WEIR = new WeirExtension();

    private static H2Client client(CacheWorld world) {
        return WEIR.closing(H2Client.to(world.weir.port()));
    }

    private static String big(int length) {
        StringBuilder text = new StringBuilder(length);
        for (int i = 0; text.length() < length; i++) {
            text.append(i).append(' ');
        }
        return text.substring(0, length);
    }

    @Test
    void bothVersionsAreServedFromOneStoredResponse() {
        CacheWorld world = new CacheWorld(WEIR);
        world.answering(
                r ->
                        CacheWorld.response(
                                "200 OK", big(300_000), "Cache-Control: max-age=60", "X-A: b"));
        H2Client client = client(world);
        Answer first = client.get(1, "/a", "host", "weir.test").answer(1);
        assertThat(first.status()).isEqualTo(200);
        assertThat(first.text()).isEqualTo(big(300_000));
        Answer second = client.get(3, "/a", "host", "weir.test").answer(3);
        assertThat(second.text()).isEqualTo(big(300_000));
        assertThat(second.field("x-a")).isEqualTo("b");
        assertThat(second.field("age")).isNotNull();
        assertThat(second.field("x-cache-info")).isEqualTo("hit");
        assertThat(second.field("content-length")).isEqualTo("300000");
        assertThat(world.asked()).isEqualTo(1);
    }

    @Test
    void streamsOfOneConnectionShareOneFetch() {
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
        H2Client client = client(world);
        for (int stream = 1; stream < 40; stream += 2) {
            client.get(stream, "/cold");
        }
        Await.until(
                "all exchanges to have begun",
                () -> world.weir.plane().status().virtualServers().get(0).exchanges() == 20);
        held.countDown();
        for (int stream = 1; stream < 40; stream += 2) {
            assertThat(client.answer(stream).text()).isEqualTo("body 1");
        }
        assertThat(world.asked()).isEqualTo(1);
    }

    @Test
    void rangesAndConditionsAreAnsweredFromTheStore() {
        CacheWorld world =
                new CacheWorld(WEIR).answeringOk("Cache-Control: max-age=60", "ETag: \"x\"");
        H2Client client = client(world);
        client.get(1, "/a").answer(1);
        Answer part = client.get(3, "/a", "range", "bytes=0-3").answer(3);
        assertThat(part.status()).isEqualTo(206);
        assertThat(part.text()).isEqualTo("body");
        Answer same = client.get(5, "/a", "if-none-match", "\"x\"").answer(5);
        assertThat(same.status()).isEqualTo(304);
        assertThat(world.asked()).isEqualTo(1);
    }

    @Test
    void aStreamThatIsResetLeavesTheOthersTheirAnswer() throws Exception {
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
        H2Client client = client(world);
        client.get(1, "/a");
        world.node.awaitRequests(1);
        client.get(3, "/a");
        client.reset(1, 8);
        client.settle();
        held.countDown();
        assertThat(client.answer(3).text()).startsWith("body");
        assertThat(world.get("/a").status()).isEqualTo(200);
    }
}
