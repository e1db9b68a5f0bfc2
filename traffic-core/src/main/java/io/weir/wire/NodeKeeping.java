package io.weir.wire;

import io.weir.config.PoolConfig;
import io.weir.pool.PoolNode;

import java.util.concurrent.TimeUnit;

/**
 * Whether a connection to a node may serve another exchange, and how long it waits for one.
 * Confined to one event loop.
 */
final class NodeKeeping {

    /**
     * How long a connection beyond the pool's limit of idle ones is kept: enough for the next wave
     * of a steady load, which else would close and open connections all the time.
     */
    private static final long SURPLUS_IDLE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final PoolNode node;

    private boolean wanted;
    private boolean excess;
    private boolean counted;
    private boolean used;
    private long idleNanos;

    NodeKeeping(PoolNode node) {
        this.node = node;
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

    /** Whether nothing stands against another exchange. */
    boolean possible() {
        return wanted && !excess && idleNanos > 0;
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
