package io.weir.wire;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.unix.UnixChannelOption;
import io.netty.channel.uring.IoUring;
import io.netty.channel.uring.IoUringChannelOption;
import io.netty.channel.uring.IoUringDatagramChannel;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringServerSocketChannel;
import io.netty.channel.uring.IoUringSocketChannel;
import io.weir.config.GlobalConfig;

import org.jspecify.annotations.Nullable;

import java.util.function.Supplier;

/**
 * The kernel interface that carries the traffic: how to make event loops and sockets. Immutable.
 *
 * @param name as in the configuration
 * @param datagrams makes sockets for datagrams
 * @param reusePort option that lets several event loops listen on one address; null where the
 *     platform has none
 * @param deferAccept option, in seconds, that has the kernel hand a connection over when its first
 *     data has come, which saves a wake-up each; null where the platform has none
 * @param cork option that holds back what does not fill a segment until the connection ends, so
 *     that the last bytes and the end of the stream leave as one packet; null where the platform
 *     has none
 * @param quickAck option that acknowledges at once what has been received; null where the platform
 *     has none
 * @param unsent option that bounds the bytes which the kernel takes and cannot send yet; null where
 *     the platform has none
 */
public record Transport(
        String name,
        SendBatch.Factory ioHandler,
        Supplier<? extends ServerChannel> serverChannel,
        Supplier<? extends Channel> channel,
        Supplier<? extends Channel> datagrams,
        @Nullable ChannelOption<Boolean> reusePort,
        @Nullable ChannelOption<Integer> deferAccept,
        @Nullable ChannelOption<Boolean> cork,
        @Nullable ChannelOption<Boolean> quickAck,
        @Nullable ChannelOption<Integer> unsent) {

    /**
     * The transport that {@code wanted} names.
     *
     * @throws UnsupportedOperationException when this machine does not have it
     */
    public static Transport of(GlobalConfig.Transport wanted) {
        return switch (wanted) {
            case AUTO -> Epoll.isAvailable() ? epoll() : nio();
            case EPOLL -> {
                if (!Epoll.isAvailable()) {
                    throw new UnsupportedOperationException(
                            "global.transport is epoll, which this machine does not have: "
                                    + Epoll.unavailabilityCause());
                }
                yield epoll();
            }
            case IO_URING -> {
                if (!IoUring.isAvailable()) {
                    throw new UnsupportedOperationException(
                            "global.transport is io-uring, which this machine does not have: "
                                    + IoUring.unavailabilityCause());
                }
                yield new Transport(
                        "io-uring",
                        new SendBatch.Factory(IoUringIoHandler.newFactory()),
                        IoUringServerSocketChannel::new,
                        IoUringSocketChannel::new,
                        IoUringDatagramChannel::new,
                        UnixChannelOption.SO_REUSEPORT,
                        null,
                        IoUringChannelOption.TCP_CORK,
                        IoUringChannelOption.TCP_QUICKACK,
                        SendRoom.NOTSENT_LOWAT);
            }
            case NIO -> nio();
        };
    }

    private static Transport epoll() {
        return new Transport(
                "epoll",
                new SendBatch.Factory(KeptEpoll.newFactory()),
                EpollServerSocketChannel::new,
                EpollSocketChannel::new,
                EpollDatagramChannel::new,
                UnixChannelOption.SO_REUSEPORT,
                EpollChannelOption.TCP_DEFER_ACCEPT,
                EpollChannelOption.TCP_CORK,
                EpollChannelOption.TCP_QUICKACK,
                SendRoom.NOTSENT_LOWAT);
    }

    private static Transport nio() {
        return new Transport(
                "nio",
                new SendBatch.Factory(NioIoHandler.newFactory()),
                NioServerSocketChannel::new,
                NioSocketChannel::new,
                NioDatagramChannel::new,
                null,
                null,
                null,
                null,
                null);
    }
}
