package io.weir.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.Native;
import io.netty.channel.unix.FileDescriptor;
import io.netty.channel.unix.Socket;
import io.weir.testkit.Await;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.invoke.MethodHandle;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** What goes into the pipe comes out of it at the connection it was taken in for, or not at all. */
class KernelPipeTest {

    private final KernelPipe pipe = new KernelPipe();
    private final List<AutoCloseable> open = new ArrayList<>();
    private End from;
    private End to;

    /** A connection: a socket of ours, and one of a peer. */
    private record End(Socket ours, java.net.Socket peer) {

        void says(byte[] bytes) throws IOException {
            peer.getOutputStream().write(bytes);
        }

        void says(String text) throws IOException {
            says(text.getBytes(StandardCharsets.US_ASCII));
        }

        String hears(int length) throws IOException {
            return new String(peer.getInputStream().readNBytes(length), StandardCharsets.US_ASCII);
        }
    }

    @BeforeEach
    void connect() throws Exception {
        assumeTrue(Epoll.isAvailable(), "only epoll sockets have a pipe");
        from = end();
        to = end();
    }

    private End end() throws IOException {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Socket ours = Socket.newSocketStream();
            open.add(ours::close);
            ours.setSendBufferSize(16 * 1024);
            ours.connect(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), server.getLocalPort()));
            java.net.Socket peer = server.accept();
            open.add(peer);
            peer.setTcpNoDelay(true);
            Await.until("the connection", ours::finishConnect);
            return new End(ours, peer);
        }
    }

    @AfterEach
    void close() throws Exception {
        pipe.close();
        for (AutoCloseable each : open) {
            each.close();
        }
    }

    /** Takes in what has come, as soon as it has. */
    private int filled(End end, int most) throws IOException {
        assertThat(pipe.usable()).isTrue();
        int[] held = {0};
        Await.until(
                "something to come",
                () -> {
                    held[0] = pipe.fill(end.ours(), most);
                    return held[0] > 0;
                });
        return held[0];
    }

    @Test
    void whatHasComeGoesOn() throws IOException {
        from.says("over there");
        assertThat(filled(from, 100)).isEqualTo(10);
        assertThat(pipe.send(to.ours(), 10)).isZero();
        assertThat(to.hears(10)).isEqualTo("over there");
    }

    @Test
    void noMoreIsTakenThanIsWanted() throws IOException {
        from.says("over there");
        assertThat(filled(from, 4)).isEqualTo(4);
        assertThat(pipe.send(to.ours(), 4)).isZero();
        assertThat(filled(from, 100)).isEqualTo(6);
        assertThat(pipe.send(to.ours(), 6)).isZero();
        assertThat(to.hears(10)).isEqualTo("over there");
    }

    @Test
    void nothingIsTakenWhereNothingHasCome() throws IOException {
        assertThat(pipe.usable()).isTrue();
        assertThat(pipe.fill(from.ours(), 100)).isZero();
    }

    @Test
    void nothingIsTakenBehindTheEnd() throws IOException {
        from.peer().shutdownOutput();
        assertThat(pipe.usable()).isTrue();
        assertThat(pipe.fill(from.ours(), 100)).isZero();
    }

    @Test
    void aConnectionThatIsBrokenIsToldOf() throws IOException {
        from.peer().setSoLinger(true, 0);
        from.peer().close();
        assertThat(pipe.usable()).isTrue();
        assertThatThrownBy(() -> Await.until("the reset", () -> pipe.fill(from.ours(), 100) > 0))
                .hasStackTraceContaining("reset");
        assertThat(pipe.usable()).as("for others").isTrue();
    }

    @Test
    void whatTheTakerHasNoRoomForIsReadInItsPlace() throws Exception {
        byte[] said = new byte[2 << 20];
        new Random(11).nextBytes(said);
        Thread speaker =
                Thread.ofVirtual()
                        .start(
                                () -> {
                                    try {
                                        from.says(said);
                                    } catch (IOException broken) {
                                        throw new AssertionError(broken);
                                    }
                                });
        byte[] heard = new byte[said.length];
        int at = 0;
        int refused = 0;
        while (at < said.length) {
            int held = filled(from, KernelPipe.MOST);
            int left = pipe.send(to.ours(), held);
            int sent = held - left;
            System.arraycopy(to.peer().getInputStream().readNBytes(sent), 0, heard, at, sent);
            at += sent;
            if (left > 0) {
                ByteBuf rest = pipe.takeOut(UnpooledByteBufAllocator.DEFAULT, left);
                rest.readBytes(heard, at, left);
                rest.release();
                at += left;
                refused++;
            }
        }
        speaker.join();
        assertThat(heard).isEqualTo(said);
        assertThat(refused).as("times that there was no room").isPositive();
    }

    @Test
    void whatNobodyTookOutReachesNobodyElse() throws IOException {
        from.says("for one");
        assertThat(filled(from, 100)).isEqualTo(7);
        assertThat(pipe.send(to.ours(), 4)).isZero();
        from.says("FOR ANOTHER");
        assertThat(filled(from, 100)).isEqualTo(11);
        assertThat(pipe.send(to.ours(), 11)).isZero();
        assertThat(to.hears(15)).isEqualTo("for FOR ANOTHER");
    }

    @Test
    void whatIsThrownAwayReachesNobody() throws IOException {
        from.says("for one");
        assertThat(filled(from, 100)).isEqualTo(7);
        pipe.clear();
        from.says("FOR ANOTHER");
        assertThat(filled(from, 100)).isEqualTo(11);
        assertThat(pipe.send(to.ours(), 11)).isZero();
        assertThat(to.hears(11)).isEqualTo("FOR ANOTHER");
    }

    @Test
    void whatIsNotThereCannotBeTakenOut() throws IOException {
        from.says("seven b");
        assertThat(filled(from, 100)).isEqualTo(7);
        assertThatThrownBy(() -> pipe.takeOut(UnpooledByteBufAllocator.DEFAULT, 8))
                .isInstanceOf(IOException.class);
    }

    @Test
    void aTakerThatHasGoneTakesNothing() throws IOException {
        from.says("too late");
        assertThat(filled(from, 100)).isEqualTo(8);
        to.ours().close();
        assertThat(pipe.send(to.ours(), 8)).isEqualTo(8);
    }

    @Test
    void aKernelThatDoesNotTakeInIsNotAskedAgain() throws Throwable {
        assertThat(pipe.usable()).isTrue();
        assertThat(pipe.fill(unfit(), 100)).isEqualTo(KernelPipe.REFUSED);
        assertThat(pipe.usable()).isFalse();
        from.says("read instead");
        assertThat(pipe.fill(from.ours(), 100)).isEqualTo(KernelPipe.REFUSED);
    }

    @Test
    void whatAKernelDoesNotSendIsReadAndItIsNotAskedAgain() throws Throwable {
        from.says("over there");
        assertThat(filled(from, 100)).isEqualTo(10);
        assertThat(pipe.send(unfit(), 10)).isEqualTo(10);
        ByteBuf rest = pipe.takeOut(UnpooledByteBufAllocator.DEFAULT, 10);
        assertThat(rest.toString(StandardCharsets.US_ASCII)).isEqualTo("over there");
        rest.release();
        assertThat(pipe.usable()).isFalse();
    }

    /** What passes for a socket, and cannot be spliced: an epoll instance has taken its number. */
    @SuppressWarnings("restricted") // the type is that of the C library
    private Socket unfit() throws Throwable {
        Socket socket = Socket.newSocketStream();
        open.add(socket::close);
        FileDescriptor epoll = Native.newEpollCreate();
        open.add(epoll::close);
        Linker linker = Linker.nativeLinker();
        MethodHandle dup2 =
                linker.downcallHandle(
                        linker.defaultLookup().findOrThrow("dup2"),
                        FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));
        assertThat((int) dup2.invokeExact(epoll.intValue(), socket.intValue()))
                .isEqualTo(socket.intValue());
        return socket;
    }

    @Test
    void aClosedPipeIsNotOpenedAgain() {
        assertThat(pipe.usable()).isTrue();
        pipe.close();
        assertThat(pipe.usable()).isFalse();
    }
}
