package io.weir.wire;

import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelOption;
import io.netty.channel.unix.IntegerUnixChannelOption;
import io.netty.channel.unix.RawUnixChannelOption;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * How many bytes the kernel would take for a client, so that no more is read from a node at once
 * than can be passed on: what is read beyond it is held here until the client takes it. The kernel
 * is asked once for as many bytes as it had room for, and more and more seldom for a client that
 * has read much and always has room: being wrong about it costs one read. Where it does not tell,
 * it has room until it has refused something. Confined to one event loop.
 */
final class SendRoom {

    /** Linux' TCP_NOTSENT_LOWAT, which Netty knows of connections only, and not of listeners. */
    static final ChannelOption<Integer> NOTSENT_LOWAT =
            new IntegerUnixChannelOption("TCP_NOTSENT_LOWAT", 6, 25);

    /** Bytes that the kernel takes for a client that has not taken much, and cannot send yet. */
    static final int UNSENT_AT_FIRST = 64 * 1024;

    /** The same for one that has: fewer wake-ups. */
    private static final int UNSENT_LATER = 256 * 1024;

    /** How much that is. */
    private static final long MUCH = 256 * 1024;

    /** So much is always read: smaller reads cost more than they save. */
    static final int LEAST = 8 * 1024;

    /** Reads for which a client that always had room is trusted to have it, at most. */
    private static final int MOST_TRUST = 63;

    private static final int SOL_SOCKET = 1;
    private static final int SO_MEMINFO = 55;
    private static final int MEMINFO_LENGTH = 36;

    /** Places in Linux' array of SO_MEMINFO: the size of the send buffer, and what is in it. */
    private static final int SEND_BUFFER = 12;

    private static final int QUEUED = 20;

    private static final ChannelOption<ByteBuffer> MEMINFO =
            new RawUnixChannelOption("SO_MEMINFO", SOL_SOCKET, SO_MEMINFO, MEMINFO_LENGTH);

    private final ClientConnection connection;
    private final Channel channel;
    private boolean proven;

    /** Reads without a question that the last answer was good for, and those left of them. */
    private int trust;

    private int trusted;

    /** The number of written bytes at which the room that was there last is used up. */
    private long end;

    SendRoom(ClientConnection connection, Channel channel) {
        this.connection = connection;
        this.channel = channel;
    }

    /**
     * How many of {@code wanted} bytes may be read for the client now.
     *
     * @param written bytes written to the client so far
     * @param handedOn those of them that do not wait in its {@link Output}
     */
    int of(int wanted, long written, long handedOn) {
        if (wanted <= LEAST) {
            return wanted;
        }
        if (end - written < wanted) {
            long pending = Closing.pendingBytes(channel);
            if (trusted > 0 && pending == 0) {
                trusted--;
                return wanted;
            }
            long room = look() - pending;
            trust = proven && room >= wanted ? Math.min(2 * trust + 1, MOST_TRUST) : 0;
            trusted = trust;
            connection.crowded(room < LEAST);
            // What a bandwidth class holds back waits for its turn, and not for the client.
            end = handedOn + room - PacedWrites.heldBytes(channel);
        }
        return Math.clamp(end - written, LEAST, wanted);
    }

    /** How many bytes the kernel has room for. */
    private long look() {
        ByteBuffer info = Delivery.info(channel);
        if (info == null) {
            return Closing.pendingBytes(channel) > 0 ? 0 : Integer.MAX_VALUE;
        }
        if (!proven && info.getLong(Delivery.BYTES_ACKED) > MUCH) {
            proven = true;
            channel.config().setOption(NOTSENT_LOWAT, UNSENT_LATER);
        }
        long unsent = Integer.toUnsignedLong(info.getInt(Delivery.NOTSENT_BYTES));
        long room = (proven ? UNSENT_LATER : UNSENT_AT_FIRST) - unsent;
        return Math.min(room, roomInBuffer());
    }

    /** What fits in the send buffer, which grows with what can be under way. */
    private long roomInBuffer() {
        ByteBuffer info;
        try {
            info = channel.config().getOption(MEMINFO);
        } catch (ChannelException gone) {
            return 0;
        }
        if (info == null) {
            return Integer.MAX_VALUE;
        }
        info.order(ByteOrder.nativeOrder());
        return (long) info.getInt(SEND_BUFFER) - info.getInt(QUEUED);
    }
}
