package io.weir.wire.stream;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.DuplexChannel;
import io.weir.wire.Closing;
import io.weir.wire.Delivery;
import io.weir.wire.Output;

import java.util.concurrent.TimeUnit;

/**
 * What both connections of a stream can do: see {@link io.weir.exchange.StreamEnd}. Confined to one
 * event loop.
 */
final class StreamSocket {

    /** Bytes that one read of a carried connection takes. */
    static final int LARGEST_READ = 256 * 1024;

    /** How long a peer may take none of the last bytes. */
    private static final int LAST_BYTES_SECONDS = 10;

    private final ChannelHandlerContext ctx;
    private final Channel channel;
    private final Output output;
    private final boolean closeWithReset;

    /**
     * @param output what the connection of {@code ctx} is going to send
     */
    StreamSocket(ChannelHandlerContext ctx, Output output, boolean closeWithReset) {
        this.ctx = ctx;
        this.channel = ctx.channel();
        this.output = output;
        this.closeWithReset = closeWithReset;
    }

    void write(ByteBuf piece) {
        if (piece.isReadable()) {
            output.data(piece);
        } else {
            piece.release();
        }
    }

    /** As {@link io.weir.exchange.UnreadTaker}. */
    boolean takesUnread() {
        return output.takesUnread();
    }

    void unread(int bytes) {
        output.unread(bytes);
    }

    /**
     * Hands what was written to the kernel; when it is little, and nobody waits for room, as soon
     * as the event loop has handled what is ready now.
     */
    void flush() {
        if (channel.isWritable()) {
            output.flushSoon();
        } else {
            output.flush();
        }
    }

    boolean writable() {
        return channel.isWritable();
    }

    long pendingBytes() {
        return Closing.unsentBytes(channel);
    }

    void pause(boolean paused) {
        channel.config().setAutoRead(!paused);
    }

    /** Ends our direction behind what was written; {@code done} runs when that has happened. */
    void closeOutput(Runnable done) {
        output.flush();
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

    /** Closes when the kernel has what was written, or takes none of it for too long. */
    void close() {
        output.flush();
        long unsent = Closing.unsentBytes(channel);
        if (closeWithReset && unsent == 0 && Delivery.of(channel, 0).waiting() == 0) {
            // Before that, it would take away what is still on its way.
            Closing.resetOnClose(channel);
        }
        if (unsent == 0 || !channel.isActive()) {
            ctx.close();
        } else {
            Closing.closeWhenWritten(channel);
            closeUnlessTaken(unsent);
        }
    }

    private void closeUnlessTaken(long unsent) {
        var _ =
                channel.eventLoop()
                        .schedule(
                                () -> {
                                    long now = Closing.unsentBytes(channel);
                                    if (channel.isOpen() && now < unsent) {
                                        closeUnlessTaken(now);
                                    } else {
                                        channel.close();
                                    }
                                },
                                LAST_BYTES_SECONDS,
                                TimeUnit.SECONDS);
    }

    void reset() {
        output.flush();
        if (channel.isActive()) {
            Closing.resetOnClose(channel);
        }
        Closing.cut(channel);
    }

    /** Releases what was never sent, when the connection is gone. */
    void drop() {
        output.drop();
    }
}
