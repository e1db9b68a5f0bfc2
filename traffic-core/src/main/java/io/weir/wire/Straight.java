package io.weir.wire;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.unix.IovArray;
import io.netty.channel.unix.Socket;

import org.jspecify.annotations.Nullable;

import java.io.IOException;

/**
 * The short way of one handler to the epoll socket of its connection, past Netty's account of what
 * waits: open while no other handler stands in between and nothing waits. Confined to one event
 * loop.
 */
final class Straight {

    private final ChannelHandlerContext ctx;
    private final Socket socket;

    private Straight(ChannelHandlerContext ctx, Socket socket) {
        this.ctx = ctx;
        this.socket = socket;
    }

    /** The way of the handler of {@code ctx}; null for sockets that have none. */
    static @Nullable Straight of(ChannelHandlerContext ctx) {
        return ctx.channel() instanceof EpollSocketChannel channel
                        && channel.fd() instanceof Socket there
                ? new Straight(ctx, there)
                : null;
    }

    /** Whether it is open. */
    @SuppressWarnings("ReferenceEquality") // a context is equal to itself only
    boolean open() {
        if (ctx.pipeline().firstContext() != ctx) {
            return false;
        }
        ChannelOutboundBuffer before = ctx.channel().unsafe().outboundBuffer();
        return before != null && before.totalPendingWriteBytes() == 0;
    }

    /** Whether the kernel has taken all of {@code buffer}; the rest is left in it. */
    boolean send(ByteBuf buffer) {
        if (!buffer.hasMemoryAddress() || !open()) {
            return false;
        }
        try {
            long from = buffer.memoryAddress() + buffer.readerIndex();
            buffer.skipBytes(SocketCalls.send(socket, from, buffer.readableBytes()));
        } catch (IOException broken) {
            // The pipeline will meet the same, and ends the connection.
            return false;
        }
        return !buffer.isReadable();
    }

    /**
     * Whether the kernel has taken all of both buffers, by one call; the rest is left in them.
     *
     * @param first what is sent before {@code second}
     */
    boolean send(ByteBuf first, ByteBuf second, SendMemory memory) {
        if (!first.hasMemoryAddress() || !second.hasMemoryAddress() || !open()) {
            return false;
        }
        IovArray parts = memory.vector(first, second);
        if (parts == null) {
            return false;
        }
        try {
            long taken = SocketCalls.send(socket, parts);
            int ofFirst = (int) Math.min(taken, first.readableBytes());
            first.skipBytes(ofFirst);
            second.skipBytes((int) taken - ofFirst);
        } catch (IOException broken) {
            // As above.
            return false;
        }
        return !second.isReadable();
    }

    /**
     * Sends both buffers and tells the kernel that more follows at once. What it does not take is
     * left in them, and to be sent in another way.
     *
     * @param second what is sent behind {@code first}; null for nothing
     */
    void sendAhead(ByteBuf first, @Nullable ByteBuf second, SendMemory memory) {
        boolean known = first.hasMemoryAddress() && (second == null || second.hasMemoryAddress());
        long message = known && open() ? memory.message(first, second) : 0;
        if (message == 0) {
            return;
        }
        int length = first.readableBytes() + (second == null ? 0 : second.readableBytes());
        int taken = SocketCalls.sendAhead(socket, message, length);
        int ofFirst = Math.min(taken, first.readableBytes());
        first.skipBytes(ofFirst);
        if (second != null) {
            second.skipBytes(taken - ofFirst);
        }
    }

    /**
     * Sends what {@code pipe} holds.
     *
     * @param bytes so many of them
     * @return bytes that the kernel has not taken, and that are still in the pipe
     */
    int send(KernelPipe pipe, int bytes) {
        return open() ? pipe.send(socket, bytes) : bytes;
    }
}
