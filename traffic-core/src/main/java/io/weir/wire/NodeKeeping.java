package io.weir.wire;

import io.netty.channel.Channel;
import io.weir.config.PoolConfig;
import io.weir.pool.PoolNode;
import io.weir.tls.NodeTls;

import org.jspecify.annotations.Nullable;

import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;

/**
 * Whether a connection to a node may serve another exchange, how long it waits for one, and how it
 * is closed when it does not. Confined to one event loop.
 */
final class NodeKeeping {

    /**
     * How long a connection beyond the pool's limit of idle ones is kept: enough for the next wave
     * of a steady load, which else would close and open connections all the time.
     */
    private static final long SURPLUS_IDLE_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** How long a node may take to accept the last bytes of a tunnel. */
    private static final long LAST_BYTES_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final PoolNode node;
    private final Channel channel;
    private final @Nullable NodeTls tls;

    private boolean wanted;
    private boolean excess;
    private boolean counted;
    private boolean used;
    private long idleNanos;

    NodeKeeping(PoolNode node, Channel channel, @Nullable NodeTls tls) {
        this.node = node;
        this.channel = channel;
        this.tls = tls;
    }

    /**
     * Whether the connection, on which nothing runs, still is one to the node.
     *
     * @param now TLS that connections to the node have to use now
     */
    boolean usable(@Nullable NodeTls now) {
        return tls == now
                && channel.isActive()
                && channel.remoteAddress() instanceof InetSocketAddress address
                && node.hasAddress(address);
    }

    /**
     * An exchange begins.
     *
     * @param keep whether the connection may serve another one afterwards
     */
    void begin(boolean keep) {
        wanted = keep;
        excess = false;
    }

    /** The node allows the connection to be idle for so long. */
    void idleTime(long nanos) {
        idleNanos = nanos;
    }

    /** Whether bytes came that nobody asked for: whoever came next would get them for an answer. */
    void excess(boolean there) {
        excess = there;
    }

    /** Whether such bytes have come. */
    boolean isExcess() {
        return excess;
    }

    /** Whether nothing stands against another exchange, where request and response were whole. */
    boolean possible() {
        return wanted && !excess && idleNanos > 0 && channel.isWritable() && channel.isActive();
    }

    /**
     * The exchange has ended well.
     *
     * @return how long to wait for another one, in nanoseconds; 0 not to wait at all
     */
    long keep(PoolConfig config) {
        used = true;
        counted = node.tryKeepIdle(config.maxIdleConnectionsPerNode());
        if (counted) {
            return idleNanos;
        }
        boolean surplus = config.maxConnectionsPerNode() == 0 && node.status().accepts(true);
        return surplus ? Math.min(idleNanos, SURPLUS_IDLE_NANOS) : 0;
    }

    /**
     * Closes a connection that is not kept.
     *
     * @param tunnel where what the client of a tunnel sent last may still wait; null for none
     * @param watch cuts a node that does not take it
     */
    void close(PoolConfig config, @Nullable Output tunnel, NodeWatch watch) {
        if (config.closeWithReset()) {
            Closing.resetOnClose(channel);
        }
        if (tunnel != null && channel.isActive()) {
            tunnel.flush();
            watch.begin(LAST_BYTES_NANOS);
            Closing.closeWhenWritten(channel);
        } else {
            channel.close();
        }
    }

    /** The connection is not kept any more. */
    void uncount() {
        if (counted) {
            counted = false;
            node.idleTaken();
        }
    }

    /** Whether the connection has served an exchange. */
    boolean used() {
        return used;
    }
}
