package io.weir.admin.server;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.LastHttpContent;
import io.weir.admin.AdminResponse;

import java.io.IOException;
import java.time.Duration;

/**
 * The body of a response that is written bit by bit, never faster than the client reads: each piece
 * is waited for. Confined to the virtual thread of the request.
 */
final class ResponseStream implements AdminResponse.Sink {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Channel channel;
    private final boolean untilClosed;
    private final Runnable lookOut;
    private boolean lookingOut;

    /** The client has gone, or does not read. */
    static final class GoneException extends IOException {
        GoneException(String message) {
            super(message);
        }
    }

    /**
     * @param untilClosed whether the end of the connection ends the body, as in HTTP/1.0
     * @param lookOut run on the event loop before the first pause, so that the end of the
     *     connection is noticed while nothing is written
     */
    ResponseStream(Channel channel, boolean untilClosed, Runnable lookOut) {
        this.channel = channel;
        this.untilClosed = untilClosed;
        this.lookOut = lookOut;
    }

    void send(HttpResponse head) throws IOException, InterruptedException {
        await(channel.writeAndFlush(head));
    }

    @Override
    public void write(byte[] bytes) throws IOException, InterruptedException {
        if (bytes.length > 0) { // an empty chunk would end the body
            await(channel.writeAndFlush(new DefaultHttpContent(Unpooled.wrappedBuffer(bytes))));
        }
    }

    void end() throws IOException, InterruptedException {
        await(channel.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT));
        if (untilClosed) {
            channel.close();
        }
    }

    private void await(ChannelFuture written) throws IOException, InterruptedException {
        if (!written.await(PATIENCE.toMillis())) {
            channel.close();
            throw new GoneException("the client does not read");
        }
        if (!written.isSuccess()) {
            throw new GoneException("the client has gone");
        }
    }

    @Override
    public void pause(Duration atMost) throws InterruptedException {
        if (!lookingOut && channel.isActive()) {
            lookingOut = true;
            channel.eventLoop().execute(lookOut);
        }
        var _ = channel.closeFuture().await(atMost.toMillis());
    }

    @Override
    public boolean isClosed() {
        return !channel.isActive();
    }
}
