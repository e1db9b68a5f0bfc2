package io.weir.wire.stream;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.DuplexChannel;
import io.weir.wire.Closing;

/**
 * What both connections of a stream can do: see {@link io.weir.exchange.StreamEnd}. Confined to one
 * event loop.
 */
final class StreamSocket {

    /** Bytes that one read of a carried connection takes. */
    static final int LARGEST_READ = 256 * 1024;

    private final ChannelHandlerContext ctx;
    private final Channel channel;
    private final boolean closeWithReset;
    private boolean written;

    StreamSocket(ChannelHandlerContext ctx, boolean closeWithReset) {
        this.ctx = ctx;
        this.channel = ctx.channel();
        this.closeWithReset = closeWithReset;
    }

    void write(ByteBuf piece) {
        written = true;
        ctx.write(piece, ctx.voidPromise());
    }

    void flush() {
        if (written) {
            written = false;
            ctx.flush();
        }
    }

    boolean writable() {
        return channel.isWritable();
    }

    long pendingBytes() {
        return Closing.pendingBytes(channel);
    }

    void pause(boolean paused) {
        channel.config().setAutoRead(!paused);
    }

    /** Ends our direction behind what was written; {@code done} runs when that has happened. */
    void closeOutput(Runnable done) {
        written = false;
        Closing.lastWrite(channel)
                .addListener(
                        f -> {
                            if (f.isSuccess() && channel.isActive()) {
                                ((DuplexChannel) channel)
                                        .shutdownOutput()
                                        .addListener(
                                                shut -> {
                                                    if (shut.isSuccess()) {
                                                        done.run();
                                                    } else {
                                                        channel.close();
                                                    }
                                                });
                            }
                        });
    }

    void close() {
        if (closeWithReset && channel.isActive()) {
            Closing.resetOnClose(channel);
        }
        ctx.close();
    }

    void reset() {
        if (channel.isActive()) {
            Closing.resetOnClose(channel);
        }
        Closing.cut(channel);
    }
}
