package io.weir.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import io.weir.exchange.Account;
import io.weir.exchange.LoopContext;
import io.weir.time.DeadlineWheel.Deadline;
import io.weir.tls.ClientHello;
import io.weir.tls.ClientTls;
import io.weir.tls.HandshakeFailure;
import io.weir.tls.ServerTls;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.util.concurrent.TimeUnit;

/**
 * Stands before the TLS handler of a client connection until the handshake is over, then leaves its
 * place to the {@link SealedOutput}: reads what the client says first, limits its time and size,
 * and has the costly step wait for its turn. Confined to one event loop.
 */
final class TlsDoor extends ChannelInboundHandlerAdapter {

    private static final Logger LOG = LoggerFactory.getLogger(TlsDoor.class);

    /** How long a client that is turned away may take to read why. */
    private static final long LEAVE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final byte[] PLAIN_HTTP =
            ("HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain\r\nContent-Length: 44\r\n"
                            + "Connection: close\r\n\r\n"
                            + "This port speaks HTTPS: begin with https://\n")
                    .getBytes(StandardCharsets.US_ASCII);

    /** A fatal alert, unrecognized_name (RFC 6066 section 3). */
    private static final byte[] UNKNOWN_NAME = {21, 3, 3, 0, 2, 2, 112};

    private enum State {
        /** The client's first message comes. */
        HELLO,
        /** It has come and waits for its turn. */
        WAITING,
        /** The engine has it. */
        HANDSHAKE,
        /** Success or failure; what still comes is passed on or thrown away. */
        DONE,
        REFUSED
    }

    private final ServerTls tls;
    private final SslHandler handler;
    private final ClientConnection client;
    private final Account account;
    private final WireLoop loop;
    private final Watch watch = new Watch();
    private State state = State.HELLO;
    private @Nullable ChannelHandlerContext ctx;
    private @Nullable ByteBuf gathered;
    private @Nullable ClientHello hello;
    private boolean paused;
    private long begunMillis;
    private int bytes;

    TlsDoor(
            ServerTls tls,
            SslHandler handler,
            ClientConnection client,
            Account account,
            WireLoop loop) {
        this.tls = tls;
        this.handler = handler;
        this.client = client;
        this.account = account;
        this.loop = loop;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        ctx = context;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        LoopContext here = loop.context();
        here.deadlines().set(watch, here.nanos(), tls.config().handshakeTimeout().toNanos());
        handler.handshakeFuture().addListener(f -> ended(f.cause()));
        context.fireChannelActive();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf in = (ByteBuf) message;
        switch (state) {
            case HELLO -> {
                gather(context, in);
                look(context);
            }
            case WAITING -> gather(context, in);
            case HANDSHAKE -> {
                if (bytes > tls.config().maxHandshakeSize()) {
                    in.release();
                    fail(HandshakeFailure.TOO_LARGE, "the client sends more than it may");
                    context.close();
                    return;
                }
                bytes += in.readableBytes();
                context.fireChannelRead(in);
            }
            case DONE -> context.fireChannelRead(in);
            case REFUSED -> in.release();
        }
    }

    private void gather(ChannelHandlerContext context, ByteBuf in) {
        ByteBuf before = gathered;
        if (before == null) {
            gathered = in;
            return;
        }
        if (before.writableBytes() < in.readableBytes()) {
            int whole = before.readableBytes() + in.readableBytes();
            ByteBuf larger = context.alloc().directBuffer(Math.max(1024, whole * 2));
            larger.writeBytes(before);
            before.release();
            before = larger;
        }
        before.writeBytes(in);
        in.release();
        gathered = before;
    }

    /** Looks at what the client has said so far. */
    private void look(ChannelHandlerContext context) {
        ByteBuf in = gathered;
        if (in == null) {
            return;
        }
        switch (ClientHello.form(in)) {
            case NOT_TLS -> refusePlain(context, in);
            case UNFINISHED -> {
                if (in.readableBytes() > tls.config().maxHandshakeSize()) {
                    fail(HandshakeFailure.TOO_LARGE, "the client's first message is too long");
                    context.close();
                }
            }
            case COMPLETE -> {
                hello = ClientHello.read(in);
                if (!tls.welcomes(hello)) {
                    fail(HandshakeFailure.UNKNOWN_NAME, "no certificate is for " + hello);
                    refuse(context, UNKNOWN_NAME);
                    return;
                }
                state = State.WAITING;
                if (!loop.handshakes().take(this::handshake)) {
                    paused = true;
                    context.channel().config().setAutoRead(false);
                }
            }
        }
    }

    /** Hands the first message to the engine, whose answer is the costly part. */
    private void handshake() {
        ByteBuf in = gathered;
        ChannelHandlerContext context = ctx;
        if (state != State.WAITING || in == null || context == null) {
            return;
        }
        gathered = null;
        state = State.HANDSHAKE;
        bytes = in.readableBytes();
        loop.context().tick();
        begunMillis = loop.context().ticker().now().toEpochMilli();
        tls.arriving(hello);
        try {
            context.fireChannelRead(in);
            if (paused) {
                paused = false;
                context.fireChannelReadComplete();
                context.channel().config().setAutoRead(true);
            }
        } finally {
            tls.arriving(null);
        }
    }

    /** Somebody who speaks HTTP in the clear is told so; others are not answered. */
    private void refusePlain(ChannelHandlerContext context, ByteBuf in) {
        int first = in.getByte(in.readerIndex());
        if (first >= 'A' && first <= 'Z') {
            fail(HandshakeFailure.PLAIN_HTTP, "the client speaks HTTP in the clear");
            refuse(context, PLAIN_HTTP);
        } else {
            fail(HandshakeFailure.NOT_TLS, "the client does not speak TLS");
            context.close();
        }
    }

    /** Sends a last word and closes once it can have been read. */
    private void refuse(ChannelHandlerContext context, byte[] word) {
        context.writeAndFlush(Unpooled.wrappedBuffer(word))
                .addListener(
                        f -> {
                            if (f.isSuccess() && context.channel() instanceof DuplexChannel d) {
                                d.shutdownOutput();
                            }
                        });
        LoopContext here = loop.context();
        here.deadlines().set(watch, here.nanos(), LEAVE_NANOS);
    }

    private void ended(@Nullable Throwable cause) {
        ChannelHandlerContext context = ctx;
        if (context == null || state == State.REFUSED) {
            return;
        }
        if (cause != null) {
            fail(HandshakeFailure.of(cause), String.valueOf(cause.getMessage()));
            return;
        }
        ClientTls done = ClientTls.of(tls.config(), handler, hello, begunMillis);
        if (done.resumed()) {
            try {
                done.checkValidity(loop.context().ticker().now());
            } catch (CertificateException e) {
                String engine = context.pipeline().context(handler).name();
                context.pipeline().addAfter(engine, null, new Unheard());
                fail(HandshakeFailure.of(e), String.valueOf(e.getMessage()));
                context.close();
                return;
            }
        }
        state = State.DONE;
        loop.context().deadlines().forget(watch);
        account.handshake(loop.context(), done.resumed());
        hello = null;
        acknowledge(context);
        client.secured(done);
        context.pipeline().replace(this, null, new SealedOutput());
    }

    /**
     * With TLS 1.3 the client has the last word of the handshake, and there is nothing to say
     * before its request. Where it waits for the acknowledgement of the one before it sends the
     * other, as RFC 896 has it, the kernel must not wait in turn for an answer to send along.
     */
    private void acknowledge(ChannelHandlerContext context) {
        ChannelOption<Boolean> quickAck = loop.transport().quickAck();
        if (quickAck != null) {
            context.channel().config().setOption(quickAck, true);
        }
    }

    private void fail(HandshakeFailure why, String text) {
        state = State.REFUSED;
        loop.context().deadlines().forget(watch);
        account.handshakeFailed(loop.context(), why.metric());
        LOG.debug("{}: handshake failed ({}): {}", client.listener(), why.metric(), text);
        drop();
    }

    /** Keeps from those behind it what a client that was refused has sent with its last message. */
    private static final class Unheard extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            ReferenceCountUtil.release(message);
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) {
            // The handshake has succeeded for the engine only.
        }
    }

    private void drop() {
        ByteBuf in = gathered;
        if (in != null) {
            gathered = null;
            in.release();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        if (state == State.HELLO || state == State.WAITING) {
            fail(HandshakeFailure.CLOSED, "the client went away");
        }
        loop.context().deadlines().forget(watch);
        drop();
        context.fireChannelInactive();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        drop();
    }

    private final class Watch extends Deadline {
        @Override
        protected void expired() {
            ChannelHandlerContext context = ctx;
            if (context == null) {
                return;
            }
            if (state != State.REFUSED) {
                fail(HandshakeFailure.TIMEOUT, "the client took too long");
            }
            context.close();
        }
    }
}
