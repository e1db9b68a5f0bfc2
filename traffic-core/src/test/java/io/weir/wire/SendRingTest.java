package io.weir.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.channel.epoll.Epoll;
import io.netty.channel.unix.Socket;
import io.weir.testkit.Await;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;

/** One system call sends for many sockets, and tells of each what became of it. */
class SendRingTest {

    private static final int MEMORY = 64 * 1024;
    private static final int HALF = MEMORY / 2;

    private final List<Link> links = new ArrayList<>();
    private final byte[] bytes = new byte[MEMORY];
    private Arena arena;
    private MemorySegment memory;
    private SendRing ring;
    private ServerSocket server;

    /** A connection: one end's number is given to the ring, the other reads. */
    private record Link(Socket here, java.net.Socket peer) {
        void close() throws IOException {
            here.close();
            peer.close();
        }
    }

    @BeforeEach
    void open() throws IOException {
        assumeTrue(Epoll.isAvailable());
        SendRing opened = SendRing.open();
        assumeTrue(opened != null, "the kernel has no io_uring for us");
        ring = Objects.requireNonNull(opened);
        arena = Arena.ofConfined();
        new Random(3).nextBytes(bytes);
        System.arraycopy(bytes, 0, bytes, HALF, HALF);
        memory = arena.allocateFrom(ValueLayout.JAVA_BYTE, bytes);
        server = new ServerSocket();
        server.setReceiveBufferSize(16 * 1024);
        server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    @AfterEach
    void close() throws IOException {
        if (ring != null) {
            ring.close();
            arena.close();
            for (Link link : links) {
                link.close();
            }
            server.close();
        }
    }

    @Test
    void everySocketOfACallGetsItsOwn() throws IOException {
        for (int i = 0; i < SendRing.SIZE; i++) {
            add(link(), i * 10, 100 + i);
        }
        ring.send();
        for (int i = 0; i < SendRing.SIZE; i++) {
            assertThat(ring.result(i)).as("socket %d", i).isEqualTo(100 + i);
            assertThat(heard(links.get(i), 100 + i)).isEqualTo(said(i * 10, 100 + i));
        }
    }

    @Test
    void twoPiecesLeaveBehindEachOtherBesideThoseThatAreOne() throws IOException {
        for (int call = 0; call < 3; call++) {
            for (int i = 0; i < SendRing.SIZE; i++) {
                Link to = call == 0 ? link() : links.get(i);
                if ((i + call) % 3 == 0) {
                    add(to, i, 50);
                } else {
                    addTwo(to, i, 50, i * 10, 100 + i);
                }
            }
            ring.send();
            for (int i = 0; i < SendRing.SIZE; i++) {
                boolean one = (i + call) % 3 == 0;
                int length = one ? 50 : 150 + i;
                assertThat(ring.result(i)).as("socket %d", i).isEqualTo(length);
                byte[] heard = heard(links.get(i), length);
                assertThat(Arrays.copyOf(heard, 50)).isEqualTo(said(i, 50));
                assertThat(Arrays.copyOfRange(heard, 50, length))
                        .isEqualTo(one ? new byte[0] : said(i * 10, 100 + i));
            }
        }
    }

    @Test
    void ofTwoPiecesASocketWithoutRoomTakesWhatComesFirst() throws IOException {
        Link full = link();
        full.here().setSendBufferSize(16 * 1024);
        int taken = 0;
        int result;
        do {
            // Together they are what lies there, as one piece.
            int at = taken % HALF;
            addTwo(full, at, HALF / 4, at + HALF / 4, HALF - HALF / 4);
            ring.send();
            result = ring.result(0);
            taken += Math.max(result, 0);
        } while (result > 0);
        assertThat(taken).isPositive();
        for (int left = taken; left > 0; left -= HALF) {
            int length = Math.min(left, HALF);
            assertThat(heard(full, length)).isEqualTo(said(0, length));
        }
    }

    @Test
    void callFollowsCallManyTimesRoundTheRing() throws IOException {
        List<Link> some = List.of(link(), link(), link());
        Random random = new Random(4);
        int[] at = new int[some.size()];
        for (int call = 0; call < 40 * SendRing.SIZE; call++) {
            int sends = 1 + random.nextInt(call % 10 == 0 ? SendRing.SIZE : 4);
            int[] start = at.clone();
            int[] lengths = new int[sends];
            for (int i = 0; i < sends; i++) {
                int to = random.nextInt(some.size());
                lengths[i] = 1 + random.nextInt(8);
                add(some.get(to), at[to], lengths[i]);
                at[to] += lengths[i];
            }
            ring.send();
            for (int i = 0; i < sends; i++) {
                assertThat(ring.result(i)).as("call %d, send %d", call, i).isEqualTo(lengths[i]);
            }
            for (int to = 0; to < at.length; to++) {
                int length = at[to] - start[to];
                assertThat(heard(some.get(to), length)).isEqualTo(said(start[to], length));
                at[to] = at[to] > HALF ? 0 : at[to];
            }
        }
    }

    @Test
    void aSocketWithoutRoomTakesAPartOrNothingAndOthersTheirs() throws IOException {
        Link full = link();
        full.here().setSendBufferSize(16 * 1024);
        Link other = link();
        int taken = 0;
        int calls = 0;
        int result;
        do {
            add(full, taken % HALF, HALF);
            add(other, calls++, 1);
            ring.send();
            result = ring.result(0);
            taken += Math.max(result, 0);
            assertThat(result).isLessThanOrEqualTo(HALF);
            assertThat(ring.result(1)).isEqualTo(1);
        } while (result > 0);
        assertThat(heard(other, calls)).isEqualTo(said(0, calls));
        assertThat(taken).isPositive();
        for (int left = taken; left > 0; left -= HALF) {
            int length = Math.min(left, HALF);
            assertThat(heard(full, length)).isEqualTo(said(0, length));
        }
        Await.until("room again", () -> sendOne(full) == 1);
        assertThat(heard(full, 1)).isEqualTo(said(0, 1));
    }

    @Test
    void aBrokenConnectionAndAClosedHandleHarmNoOther() throws IOException {
        Link first = link();
        Link reset = link();
        Link last = link();
        Link closed = link();
        closed.here().close();
        reset.peer().setSoLinger(true, 0);
        reset.peer().close();
        Await.until("the reset to have come", () -> sendOne(reset) < 0);
        for (int call = 0; call < 3; call++) {
            add(first, 0, 10);
            add(reset, 10, 10);
            add(closed, 20, 10);
            add(last, 30, 10);
            ring.send();
            assertThat(ring.result(0)).isEqualTo(10);
            assertThat(ring.result(1)).isNegative();
            assertThat(ring.result(2)).isNegative();
            assertThat(ring.result(3)).isEqualTo(10);
            assertThat(heard(first, 10)).isEqualTo(said(0, 10));
            assertThat(heard(last, 10)).isEqualTo(said(30, 10));
        }
    }

    @Test
    void closingGivesBackTheHandleAndTheMemory() throws IOException {
        long handles = handles();
        long mappings = mappings();
        for (int i = 0; i < 20; i++) {
            SendRing opened = Objects.requireNonNull(SendRing.open());
            assertThat(handles()).as("handles that are seen").isPositive();
            assertThat(mappings()).as("mappings that are seen").isGreaterThan(1);
            opened.close();
        }
        Await.until("the handles to be given back", () -> handles() <= handles);
        assertThat(mappings()).isLessThanOrEqualTo(mappings);
    }

    private int sendOne(Link link) {
        add(link, 0, 1);
        ring.send();
        return ring.result(0);
    }

    private void addTwo(Link link, int first, int firstLength, int second, int secondLength) {
        long at = memory.address();
        int socket = link.here().intValue();
        ring.add(socket, at + first, firstLength, at + second, secondLength);
    }

    private void add(Link link, int from, int length) {
        ring.add(link.here().intValue(), memory.address() + from, length);
    }

    private byte[] said(int from, int length) {
        return Arrays.copyOfRange(bytes, from, from + length);
    }

    private static byte[] heard(Link link, int length) throws IOException {
        return link.peer().getInputStream().readNBytes(length);
    }

    private Link link() throws IOException {
        Socket here = Socket.newSocketStream();
        here.setTcpNoDelay(true);
        if (!here.connect(server.getLocalSocketAddress())) {
            Await.until("a connection", here::finishConnect);
        }
        Link link = new Link(here, server.accept());
        link.peer().setSoTimeout(60_000);
        links.add(link);
        return link;
    }

    private static long handles() throws IOException {
        try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
            return all.filter(SendRingTest::isRing).count();
        }
    }

    private static boolean isRing(Path handle) {
        try {
            return Files.readSymbolicLink(handle).toString().contains("io_uring");
        } catch (IOException gone) {
            return false;
        }
    }

    private static long mappings() throws IOException {
        try (Stream<String> all = Files.lines(Path.of("/proc/self/maps"))) {
            return all.filter(line -> line.contains("io_uring")).count();
        }
    }
}
