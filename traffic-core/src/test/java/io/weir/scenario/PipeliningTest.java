package io.weir.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.PooledByteBufAllocator;
import io.weir.testkit.Await;
import io.weir.testkit.Behaviour;
import io.weir.testkit.ConfigText;
import io.weir.testkit.FakeNode;
import io.weir.testkit.RawClient;
import io.weir.testkit.RunningWeir;
import io.weir.testkit.WeirExtension;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Many requests in one go are answered in order and cost no more memory than one after another. */
class PipeliningTest {

    @RegisterExtension static final WeirExtension WEIR = new WeirExtension();

    private static String gets(int count) {
        StringBuilder all = new StringBuilder();
        for (int i = 0; i < count; i++) {
            all.append("GET /").append(i).append(" HTTP/1.1\r\nHost: w\r\n\r\n");
        }
        return all.toString();
    }

    @Test
    void thousandsOfRequestsAreAnsweredInOrder() {
        FakeNode node =
                WEIR.node(
                        "n",
                        Behaviour.answering(
                                request ->
                                        ("HTTP/1.1 200 OK\r\nContent-Length: "
                                                        + request.target().length()
                                                        + "\r\n\r\n"
                                                        + request.target())
                                                .getBytes(StandardCharsets.ISO_8859_1)));
        RunningWeir weir = WEIR.start(ConfigText.of(node));
        try (RawClient client = RawClient.to(weir.port())) {
            Thread sender = Thread.ofVirtual().start(() -> client.send(gets(3000)));
            for (int i = 0; i < 3000; i++) {
                assertThat(client.response("GET").text()).isEqualTo("/" + i);
            }
            Await.until("everything to be sent", () -> !sender.isAlive());
        }
        assertThat(node.violations()).isEmpty();
    }

    @Test
    void thousandsOfRequestsThatWeirAnswersItselfAreAnsweredInOrder() {
        FakeNode gone = WEIR.closing(FakeNode.refusing("gone"));
        RunningWeir weir = WEIR.start(ConfigText.of(gone).pool("node-connection-attempts: 1"));
        try (RawClient client = RawClient.to(weir.port())) {
            Thread sender = Thread.ofVirtual().start(() -> client.send(gets(3000)));
            for (int i = 0; i < 3000; i++) {
                assertThat(client.response("GET").status()).isIn(502, 503);
            }
            Await.until("everything to be sent", () -> !sender.isAlive());
        }
    }

    @Test
    void answersThatAreNotReadHoldUpTheRequestsBehindThem() {
        String body = "x".repeat(60_000);
        FakeNode node =
                WEIR.node(
                        "n",
                        Behaviour.saying(
                                "HTTP/1.1 200 OK\r\nContent-Length: 60000\r\n\r\n" + body));
        RunningWeir weir =
                WEIR.start(
                        ConfigText.of(node)
                                .global("event-loops: 1")
                                .virtualServer("limits: { min-body-rate: 0 }"));
        try (RawClient warm = RawClient.to(weir.port())) {
            assertThat(warm.exchange(gets(1)).status()).isEqualTo(200);
        }
        PooledByteBufAllocator allocator = PooledByteBufAllocator.DEFAULT;
        long before = allocator.pinnedDirectMemory() + allocator.pinnedHeapMemory();

        try (RawClient client = RawClient.withReceiveBuffer(weir.port(), 1 << 14)) {
            client.send(gets(1500));
            Await.steady(
                    "requests at the node", Duration.ofMillis(400), Await.DEADLINE, node::requests);
            long held = allocator.pinnedDirectMemory() + allocator.pinnedHeapMemory() - before;
            assertThat(held).isLessThanOrEqualTo(1 << 20);
            for (int i = 0; i < 1500; i++) {
                assertThat(client.response("GET").body()).hasSize(60_000);
            }
        }
    }
}
