package io.weir.wire;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandler;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.unix.Socket;

import org.jspecify.annotations.Nullable;

import java.io.IOException;

/**
 * The short way of what a TCP connection has to read to the first handler of its pipeline: what
 * Netty does for it, as far as data alone are concerned, in one place. What a {@link PassingOn}
 * handler need not see is not even read. The end of what comes, and what fails, is left to Netty.
 * Confined to one event loop.
 */
final class StraightReads {

    /** Netty has to read, and will hear of it; no number of bytes. */
    private static final int BROKEN = Integer.MIN_VALUE;

    private final Channel channel;
    private final Channel.Unsafe unsafe;
    private final Socket socket;

    /** How much to read, as the allocator of the connection has it; null before the first read. */
    private RecvByteBufAllocator.@Nullable ExtendedHandle sizes;

    /**
     * @param unsafe of an epoll channel that is being registered
     * @param socket of the same channel
     */
    StraightReads(Channel.Unsafe unsafe, Socket socket) {
        this.channel = unsafe.voidPromise().channel();
        this.unsafe = unsafe;
        this.socket = socket;
    }

    /**
     * Reads what has come and hands it on, as often in a row and as much at once as the connection
     * allows.
     *
     * @return false when Netty has to read: the connection reads only when it is told to, or its
     *     input has ended or is broken, or there is no memory to read into
     */
    boolean read() {
        if (!channel.config().isAutoRead()) {
            return false;
        }
        RecvByteBufAllocator.ExtendedHandle turn = sizes();
        turn.reset(channel.config());
        do {
            int got = readOnce(turn);
            if (got < 0) {
                return !channel.isOpen();
            }
            if (got == 0) {
                break;
            }
        } while (channel.isOpen() && turn.continueReading());
        turn.readComplete();
        handOnCompletion();
        return true;
    }

    /**
     * Whether the last read left no room, so that there may be more.
     *
     * @param here whether that was one of {@link #read}, and not one of Netty
     */
    boolean full(boolean here) {
        RecvByteBufAllocator.ExtendedHandle reader = here ? sizes() : sizesOfNetty();
        return reader.lastBytesRead() > 0 && reader.lastBytesRead() == reader.attemptedBytesRead();
    }

    /**
     * Whether the last read got anything.
     *
     * @param here as for {@link #full}
     */
    boolean gotSomething(boolean here) {
        return (here ? sizes() : sizesOfNetty()).lastBytesRead() > 0;
    }

    /**
     * Not those of Netty, who has wrapped them in two layers that look after what it does alone.
     */
    @SuppressWarnings("deprecation") // the name of the type, which Netty itself still uses
    private RecvByteBufAllocator.ExtendedHandle sizes() {
        RecvByteBufAllocator.ExtendedHandle mine = sizes;
        if (mine == null) {
            RecvByteBufAllocator allocator = channel.config().getRecvByteBufAllocator();
            mine = (RecvByteBufAllocator.ExtendedHandle) allocator.newHandle();
            sizes = mine;
        }
        return mine;
    }

    @SuppressWarnings("deprecation") // as above
    private RecvByteBufAllocator.ExtendedHandle sizesOfNetty() {
        return (RecvByteBufAllocator.ExtendedHandle) unsafe.recvBufAllocHandle();
    }

    /**
     * @return how many bytes were read; 0 when nothing is there now, negative when Netty has to
     *     read
     */
    private int readOnce(RecvByteBufAllocator.ExtendedHandle turn) {
        ChannelHandlerContext first = channel.pipeline().firstContext();
        if (first != null && first.handler() instanceof PassingOn handler) {
            int most = handler.passable();
            int got = most == 0 ? KernelPipe.REFUSED : passOn(handler, most, turn);
            if (got != KernelPipe.REFUSED) {
                return got;
            }
        }
        ByteBuf piece;
        try {
            piece = turn.allocate(channel.alloc());
        } catch (OutOfMemoryError scarce) {
            // Netty will meet the same, and ends the connection.
            return -1;
        }
        int got = -1;
        try {
            int room = piece.writableBytes();
            turn.attemptedBytesRead(room);
            if (piece.hasMemoryAddress()) {
                got = SocketCalls.receive(socket, piece.memoryAddress(), room);
            }
        } catch (IOException broken) {
            channel.pipeline().fireExceptionCaught(broken);
        } finally {
            if (got <= 0) {
                piece.release();
            }
        }
        turn.lastBytesRead(got);
        if (got > 0) {
            turn.incMessagesRead(1);
            handOn(first, piece.writerIndex(piece.writerIndex() + got));
        }
        return got;
    }

    /** As {@link #readOnce}, but that nobody sees what has come. */
    private int passOn(PassingOn handler, int most, RecvByteBufAllocator.ExtendedHandle turn) {
        int got;
        try {
            got = handler.passOn(socket, most);
        } catch (Throwable broken) {
            channel.pipeline().fireExceptionCaught(broken);
            return BROKEN;
        }
        if (got >= 0) {
            // However much was wanted: the kernel may have stopped short of what has come.
            turn.attemptedBytesRead(handler.maybeMore() ? got : got + 1);
            turn.lastBytesRead(got);
        }
        if (got > 0) {
            turn.incMessagesRead(1);
        }
        return got;
    }

    /** Gives {@code piece} to the {@code first} handler, which becomes its owner. */
    private void handOn(@Nullable ChannelHandlerContext first, ByteBuf piece) {
        ChannelPipeline pipeline = channel.pipeline();
        if (first != null && first.handler() instanceof ChannelInboundHandler handler) {
            try {
                handler.channelRead(first, piece);
            } catch (Throwable defect) {
                pipeline.fireExceptionCaught(defect);
            }
        } else {
            pipeline.fireChannelRead(piece);
        }
    }

    private void handOnCompletion() {
        ChannelPipeline pipeline = channel.pipeline();
        ChannelHandlerContext first = pipeline.firstContext();
        if (first != null && first.handler() instanceof ChannelInboundHandler handler) {
            try {
                handler.channelReadComplete(first);
            } catch (Throwable defect) {
                pipeline.fireExceptionCaught(defect);
            }
        } else {
            pipeline.fireChannelReadComplete();
        }
    }
}
