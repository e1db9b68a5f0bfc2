package io.weir.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollServerSocketChannel;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** What leaves TLS reaches the peer whole, in order and once, on the short way and on the long. */
class SealedOutputTest {

    private static final int CLIENTS = 20;
    private static final int BUFFER = 16 * 1024;

    private final SendMemory memory = new SendMemory();
    private final LinkedBlockingQueue<Echo> accepted = new LinkedBlockingQueue<>();
    private final List<Socket> clients = new ArrayList<>();
    private EventLoopGroup loops;
    private EventLoop loop;
    private InetSocketAddress address;

    @BeforeEach
    void listen() {
        assumeTrue(Epoll.isAvailable(), "only epoll sockets are written to straight");
        SendBatch.Factory factory = new SendBatch.Factory(KeptEpoll.newFactory());
        loops = new MultiThreadIoEventLoopGroup(1, factory);
        loop = loops.next();
        SendBatch batch = factory.of(loop);
        Channel listener =
                new ServerBootstrap()
                        .group(loops)
                        .channel(EpollServerSocketChannel.class)
                        .childOption(ChannelOption.SO_SNDBUF, BUFFER)
                        .childHandler(
                                new ChannelInitializer<>() {
                                    @Override
                                    protected void initChannel(Channel channel) {
                                        channel.pipeline()
                                                .addLast(new SealedOutput())
                                                .addLast(new Turned())
                                                .addLast(new Echo(batch));
                                    }
                                })
                        .bind(InetAddress.getLoopbackAddress(), 0)
                        .syncUninterruptibly()
                        .channel();
        address = (InetSocketAddress) listener.localAddress();
    }

    @AfterEach
    void stop() throws Exception {
        for (Socket client : clients) {
            client.close();
        }
        if (loops != null) {
            onLoop(
                    () -> {
                        memory.release();
                        return null;
                    });
            loops.shutdownGracefully(0, 30, TimeUnit.SECONDS).sync();
        }
    }

    @Test
    void manyConnectionsGetTheirOwnBytesHoweverManyAreSentTogether() throws Exception {
        for (int i = 0; i < CLIENTS; i++) {
            connect();
        }
        Random random = new Random(7);
        for (int round = 0; round < 100; round++) {
            List<byte[]> said = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                byte[] words = new byte[1 + random.nextInt(random.nextInt(10) == 0 ? 6_000 : 500)];
                random.nextBytes(words);
                said.add(words);
            }
            // All of them while the loop is busy, so that it finds them in one turn.
            onLoop(
                    () -> {
                        for (int i = 0; i < CLIENTS; i++) {
                            clients.get(i).getOutputStream().write(said.get(i));
                        }
                        return null;
                    });
            for (int i = 0; i < CLIENTS; i++) {
                byte[] heard = clients.get(i).getInputStream().readNBytes(said.get(i).length);
                assertThat(heard).isEqualTo(turned(said.get(i)));
            }
        }
    }

    @Test
    void whereThereIsNoShortWayEverythingPasses() {
        EmbeddedChannel channel = new EmbeddedChannel(new SealedOutput());
        ByteBuf piece = Unpooled.wrappedBuffer(new byte[10]);
        assertThat(channel.writeOutbound(piece)).isTrue();
        assertThat(channel.<ByteBuf>readOutbound()).isSameAs(piece);
        assertThat(channel.finish()).isFalse();
    }

    @Test
    void aWriteIsDoneWhenTheKernelHasAllOfItAndNotBefore() throws Exception {
        Socket client = connect();
        Echo server = accepted.take();
        ChannelFuture first = onLoop(() -> server.say(new byte[100]));
        assertThat(first.await(30, TimeUnit.SECONDS) && first.isSuccess()).isTrue();

        int enough = 8 << 20;
        ChannelFuture last =
                onLoop(
                        () -> {
                            ChannelFuture written = null;
                            for (int i = 0; i < enough / 4_000; i++) {
                                written = server.say(new byte[4_000]);
                            }
                            return written;
                        });
        assertThat(last.isDone()).isFalse();
        client.getInputStream().readNBytes(100 + enough / 4_000 * 4_000);
        assertThat(last.await(30, TimeUnit.SECONDS) && last.isSuccess()).isTrue();
    }

    @Test
    void whatWasSaidJustBeforeTheCloseArrives() throws Exception {
        Socket client = connect();
        Echo server = accepted.take();
        onLoop(
                () -> {
                    server.context.write(Unpooled.wrappedBuffer(new byte[] {1, 2, 3}));
                    return server.context.close();
                });
        assertThat(client.getInputStream().readAllBytes()).isEqualTo(turned(new byte[] {1, 2, 3}));
    }

    @Test
    void aHandlerPutBeforeItMeetsEverything() throws Exception {
        Socket client = connect();
        Echo server = accepted.take();
        List<Integer> met = new ArrayList<>();
        onLoop(
                () -> {
                    server.say(new byte[10]);
                    server.context.channel().pipeline().addFirst(new Witness(met));
                    server.say(new byte[20]);
                    return null;
                });
        client.getInputStream().readNBytes(30);
        assertThat(met).containsExactly(20);
    }

    private Socket connect() throws IOException {
        Socket client = new Socket();
        clients.add(client);
        client.setReceiveBufferSize(BUFFER);
        client.setTcpNoDelay(true);
        client.setSoTimeout(60_000);
        client.connect(address);
        return client;
    }

    private <T> T onLoop(Callable<T> task) throws Exception {
        return loop.submit(task).get(60, TimeUnit.SECONDS);
    }

    private static byte[] turned(byte[] bytes) {
        byte[] out = new byte[bytes.length];
        for (int i = 0; i < out.length; i++) {
            out[i] = (byte) ~bytes[i];
        }
        return out;
    }

    /** Says back what it hears, as a connection of Weir sends. */
    @SuppressWarnings("NullAway.Init") // added before anything else
    private final class Echo extends ChannelInboundHandlerAdapter {
        private final SendBatch batch;
        private ChannelHandlerContext context;
        private Output output;

        Echo(SendBatch batch) {
            this.batch = batch;
        }

        @Override
        public void handlerAdded(ChannelHandlerContext ctx) {
            context = ctx;
            output = new Output(ctx, new byte[][] {new byte[64]}, batch, memory, new KernelPipe());
        }

        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            accepted.add(this);
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            output.data((ByteBuf) message);
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext ctx) {
            output.flushSoon();
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            output.drop();
        }

        ChannelFuture say(byte[] bytes) {
            return context.writeAndFlush(Unpooled.wrappedBuffer(bytes));
        }
    }

    /** In the place of TLS: makes other bytes of them, in a buffer of its own. */
    private static final class Turned extends ChannelOutboundHandlerAdapter {
        @Override
        public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
            ByteBuf plain = (ByteBuf) message;
            byte[] bytes = new byte[plain.readableBytes()];
            plain.readBytes(bytes).release();
            ctx.write(ctx.alloc().directBuffer(bytes.length).writeBytes(turned(bytes)), promise);
        }
    }

    private static final class Witness extends ChannelOutboundHandlerAdapter {
        private final List<Integer> met;

        Witness(List<Integer> met) {
            this.met = met;
        }

        @Override
        public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
            met.add(((ByteBuf) message).readableBytes());
            ctx.write(message, promise);
        }
    }
}
