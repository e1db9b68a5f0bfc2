package io.weir.wire;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.socket.DuplexChannel;

/** The ways in which a connection ends. To be called on the event loop of the connection. */
public final class Closing {

    private Closing() {}

    /** Bytes that were flushed and that the kernel has not taken yet. */
    public static long pendingBytes(Channel channel) {
        ChannelOutboundBuffer buffer = channel.unsafe().outboundBuffer();
        return buffer == null ? 0 : buffer.totalPendingWriteBytes();
    }

    /**
     * Has what is sent from now on leave together with the end of the stream, which saves a packet
     * and the other side a wake-up; to be called just before both.
     */
    static void joinEnd(Channel channel, Transport transport) {
        ChannelOption<Boolean> cork = transport.cork();
        if (cork != null) {
            channel.config().setOption(cork, true);
        }
    }

    /** Closes behind what still waits to be sent. */
    static void closeWhenWritten(Channel channel) {
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    }

    /** Ends our direction behind what still waits to be sent. */
    public static void shutDownOutputWhenWritten(Channel channel) {
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER)
                .addListener(
                        f -> {
                            if (f.isSuccess()
                                    && channel instanceof DuplexChannel duplex
                                    && channel.isActive()) {
                                duplex.shutdownOutput();
                            }
                        });
    }

    /** A close that follows is a reset, which no peer takes for the end of what was sent. */
    public static void resetOnClose(Channel channel) {
        channel.config().setOption(ChannelOption.SO_LINGER, 0);
    }
}
