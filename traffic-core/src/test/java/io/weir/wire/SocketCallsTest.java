package io.weir.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.unix.IovArray;
import io.netty.channel.unix.Socket;
import io.weir.testkit.Await;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.Random;

@SuppressWarnings("NullAway.Init") // made before each test, or the test is skipped
class SocketCallsTest {

    private static final int BUFFER = 16 * 1024;
    private static final int MANY = 200_000;

    private final ByteBuf memory = Unpooled.directBuffer(MANY);
    private final byte[] bytes = new byte[MANY];
    private ServerSocket server;
    private Socket here;
    private java.net.Socket peer;

    @BeforeEach
    void connect() throws IOException {
        assumeTrue(Epoll.isAvailable());
        new Random(5).nextBytes(bytes);
        memory.writeBytes(bytes);
        server = new ServerSocket();
        server.setReceiveBufferSize(BUFFER);
        server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        here = Socket.newSocketStream();
        here.setSendBufferSize(BUFFER);
        boolean done = here.connect(server.getLocalSocketAddress());
        peer = server.accept();
        peer.setSoTimeout(60_000);
        if (!done) {
            Await.until("the connection", this::isConnected);
        }
    }

    private boolean isConnected() {
        try {
            return here.finishConnect();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @AfterEach
    void close() throws IOException {
        memory.release();
        if (server != null) {
            here.close();
            peer.close();
            server.close();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 1_000, 32 * 1024, 32 * 1024 + 1, 100_000})
    void whatHasComeIsReadWithoutWaitingForMore(int length) throws IOException {
        assertThat(receive(length)).isZero();
        peer.getOutputStream().write(bytes, 0, Math.min(length, 500));
        Await.until("the bytes", () -> receive(length) == Math.min(length, 500));
        assertThat(memory.slice(0, Math.min(length, 500)))
                .isEqualTo(Unpooled.wrappedBuffer(bytes, 0, Math.min(length, 500)));
        assertThat(receive(length)).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {1_000, 100_000})
    void theEndAndAResetAreToldApart(int length) throws IOException {
        peer.shutdownOutput();
        Await.until("the end", () -> receive(length) == -1);
        assertThat(receive(length)).isEqualTo(-1);
        peer.setSoLinger(true, 0);
        peer.close();
        Await.until("the reset", () -> sendUntilRefused(length));
        assertThatThrownBy(
                        () -> SocketCalls.send(here, memory.memoryAddress(), Math.min(length, 10)))
                .isInstanceOf(IOException.class);
    }

    private boolean sendUntilRefused(int length) {
        try {
            var _ = SocketCalls.send(here, memory.memoryAddress(), length);
            return false;
        } catch (IOException broken) {
            return true;
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {100, 20_000, 32 * 1024, 100_000})
    void whatTheKernelHasTakenArrivesAndWithoutRoomItTakesNothing(int length) throws IOException {
        int sent = 0;
        int taken;
        do {
            int at = sent % length;
            taken = SocketCalls.send(here, memory.memoryAddress() + at, length - at);
            sent += taken;
        } while (taken > 0);
        expect(sent, length);
    }

    @ParameterizedTest
    @ValueSource(ints = {100, 20_000, 32 * 1024, 100_000})
    void twoPartsLeaveBehindEachOther(int length) throws IOException {
        IovArray parts = new IovArray(2);
        try {
            int sent = 0;
            long taken;
            do {
                int at = sent % length;
                int half = (length - at) / 2;
                parts.clear();
                parts.add(memory, at, half);
                parts.add(memory, at + half, length - at - half);
                taken = SocketCalls.send(here, parts);
                sent += (int) taken;
            } while (taken > 0);
            expect(sent, length);
        } finally {
            parts.release();
        }
    }

    /** The first {@code length} bytes again and again, so many altogether. */
    private void expect(int sent, int length) throws IOException {
        assertThat(sent).isPositive();
        byte[] heard = peer.getInputStream().readNBytes(sent);
        for (int i = 0; i < sent; i++) {
            if (heard[i] != bytes[i % length]) {
                assertThat(heard[i]).as("byte %d of %d", i, sent).isEqualTo(bytes[i % length]);
            }
        }
        assertThat(heard).hasSize(sent);
    }

    private int receive(int length) {
        try {
            return SocketCalls.receive(here, memory.memoryAddress(), length);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
