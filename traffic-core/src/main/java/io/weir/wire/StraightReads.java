package io.weir.wire;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandler;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.unix.Socket;

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
        RecvByteBufAllocator.ExtendedHandle sizes = sizes();
        sizes.reset(channel.config());
        do {
            int got = readOnce(sizes);
            if (got < 0) {
                return !channel.isOpen();
            }
            if (got == 0) {
                break;
            }
        } while (channel.isOpen() && sizes.continueReading());
        sizes.readComplete();
        handOnCompletion();
        return true;
    }

    /** Whether the last read left no room, so that there may be more. */
    boolean full() {
        RecvByteBufAllocator.ExtendedHandle sizes = sizes();
        return sizes.lastBytesRead() > 0 && sizes.lastBytesRead() == sizes.attemptedBytesRead();
    }

    /** Whether the last read, by whomsoever, got anything. */
    boolean gotSomething() {
        return sizes().lastBytesRead() > 0;
    }

    @SuppressWarnings("deprecation") // the name of the type, which Netty itself still uses
    private RecvByteBufAllocator.ExtendedHandle sizes() {
        return (RecvByteBufAllocator.ExtendedHandle) unsafe.recvBufAllocHandle();
    }

    /**
     * @return how many bytes were read; 0 when nothing is there now, negative when Netty has to
     *     read
     */
    private int readOnce(RecvByteBufAllocator.ExtendedHandle sizes) {
        ChannelHandlerContext first = channel.pipeline().firstContext();
        if (first != null && first.handler() instanceof PassingOn handler) {
            int most = handler.passable();
            int got = most == 0 ? KernelPipe.REFUSED : passOn(handler, most, sizes);
            if (got != KernelPipe.REFUSED) {
                return got;
            }
        }
        ByteBuf piece;
        try {
            piece = sizes.allocate(channel.alloc());
        } catch (OutOfMemoryError scarce) {
            // Netty will meet the same, and ends the connection.
            return -1;
        }
        int got = -1;
        try {
            int room = piece.writableBytes();
            sizes.attemptedBytesRead(room);
            if (piece.hasMemoryAddress()) {
                got =
                        socket.recvAddress(
                                piece.memoryAddress(), piece.writerIndex(), piece.capacity());
            }
        } catch (IOException broken) {
            channel.pipeline().fireExceptionCaught(broken);
        } finally {
            if (got <= 0) {
                piece.release();
            }
        }
        sizes.lastBytesRead(got);
        if (got > 0) {
            sizes.incMessagesRead(1);
            handOn(piece.writerIndex(piece.writerIndex() + got));
        }
        return got;
    }

    /** As {@link #readOnce}, but that nobody sees what has come. */
    private int passOn(PassingOn handler, int most, RecvByteBufAllocator.ExtendedHandle sizes) {
        int got;
        try {
            got = handler.passOn(socket, most);
        } catch (Throwable broken) {
            channel.pipeline().fireExceptionCaught(broken);
            return BROKEN;
        }
        if (got >= 0) {
            // However much was wanted: the kernel may have stopped short of what has come.
            sizes.attemptedBytesRead(handler.maybeMore() ? got : got + 1);
            sizes.lastBytesRead(got);
        }
        if (got > 0) {
            sizes.incMessagesRead(1);
        }
        return got;
    }

    /** Gives {@code piece} to the first handler, which becomes its owner. */
    private void handOn(ByteBuf piece) {
        ChannelPipeline pipeline = channel.pipeline();
        ChannelHandlerContext first = pipeline.firstContext();
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
