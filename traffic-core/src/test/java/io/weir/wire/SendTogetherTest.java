package io.weir.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollSocketChannel;
import io.weir.testkit.Await;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Connections that are sent for together: each peer gets every byte once, in order. */
class SendTogetherTest {

    /** More than one batch. */
    private static final int MANY = 70;

    private static final int BUFFER = 16 * 1024;

    private final List<Line> lines = new ArrayList<>();
    private final SendMemory memory = new SendMemory();
    private final byte[][] scratch = {new byte[64]};
    private EventLoopGroup loops;
    private EventLoop loop;
    private SendBatch batch;
    private ServerSocket server;
    private Socket conductor;
    private volatile Runnable events = () -> {};

    @BeforeEach
    void start() throws Exception {
        assumeTrue(Epoll.isAvailable());
        SendBatch.Factory factory = new SendBatch.Factory(KeptEpoll.newFactory());
        loops = new MultiThreadIoEventLoopGroup(1, factory);
        loop = loops.next();
        batch = factory.of(loop);
        server = new ServerSocket();
        server.setReceiveBufferSize(BUFFER);
        server.setSoTimeout(60_000);
        server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        connect(
                new ChannelInboundHandlerAdapter() {
                    @Override
                    public void channelRead(ChannelHandlerContext ctx, Object message) {
                        ((ByteBuf) message).release();
                        events.run();
                    }
                });
        conductor = server.accept();
    }

    @AfterEach
    void stop() throws Exception {
        if (loops != null) {
            for (Line line : lines) {
                line.channel.close().sync();
                line.peer.close();
            }
            loop.submit(memory::release).sync();
            loops.shutdownGracefully(0, 30, TimeUnit.SECONDS).sync();
            conductor.close();
            server.close();
        }
    }

    @Test
    void everyPeerGetsEveryByteOnceHoweverSlowlyItReads() throws Exception {
        lines(MANY);
        Random random = new Random(9);
        for (int turn = 0; turn < 150; turn++) {
            turn(
                    () -> {
                        for (Line line : lines) {
                            if (random.nextInt(3) > 0) {
                                int most = random.nextInt(20) == 0 ? 6_000 : 1_000;
                                line.say(random, 1 + random.nextInt(most));
                            } else if (random.nextInt(10) == 0) {
                                line.pass(random, 5_000 + random.nextInt(6_000));
                            }
                        }
                    });
        }
        // Nobody has read so far: some have no room left, and the rest waits for them.
        assertThat(lines).anyMatch(line -> Closing.pendingBytes(line.channel) > 0);
        for (Line line : lines) {
            loop.execute(() -> Closing.closeWhenWritten(line.channel));
            assertThat(line.peer.getInputStream().readAllBytes()).isEqualTo(line.said());
        }
    }

    @Test
    void aBrokenConnectionHarmsNoOther() throws Exception {
        lines(5);
        turn(
                () -> {
                    lines.get(2).reset();
                    lines.forEach(line -> line.say("hello"));
                });
        for (Line line : lines) {
            if (line == lines.get(2)) {
                assertThat(line.channel.closeFuture().await(60, TimeUnit.SECONDS)).isTrue();
            } else {
                assertThat(line.hear(5)).isEqualTo("hello");
                assertThat(line.channel.isOpen()).isTrue();
            }
        }
    }

    /** The second has no room, so that it still has something to send when the first one fails. */
    @Test
    void whatFollowsFromAFailureMayCloseAConnectionThatHasYetToSend() throws Exception {
        lines(4);
        Line closed = lines.get(0);
        Line broken = lines.get(1);
        List<Socket> others = new ArrayList<>();
        broken.whenBroken =
                () -> {
                    closed.channel.close();
                    // One of their handles gets the number of the one that was just closed.
                    for (int i = 0; i < 5; i++) {
                        others.add(connected());
                    }
                };
        turn(
                () -> {
                    broken.reset();
                    closed.fill();
                    broken.say("hello");
                    closed.say("hello");
                    lines.get(2).say("hello");
                    lines.get(3).say("hello");
                });
        assertThat(lines.get(2).hear(5)).isEqualTo("hello");
        assertThat(lines.get(3).hear(5)).isEqualTo("hello");
        assertThat(closed.channel.closeFuture().await(60, TimeUnit.SECONDS)).isTrue();
        // When the next turn comes, all that followed is over.
        turn(() -> assertThat(others).hasSize(5));
        for (Socket other : others) {
            try (other;
                    Socket peer = server.accept()) {
                other.getOutputStream().write('!');
                assertThat(peer.getInputStream().read()).isEqualTo('!');
            }
        }
    }

    /** Runs {@code what} as the loop handles an event; what is said in it leaves behind it. */
    private void turn(Runnable what) throws IOException {
        CompletableFuture<Void> done = new CompletableFuture<>();
        events =
                () -> {
                    try {
                        what.run();
                        done.complete(null);
                    } catch (Throwable e) {
                        done.completeExceptionally(e);
                    }
                };
        conductor.getOutputStream().write(1);
        done.orTimeout(120, TimeUnit.SECONDS).join();
    }

    private <T extends ChannelHandler> T connect(T handler) {
        new Bootstrap()
                .group(loop)
                .channel(EpollSocketChannel.class)
                .option(ChannelOption.SO_SNDBUF, BUFFER)
                .handler(handler)
                .connect(server.getLocalSocketAddress());
        return handler;
    }

    private Socket connected() {
        try {
            return new Socket(server.getInetAddress(), server.getLocalPort());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private void lines(int count) throws Exception {
        for (int i = 0; i < count; i++) {
            Line line = connect(new Line());
            line.peer = server.accept();
            line.peer.setSoTimeout(60_000);
            line.active.get(60, TimeUnit.SECONDS);
            lines.add(line);
        }
    }

    @SuppressWarnings("NullAway.Init") // connected before anything else
    private final class Line extends ChannelInboundHandlerAdapter {
        private final CompletableFuture<Void> active = new CompletableFuture<>();
        private final ByteArrayOutputStream said = new ByteArrayOutputStream();
        private Channel channel;
        private Output output;
        private Socket peer;
        private Runnable whenBroken = () -> {};

        @Override
        public void handlerAdded(ChannelHandlerContext ctx) {
            channel = ctx.channel();
            output = new Output(ctx, scratch, batch, memory, new KernelPipe());
        }

        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            active.complete(null);
        }

        void say(Random random, int length) {
            byte[] bytes = new byte[length];
            random.nextBytes(bytes);
            say(bytes);
        }

        /** Has a piece follow that is sent out of the memory that it is in. */
        void pass(Random random, int length) {
            byte[] bytes = new byte[length];
            random.nextBytes(bytes);
            said.writeBytes(bytes);
            output.data(channel.alloc().directBuffer(length).writeBytes(bytes));
            output.flushSoon();
        }

        void say(String text) {
            say(text.getBytes(StandardCharsets.US_ASCII));
        }

        private void say(byte[] bytes) {
            said.writeBytes(bytes);
            output.bytes(bytes);
            output.flushSoon();
        }

        /** All that was said, once a turn is over. */
        byte[] said() {
            return said.toByteArray();
        }

        String hear(int length) throws IOException {
            byte[] heard = peer.getInputStream().readNBytes(length);
            return new String(heard, StandardCharsets.US_ASCII);
        }

        /** Leaves no room in the kernel, of which Netty knows nothing. */
        void fill() {
            ByteBuf zeros = channel.alloc().directBuffer(BUFFER).writeZero(BUFFER);
            var socket = (io.netty.channel.unix.Socket) ((EpollSocketChannel) channel).fd();
            try {
                while (socket.sendAddress(zeros.memoryAddress(), 0, BUFFER) > 0) {}
            } catch (IOException e) {
                throw new AssertionError(e);
            } finally {
                zeros.release();
            }
        }

        /** The peer resets the connection, which the loop is not told of before it sends. */
        void reset() {
            try {
                peer.setSoLinger(true, 0);
                peer.close();
            } catch (IOException e) {
                throw new AssertionError(e);
            }
            Await.until("the reset to have come", () -> Delivery.isOver(channel));
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            output.drop();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            Runnable follows = whenBroken;
            whenBroken = () -> {};
            follows.run();
            ctx.close();
        }
    }
}
