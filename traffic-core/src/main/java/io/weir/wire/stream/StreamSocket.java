package io.weir.wire.stream;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.DuplexChannel;
import io.weir.wire.Closing;
import io.weir.wire.SendBatch;

/**
 * What both connections of a stream can do: see {@link io.weir.exchange.StreamEnd}. Confined to one
 * event loop.
 */
final class StreamSocket implements SendBatch.Sender {

    /** Bytes that one read of a carried connection takes. */
    static final int LARGEST_READ = 256 * 1024;

    private final ChannelHandlerContext ctx;
    private final Channel channel;
    private final SendBatch batch;
    private final boolean closeWithReset;
    private boolean batched;
    private long unsent;

    /**
     * @param batch of the event loop
     */
    StreamSocket(ChannelHandlerContext ctx, SendBatch batch, boolean closeWithReset) {
        this.ctx = ctx;
        this.channel = ctx.channel();
        this.batch = batch;
        this.closeWithReset = closeWithReset;
    }

    void write(ByteBuf piece) {
        if (piece.isReadable()) {
            unsent += piece.readableBytes();
            ctx.write(piece, ctx.voidPromise());
        } else {
            piece.release();
        }
    }

    /**
     * Hands what was written to the kernel; when it is little, and nobody waits for room, as soon
     * as the event loop has handled what is ready now.
     */
    void flush() {
        if (!channel.isWritable()) {
            send();
        } else if (unsent > 0 && !batched) {
            batched = batch.add(this, unsent);
            if (!batched) {
                send();
            }
        }
    }

    @Override
    public void sendBatched() {
        batched = false;
        send();
    }

    private void send() {
        if (unsent > 0) {
            unsent = 0;
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
        send();
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
        send();
        if (closeWithReset && channel.isActive()) {
            Closing.resetOnClose(channel);
        }
        ctx.close();
    }

    void reset() {
        send();
        if (channel.isActive()) {
            Closing.resetOnClose(channel);
        }
        Closing.cut(channel);
    }
}
