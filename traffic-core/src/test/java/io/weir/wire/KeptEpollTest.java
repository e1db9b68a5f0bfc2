package io.weir.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.weir.testkit.Await;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** What a peer has sent before it left is not read before somebody wants it. */
class KeptEpollTest {

    @RegisterExtension final KeptEpollLoop loop = new KeptEpollLoop();

    private static final int SENT = 100_000;

    /** One buffer: a reset that has come is found by one read. */
    private static final int ONE_READ = 64 * 1024;

    /** Linux' number for a connection whose peer has ended its direction. */
    private static final int CLOSE_WAIT = 8;

    private final CompletableFuture<Channel> accepted = new CompletableFuture<>();
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private volatile long read;

    private final class Reader extends ChannelInboundHandlerAdapter {
        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            accepted.complete(ctx.channel());
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ByteBuf in = (ByteBuf) message;
            long all = read + in.readableBytes(); // one writer
            read = all;
            in.release();
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event instanceof ChannelInputShutdownEvent) {
                ended.complete(null);
            }
        }
    }

    /** A connection that nobody reads, whose client has sent all it had. */
    private Socket client() throws IOException {
        Channel listener =
                new ServerBootstrap()
                        .group(loop.group())
                        .channel(EpollServerSocketChannel.class)
                        .option(ChannelOption.SO_RCVBUF, 4 * SENT)
                        .childOption(ChannelOption.AUTO_READ, false)
                        .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                        .childHandler(
                                new ChannelInitializer<>() {
                                    @Override
                                    protected void initChannel(Channel channel) {
                                        channel.pipeline().addLast(new Reader());
                                    }
                                })
                        .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                        .syncUninterruptibly()
                        .channel();
        int port = ((InetSocketAddress) listener.localAddress()).getPort();
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.getOutputStream().write(new byte[SENT]);
        return socket;
    }

    private static boolean isIn(Channel channel, int state) {
        ByteBuffer info = Delivery.info(channel);
        return info != null && info.get(0) == state;
    }

    /** The loop goes round, twice, because what it finds may make it look again. */
    private void settle() {
        for (int i = 0; i < 2; i++) {
            loop.group().submit(() -> {}).syncUninterruptibly();
        }
    }

    @Test
    void theEndIsSeenBehindAllThatWasSentBeforeIt() throws IOException {
        try (Socket client = client()) {
            Channel channel = accepted.join();
            client.shutdownOutput();
            Await.until("the client to have ended", () -> isIn(channel, CLOSE_WAIT));
            settle();
            assertThat(read).isZero();
            assertThat(ended).isNotDone();

            channel.config().setAutoRead(true);
            ended.orTimeout(30, TimeUnit.SECONDS).join();
            assertThat(read).isEqualTo(SENT);
        }
    }

    @Test
    void aResetIsNoReasonToReadAllThatWasSentBeforeIt() throws IOException {
        Socket client = client();
        Channel channel = accepted.join();
        client.setSoLinger(true, 0);
        client.close();
        Await.until("the client to have gone", () -> Delivery.isOver(channel));
        settle();
        assertThat(read).isLessThanOrEqualTo(ONE_READ);
    }
}
