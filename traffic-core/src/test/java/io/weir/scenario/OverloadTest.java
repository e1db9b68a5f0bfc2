package io.weir.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.event.EventTag;
import io.weir.runtime.DataPlane.AdmissionStatus;
import io.weir.testkit.Await;
import io.weir.testkit.Behaviour;
import io.weir.testkit.ConfigText;
import io.weir.testkit.FakeNode;
import io.weir.testkit.NodeConnection;
import io.weir.testkit.RawClient;
import io.weir.testkit.ReceivedRequest;
import io.weir.testkit.ReceivedResponse;
import io.weir.testkit.RunningWeir;
import io.weir.testkit.WeirExtension;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;

/** More requests, or connections, than can be served. */
class OverloadTest {

    private static final String GET = "GET /a HTTP/1.1\r\nHost: weir.test\r\n\r\n";
    private static final String TWO = "admission: {enabled: true, min-limit: 2, max-limit: 2}";

    @RegisterExtension static final WeirExtension WEIR = new WeirExtension();

    @TempDir Path directory;

    private final Semaphore mayAnswer = new Semaphore(0);
    private FakeNode node;

    @BeforeEach
    void start() {
        node = WEIR.node("slow", this::serve);
    }

    private void serve(NodeConnection connection) throws IOException {
        for (ReceivedRequest request = connection.request();
                request != null;
                request = connection.request()) {
            try {
                mayAnswer.acquire();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            connection.send(Behaviour.answer(node, request));
        }
    }

    private static List<RawClient> twoAsking(RunningWeir weir) {
        List<RawClient> clients = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            clients.add(WEIR.closing(RawClient.to(weir.port())).send(GET));
        }
        Await.until("two requests", () -> admission(weir).inside() == 2);
        return clients;
    }

    private static AdmissionStatus admission(RunningWeir weir) {
        return weir.plane().status().classes().admissions().getFirst();
    }

    private static boolean told(RunningWeir weir, EventTag tag) {
        return weir.events().stream().anyMatch(e -> e.tag() == tag);
    }

    @Test
    void whoFindsNoRoomIsAnsweredAtOnceWithTheBusyPage() throws IOException {
        Path page = Files.writeString(directory.resolve("busy.html"), "<p>Come back.</p>\n");
        RunningWeir weir =
                WEIR.start(
                        ConfigText.of(node)
                                .virtualServer("busy-file: " + page, "busy-retry-after: 30s")
                                .pool(TWO));
        List<RawClient> clients = twoAsking(weir);
        RawClient third = WEIR.closing(RawClient.to(weir.port()));
        ReceivedResponse refusal = third.exchange(GET);
        assertThat(refusal.status()).isEqualTo(503);
        assertThat(refusal.field("Retry-After")).isEqualTo("30");
        assertThat(refusal.field("Cache-Control")).isEqualTo("no-store");
        assertThat(new String(refusal.body(), StandardCharsets.UTF_8))
                .isEqualTo("<p>Come back.</p>\n");
        assertThat(node.requests()).isLessThanOrEqualTo(2);
        assertThat(admission(weir).refused())
                .isEqualTo(Map.of("low", 0L, "normal", 1L, "high", 0L));
        assertThat(admission(weir).kind()).isEqualTo("pool");
        Await.until("an event", () -> told(weir, EventTag.OVERLOAD));

        mayAnswer.release(100);
        for (RawClient client : clients) {
            assertThat(client.response("GET").status()).isEqualTo(200);
        }
        assertThat(third.exchange(GET).status()).isEqualTo(200);
        Await.until("the end", () -> told(weir, EventTag.OVERLOADEND));
        Await.until("nobody to be inside", () -> admission(weir).inside() == 0);
    }

    @Test
    void theDoorOfAVirtualServerCountsWhatItAnswersToo() {
        RunningWeir weir = WEIR.start(ConfigText.of(node).virtualServer(TWO));
        List<RawClient> clients = twoAsking(weir);
        try (RawClient third = RawClient.to(weir.port())) {
            assertThat(third.exchange(GET).status()).isEqualTo(503);
        }
        // Who goes away makes room.
        clients.getFirst().reset();
        Await.until("room", () -> admission(weir).inside() == 1);
        mayAnswer.release(100);
        assertThat(clients.getLast().response("GET").status()).isEqualTo(200);
        assertThat(admission(weir).kind()).isEqualTo("virtual-server");
    }

    @Test
    void whoSendsSlowlyTakesNobodysPlace() {
        RunningWeir weir =
                WEIR.start(
                        ConfigText.of(node)
                                .pool("admission: {enabled: true, min-limit: 1, max-limit: 1}"));
        mayAnswer.release(100);
        RawClient slow =
                WEIR.closing(RawClient.to(weir.port()))
                        .send("POST /a HTTP/1.1\r\nHost: w\r\nContent-Length: 4\r\n\r\nab");
        Await.until("a connection", () -> node.connections() == 1);
        try (RawClient quick = RawClient.to(weir.port())) {
            assertThat(quick.exchange(GET).status()).isEqualTo(200);
        }
        assertThat(slow.send("cd").response("POST").status()).isEqualTo(200);
        Await.until("nobody to be inside", () -> admission(weir).inside() == 0);
    }

    @Test
    void theLimitCanBeTakenAwayWhileRequestsAreThere() {
        ConfigText config = ConfigText.of(node);
        RunningWeir weir = WEIR.start(config.pool(TWO));
        List<RawClient> clients = twoAsking(weir);
        weir.apply(config.toString());
        RawClient third = WEIR.closing(RawClient.to(weir.port())).send(GET);
        node.awaitRequests(3);
        mayAnswer.release(100);
        clients.add(third);
        for (RawClient client : clients) {
            assertThat(client.response("GET").status()).isEqualTo(200);
        }
    }

    @Test
    void connectionsBeyondTheBudgetWaitUntilOthersHaveGone() {
        mayAnswer.release(100);
        RunningWeir weir = WEIR.start(ConfigText.of(node).global("overload: {max-connections: 2}"));
        RawClient first = WEIR.closing(RawClient.to(weir.port()));
        RawClient second = WEIR.closing(RawClient.to(weir.port()));
        assertThat(first.exchange(GET).status()).isEqualTo(200);
        assertThat(second.exchange(GET).status()).isEqualTo(200);
        RawClient third = WEIR.closing(RawClient.to(weir.port())).send(GET);
        Await.until("an event", () -> told(weir, EventTag.FEWFREEFDS));
        assertThat(weir.clientConnections()).isEqualTo(2);
        first.close();
        assertThat(third.response("GET").status()).isEqualTo(200);
    }
}
