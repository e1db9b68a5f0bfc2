package io.weir.hostile;

import static io.weir.testkit.H2Client.ACK;
import static io.weir.testkit.H2Client.CONTINUATION;
import static io.weir.testkit.H2Client.DATA;
import static io.weir.testkit.H2Client.END_HEADERS;
import static io.weir.testkit.H2Client.HEADERS;
import static io.weir.testkit.H2Client.PING;
import static io.weir.testkit.H2Client.PRIORITY;
import static io.weir.testkit.H2Client.SETTINGS;
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
import io.weir.testkit.RunningWeir;
import io.weir.testkit.WeirExtension;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import java.io.ByteArrayOutputStream;
import java.util.Random;

/** Clients that make work out of nothing are sent away, and others do not notice. */
class Http2FloodsTest {

    private static final String CALM = "GOAWAY ENHANCE_YOUR_CALM";

    @RegisterExtension static final WeirExtension WEIR = new WeirExtension();

    private static RunningWeir start(FakeNode node) {
        return WEIR.start(
                ConfigText.of(node)
                        .global("event-loops: 1")
                        .pool("passive-monitoring: false", "max-reply-time: 60s"));
    }

    private static RunningWeir start() {
        return start(WEIR.node("n"));
    }

    private static byte[] repeat(int times, byte[] frame) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (int i = 0; i < times; i++) {
            all.writeBytes(frame);
        }
        return all.toByteArray();
    }

    private static void othersAreServed(RunningWeir weir) {
        try (H2Client other = H2Client.to(weir.port())) {
            assertThat(other.get(1, "/other").outcome(1)).isEqualTo("200");
        }
    }

    private static void isSentAway(RunningWeir weir, byte[] flood) {
        try (H2Client client = H2Client.to(weir.port())) {
            client.send(flood);
            assertThat(client.end()).isEqualTo(CALM);
        }
        othersAreServed(weir);
    }

    @Test
    void rapidReset() {
        FakeNode node = WEIR.node("silent", Behaviour.silent());
        RunningWeir weir = start(node);
        try (H2Client client = H2Client.to(weir.port())) {
            ByteArrayOutputStream flood = new ByteArrayOutputStream();
            for (int i = 1; i < 2000; i += 2) {
                flood.writeBytes(bytes(HEADERS, 5, i, block(fields("GET", "/"))));
                flood.writeBytes(bytes(H2Client.RST_STREAM, 0, i, number(8)));
            }
            client.send(flood.toByteArray());
            assertThat(client.end()).isEqualTo(CALM);
        }
        Await.until("the node's connections to end", () -> node.openConnections() == 0);
        // Those remain that lie at the end of what was read at once.
        assertThat(node.mostOpenConnections()).as("requests begun").isLessThanOrEqualTo(100);
    }

    @Test
    void resetsThatTheServerIsMadeToSend() {
        FakeNode node = WEIR.node("silent", Behaviour.silent());
        RunningWeir weir = start(node);
        try (H2Client client = H2Client.to(weir.port())) {
            ByteArrayOutputStream flood = new ByteArrayOutputStream();
            for (int i = 1; i < 2000; i += 2) {
                flood.writeBytes(bytes(HEADERS, 5, i, block(fields("GET", "/"))));
                flood.writeBytes(bytes(WINDOW_UPDATE, 0, i, number(0)));
            }
            client.send(flood.toByteArray());
            assertThat(client.end()).isEqualTo(CALM);
        }
        Await.until("the node's connections to end", () -> node.openConnections() == 0);
        assertThat(node.requests()).as("nothing of them was sent").isZero();
        assertThat(node.mostOpenConnections()).as("requests begun").isLessThanOrEqualTo(100);
    }

    @Test
    void malformedRequests() {
        ByteArrayOutputStream flood = new ByteArrayOutputStream();
        for (int i = 1; i < 2000; i += 2) {
            flood.writeBytes(bytes(HEADERS, 5, i, block("a", "b")));
        }
        isSentAway(start(), flood.toByteArray());
    }

    @Test
    void continuationWithoutEnd() {
        RunningWeir weir = start();
        byte[] head = bytes(HEADERS, 1, 1, block(fields("GET", "/")));
        for (int size : new int[] {0, 1, 4096}) {
            ByteArrayOutputStream flood = new ByteArrayOutputStream();
            flood.writeBytes(head);
            byte[] padding = block("x", "y".repeat(Math.max(0, size - 8)));
            flood.writeBytes(
                    repeat(1000, bytes(CONTINUATION, 0, 1, size < 8 ? new byte[size] : padding)));
            isSentAway(weir, flood.toByteArray());
        }
    }

    @Test
    void framesThatMoveNothing() {
        RunningWeir weir = start();
        byte[] post = bytes(HEADERS, END_HEADERS, 1, block(fields("POST", "/")));
        byte[][] frames = {
            bytes(PING, 0, 0, new byte[8]),
            bytes(PING, ACK, 0, new byte[8]),
            bytes(SETTINGS, 0, 0),
            bytes(SETTINGS, ACK, 0),
            bytes(PRIORITY, 0, 3, new byte[5]),
            bytes(WINDOW_UPDATE, 0, 0, number(1)),
            bytes(WINDOW_UPDATE, 0, 1, number(1)),
            bytes(DATA, 0, 1),
            bytes(DATA, 8, 1, (byte) 0),
            bytes(0x42, 0, 0, new byte[4]),
            bytes(H2Client.GOAWAY, 0, 0, new byte[8])
        };
        for (byte[] frame : frames) {
            ByteArrayOutputStream flood = new ByteArrayOutputStream();
            flood.writeBytes(post);
            flood.writeBytes(repeat(20_000, frame));
            isSentAway(weir, flood.toByteArray());
        }
    }

    @Test
    void fieldListsThatGrowWhenTheyAreDecoded() {
        RunningWeir weir = start();
        try (H2Client client = H2Client.to(weir.port())) {
            // One field of 4000 bytes goes into the table, then one octet stands for it each time.
            ByteArrayOutputStream bomb = new ByteArrayOutputStream();
            bomb.writeBytes(block(fields("GET", "/")));
            bomb.write(0x40);
            byte[] field = block("x", "y".repeat(4000));
            bomb.write(field, 1, field.length - 1);
            bomb.writeBytes(repeat(4000, new byte[] {(byte) 0xbe}));
            client.frame(HEADERS, 5, 1, bomb.toByteArray());
            assertThat(client.outcome(1)).isEqualTo("431");

            // Crumbs of cookies count like other fields.
            ByteArrayOutputStream crumbs = new ByteArrayOutputStream();
            crumbs.writeBytes(block(fields("GET", "/")));
            crumbs.writeBytes(repeat(4000, new byte[] {(byte) 0xa0}));
            client.frame(HEADERS, 5, 3, crumbs.toByteArray());
            assertThat(client.outcome(3)).isEqualTo("431");
        }
        othersAreServed(weir);
    }

    /** It gets four answers at a time, and others when it has been cut off from those. */
    @Test
    void aClientThatTakesNothingHoldsLittleAndIsCutOff() {
        FakeNode node = WEIR.node("big", Behaviour.giving("x".repeat(1_000_000)));
        RunningWeir weir =
                WEIR.start(
                        ConfigText.of(node)
                                .global("event-loops: 1")
                                .virtualServer("limits: { min-body-rate: 1000, body-grace: 1s }"));
        int streams = 12;
        try (H2Client client = H2Client.to(weir.port(), 4, 0)) {
            for (int i = 0; i < streams; i++) {
                client.get(2 * i + 1, "/");
            }
            for (int i = 0; i < streams; i++) {
                assertThat(client.head(2 * i + 1).status()).isEqualTo(200);
                // Those before it have had the time to hold all of their answers.
                assertThat(PooledByteBufAllocator.DEFAULT.pinnedDirectMemory())
                        .isLessThan(1L << 20);
            }
            for (int i = 0; i < streams; i++) {
                assertThat(client.outcome(2 * i + 1)).startsWith("RST");
            }
            Await.until("the node's connections to end", () -> node.openConnections() == 0);
        }
    }

    /** A defect would close the connection without a GOAWAY, or leave a buffer behind. */
    @Test
    void framesAtRandomEndInAnOrderlyWay() {
        RunningWeir weir = start();
        for (int seed = 0; seed < 300; seed++) {
            Random random = new Random(seed);
            try (H2Client client = H2Client.to(weir.port())) {
                ByteArrayOutputStream frames = new ByteArrayOutputStream();
                for (int i = 0; i < 30; i++) {
                    byte[] payload = new byte[random.nextInt(40)];
                    random.nextBytes(payload);
                    int type = random.nextInt(11);
                    int stream = random.nextInt(4);
                    if (type == HEADERS && random.nextBoolean()) {
                        payload = block(fields("POST", "/"));
                        stream = 2 * i + 1;
                    }
                    frames.writeBytes(bytes(type, random.nextInt(256), stream, payload));
                }
                client.send(frames.toByteArray()).settle();
                assertThat(client.seenEnd()).as("seed " + seed).matches("|GOAWAY .*");
            }
        }
        othersAreServed(weir);
    }

    @Test
    void answersThatAreNotRead() {
        RunningWeir weir = start();
        try (H2Client client = H2Client.to(weir.port())) {
            byte[] pings = repeat(1000, bytes(PING, 0, 0, new byte[8]));
            for (int i = 0; i < 100; i++) {
                client.send(pings);
            }
            assertThat(client.end()).isIn(CALM, "closed");
        }
        othersAreServed(weir);
    }
}
