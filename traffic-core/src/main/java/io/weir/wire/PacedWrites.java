package io.weir.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.util.ReferenceCountUtil;
import io.weir.bandwidth.BandwidthClass;
import io.weir.bandwidth.Flow;

import org.jspecify.annotations.Nullable;

import java.nio.channels.ClosedChannelException;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;

/**
 * Holds back what a connection sends until it is its turn in a bandwidth class. It stands next to
 * the socket, so that TLS and all framing are counted. What is held back makes the channel
 * unwritable at the same marks as what the kernel does not take. Confined to one event loop.
 */
public final class PacedWrites extends ChannelDuplexHandler {

    /** Under this name in pipelines. */
    static final String NAME = "paced";

    /** Which of the channel's bits says whether this handler takes more. */
    private static final int WRITABILITY = 1;

    /** How long a close waits for what was written before it. */
    private static final long CLOSE_SECONDS = 30;

    private record Held(Object message, ChannelPromise promise) {}

    private final @Nullable BandwidthClass home;
    private @Nullable BandwidthClass bandwidth;
    private @Nullable BandwidthClass next;
    private final ArrayDeque<Held> held = new ArrayDeque<>();
    private @Nullable Flow flow;
    private @Nullable ChannelHandlerContext context;
    private @Nullable ChannelPromise closing;
    private long heldBytes;
    private boolean full;

    /**
     * @param home the class of the connection; null for none, as long as no exchange wants one
     */
    PacedWrites(@Nullable BandwidthClass home) {
        this.home = home;
        this.bandwidth = home;
        this.next = home;
    }

    /** See {@link io.weir.exchange.Tunable#tune}. */
    public static void tune(Channel channel, @Nullable BandwidthClass bandwidth, int traffic) {
        if (!channel.isActive()) {
            return;
        }
        PacedWrites here = channel.pipeline().get(PacedWrites.class);
        if (here == null && bandwidth != null) {
            here = new PacedWrites(null);
            channel.pipeline().addFirst(NAME, here);
        }
        if (here != null) {
            here.next = bandwidth == null ? here.home : bandwidth;
            here.change();
        }
        var _ = channel.config().setOption(ChannelOption.IP_TOS, traffic);
    }

    /** Goes over to the class that is wanted, behind what the one before holds back. */
    private void change() {
        Flow known = flow;
        if (held.isEmpty() && bandwidth != next) {
            bandwidth = next;
            flow = null;
            if (known != null) {
                known.close();
            }
        }
    }

    /** Bytes that wait for their turn on {@code channel}. */
    static long heldBytes(Channel channel) {
        PacedWrites here = channel.pipeline().get(PacedWrites.class);
        return here == null ? 0 : here.heldBytes;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        if (held.isEmpty()) {
            BandwidthClass mine = bandwidth;
            if (mine == null || !(message instanceof ByteBuf bytes) || !bytes.isReadable()) {
                ctx.write(message, promise);
                return;
            }
            Flow turns = flow(ctx, mine);
            long now = turns.take(bytes.readableBytes());
            while (now > 0 && now < bytes.readableBytes()) {
                ctx.write(bytes.readRetainedSlice((int) now), ctx.voidPromise());
                now = turns.take(bytes.readableBytes());
            }
            if (now > 0) {
                ctx.write(bytes, promise);
                return;
            }
        } else {
            Flow turns = flow;
            if (turns != null && message instanceof ByteBuf bytes) {
                turns.want(bytes.readableBytes());
            }
        }
        held.add(new Held(message, promise));
        heldBytes += message instanceof ByteBuf bytes ? bytes.readableBytes() : 0;
        mark(ctx);
    }

    private Flow flow(ChannelHandlerContext ctx, BandwidthClass mine) {
        Flow known = flow;
        if (known == null) {
            known = mine.flow(ctx.executor(), this::send);
            flow = known;
        }
        return known;
    }

    /** It is our turn for so many bytes. */
    private void send(long bytes) {
        ChannelHandlerContext ctx = context;
        if (ctx == null) {
            return;
        }
        long left = bytes;
        while (!held.isEmpty()) {
            Held head = held.peek();
            if (head.message() instanceof ByteBuf piece && piece.isReadable()) {
                if (left == 0) {
                    break;
                }
                if (piece.readableBytes() > left) {
                    heldBytes -= left;
                    ctx.write(piece.readRetainedSlice((int) left), ctx.voidPromise());
                    left = 0;
                    continue;
                }
                left -= piece.readableBytes();
                heldBytes -= piece.readableBytes();
            }
            held.remove();
            ctx.write(head.message(), head.promise());
        }
        ctx.flush();
        mark(ctx);
        change();
        ChannelPromise end = closing;
        if (held.isEmpty() && end != null) {
            closing = null;
            ctx.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(f -> ctx.close(end));
        }
    }

    private void mark(ChannelHandlerContext ctx) {
        ChannelOutboundBuffer out = ctx.channel().unsafe().outboundBuffer();
        var marks = ctx.channel().config().getWriteBufferWaterMark();
        boolean now = full ? heldBytes > marks.low() : heldBytes > marks.high();
        if (now != full && out != null) {
            full = now;
            out.setUserDefinedWritability(WRITABILITY, !now);
        }
    }

    @Override
    public void close(ChannelHandlerContext ctx, ChannelPromise promise) {
        if (held.isEmpty() || !ctx.channel().isActive() || resets(ctx)) {
            ctx.close(promise);
        } else if (closing == null) {
            closing = promise;
            var _ =
                    ctx.executor()
                            .schedule(() -> ctx.close(promise), CLOSE_SECONDS, TimeUnit.SECONDS);
        } else {
            closing.addListener(f -> promise.trySuccess());
        }
    }

    private static boolean resets(ChannelHandlerContext ctx) {
        Integer linger = ctx.channel().config().getOption(ChannelOption.SO_LINGER);
        return linger != null && linger == 0;
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        drop();
        ctx.fireChannelInactive();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        drop();
    }

    private void drop() {
        Flow known = flow;
        if (known != null) {
            known.close();
        }
        heldBytes = 0;
        for (Held each = held.poll(); each != null; each = held.poll()) {
            ReferenceCountUtil.release(each.message());
            if (!each.promise().isVoid()) {
                each.promise().tryFailure(new ClosedChannelException());
            }
        }
    }
}
