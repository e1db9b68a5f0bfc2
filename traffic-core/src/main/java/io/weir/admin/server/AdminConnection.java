package io.weir.admin.server;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.weir.admin.AdminResponse;
import io.weir.admin.Caller;
import io.weir.admin.SignInCheck;
import io.weir.event.EventTag;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayOutputStream;
import java.nio.channels.ClosedByInterruptException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * One connection: a request is read, answered and only then the next one. Who asks is found out
 * before the body is read, so nobody unknown can fill the memory. Confined to its event loop, but
 * for the work that it hands to virtual threads.
 */
final class AdminConnection extends SimpleChannelInboundHandler<HttpObject> {

    private static final long HEAD_SECONDS = 30;
    private static final long DRAIN_SECONDS = 5;
    private static final int DRAIN_BYTES = 1 << 20;
    private static final int SLOWEST = 16 << 10;

    /** What the connection waits for. */
    private enum Phase {
        HEAD,
        SIGN_IN,
        BODY,
        ANSWER,
        /** The rest of a body that nobody wants. */
        REST,
        CLOSED
    }

    private final Connections home;
    private final Channel channel;
    private final OneByOne messages;

    private Phase phase = Phase.HEAD;
    private @Nullable RequestHead head;
    private Mounts.@Nullable Mount mount;
    private Caller caller = Caller.NOBODY;
    private ByteArrayOutputStream body = new ByteArrayOutputStream(0);
    private boolean complete;
    private boolean keepAlive;
    private int drained;

    /** Whether a body has begun that comes bit by bit; then no other answer can follow. */
    private volatile boolean streaming;

    private @Nullable Future<?> work;
    private io.netty.util.concurrent.@Nullable Future<?> deadline;

    /**
     * @param messages the handler before this one
     */
    AdminConnection(Connections home, Channel channel, OneByOne messages) {
        this.home = home;
        this.channel = channel;
        this.messages = messages;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        awaitHead();
    }

    private void awaitHead() {
        phase = Phase.HEAD;
        head = null;
        mount = null;
        caller = Caller.NOBODY;
        body = new ByteArrayOutputStream(0);
        complete = false;
        keepAlive = true;
        drained = 0;
        streaming = false;
        within(HEAD_SECONDS, channel::close);
        channel.read();
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, HttpObject message) {
        if (message.decoderResult().isFailure()) {
            malformed(message.decoderResult().cause());
            return;
        }
        if (message instanceof HttpRequest request) {
            begin(request);
        }
        if (message instanceof HttpContent content) {
            complete = message instanceof LastHttpContent;
            content(content.content());
        }
    }

    private void malformed(Throwable cause) {
        keepAlive = false;
        complete = true; // whatever follows is not worth reading
        if (phase == Phase.HEAD || phase == Phase.BODY) {
            answer(
                    switch (cause) {
                        case TooLongHttpLineException _ ->
                                Refusals.of(
                                        414,
                                        "the request line is longer than "
                                                + RequestDecoder.MAX_LINE
                                                + " bytes");
                        case TooLongHttpHeaderException _ ->
                                Refusals.of(
                                        431,
                                        "the header is longer than "
                                                + RequestDecoder.MAX_HEADER
                                                + " bytes");
                        default -> Refusals.of(400, "the request is malformed");
                    });
        } else {
            channel.close();
        }
    }

    private void begin(HttpRequest message) {
        RequestHead read = RequestHead.of(message, channel, home.secure(), home.settings().hosts());
        head = read;
        keepAlive = read.keepAlive();
        phase = Phase.SIGN_IN;
        within(0, channel::close);
        Mounts.Mount found = home.mounts().find(read.request().path());
        mount = found;
        AdminResponse refusal = read.refusal();
        if (refusal != null) {
            answer(refusal);
        } else if (found == null) {
            answer(Refusals.NOT_FOUND);
        } else {
            found.handler().expect();
            inBackground(
                    () -> {
                        SignInCheck.Verdict verdict =
                                home.signIn().check(read.request(), found.options());
                        channel.eventLoop().execute(() -> signedIn(read, found, verdict));
                    });
        }
    }

    private void signedIn(RequestHead read, Mounts.Mount found, SignInCheck.Verdict verdict) {
        if (phase != Phase.SIGN_IN) {
            return;
        }
        switch (verdict) {
            case SignInCheck.Refused(AdminResponse refusal) -> answer(refusal);
            case SignInCheck.LetIn(Caller known) -> {
                caller = known;
                int most = found.options().maxBody();
                if (read.length() > most) {
                    answer(Refusals.TOO_LONG);
                    return;
                }
                phase = Phase.BODY;
                long bytes = read.length() < 0 ? most : read.length();
                within(HEAD_SECONDS + bytes / SLOWEST, this::tooSlow);
                if (read.expectsContinue()) {
                    channel.writeAndFlush(
                            new DefaultFullHttpResponse(
                                    HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE));
                }
                channel.read();
            }
        }
    }

    private void tooSlow() {
        keepAlive = false;
        complete = true;
        answer(Refusals.TOO_SLOW);
    }

    private void content(ByteBuf bytes) {
        RequestHead read = head;
        Mounts.Mount found = mount;
        if (phase == Phase.BODY && read != null && found != null) {
            if (body.size() + bytes.readableBytes() > found.options().maxBody()) {
                answer(Refusals.TOO_LONG);
                return;
            }
            byte[] copy = new byte[bytes.readableBytes()];
            bytes.readBytes(copy);
            body.writeBytes(copy);
            if (complete) {
                handle(read, found);
            } else {
                channel.read();
            }
        } else if (phase == Phase.REST) {
            drained += bytes.readableBytes();
            if (complete) {
                next();
            } else if (drained > DRAIN_BYTES) {
                channel.close();
            } else {
                channel.read();
            }
        }
    }

    private void handle(RequestHead read, Mounts.Mount found) {
        phase = Phase.ANSWER;
        within(0, channel::close);
        var request = read.request().by(caller).with(body.toByteArray());
        body = new ByteArrayOutputStream(0);
        inBackground(
                () -> {
                    AdminResponse response = found.handler().handle(request);
                    if (response.body() instanceof AdminResponse.Stream(var writer, var over)) {
                        try {
                            stream(read, response, writer);
                        } finally {
                            over.run();
                        }
                    } else {
                        channel.eventLoop().execute(() -> answer(response));
                    }
                });
    }

    /** On the virtual thread of the request. */
    private void stream(RequestHead read, AdminResponse response, AdminResponse.Writer writer)
            throws Exception {
        streaming = true;
        ResponseStream stream = new ResponseStream(channel, read.http10(), messages::lookOut);
        boolean chunked = !read.http10();
        stream.send(Responses.head(response, read, chunked && keepAlive, home.ticker().now()));
        if (!read.request().method().equals("HEAD")) {
            writer.write(stream);
        }
        stream.end();
        channel.eventLoop()
                .execute(
                        () -> {
                            keepAlive &= chunked;
                            rest();
                        });
    }

    private interface Work {
        void run() throws Exception;
    }

    private void inBackground(Work job) {
        try {
            work =
                    home.threads()
                            .submit(
                                    () -> {
                                        try {
                                            job.run();
                                        } catch (InterruptedException
                                                | ClosedByInterruptException e) {
                                            channel.close();
                                        } catch (Exception | Error e) {
                                            failed(e);
                                        }
                                    });
        } catch (RejectedExecutionException e) {
            keepAlive = false;
            answer(Refusals.STOPPING);
        }
    }

    /** On the virtual thread of the request. */
    private void failed(Throwable cause) {
        RequestHead read = head;
        if (cause instanceof ResponseStream.GoneException) {
            channel.close();
            return;
        }
        home.events()
                .emit(
                        EventTag.INTERNALERROR,
                        "the admin server failed at "
                                + (read == null ? "a request" : read.request())
                                + ": "
                                + cause);
        channel.eventLoop()
                .execute(
                        () -> {
                            if (streaming) {
                                channel.close();
                            } else if (phase == Phase.SIGN_IN || phase == Phase.ANSWER) {
                                answer(Refusals.FAILED);
                            }
                        });
    }

    private void answer(AdminResponse response) {
        RequestHead read = head;
        if (phase == Phase.CLOSED) {
            return;
        }
        phase = Phase.ANSWER;
        if (read != null && read.expectsContinue() && !complete && body.size() == 0) {
            keepAlive = false; // nobody knows whether the body will come, so it is not waited for
            complete = true;
        }
        int length =
                response.body() instanceof AdminResponse.Bytes(byte[] content) ? content.length : 0;
        within(HEAD_SECONDS + length / SLOWEST, channel::close);
        try {
            channel.writeAndFlush(Responses.whole(response, read, keepAlive, home.ticker().now()))
                    .addListener(
                            sent -> {
                                if (sent.isSuccess()) {
                                    rest();
                                } else {
                                    channel.close();
                                }
                            });
        } catch (IllegalArgumentException e) {
            // A field that must not be sent.
            keepAlive = false;
            channel.close();
            failed(e);
        }
    }

    /** Reads what is left of a request that has been answered, so that the answer arrives. */
    private void rest() {
        if (complete) {
            next();
        } else {
            phase = Phase.REST;
            within(DRAIN_SECONDS, channel::close);
            channel.read();
        }
    }

    private void next() {
        if (keepAlive && channel.isActive()) {
            awaitHead();
        } else {
            phase = Phase.CLOSED;
            channel.close();
        }
    }

    /** Does {@code what} unless the next phase begins in time; 0 seconds for no deadline. */
    private void within(long seconds, Runnable what) {
        if (deadline != null) {
            deadline.cancel(false);
        }
        deadline =
                seconds == 0 ? null : channel.eventLoop().schedule(what, seconds, TimeUnit.SECONDS);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        phase = Phase.CLOSED;
        within(0, channel::close);
        Future<?> running = work;
        if (running != null) {
            running.cancel(true);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        // A broken connection or handshake: the peer's affair.
        channel.close();
    }
}
