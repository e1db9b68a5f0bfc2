package io.weir.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/** What is said on a real socket arrives whole and in order, straight or by the pipeline. */
class OutputTest {

    private static final int LINES = 4_000;
    private static final Charset ASCII = StandardCharsets.US_ASCII;

    private final SendMemory memory = new SendMemory();
    private EventLoopGroup loop;
    private ServerSocket server;
    private Socket peer;
    private Channel channel;
    private Output output;

    @BeforeEach
    void connect() throws Exception {
        assumeTrue(Epoll.isAvailable(), "only epoll sockets are written to straight");
        loop = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
        server = new ServerSocket();
        server.setReceiveBufferSize(16 * 1024);
        server.bind(null);
        var here = new ChannelInboundHandlerAdapter();
        channel =
                new Bootstrap()
                        .group(loop)
                        .channel(EpollSocketChannel.class)
                        .option(ChannelOption.SO_SNDBUF, 16 * 1024)
                        .handler(here)
                        .connect(InetAddress.getLoopbackAddress(), server.getLocalPort())
                        .sync()
                        .channel();
        peer = server.accept();
        ChannelHandlerContext ctx = channel.pipeline().context(here);
        output =
                new Output(
                        ctx,
                        new byte[][] {new byte[64]},
                        new SendBatch(),
                        memory,
                        new KernelPipe());
    }

    @AfterEach
    void close() throws Exception {
        if (loop != null) {
            peer.close();
            server.close();
            channel.close().sync();
            onLoop(
                    () -> {
                        memory.release();
                        return null;
                    });
            loop.shutdownGracefully(0, 30, TimeUnit.SECONDS).sync();
        }
    }

    @Test
    void whatTheKernelDoesNotTakeFollowsInItsPlace() throws Exception {
        StringBuilder said = new StringBuilder();
        long waiting =
                onLoop(
                        () -> {
                            for (int i = 0; i < LINES; i++) {
                                String line = "line " + i + ", for somebody who is not listening\n";
                                said.append(line);
                                say(line);
                            }
                            return Closing.pendingBytes(channel);
                        });
        assertThat(waiting).as("bytes that the kernel did not take").isPositive();
        byte[] heard = peer.getInputStream().readNBytes(said.length());
        assertThat(new String(heard, ASCII)).isEqualTo(said.toString());
    }

    @Test
    void piecesOfEverySizeFollowEachOther() throws Exception {
        byte[] said = new byte[2 << 20];
        Random random = new Random(5);
        random.nextBytes(said);
        long waiting =
                onLoop(
                        () -> {
                            int at = 0;
                            while (at < said.length) {
                                int length = 1 + random.nextInt(random.nextBoolean() ? 100 : 9_000);
                                length = Math.min(length, said.length - at);
                                boolean direct = random.nextBoolean();
                                ByteBuf piece =
                                        direct ? Unpooled.directBuffer() : Unpooled.buffer();
                                output.data(piece.writeBytes(said, at, length));
                                at += length;
                                if (random.nextBoolean()) {
                                    output.flush();
                                }
                            }
                            output.flush();
                            return Closing.pendingBytes(channel);
                        });
        assertThat(waiting).as("bytes that the kernel did not take").isPositive();
        assertThat(peer.getInputStream().readNBytes(said.length)).isEqualTo(said);
    }

    @Test
    void aLargePieceLeavesWithTheHeadBeforeItAtOnce() throws Exception {
        ByteBuf piece = Unpooled.directBuffer().writeBytes("body ".repeat(2_000).getBytes(ASCII));
        onLoop(
                () -> {
                    output.bytes("head ".getBytes(ASCII));
                    output.data(piece);
                    assertThat(piece.refCnt()).as("owners before it is flushed").isOne();
                    assertThat(output.pending()).isTrue();
                    output.flush();
                    assertThat(piece.refCnt()).as("owners when the kernel has it").isZero();
                    assertThat(output.pending()).isFalse();
                    say("more ");
                    return null;
                });
        String heard = new String(peer.getInputStream().readNBytes(10_010), ASCII);
        assertThat(heard).isEqualTo("head " + "body ".repeat(2_000) + "more ");
    }

    @Test
    void whatFollowsALargePieceThatWaitsToBeFlushedStaysBehindIt() throws Exception {
        onLoop(
                () -> {
                    for (String text :
                            new String[] {"one ", "large ", "two ", "large ", "large "}) {
                        String many = text.startsWith("l") ? text.repeat(1_000) : text;
                        output.data(Unpooled.directBuffer().writeBytes(many.getBytes(ASCII)));
                    }
                    output.flush();
                    return null;
                });
        String large = "large ".repeat(1_000);
        String said = "one " + large + "two " + large + large;
        String heard = new String(peer.getInputStream().readNBytes(said.length()), ASCII);
        assertThat(heard).isEqualTo(said);
    }

    @Test
    void whatIsNeverFlushedIsReleasedWithTheConnection() throws Exception {
        ByteBuf piece = Unpooled.directBuffer().writeZero(10_000);
        onLoop(
                () -> {
                    output.bytes("head".getBytes(ASCII));
                    output.data(piece);
                    output.drop();
                    return null;
                });
        assertThat(piece.refCnt()).isZero();
    }

    @Test
    void aHandlerThatStandsInBetweenMeetsEverything() throws Exception {
        StringBuilder met = new StringBuilder();
        onLoop(
                () -> {
                    say("one ");
                    channel.pipeline().addFirst(new Witness(met));
                    say("two ");
                    channel.pipeline().removeFirst();
                    say("three");
                    return null;
                });
        byte[] heard = peer.getInputStream().readNBytes("one two three".length());
        assertThat(new String(heard, ASCII)).isEqualTo("one two three");
        assertThat(met.toString()).isEqualTo("two ");
    }

    @Test
    void aPeerThatHasGoneEndsTheConnection() throws Exception {
        peer.setSoLinger(true, 0);
        peer.close();
        while (channel.isActive()) {
            onLoop(
                    () -> {
                        say("anybody there?");
                        return null;
                    });
        }
        assertThat(channel.closeFuture().await(30, TimeUnit.SECONDS)).isTrue();
    }

    private void say(String text) {
        output.bytes(text.getBytes(ASCII));
        output.flush();
    }

    private <T> T onLoop(Callable<T> task) throws Exception {
        return channel.eventLoop().submit(task).get(60, TimeUnit.SECONDS);
    }

    private static final class Witness extends ChannelOutboundHandlerAdapter {
        private final StringBuilder met;

        Witness(StringBuilder met) {
            this.met = met;
        }

        @Override
        public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
            met.append(((ByteBuf) message).toString(ASCII));
            ctx.write(message, promise);
        }
    }
}
