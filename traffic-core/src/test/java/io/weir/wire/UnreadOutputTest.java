package io.weir.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.weir.testkit.Await;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/** Bytes that nobody reads leave behind what was written before them, and with it. */
class UnreadOutputTest {

    /** Of Linux' struct tcp_info: packets with data that were sent. */
    private static final int DATA_SEGMENTS_OUT = 156;

    private final SendMemory memory = new SendMemory();
    private final KernelPipe pipe = new KernelPipe();
    private final Random random = new Random(7);
    private final ByteArrayOutputStream said = new ByteArrayOutputStream();
    private EventLoopGroup loop;
    private ServerSocket server;
    private Socket peer;
    private Channel channel;
    private Output output;
    private io.netty.channel.unix.Socket source;
    private Socket node;

    @BeforeEach
    void connect() throws Exception {
        assumeTrue(Epoll.isAvailable(), "only epoll sockets take what nobody reads");
        loop = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
        server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
        var here = new ChannelInboundHandlerAdapter();
        channel =
                new Bootstrap()
                        .group(loop)
                        .channel(EpollSocketChannel.class)
                        .option(ChannelOption.SO_SNDBUF, 32 * 1024)
                        .option(ChannelOption.TCP_NODELAY, true)
                        .handler(here)
                        .connect(server.getLocalSocketAddress())
                        .sync()
                        .channel();
        peer = server.accept();
        ChannelHandlerContext ctx = channel.pipeline().context(here);
        output = new Output(ctx, new byte[][] {new byte[64]}, new SendBatch(), memory, pipe);
        source = io.netty.channel.unix.Socket.newSocketStream();
        source.connect((InetSocketAddress) server.getLocalSocketAddress());
        node = server.accept();
        Await.until("the node", source::finishConnect);
    }

    @AfterEach
    void close() throws Exception {
        if (loop != null) {
            peer.close();
            node.close();
            source.close();
            server.close();
            channel.close().sync();
            onLoop(
                    () -> {
                        output.drop();
                        memory.release();
                        pipe.close();
                        return null;
                    });
            loop.shutdownGracefully(0, 30, TimeUnit.SECONDS).sync();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whatWasWrittenLeavesInOnePacketWithWhatNobodyReads(boolean largePiece) throws Exception {
        int packets =
                onLoop(
                        () -> {
                            int before = packets();
                            say(200);
                            if (largePiece) {
                                pass(5_000);
                            }
                            assertThat(output.takesUnread()).isTrue();
                            assertThat(output.pending()).isTrue();
                            unread(6_000);
                            assertThat(output.pending()).isFalse();
                            return packets() - before;
                        });
        assertThat(heard()).isEqualTo(said.toByteArray());
        assertThat(packets).isEqualTo(1);
    }

    @Test
    void aLargePieceAloneGoesAheadAsWell() throws Exception {
        onLoop(
                () -> {
                    pass(5_000);
                    unread(6_000);
                    return null;
                });
        assertThat(heard()).isEqualTo(said.toByteArray());
    }

    @Test
    void whatIsWrittenBehindItStaysBehindIt() throws Exception {
        onLoop(
                () -> {
                    say(100);
                    unread(3_000);
                    say(100);
                    unread(3_000);
                    say(100);
                    output.flush();
                    return null;
                });
        assertThat(heard()).isEqualTo(said.toByteArray());
    }

    /** Wherever the kernel's room ends: in what was written, or in what nobody reads. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
    void whatTheKernelDoesNotTakeFollowsInItsPlace(int seed) throws Exception {
        random.setSeed(seed);
        long waiting =
                onLoop(
                        () -> {
                            while (Closing.pendingBytes(channel) == 0) {
                                assertThat(output.takesUnread()).isTrue();
                                say(1 + random.nextInt(2_000));
                                if (random.nextBoolean()) {
                                    pass(4_097 + random.nextInt(60_000));
                                }
                                unread(1 + random.nextInt(30_000));
                            }
                            assertThat(output.takesUnread()).isFalse();
                            return Closing.pendingBytes(channel);
                        });
        assertThat(waiting).isPositive();
        assertThat(heard()).isEqualTo(said.toByteArray());
    }

    private int packets() {
        ByteBuffer info = Delivery.info(channel);
        if (info == null) {
            return abort("the kernel does not tell");
        }
        return info.getInt(DATA_SEGMENTS_OUT);
    }

    private byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        said.writeBytes(bytes);
        return bytes;
    }

    private void say(int length) {
        output.bytes(bytes(length));
    }

    /** Has a piece follow that is sent out of the memory that it is in. */
    private void pass(int length) {
        ByteBuf piece = channel.alloc().directBuffer(length).writeBytes(bytes(length));
        output.data(piece);
    }

    /** Sends what the node says, in one go or, if it does not all come at once, in several. */
    private void unread(int length) throws IOException {
        node.getOutputStream().write(bytes(length));
        int[] left = {length};
        Await.until(
                "all of it to have gone on",
                () -> {
                    assertThat(pipe.usable()).isTrue();
                    int came = pipe.fill(source, left[0]);
                    if (came > 0) {
                        output.unread(came);
                        left[0] -= came;
                    }
                    return left[0] == 0;
                });
    }

    private byte[] heard() throws IOException {
        return peer.getInputStream().readNBytes(said.size());
    }

    private <T> T onLoop(Callable<T> task) throws Exception {
        return channel.eventLoop().submit(task).get(60, TimeUnit.SECONDS);
    }
}
