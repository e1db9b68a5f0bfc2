package io.weir.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.cache.CacheContents;
import io.weir.cache.CacheQuery;
import io.weir.testkit.Await;
import io.weir.testkit.Behaviour;
import io.weir.testkit.ConfigText;
import io.weir.testkit.FakeNode;
import io.weir.testkit.NodeConnection;
import io.weir.testkit.RawClient;
import io.weir.testkit.ReceivedResponse;
import io.weir.testkit.RunningWeir;
import io.weir.testkit.WeirExtension;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The node that is to fill the cache for many clients hangs, dies or lies: none of the others hangs
 * with it, and nothing wrong is stored.
 */
class CacheFillersTest {

    @RegisterExtension static final WeirExtension WEIR = new WeirExtension();

    private static final String GET = "GET /a HTTP/1.1\r\nHost: weir.test\r\n\r\n";
    private static final String FRESH = "HTTP/1.1 200 OK\r\nCache-Control: max-age=60\r\n";
    private static final String WHOLE = FRESH + "Content-Length: 10\r\n\r\n0123456789";

    /** What the node does with its first request; later ones get the whole answer. */
    private interface First {
        void with(NodeConnection connection) throws IOException;
    }

    private final CountDownLatch done = new CountDownLatch(1);
    private final AtomicInteger requests = new AtomicInteger();
    private FakeNode node;
    private RunningWeir weir;

    @BeforeEach
    void start() {
        node = WEIR.node("n", Behaviour.silent());
        patience("300ms");
    }

    private void patience(String time) {
        weir =
                WEIR.start(
                        ConfigText.of(node)
                                .virtualServer(
                                        "cache: {enabled: true, coalesce-wait: " + time + "}"));
    }

    private void first(First trouble) {
        node.behave(
                connection -> {
                    while (connection.request() != null) {
                        if (requests.incrementAndGet() == 1) {
                            trouble.with(connection);
                        } else {
                            connection.send(WHOLE);
                        }
                    }
                });
    }

    /** Each answer is the number of its request ten times; the first comes to its half at first. */
    private void numbered(String fields) {
        node.behave(
                connection -> {
                    while (connection.request() != null) {
                        int number = requests.incrementAndGet();
                        String half = String.valueOf(number).repeat(5);
                        connection.send(
                                "HTTP/1.1 200 OK\r\n"
                                        + fields
                                        + "\r\nContent-Length: 10\r\n\r\n"
                                        + half);
                        if (number == 1) {
                            hang();
                        }
                        connection.send(half);
                    }
                });
    }

    private void hang() {
        try {
            done.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private RawClient asking() {
        RawClient client = WEIR.closing(RawClient.to(weir.port()));
        client.send(GET);
        return client;
    }

    private List<RawClient> askingTogether(int count) {
        List<RawClient> clients = new ArrayList<>();
        clients.add(asking());
        Await.until("the first request to be at the node", () -> requests.get() == 1);
        for (int i = 1; i < count; i++) {
            clients.add(asking());
        }
        return clients;
    }

    private CacheContents contents() {
        return weir.plane().cache();
    }

    @Test
    void othersGoOnByThemselvesWhenTheFillerHangsBeforeItsHead() {
        first(connection -> hang());
        List<RawClient> clients = askingTogether(20);
        for (RawClient client : clients.subList(1, 20)) {
            assertThat(client.response("GET").text()).isEqualTo("0123456789");
        }
        assertThat(requests.get()).isGreaterThan(1);
        done.countDown();
    }

    @Test
    void othersGoOnByThemselvesWhenTheFillersNodeResets() {
        CountDownLatch waiting = new CountDownLatch(1);
        first(
                connection -> {
                    try {
                        waiting.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                    connection.reset();
                });
        List<RawClient> clients = askingTogether(5);
        waiting.countDown();
        for (RawClient client : clients.subList(1, 5)) {
            assertThat(client.response("GET").text()).isEqualTo("0123456789");
        }
    }

    @Test
    void newcomersDoNotJoinABodyThatStalls() {
        first(
                connection -> {
                    connection.send(FRESH + "Content-Length: 10\r\n\r\n01234");
                    hang();
                });
        RawClient filler = asking();
        filler.head("GET");
        assertThat(filler.exactly(5)).isEqualTo("01234");
        Await.until(
                "a newcomer to get an answer of its own",
                () -> {
                    try (RawClient client = RawClient.to(weir.port())) {
                        client.send(GET);
                        client.head("GET");
                        client.exactly(5);
                        if (requests.get() == 1) {
                            return false;
                        }
                        assertThat(client.exactly(5)).isEqualTo("56789");
                        return true;
                    }
                });
        done.countDown();
    }

    @Test
    void aFetchThatGoesOnWithoutItsClientLeavesNoMemoryBehindWhenWeirStops() {
        first(connection -> connection.send(FRESH + "Content-Length: 10\r\n\r\n01234"));
        RawClient filler = asking();
        filler.head("GET");
        assertThat(filler.exactly(5)).isEqualTo("01234");
        filler.reset();
        Await.until("the client to be gone", () -> weir.clientConnections() == 0);
        assertThat(contents().figures().memoryBytes()).isPositive();
    }

    @Test
    void aBodyThatBreaksOffIsCutForEverybodyAndNotStored() {
        patience("60s");
        CountDownLatch joined = new CountDownLatch(1);
        first(
                connection -> {
                    connection.send(FRESH + "Content-Length: 10\r\n\r\n01234");
                    try {
                        joined.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                    connection.close();
                });
        List<RawClient> clients = askingTogether(3);
        for (RawClient client : clients) {
            client.head("GET");
            assertThat(client.exactly(5)).isEqualTo("01234");
        }
        joined.countDown();
        for (RawClient client : clients) {
            assertThat(client.exactly(5)).isEmpty();
        }
        assertThat(contents().find(CacheQuery.ALL, 1).matching()).isZero();
        assertThat(asking().response("GET").text()).isEqualTo("0123456789");
        Await.until(
                "the memory of the broken body to be free",
                () -> contents().figures().memoryBytes() < 64);
    }

    /** It may be made for who asked for it: nobody said that others may have it unasked. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "Cache-Control: no-cache\r\nETag: \"e\"",
                "Cache-Control: max-age=0, must-revalidate\r\nETag: \"e\"",
                "ETag: \"e\""
            })
    void othersAskForThemselvesWhenTheAnswerMayNotBeUsedWithoutAsking(String fields) {
        patience("60s");
        CountDownLatch joined = new CountDownLatch(1);
        node.behave(
                connection -> {
                    while (connection.request() != null) {
                        int number = requests.incrementAndGet();
                        if (number == 1) {
                            try {
                                joined.await();
                            } catch (InterruptedException e) {
                                Thread.currentThread().interrupt();
                            }
                        }
                        connection.send(
                                "HTTP/1.1 200 OK\r\n"
                                        + fields
                                        + "\r\nContent-Length: 1\r\n\r\n"
                                        + number);
                    }
                });
        List<RawClient> clients = askingTogether(5);
        Await.until(
                "all requests to be on their way",
                () -> weir.plane().status().virtualServers().get(0).exchanges() == 5);
        joined.countDown();
        assertThat(clients)
                .extracting(client -> client.response("GET").text())
                .containsExactlyInAnyOrder("1", "2", "3", "4", "5");
    }

    @Test
    void aClientThatWantsTheNodeAskedDoesNotShareWhatAnotherAskedFor() {
        patience("60s");
        numbered("Cache-Control: max-age=60");
        RawClient filler = asking();
        Await.until("the first request to be at the node", () -> requests.get() == 1);
        RawClient strict = WEIR.closing(RawClient.to(weir.port()));
        strict.send(GET.replace("\r\n\r\n", "\r\nCache-Control: no-cache\r\n\r\n"));
        assertThat(strict.response("GET").text()).isEqualTo("2222222222");
        done.countDown();
        assertThat(filler.response("GET").text()).isEqualTo("1111111111");
    }

    @Test
    void whatWasAskedForBeforeAnUnsafeRequestIsNotUsedAfterIt() {
        nothingOutlives(
                () -> {
                    RawClient other = WEIR.closing(RawClient.to(weir.port()));
                    String post =
                            "POST /a HTTP/1.1\r\nHost: weir.test\r\nContent-Length: 0\r\n\r\n";
                    assertThat(other.exchange(post).text()).isEqualTo("2222222222");
                },
                "3333333333");
    }

    @Test
    void whatWasAskedForBeforeAPurgeIsNotUsedAfterIt() {
        nothingOutlives(() -> contents().purge(CacheQuery.ALL, false), "2222222222");
    }

    private void nothingOutlives(Runnable removal, String next) {
        patience("60s");
        numbered("Cache-Control: max-age=60");
        RawClient filler = asking();
        filler.head("GET");
        assertThat(filler.exactly(5)).isEqualTo("11111");
        removal.run();
        assertThat(asking().response("GET").text()).isEqualTo(next);
        done.countDown();
        assertThat(filler.exactly(5)).isEqualTo("11111");
        assertThat(asking().response("GET").text()).isEqualTo(next);
    }

    @Test
    void chunksThatBreakOffAreNotStored() {
        first(
                connection -> {
                    connection.send(FRESH + "Transfer-Encoding: chunked\r\n\r\n5\r\n01234\r\n");
                    connection.close();
                });
        RawClient client = asking();
        assertThat(client.response("GET").complete()).isFalse();
        assertThat(contents().find(CacheQuery.ALL, 1).matching()).isZero();
        assertThat(asking().response("GET").text()).isEqualTo("0123456789");
    }

    @Test
    void bytesBehindTheAnnouncedEndReachNobody() {
        first(connection -> connection.send(FRESH + "Content-Length: 5\r\n\r\n01234evil!"));
        assertThat(asking().response("GET").text()).isEqualTo("01234");
        ReceivedResponse stored = asking().response("GET");
        assertThat(stored.text()).isEqualTo("01234");
        RawClient other = WEIR.closing(RawClient.to(weir.port()));
        assertThat(other.exchange(GET.replace("/a", "/b")).text()).isEqualTo("0123456789");
    }
}
