package io.weir.hostile;

import static io.weir.testkit.H2Client.DATA;
import static io.weir.testkit.H2Client.END_HEADERS;
import static io.weir.testkit.H2Client.HEADERS;
import static io.weir.testkit.H2Client.PING;
import static io.weir.testkit.H2Client.WINDOW_UPDATE;
import static io.weir.testkit.H2Client.block;
import static io.weir.testkit.H2Client.bytes;
import static io.weir.testkit.H2Client.fields;
import static io.weir.testkit.H2Client.number;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.PooledByteBufAllocator;
import io.weir.testkit.Await;
import io.weir.testkit.Behaviour;
import io.weir.testkit.ConfigText;
import io.weir.testkit.FakeNode;
import io.weir.testkit.H2Client;
import io.weir.testkit.RawClient;
import io.weir.testkit.RunningWeir;
import io.weir.testkit.ShiftedTicker;
import io.weir.testkit.WeirExtension;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Clients that send, or take, in unusual ways: held to the bounds, and not robbed of their due. */
class Http2PressureTest {

    @RegisterExtension static final WeirExtension WEIR = new WeirExtension();

    private static long pinned() {
        return PooledByteBufAllocator.DEFAULT.pinnedDirectMemory();
    }

    /** An upload meets every look at the connection in the middle of a frame. */
    @Test
    void framesThatCrossTheLooksAreNotSlow() {
        FakeNode node = WEIR.node("n");
        ShiftedTicker clock = new ShiftedTicker();
        RunningWeir weir =
                WEIR.start(
                        ConfigText.of(node)
                                .global("event-loops: 1")
                                .virtualServer(
                                        "connect-timeout: 60s",
                                        "keepalive-timeout: 30s",
                                        "limits: {body-grace: 100ms, min-body-rate: 0}"),
                        clock);
        byte[] frame = bytes(DATA, 0, 1, new byte[1000]);
        byte[] first = Arrays.copyOf(frame, 500);
        ByteArrayOutputStream onward = new ByteArrayOutputStream();
        onward.writeBytes(Arrays.copyOfRange(frame, 500, frame.length));
        onward.writeBytes(bytes(PING, 0, 0, new byte[8]));
        onward.writeBytes(first);
        H2Client client = WEIR.http2(weir).post(1, "/").send(first);
        for (int i = 0; i < 3; i++) {
            RawClient idle = WEIR.closing(RawClient.to(weir.port()));
            assertThat(idle.exchange("GET / HTTP/1.1\r\nHost: a\r\n\r\n").status()).isEqualTo(200);
            client.send(onward.toByteArray());
            H2Client.Frame answer = client.next();
            while (answer != null && answer.type() != PING) {
                answer = client.next();
            }
            clock.advance(Duration.ofSeconds(31));
            assertThat(idle.closedByPeer()).as("the loop has looked").isTrue();
        }
        client.send(Arrays.copyOfRange(frame, 500, frame.length)).data(1, true);
        assertThat(client.outcome(1)).isEqualTo("200");
        assertThat(node.received().getLast().body()).hasSize(4000);
    }

    @Test
    void aFrameThatDoesNotComeToItsEndIsNotWaitedFor() {
        RunningWeir weir =
                WEIR.start(
                        ConfigText.of(WEIR.node("n"))
                                .virtualServer(
                                        "connect-timeout: 300ms", "limits: {body-grace: 100ms}"));
        H2Client client = WEIR.http2(weir).post(1, "/");
        client.send(Arrays.copyOf(bytes(DATA, 0, 1, new byte[100]), 50));
        assertThat(client.end()).isEqualTo("GOAWAY ENHANCE_YOUR_CALM");
    }

    /** Some clients give room again for every few kilobytes that they have read. */
    @Test
    void roomGivenInSmallPiecesIsNoFlood() {
        int size = 4_000_000;
        FakeNode node = WEIR.node("big", Behaviour.giving("x".repeat(size)));
        RunningWeir weir =
                WEIR.start(ConfigText.of(node).virtualServer("http2: {max-control-frames: 200}"));
        H2Client client = WEIR.http2(weir).withoutRefills().get(1, "/");
        while (client.answers(1).end().isEmpty() && client.seenEnd().isEmpty()) {
            H2Client.Frame frame = client.next();
            if (frame != null && frame.type() == DATA) {
                ByteArrayOutputStream room = new ByteArrayOutputStream();
                for (int left = frame.payload().length; left > 0; left -= 1024) {
                    byte[] piece = number(Math.min(left, 1024));
                    room.writeBytes(bytes(WINDOW_UPDATE, 0, 0, piece));
                    room.writeBytes(bytes(WINDOW_UPDATE, 0, 1, piece));
                }
                client.send(room.toByteArray());
            }
        }
        assertThat(client.outcome(1)).isEqualTo("200");
        assertThat(client.answers(1).body()).hasSize(size);
    }

    /** Some clients read megabytes first, and give their room again piece by piece. */
    @Test
    void roomGivenAgainAfterAllWasSentIsNoFlood() {
        int size = 4_000_000;
        FakeNode node = WEIR.node("big", Behaviour.giving("x".repeat(size)));
        RunningWeir weir =
                WEIR.start(ConfigText.of(node).virtualServer("http2: {max-control-frames: 200}"));
        H2Client client =
                WEIR.http2(weir)
                        .withoutRefills()
                        .frame(WINDOW_UPDATE, 0, 0, number(size))
                        .get(1, "/")
                        .frame(WINDOW_UPDATE, 0, 1, number(size));
        assertThat(client.outcome(1)).isEqualTo("200");
        ByteArrayOutputStream room = new ByteArrayOutputStream();
        for (int left = size; left > 0; left -= 1024) {
            room.writeBytes(bytes(WINDOW_UPDATE, 0, 0, number(1024)));
            room.writeBytes(bytes(WINDOW_UPDATE, 0, 1, number(1024)));
        }
        client.send(room.toByteArray());
        client.get(3, "/").frame(WINDOW_UPDATE, 0, 3, number(size));
        assertThat(client.outcome(3)).isEqualTo("200");
    }

    /** Answers without a body need no room of the client, but memory where they wait. */
    @Test
    void aClientThatDoesNotReadItsAnswersIsNotRead() throws IOException {
        FakeNode node = FakeNode.refusing("gone");
        WEIR.closing(node);
        RunningWeir weir =
                WEIR.start(
                        ConfigText.of(node)
                                .global("event-loops: 1")
                                .virtualServer("http2: {max-concurrent-streams: 65535}"));
        ByteArrayOutputStream requests = new ByteArrayOutputStream();
        byte[] head = {2, 4, 'H', 'E', 'A', 'D', (byte) 0x86, (byte) 0x84, 1, 1, 'a'};
        for (int i = 1; i < 1_200_000; i += 2) {
            requests.writeBytes(bytes(HEADERS, 5, i, head));
        }
        H2Client first = WEIR.http2(weir);
        for (int i = 1; !weir.node(node.address()).health().equals("down"); i += 2) {
            // Without a node, answers come at once.
            assertThat(first.get(i, "/").outcome(i)).startsWith("50");
        }
        first.close();
        long before = pinned();
        try (SocketChannel channel =
                        SocketChannel.open(
                                new InetSocketAddress(
                                        InetAddress.getLoopbackAddress(), weir.port()));
                Selector selector = Selector.open()) {
            channel.write(
                    ByteBuffer.wrap(
                            "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
                                    .getBytes(StandardCharsets.US_ASCII)));
            channel.write(ByteBuffer.wrap(bytes(H2Client.SETTINGS, 0, 0)));
            channel.configureBlocking(false);
            channel.register(selector, SelectionKey.OP_WRITE);
            ByteBuffer all = ByteBuffer.wrap(requests.toByteArray());
            while (all.hasRemaining() && selector.select(1000) > 0) {
                selector.selectedKeys().clear();
                channel.write(all);
            }
            assertThat(all.remaining()).as("what was not read").isPositive();
            assertThat(pinned() - before).isLessThan(8L << 20);
            channel.register(selector, SelectionKey.OP_READ);
            ByteBuffer in = ByteBuffer.allocate(1 << 20);
            long answers = 0;
            while (answers <= 1L << 20
                    && selector.select(Await.DEADLINE.toMillis()) > 0
                    && channel.read(in.clear()) > 0) {
                selector.selectedKeys().clear();
                answers += in.position();
            }
            assertThat(answers).as("what waited").isGreaterThan(1L << 20);
        }
        Await.until("the connection to be given up", () -> weir.clientConnections() == 0);
    }

    /** Without room for their answers a few requests go on, and the others wait for it. */
    @Test
    void requestsForWhoseAnswersThereIsNoRoomComeAFewAtATime() {
        String body = "x".repeat(5000);
        FakeNode node = WEIR.node("n", Behaviour.giving(body));
        RunningWeir weir = WEIR.start(ConfigText.of(node));
        H2Client client = WEIR.http2(weir, 4, 0);
        for (int i = 1; i < 60; i += 2) {
            client.get(i, "/");
        }
        node.awaitRequests(2);
        client.settle();
        assertThat(node.settle().requests()).isEqualTo(2);
        client.frame(WINDOW_UPDATE, 0, 59, number(5000));
        assertThat(client.answer(59).text()).as("who has room goes on").isEqualTo(body);
        client.reset(1, 8);
        node.awaitRequests(4);
        client.settings(4, 1 << 16);
        for (int i = 3; i < 60; i += 2) {
            assertThat(client.answer(i).text()).isEqualTo(body);
        }
    }

    /** The window of the connection is one for all streams, however much room each of them has. */
    @Test
    void requestsBehindAFullConnectionComeAFewAtATime() {
        String body = "x".repeat(5000);
        FakeNode node =
                WEIR.node(
                        "n",
                        Behaviour.saying("HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n" + body));
        RunningWeir weir = WEIR.start(ConfigText.of(node));
        H2Client client = WEIR.http2(weir).withoutRefills();
        int served = 65_535 / 5000;
        for (int i = 0; i < served; i++) {
            assertThat(client.get(2 * i + 1, "/").answer(2 * i + 1).text()).isEqualTo(body);
        }
        int first = 2 * served + 1;
        client.get(first, "/").body(first, 65_535 % 5000);
        for (int i = first + 2; i < first + 60; i += 2) {
            client.get(i, "/");
        }
        node.awaitRequests(served + 2);
        client.settle();
        assertThat(node.settle().requests()).isEqualTo(served + 2);
        client.frame(WINDOW_UPDATE, 0, 0, number(1 << 20));
        for (int i = first; i < first + 60; i += 2) {
            assertThat(client.answer(i).text()).isEqualTo(body);
        }
    }

    /** Each crumb comes in a packet of its own, and so in a buffer of its own. */
    @Test
    void crumbsOfABodyThatWaitsForANodeHoldLittle() {
        FakeNode node = WEIR.node("silent", Behaviour.silent());
        RunningWeir weir =
                WEIR.start(
                        ConfigText.of(node)
                                .global("event-loops: 1")
                                .pool(
                                        "tls: {enabled: true, verify: false}",
                                        "max-connect-time: 1h"));
        H2Client client = WEIR.http2(weir).post(1, "/").settle();
        long before = pinned();
        for (int i = 0; i < 4000; i++) {
            client.data(1, false, (byte) 'x').settle();
        }
        assertThat(client.seenEnd()).isEmpty();
        assertThat(pinned() - before).isLessThan(1L << 20);
        client.reset(1, 8);
        node.kill();
        Await.until("the dial to end", () -> weir.node(node.address()).connections() == 0);
    }

    @Test
    void streamsBegunBehindTheEndAreRefusedAndHarmNoOther() {
        CompletableFuture<Void> mayAnswer = new CompletableFuture<>();
        FakeNode node = WEIR.node("slow", Behaviour.giving("ok").after(mayAnswer));
        RunningWeir weir = WEIR.start(ConfigText.of(node));
        H2Client client = WEIR.http2(weir).get(1, "/");
        Await.until("the request to arrive", () -> node.openConnections() == 1);
        CompletableFuture<Boolean> stopped =
                CompletableFuture.supplyAsync(() -> weir.plane().stop(Duration.ofMinutes(1)));
        int goAways = 0;
        while (goAways < 2) {
            H2Client.Frame frame = client.next();
            assertThat(frame).isNotNull();
            goAways += frame != null && frame.type() == H2Client.GOAWAY ? 1 : 0;
        }
        client.post(3, "/late").data(3, false, new byte[10]).data(3, true, new byte[10]);
        client.settle();
        mayAnswer.complete(null);
        assertThat(client.answer(1).text()).isEqualTo("ok");
        assertThat(client.answers(3).end()).isEqualTo("RST REFUSED_STREAM");
        assertThat(client.end()).isEqualTo("GOAWAY NO_ERROR");
        client.close();
        assertThat(stopped.join()).isTrue();
    }

    /** Before it knows our settings a client may send what the standard gives everybody. */
    @Test
    void aSmallWindowCountsOnceTheClientKnowsIt() {
        FakeNode node = WEIR.node("n");
        RunningWeir weir =
                WEIR.start(ConfigText.of(node).virtualServer("http2: {stream-window: 1KiB}"));
        H2Client client = WEIR.closing(H2Client.greeting(weir.port()));
        ByteArrayOutputStream early = new ByteArrayOutputStream();
        early.writeBytes(bytes(H2Client.SETTINGS, 0, 0));
        early.writeBytes(bytes(HEADERS, END_HEADERS, 1, block(fields("POST", "/"))));
        for (int i = 0; i < 3; i++) {
            early.writeBytes(bytes(DATA, i == 2 ? 1 : 0, 1, new byte[16_000]));
        }
        client.send(early.toByteArray());
        assertThat(client.outcome(1)).isEqualTo("200");
        assertThat(node.received().getFirst().body()).hasSize(48_000);
        client.settle().post(3, "/").data(3, true, new byte[66_000 / 5]);
        assertThat(client.outcome(3)).isEqualTo("RST FLOW_CONTROL_ERROR");
    }

    /** A client that is slow to take the end of its answer gets it when Weir stops, too. */
    @Test
    void anEndInGoodOrderWaitsForASlowReader() {
        int size = 3_000_000;
        FakeNode node = WEIR.node("big", Behaviour.giving("x".repeat(size)));
        RunningWeir weir = WEIR.start(ConfigText.of(node).virtualServer("max-server-buffer: 8MiB"));
        H2Client client = WEIR.http2(weir, 4, 1 << 30).withoutRefills();
        client.frame(WINDOW_UPDATE, 0, 0, number(1 << 30));
        client.get(1, "/");
        client.head(1);
        CompletableFuture<Boolean> stopped =
                CompletableFuture.supplyAsync(() -> weir.plane().stop(Duration.ofMinutes(1)));
        long begin = System.nanoTime();
        for (int i = 1; i <= 8; i++) {
            client.body(1, i * size / 9);
            while (System.nanoTime() - begin < TimeUnit.MILLISECONDS.toNanos(280L * i)) {
                Thread.onSpinWait();
            }
        }
        assertThat(client.outcome(1)).isEqualTo("200");
        assertThat(client.answers(1).body()).hasSize(size);
        client.close();
        assertThat(stopped.join()).isTrue();
    }

    /** A node that answers 200 to the wish for a WebSocket has not agreed, and is not heard. */
    @Test
    void whatFollowsAWebSocketThatWasNotAgreedToIsNotTaken() {
        FakeNode node =
                WEIR.node(
                        "n",
                        connection -> {
                            connection.head();
                            connection.send(
                                    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
                            connection.drain();
                        });
        RunningWeir weir = WEIR.start(ConfigText.of(node));
        H2Client client = WEIR.http2(weir);
        client.webSocket(1, "/");
        assertThat(client.outcome(1)).isEqualTo("RST CONNECT_ERROR");
        Await.until("the node's connection to end", () -> node.openConnections() == 0);
    }

    /** A node that lets WebSockets wait for its answer, and answers everything else. */
    private static FakeNode silentAboutWebSockets() {
        return WEIR.node(
                "n",
                connection -> {
                    for (var head = connection.head(); head != null; head = connection.head()) {
                        if (head.target().equals("/stuck")) {
                            connection.drain();
                            return;
                        }
                        connection.body(head);
                        connection.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
                    }
                });
    }

    /** What a client may still send on its connection, where {@code before} was known. */
    private static int room(H2Client client, int before) {
        int room = before;
        client.frame(PING, 0, 0, new byte[8]);
        for (H2Client.Frame frame = client.next();
                frame != null && frame.type() != PING;
                frame = client.next()) {
            room += frame.type() == WINDOW_UPDATE && frame.stream() == 0 ? frame.number(0) : 0;
        }
        return room;
    }

    /**
     * Fills the room of the connection with what streams send that are stuck.
     *
     * @param left of the room
     * @return the number of the next stream
     */
    private static int fill(H2Client client, int left) {
        int room = room(client, 65_535) - left;
        int stream = 1;
        for (; room > 0; stream += 2) {
            client.webSocket(stream, "/stuck");
            for (int sent = 0; sent < 65_535 && room > 0; ) {
                int length = Math.min(Math.min(16_384, 65_535 - sent), room);
                client.data(stream, false, new byte[length]);
                sent += length;
                room -= length;
            }
        }
        return stream;
    }

    /** Room goes back as soon as nothing else is left, however much of it is held by others. */
    @Test
    void anUploadGoesOnBesideStreamsThatAreStuck() {
        FakeNode node = silentAboutWebSockets();
        RunningWeir weir = WEIR.start(ConfigText.of(node));
        H2Client client = WEIR.http2(weir);
        int stream = fill(client, 100);
        client.post(stream, "/", "content-length", "1000");
        int room = 100;
        for (int sent = 0; sent < 1000 && client.answers(stream).status() == 0; ) {
            int length = Math.min(room, 1000 - sent);
            if (length > 0) {
                client.data(stream, false, new byte[length]);
                sent += length;
                room -= length;
            } else {
                H2Client.Frame frame = Objects.requireNonNull(client.next(), "room for the rest");
                room += frame.type() == WINDOW_UPDATE && frame.stream() == 0 ? frame.number(0) : 0;
            }
        }
        assertThat(client.outcome(stream)).isEqualTo("200");
        assertThat(node.received().getLast().body()).hasSize(1000);
    }

    /** A client that cannot send, because others hold the room of its connection, is not slow. */
    @Test
    void anUploadWithoutRoomOwesNothing() {
        FakeNode node = silentAboutWebSockets();
        ShiftedTicker clock = new ShiftedTicker();
        RunningWeir weir =
                WEIR.start(
                        ConfigText.of(node)
                                .global("event-loops: 1")
                                .virtualServer(
                                        "keepalive-timeout: 2s",
                                        "limits: {body-grace: 1s, min-body-rate: 1000}"),
                        clock);
        H2Client client = WEIR.http2(weir);
        int stream = fill(client, 0);
        client.post(stream, "/", "content-length", "10").settle();
        for (int i = 0; i < 4; i++) {
            RawClient idle = WEIR.closing(RawClient.to(weir.port()));
            assertThat(idle.exchange("GET / HTTP/1.1\r\nHost: a\r\n\r\n").status()).isEqualTo(200);
            clock.advance(Duration.ofSeconds(3));
            assertThat(idle.closedByPeer()).as("the loop has looked").isTrue();
        }
        client.reset(1, 8);
        assertThat(room(client, 0)).isGreaterThanOrEqualTo(65_535);
        client.data(stream, true, new byte[10]);
        assertThat(client.outcome(stream)).isEqualTo("200");
    }
}
