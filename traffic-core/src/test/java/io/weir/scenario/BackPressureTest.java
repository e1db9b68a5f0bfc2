package io.weir.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.PooledByteBufAllocator;
import io.weir.testkit.Await;
import io.weir.testkit.Behaviour;
import io.weir.testkit.ConfigText;
import io.weir.testkit.FakeNode;
import io.weir.testkit.NodeConnection;
import io.weir.testkit.RawClient;
import io.weir.testkit.ReceivedRequest;
import io.weir.testkit.RunningWeir;
import io.weir.testkit.StrictHttpReader;
import io.weir.testkit.StrictResponseReader;
import io.weir.testkit.WeirExtension;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;

/** A side that stops reading stops the other side, holds little memory, and blocks nobody else. */
class BackPressureTest {

    private static final long TWO_GIB = 2L << 30;
    private static final byte[] BLOCK = new byte[1 << 16];

    /** What the kernel may hold on both connections at its default limits, and some more. */
    private static final long IN_KERNEL = 40L << 20;

    private static final long ONE_MIB = 1 << 20;

    /** What one event loop keeps to read into: a buffer of each size from 16 to 256 KiB. */
    private static final long KEPT = (16 + 32 + 64 + 128 + 256) << 10;

    @RegisterExtension static final WeirExtension WEIR = new WeirExtension();

    private static void serve(NodeConnection connection, CountDownLatch mayRead)
            throws IOException {
        for (StrictHttpReader.Head head = connection.head();
                head != null;
                head = connection.head()) {
            switch (head.target()) {
                case "/big" -> sendBig(connection);
                case "/upload" -> {
                    try {
                        mayRead.await();
                    } catch (InterruptedException e) {
                        throw new IOException(e);
                    }
                    connection.drain();
                }
                default -> {
                    ReceivedRequest request = connection.body(head);
                    connection.send(Behaviour.answer(connection.node(), request));
                }
            }
        }
    }

    private static void sendBig(NodeConnection connection) throws IOException {
        connection.send("HTTP/1.1 200 OK\r\nContent-Length: " + TWO_GIB + "\r\n\r\n");
        for (long sent = 0; sent < TWO_GIB; sent += BLOCK.length) {
            connection.send(BLOCK);
        }
    }

    private static long pinned() {
        PooledByteBufAllocator allocator = PooledByteBufAllocator.DEFAULT;
        return allocator.pinnedDirectMemory() + allocator.pinnedHeapMemory();
    }

    private static void assertOthersAreServed(RunningWeir weir) {
        for (int i = 0; i < 20; i++) {
            try (RawClient other = RawClient.to(weir.port())) {
                assertThat(
                                other.exchange("GET /other HTTP/1.1\r\nHost: weir.test\r\n\r\n")
                                        .status())
                        .isEqualTo(200);
            }
        }
    }

    private static RunningWeir start(FakeNode node) {
        RunningWeir weir =
                WEIR.start(
                        ConfigText.of(node)
                                .global("event-loops: 1")
                                .virtualServer("limits: { min-body-rate: 0 }"));
        assertOthersAreServed(weir);
        return weir;
    }

    /** A client that sends for as long as it can. */
    private static final class Upload {
        private final AtomicLong sent = new AtomicLong();
        private final RawClient client;
        private final Thread thread;

        Upload(RunningWeir weir) {
            client = WEIR.closing(RawClient.to(weir.port()));
            client.send(
                    "POST /upload HTTP/1.1\r\nHost: weir.test\r\nContent-Length: "
                            + TWO_GIB
                            + "\r\n\r\n");
            thread = Thread.ofVirtual().start(this::run);
        }

        private void run() {
            while (sent.get() < 512L << 20 && client.trySend(BLOCK)) {
                sent.addAndGet(BLOCK.length);
            }
        }

        /** What it could send before nobody took any more. */
        long stalled() {
            Await.until("the client to send", () -> sent.get() > BLOCK.length);
            return Await.steady(
                    "what the client has sent", Duration.ofMillis(400), Await.DEADLINE, sent::get);
        }

        void reset() throws InterruptedException {
            client.reset();
            thread.join();
        }
    }

    private static NodeConnection sender(FakeNode node) {
        return node.connectionLog().stream()
                .filter(connection -> connection.sent() > BLOCK.length)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void clientThatStopsReadingStopsTheNode() {
        FakeNode node = WEIR.node("big", connection -> serve(connection, new CountDownLatch(0)));
        RunningWeir weir = start(node);
        long before = pinned();

        try (RawClient client = RawClient.withReceiveBuffer(weir.port(), 1 << 14)) {
            client.send("GET /big HTTP/1.1\r\nHost: weir.test\r\n\r\n");
            StrictResponseReader.Head head = client.head("GET");
            assertThat(head.framing().length()).isEqualTo(TWO_GIB);
            Await.until(
                    "the node to send",
                    () -> node.connectionLog().stream().anyMatch(c -> c.sent() > BLOCK.length));
            NodeConnection sender = sender(node);
            long stalled =
                    Await.steady(
                            "what the node has sent",
                            Duration.ofMillis(400),
                            Await.DEADLINE,
                            sender::sent);

            assertThat(stalled).isLessThan(IN_KERNEL);
            assertThat(pinned() - before).isLessThanOrEqualTo(ONE_MIB);
            assertOthersAreServed(weir);

            long read = 0;
            while (read < stalled + (8L << 20)) {
                read += client.some(1 << 16).length;
            }
            assertThat(sender.sent()).isGreaterThan(stalled);
        }
        Await.until(
                "the node connection of the client that left to be closed",
                () -> node.connectionLog().stream().noneMatch(c -> c.open() && c.sent() > 1 << 20));
        Await.until("the buffers to be given back", () -> pinned() - before <= KEPT + (1 << 16));
    }

    /** The kernel holds enough for a client that does not read; here hardly anything is held. */
    @Test
    void clientsThatDoNotReadCostLittleEach() {
        FakeNode node = WEIR.node("big", connection -> serve(connection, new CountDownLatch(0)));
        RunningWeir weir = start(node);
        long before = pinned();
        int many = 30;
        for (int i = 0; i < many; i++) {
            RawClient client = WEIR.closing(RawClient.withReceiveBuffer(weir.port(), 1 << 12));
            client.send("GET /big HTTP/1.1\r\nHost: weir.test\r\n\r\n").head("GET");
        }
        Await.steady(
                "what the node has sent",
                Duration.ofMillis(200),
                Await.DEADLINE,
                () -> node.connectionLog().stream().mapToLong(NodeConnection::sent).sum());
        assertThat(pinned() - before).isLessThan(KEPT + many * (40L << 10));
    }

    @Test
    void nodeThatStopsReadingStopsTheClient() throws InterruptedException {
        CountDownLatch mayRead = new CountDownLatch(1);
        FakeNode node = WEIR.node("deaf", connection -> serve(connection, mayRead));
        RunningWeir weir = start(node);
        long before = pinned();

        Upload upload = new Upload(weir);
        long stalled = upload.stalled();
        assertThat(stalled).isLessThan(IN_KERNEL);
        assertThat(pinned() - before).isLessThanOrEqualTo(ONE_MIB);
        assertOthersAreServed(weir);

        mayRead.countDown();
        Await.until("the client to go on", () -> upload.sent.get() > stalled + (8L << 20));
        upload.reset();
        Await.until(
                "the node connection of the client that left to be closed",
                () -> node.connectionLog().stream().noneMatch(c -> c.open() && c.unfinished() > 0));
        Await.until("the buffers to be given back", () -> pinned() - before <= KEPT + (1 << 16));
    }

    /** Nobody reads from it, so it is looked for. */
    @Test
    void clientThatLeavesWhileItsNodeDoesNotReadIsGoneSoon() throws InterruptedException {
        CountDownLatch mayRead = new CountDownLatch(1);
        FakeNode node = WEIR.node("deaf", connection -> serve(connection, mayRead));
        RunningWeir weir = start(node);
        Upload upload = new Upload(weir);
        upload.stalled();
        upload.reset();
        Await.until("the client to be gone", () -> weir.clientConnections() == 0);
        Await.until("its request to be gone", () -> weir.node(node.address()).inFlight() == 0);
        mayRead.countDown();
    }
}
