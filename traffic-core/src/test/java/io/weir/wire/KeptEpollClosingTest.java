package io.weir.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.weir.testkit.Await;
import io.weir.testkit.FakeNode;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A connection that was closed is out of the way of the one that gets its file handle. */
class KeptEpollClosingTest {

    @RegisterExtension final KeptEpollLoop loop = new KeptEpollLoop();

    private static final int CONNECTIONS = 8;

    private final List<Channel> accepted = new CopyOnWriteArrayList<>();
    private final AtomicInteger readsAfterClosing = new AtomicInteger();
    private final CompletableFuture<Channel> opened = new CompletableFuture<>();
    private final CompletableFuture<String> answer = new CompletableFuture<>();
    private final FakeNode node = FakeNode.answering("reached");
    private int reached;

    @AfterEach
    void stop() {
        node.close();
    }

    @Test
    void reportsAboutAClosedConnectionDoNotDisturbTheOneThatGotItsHandle() throws Exception {
        Channel listener = listen();
        List<Socket> clients = new ArrayList<>();
        for (int i = 0; i < CONNECTIONS; i++) {
            clients.add(new Socket(InetAddress.getLoopbackAddress(), portOf(listener)));
        }
        Await.until("all to be accepted", () -> accepted.size() == CONNECTIONS);
        List<Integer> handles = accepted.stream().map(KeptEpollClosingTest::handleOf).toList();

        // The kernel reports all of them at once to a loop that was held up.
        CountDownLatch held = new CountDownLatch(1);
        loop.group().execute(() -> awaitQuietly(held));
        for (Socket client : clients) {
            client.getOutputStream().write('x');
        }
        held.countDown();

        assertThat(handles).contains(handleOf(opened.get(60, TimeUnit.SECONDS)));
        assertThat(answer.get(60, TimeUnit.SECONDS)).startsWith("HTTP/1.1 200");
        assertThat(readsAfterClosing).hasValue(0);
        for (Socket client : clients) {
            client.close();
        }
    }

    private static int handleOf(Channel channel) {
        return ((EpollSocketChannel) channel).fd().intValue();
    }

    private static int portOf(Channel listener) {
        return ((InetSocketAddress) listener.localAddress()).getPort();
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Channel listen() {
        return new ServerBootstrap()
                .group(loop.group())
                .channel(EpollServerSocketChannel.class)
                .childHandler(
                        new ChannelInitializer<>() {
                            @Override
                            protected void initChannel(Channel channel) {
                                channel.pipeline().addLast(new First());
                            }
                        })
                .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .syncUninterruptibly()
                .channel();
    }

    /** Whoever is the first to be read closes all others, and a new connection gets a handle. */
    private final class First extends ChannelInboundHandlerAdapter {
        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            accepted.add(ctx.channel());
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) throws IOException {
            ((ByteBuf) message).release();
            if (!ctx.channel().isOpen()) {
                readsAfterClosing.incrementAndGet();
            }
            ctx.close();
            if (reached++ > 0) {
                return;
            }
            accepted.forEach(Channel::close);
            new Bootstrap()
                    .group(loop.group())
                    .channel(EpollSocketChannel.class)
                    .handler(new Asking())
                    .connect(InetAddress.getLoopbackAddress(), node.port());
        }
    }

    private final class Asking extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRegistered(ChannelHandlerContext ctx) {
            opened.complete(ctx.channel());
        }

        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            byte[] request =
                    "GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
            ctx.writeAndFlush(ctx.alloc().buffer().writeBytes(request));
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ByteBuf in = (ByteBuf) message;
            answer.complete(in.toString(StandardCharsets.US_ASCII));
            in.release();
            ctx.close();
        }
    }
}
