package io.weir.wire;

import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelOption;
import io.netty.channel.unix.RawUnixChannelOption;
import io.netty.channel.unix.UnixChannel;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * How much of what was sent on a connection the peer has taken, and how much still waits for it:
 * here, or in the kernel, which takes a whole answer for a peer that reads none of it. Where the
 * kernel does not tell, what it has taken counts as taken by the peer. Immutable.
 *
 * @param taken bytes; only what lies between two readings of one connection means something
 * @param waiting bytes
 */
public record Delivery(long taken, long waiting) {

    /** Bytes that the kernel may be left to deliver on its own when a connection is closed. */
    public static final int LEFT_TO_KERNEL = 16 * 1024;

    private static final int IPPROTO_TCP = 6;
    private static final int TCP_INFO = 11;

    /** What is read of Linux' struct tcp_info: the offsets of some of its fields, and their end. */
    private static final int STATE = 0;

    static final int BYTES_ACKED = 120;
    static final int NOTSENT_BYTES = 144;
    private static final int BYTES_SENT = 200;
    private static final int BYTES_RETRANS = 208;
    private static final int LENGTH = 216;

    /** TCP_CLOSE, among the states of a connection. */
    private static final int CLOSED = 7;

    private static final ChannelOption<ByteBuffer> INFO =
            new RawUnixChannelOption("TCP_INFO", IPPROTO_TCP, TCP_INFO, LENGTH);

    /**
     * As things are now.
     *
     * @param written bytes written to {@code channel} so far
     */
    public static Delivery of(Channel channel, long written) {
        Delivery known = known(channel);
        long pending = Closing.pendingBytes(channel);
        return known != null ? known : new Delivery(written - pending, pending);
    }

    /** As things are now; null where the kernel does not tell. */
    public static @Nullable Delivery known(Channel channel) {
        ByteBuffer info = info(channel);
        if (info == null) {
            return null;
        }
        if (info.get(STATE) == CLOSED) {
            // The client has reset it: nobody takes anything any more.
            return new Delivery(info.getLong(BYTES_ACKED), Closing.pendingBytes(channel));
        }
        long sent = info.getLong(BYTES_SENT);
        if (sent == 0) {
            // Kernels before 4.19 do not count it.
            return null;
        }
        long acknowledged = info.getLong(BYTES_ACKED);
        long inFlight = Math.max(0, sent - info.getLong(BYTES_RETRANS) - acknowledged);
        long unsent = Integer.toUnsignedLong(info.getInt(NOTSENT_BYTES));
        return new Delivery(acknowledged, Closing.pendingBytes(channel) + unsent + inFlight);
    }

    /**
     * Whether the connection is over: reset by the peer, which nobody hears of who does not read,
     * or ended by both sides. False where the kernel does not tell.
     */
    static boolean isOver(Channel channel) {
        ByteBuffer info = info(channel);
        return info != null && info.get(STATE) == CLOSED;
    }

    /** Linux' struct tcp_info of {@code channel}; null where there is none. */
    static @Nullable ByteBuffer info(Channel channel) {
        if (!(channel instanceof UnixChannel) || !channel.isActive()) {
            return null;
        }
        try {
            ByteBuffer info = channel.config().getOption(INFO);
            return info == null ? null : info.order(ByteOrder.nativeOrder());
        } catch (ChannelException gone) {
            return null;
        }
    }

    /** Whether the kernel should not be left alone with it. */
    public boolean much() {
        return waiting > LEFT_TO_KERNEL;
    }
}
