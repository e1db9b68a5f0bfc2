package io.weir.admin.server;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.util.ReferenceCountUtil;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.Queue;

/**
 * Hands over one decoded message for each read that is asked for, and keeps what came with it. It
 * holds what one read of the socket brings at most. Netty's own handler of this kind forgets that
 * somebody waits when a read of the socket completes no message. Confined to its event loop.
 */
final class OneByOne extends ChannelDuplexHandler {

    private final Queue<Object> kept = new ArrayDeque<>();
    private boolean wanted;
    private boolean handingOver;
    private @Nullable ChannelHandlerContext context;

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
        context = added;
    }

    @Override
    public void read(ChannelHandlerContext context) {
        wanted = true;
        handOver(context);
    }

    /**
     * Reads on without handing anything over, for as long as nothing comes, so that the end of the
     * connection is seen.
     */
    void lookOut() {
        ChannelHandlerContext here = context;
        if (here != null && kept.isEmpty()) {
            here.read();
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        kept.add(message);
        if (wanted) {
            handOver(context);
        }
    }

    /** In a loop, because whoever is handed a message mostly asks for the next one at once. */
    private void handOver(ChannelHandlerContext context) {
        if (handingOver) {
            return;
        }
        handingOver = true;
        while (wanted && !kept.isEmpty()) {
            wanted = false;
            context.fireChannelRead(kept.remove());
        }
        handingOver = false;
        if (wanted) {
            context.read();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        release();
        context.fireChannelInactive();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        release();
    }

    private void release() {
        for (Object message = kept.poll(); message != null; message = kept.poll()) {
            ReferenceCountUtil.release(message);
        }
    }
}
