package io.weir.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.DefaultMaxMessagesRecvByteBufAllocator;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.weir.testkit.Await;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;

/** What has come reaches the handlers as Netty itself would have it. */
class StraightReadsTest {

    @RegisterExtension final KeptEpollLoop loop = new KeptEpollLoop();

    /** Bytes of one read, four of which may follow each other. */
    private static final int READ = 4;

    private final List<String> told = new CopyOnWriteArrayList<>();

    /** Writes down what it is told, and does what a test wants with it. */
    private class Hearing extends ChannelInboundHandlerAdapter {
        private final String name;

        private final BiConsumer<ChannelHandlerContext, String> then;

        Hearing(String name) {
            this(name, (_, _) -> {});
        }

        /**
         * @param then what follows on each piece
         */
        Hearing(String name, BiConsumer<ChannelHandlerContext, String> then) {
            this.name = name;
            this.then = then;
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ByteBuf in = (ByteBuf) message;
            String text = in.toString(StandardCharsets.US_ASCII);
            in.release();
            told.add(name + " " + text);
            then.accept(ctx, text);
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext ctx) {
            told.add(name + " complete");
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            told.add(name + " caught " + cause.getMessage());
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            told.add(name + " inactive");
        }
    }

    @Test
    void readsFollowEachOtherUntilOneLeavesRoom() throws IOException {
        try (Socket client = client(new Hearing("a"))) {
            send(client, "0123456789");
            awaitTold("a 0123", "a 4567", "a 89", "a complete");
        }
    }

    @Test
    void nothingIsLostWhereReadsInARowAreOver() throws IOException {
        try (Socket client = client(new Hearing("a"))) {
            send(client, "0123456789abcdefgh");
            awaitTold("a 0123", "a 4567", "a 89ab", "a cdef", "a complete", "a gh", "a complete");
        }
    }

    @Test
    void aHandlerThatSendsOnlyIsPassedOver() throws IOException {
        try (Socket client = client(new ChannelOutboundHandlerAdapter(), new Hearing("a"))) {
            send(client, "012");
            awaitTold("a 012", "a complete");
        }
    }

    @Test
    void aHandlerThatTakesThePlaceOfTheFirstGetsWhatFollows() throws IOException {
        Hearing first =
                new Hearing(
                        "a",
                        (ctx, _) -> ctx.pipeline().replace(ctx.handler(), null, new Hearing("b")));
        try (Socket client = client(first)) {
            send(client, "012345");
            awaitTold("a 0123", "b 45", "b complete");
        }
    }

    @Test
    void aHandlerThatThrowsHearsOfItAndOfWhatFollows() throws IOException {
        Hearing first =
                new Hearing(
                        "a",
                        (_, text) -> {
                            if (text.equals("0123")) {
                                throw new IllegalStateException("on purpose");
                            }
                        });
        try (Socket client = client(first)) {
            send(client, "012345");
            awaitTold("a 0123", "a caught on purpose", "a 45", "a complete");
        }
    }

    @Test
    void aConnectionThatItsHandlerPausesIsNotReadBeforeItGoesOn() throws IOException {
        Hearing first =
                new Hearing(
                        "a",
                        (ctx, text) -> {
                            if (text.equals("0123")) {
                                ctx.channel().config().setAutoRead(false);
                                ctx.executor().execute(() -> goOn(ctx));
                            }
                        });
        try (Socket client = client(first)) {
            send(client, "012345");
            awaitTold("a 0123", "a complete", "a goes on", "a 45", "a complete");
        }
    }

    @Test
    void aConnectionThatItsHandlerClosesIsNotReadAnyFurther() throws IOException {
        Hearing first = new Hearing("a", (ctx, _) -> ctx.close());
        try (Socket client = client(first)) {
            send(client, "012345");
            awaitTold("a 0123", "a complete", "a inactive");
        }
    }

    @Test
    void aConnectionThatIsReadWhenAskedIsReadOnceForEach() throws IOException {
        CompletableFuture<Channel> asked = new CompletableFuture<>();
        Hearing first =
                new Hearing("a") {
                    @Override
                    public void channelActive(ChannelHandlerContext ctx) {
                        ctx.channel().config().setAutoRead(false);
                        ctx.read();
                        asked.complete(ctx.channel());
                    }
                };
        try (Socket client = client(first);
                Socket other = client(new Hearing("b"))) {
            send(client, "0123456");
            awaitTold("a 0123", "a complete");
            // Once the loop has seen another one, it has had its chance to read too much.
            send(other, "01");
            awaitTold("a 0123", "a complete", "b 01", "b complete");
            asked.join().read();
            awaitTold("a 0123", "a complete", "b 01", "b complete", "a 456", "a complete");
        }
    }

    /** Need not see the first bytes that come. */
    private final class PassingHandler extends Hearing implements PassingOn {
        private final int unseen;
        private final int atOnce;
        private int passed;

        /**
         * @param unseen bytes that need not be read
         * @param atOnce bytes that go on at once at most, however much is there; 0 when none can
         */
        PassingHandler(int unseen, int atOnce) {
            super("a");
            this.unseen = unseen;
            this.atOnce = atOnce;
        }

        @Override
        public int passable() {
            return unseen - passed;
        }

        @Override
        public int passOn(io.netty.channel.unix.Socket from, int most) throws IOException {
            if (atOnce == 0) {
                return KernelPipe.REFUSED;
            }
            int length = Math.min(most, atOnce);
            int got = from.read(ByteBuffer.allocateDirect(length), 0, length);
            told.add("a passes " + got);
            passed += got;
            return got;
        }

        @Override
        public boolean maybeMore() {
            return true;
        }
    }

    @Test
    void whatNeedNotBeSeenIsPassedOnAndWhatFollowsIsRead() throws IOException {
        try (Socket client = client(new PassingHandler(4, 2))) {
            send(client, "0123456789");
            awaitTold("a passes 2", "a passes 2", "a 4567", "a 89", "a complete");
        }
    }

    @Test
    void whatGoesOnInPartsIsPassedOnUntilNothingIsLeft() throws IOException {
        try (Socket client = client(new PassingHandler(100, 2))) {
            send(client, "0123456789abc");
            awaitTold(
                    "a passes 2",
                    "a passes 2",
                    "a passes 2",
                    "a passes 2",
                    "a complete",
                    "a passes 2",
                    "a passes 2",
                    "a passes 1",
                    "a passes 0",
                    "a complete");
        }
    }

    @Test
    void whatCannotBePassedOnIsRead() throws IOException {
        try (Socket client = client(new PassingHandler(100, 0))) {
            send(client, "012345");
            awaitTold("a 0123", "a 45", "a complete");
        }
    }

    @Test
    void theEndIsSeenBehindTheData() throws IOException {
        try (Socket client = client(new Hearing("a"))) {
            send(client, "01");
            Await.until("the data", () -> told.contains("a 01"));
        }
        Await.until("the end", () -> told.contains("a inactive"));
    }

    @Test
    void aConnectionWithoutMemoryToReadIntoHearsOfItAndEnds() throws IOException {
        try (Socket client = client(new WithoutMemory(), new Hearing("a"))) {
            send(client, "01");
            Await.until("the end", () -> told.contains("a inactive"));
            assertThat(told).contains("a caught no memory").doesNotContain("a 01");
        }
    }

    @SuppressWarnings("deprecation") // the name of the type, which Netty itself still uses
    private static final class WithoutMemory extends DefaultMaxMessagesRecvByteBufAllocator {
        @Override
        public Handle newHandle() {
            return new MaxMessageHandle() {
                @Override
                public ByteBuf allocate(ByteBufAllocator allocator) {
                    throw new OutOfMemoryError("no memory");
                }

                @Override
                public int guess() {
                    return READ;
                }
            };
        }
    }

    private void goOn(ChannelHandlerContext ctx) {
        told.add("a goes on");
        ctx.channel().config().setAutoRead(true);
    }

    private void awaitTold(String... expected) {
        Await.until(
                String.join(", ", expected) + " to be told", () -> told.size() >= expected.length);
        assertThat(told).containsExactly(expected);
    }

    private static void send(Socket client, String text) throws IOException {
        client.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }

    /** A client of a server with these handlers. */
    private Socket client(ChannelHandler... handlers) throws IOException {
        return client(new FixedRecvByteBufAllocator(READ).maxMessagesPerRead(4), handlers);
    }

    @SuppressWarnings("deprecation") // the name of the type, which Netty itself still uses
    private Socket client(RecvByteBufAllocator reads, ChannelHandler... handlers)
            throws IOException {
        Channel listener =
                new ServerBootstrap()
                        .group(loop.group())
                        .channel(EpollServerSocketChannel.class)
                        .childOption(ChannelOption.RECVBUF_ALLOCATOR, reads)
                        .childHandler(
                                new ChannelInitializer<>() {
                                    @Override
                                    protected void initChannel(Channel channel) {
                                        channel.pipeline().addLast(handlers);
                                    }
                                })
                        .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                        .syncUninterruptibly()
                        .channel();
        Socket socket = new Socket();
        socket.connect(listener.localAddress());
        return socket;
    }
}
