package io.weir.wire;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.handler.ssl.SslHandler;

import org.jspecify.annotations.Nullable;

/**
 * Stands between TLS and the socket: what TLS has made of one small message goes straight to the
 * socket, as {@link Output} has it for messages in the clear. Everything else passes. Confined to
 * one event loop.
 */
final class SealedOutput extends ChannelOutboundHandlerAdapter {

    private @Nullable Straight straight;
    private @Nullable ByteBuf held;
    private @Nullable ChannelPromise promise;
    private boolean passed;

    /** Puts one between {@code tls} and the socket. */
    static void before(SslHandler tls, ChannelPipeline pipeline) {
        ChannelHandlerContext ctx = pipeline.context(tls);
        if (ctx != null) {
            pipeline.addBefore(ctx.name(), null, new SealedOutput());
        }
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        straight = Straight.of(ctx);
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise done) {
        boolean first = straight != null && held == null && !passed;
        if (first && message instanceof ByteBuf piece && piece.isReadable()) {
            held = piece;
            promise = done;
            return;
        }
        passOn(ctx);
        passed = true;
        ctx.write(message, done);
    }

    /** What is held goes the usual way. */
    private void passOn(ChannelHandlerContext ctx) {
        ByteBuf piece = held;
        ChannelPromise done = promise;
        if (piece != null && done != null) {
            held = null;
            promise = null;
            passed = true;
            ctx.write(piece, done);
        }
    }

    @Override
    public void flush(ChannelHandlerContext ctx) {
        if (held == null || passed) {
            passed = false;
            ctx.flush();
        } else {
            send(ctx);
        }
    }

    private void send(ChannelHandlerContext ctx) {
        ByteBuf piece = held;
        ChannelPromise done = promise;
        if (piece == null || done == null || straight == null) {
            return;
        }
        if (!piece.isReadable() || straight.send(piece)) {
            held = null;
            promise = null;
            piece.release();
            if (!done.isVoid()) {
                var _ = done.trySuccess();
            }
            return;
        }
        passOn(ctx);
        passed = false;
        ctx.flush();
    }

    @Override
    public void close(ChannelHandlerContext ctx, ChannelPromise done) {
        leave(ctx);
        ctx.close(done);
    }

    @Override
    public void disconnect(ChannelHandlerContext ctx, ChannelPromise done) {
        leave(ctx);
        ctx.disconnect(done);
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        leave(ctx);
    }

    private void leave(ChannelHandlerContext ctx) {
        if (held != null) {
            passOn(ctx);
            passed = false;
            ctx.flush();
        }
    }
}
