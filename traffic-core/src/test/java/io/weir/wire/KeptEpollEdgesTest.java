package io.weir.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.weir.testkit.Await;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** What the kernel reports once is all read, and what it has no room for is all written. */
class KeptEpollEdgesTest {

    @RegisterExtension final KeptEpollLoop loop = new KeptEpollLoop();

    /** Bytes of one read; the loop makes one read for each report of the kernel. */
    private static final int READ = 1024;

    /** Bytes that the kernel keeps for a server that does not read. */
    private static final int ROOM = 512 * 1024;

    /** Longer than the bytes that follow each other are alike, and prime. */
    private static final int PERIOD = 251;

    private final Server server = new Server();

    @Test
    void fullReadsFollowEachOther() throws IOException {
        try (Socket client = client()) {
            client.getOutputStream().write(pattern(64 * READ));
            server.channel().config().setAutoRead(true);
            server.awaitRead(64 * READ);
        }
    }

    @Test
    void fullReadsFollowEachOtherThroughPauses() throws IOException {
        server.afterRead =
                channel -> {
                    channel.config().setAutoRead(false);
                    channel.eventLoop().execute(() -> channel.config().setAutoRead(true));
                };
        try (Socket client = client()) {
            client.getOutputStream().write(pattern(64 * READ));
            server.channel().config().setAutoRead(true);
            server.awaitRead(64 * READ);
        }
    }

    @Test
    void everyByteIsReadHoweverReadingIsPausedAndResumed() throws Exception {
        int all = 300_000;
        Random random = new Random(7);
        server.afterRead =
                channel -> {
                    int choice = random.nextInt(5);
                    if (choice > 0) {
                        channel.config().setAutoRead(false);
                    }
                    switch (choice) {
                        case 1 -> channel.config().setAutoRead(true);
                        case 2 -> channel.eventLoop().execute(() -> resume(channel));
                        case 3, 4 -> Thread.startVirtualThread(() -> resume(channel));
                        default -> {}
                    }
                };
        try (Socket client = client()) {
            client.setTcpNoDelay(true);
            server.channel().config().setAutoRead(true);
            byte[] bytes = pattern(all);
            Random sizes = new Random(8);
            for (int at = 0; at < all; ) {
                int length = Math.min(1 + sizes.nextInt(3 * READ), all - at);
                client.getOutputStream().write(bytes, at, length);
                at += length;
            }
            server.awaitRead(all);
            client.shutdownOutput();
            server.ended.get(60, TimeUnit.SECONDS);
        }
    }

    @Test
    void dataAndTheEndBehindThemAreSeenAndTheAnswerLeaves() throws Exception {
        try (Socket client = client()) {
            client.getOutputStream().write(pattern(10));
            client.shutdownOutput();
            server.channel().config().setAutoRead(true);
            server.ended.get(60, TimeUnit.SECONDS);
            server.awaitRead(10);
            server.channel().writeAndFlush(Unpooled.wrappedBuffer(pattern(20)));
            assertThat(client.getInputStream().readNBytes(20)).isEqualTo(pattern(20));
        }
    }

    @Test
    void whatStandsBehindUrgentDataIsReadWithoutMore() throws IOException {
        try (Socket client = client()) {
            byte[] bytes = pattern(20);
            client.getOutputStream().write(bytes, 0, 10);
            client.sendUrgentData('!');
            client.getOutputStream().write(bytes, 10, 10);
            server.channel().config().setAutoRead(true);
            server.awaitRead(20);
        }
    }

    @Test
    void aResetEndsAConnectionWhoseDataWereNotAllRead() throws IOException {
        Socket client = client();
        client.getOutputStream().write(pattern(4 * READ));
        client.setSoLinger(true, 0);
        client.close();
        Channel channel = server.channel();
        Await.until("the client to have gone", () -> Delivery.isOver(channel) || !channel.isOpen());
        channel.config().setAutoRead(true);
        Await.until("the connection to end", () -> !channel.isOpen());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aPeerThatReadsSlowlyGetsEverything(boolean reading) throws IOException {
        int all = 2 << 20;
        try (Socket client = client()) {
            Channel channel = server.channel();
            channel.config().setAutoRead(reading);
            server.toWrite = Unpooled.wrappedBuffer(pattern(all));
            channel.eventLoop().execute(() -> server.write(channel));
            Await.until("the peer to be waited for", () -> !channel.isWritable());
            client.getOutputStream().write(pattern(10));
            InputStream in = client.getInputStream();
            byte[] expected = pattern(all);
            byte[] some = new byte[8 * READ];
            for (int at = 0; at < all; at += some.length) {
                assertThat(in.readNBytes(some, 0, some.length)).isEqualTo(some.length);
                assertThat(some).isEqualTo(Arrays.copyOfRange(expected, at, at + some.length));
            }
            if (reading) {
                server.awaitRead(10);
            }
        }
    }

    private static void resume(Channel channel) {
        channel.config().setAutoRead(true);
    }

    private static byte[] pattern(int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) (i % PERIOD);
        }
        return bytes;
    }

    /** A client of a server that does not read yet. */
    private Socket client() throws IOException {
        Channel listener =
                new ServerBootstrap()
                        .group(loop.group())
                        .channel(EpollServerSocketChannel.class)
                        .option(ChannelOption.SO_RCVBUF, ROOM)
                        .childOption(ChannelOption.AUTO_READ, false)
                        .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                        .childOption(ChannelOption.SO_SNDBUF, 32 * 1024)
                        .childOption(
                                ChannelOption.RECVBUF_ALLOCATOR,
                                new FixedRecvByteBufAllocator(READ).maxMessagesPerRead(1))
                        .childHandler(
                                new ChannelInitializer<>() {
                                    @Override
                                    protected void initChannel(Channel channel) {
                                        channel.pipeline().addLast(server);
                                    }
                                })
                        .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                        .syncUninterruptibly()
                        .channel();
        Socket socket = new Socket();
        socket.setSoTimeout(60_000);
        socket.setReceiveBufferSize(32 * 1024);
        socket.connect(listener.localAddress());
        return socket;
    }

    /** Takes what comes, which is the pattern, and says what it has to say as there is room. */
    private static final class Server extends ChannelInboundHandlerAdapter {
        private final CompletableFuture<Channel> accepted = new CompletableFuture<>();
        private final CompletableFuture<Void> ended = new CompletableFuture<>();
        private volatile Consumer<Channel> afterRead = _ -> {};
        private volatile ByteBuf toWrite = Unpooled.EMPTY_BUFFER;
        private volatile long read;
        private volatile boolean wrong;

        Channel channel() {
            return accepted.orTimeout(60, TimeUnit.SECONDS).join();
        }

        void awaitRead(long bytes) {
            Await.until(bytes + " bytes to be read", () -> wrong || read >= bytes);
            assertThat(wrong).as("bytes are wrong before the %d.", read).isFalse();
            assertThat(read).isEqualTo(bytes);
        }

        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            accepted.complete(ctx.channel());
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ByteBuf in = (ByteBuf) message;
            long all = read; // one writer
            while (in.isReadable()) {
                if (in.readByte() != (byte) (all % PERIOD)) {
                    wrong = true;
                }
                all++;
            }
            in.release();
            read = all;
            afterRead.accept(ctx.channel());
        }

        @Override
        public void channelWritabilityChanged(ChannelHandlerContext ctx) {
            write(ctx.channel());
        }

        void write(Channel channel) {
            ByteBuf left = toWrite;
            while (channel.isWritable() && left.isReadable()) {
                int length = Math.min(left.readableBytes(), 16 * 1024);
                channel.writeAndFlush(left.readRetainedSlice(length), channel.voidPromise());
            }
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event instanceof ChannelInputShutdownEvent) {
                ended.complete(null);
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            ctx.close();
        }
    }
}
