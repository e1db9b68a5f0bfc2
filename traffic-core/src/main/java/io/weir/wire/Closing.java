package io.weir.wire;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.SslHandler;

import javax.net.ssl.SSLException;

/** The ways in which a connection ends. To be called on the event loop of the connection. */
public final class Closing {

    private Closing() {}

    /** Bytes that were flushed and that the kernel has not taken yet. */
    public static long pendingBytes(Channel channel) {
        ChannelOutboundBuffer buffer = channel.unsafe().outboundBuffer();
        return buffer == null ? 0 : buffer.totalPendingWriteBytes();
    }

    /** The same, and what a bandwidth class holds back. */
    public static long unsentBytes(Channel channel) {
        return pendingBytes(channel) + PacedWrites.heldBytes(channel);
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
    public static void closeWhenWritten(Channel channel) {
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    }

    /**
     * Ends our direction behind what still waits to be sent; under TLS with a close_notify, which
     * tells that nothing is missing.
     */
    public static void shutDownOutputWhenWritten(Channel channel) {
        lastWrite(channel)
                .addListener(
                        f -> {
                            if (f.isSuccess()
                                    && channel instanceof DuplexChannel duplex
                                    && channel.isActive()) {
                                duplex.shutdownOutput();
                            }
                        });
    }

    /** Done when everything has been written; under TLS a close_notify goes behind it. */
    public static ChannelFuture lastWrite(Channel channel) {
        SslHandler tls = channel.pipeline().get(SslHandler.class);
        return tls == null ? channel.writeAndFlush(Unpooled.EMPTY_BUFFER) : tls.closeOutbound();
    }

    /**
     * Closes at once; under TLS without a close_notify, so that what was cut does not look
     * complete.
     */
    public static void cut(Channel channel) {
        ChannelHandlerContext tls = channel.pipeline().context(SslHandler.class);
        if (tls == null) {
            channel.close();
        } else {
            tls.close();
        }
    }

    /** Sends what TLS has to say by itself, such as its answer to a close_notify. */
    static void flushTls(Channel channel) {
        ChannelHandlerContext tls = channel.pipeline().context(SslHandler.class);
        if (tls != null) {
            tls.flush();
        }
    }

    /** Whether an exception is the peer's fault: a bad record, a fatal alert. */
    public static boolean isBadTls(Throwable cause) {
        return cause instanceof DecoderException && cause.getCause() instanceof SSLException;
    }

    /** A close that follows is a reset, which no peer takes for the end of what was sent. */
    public static void resetOnClose(Channel channel) {
        // The number of a closed socket may be that of another one by now.
        if (channel.isOpen()) {
            channel.config().setOption(ChannelOption.SO_LINGER, 0);
        }
    }
}
