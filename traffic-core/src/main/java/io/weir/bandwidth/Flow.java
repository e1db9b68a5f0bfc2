package io.weir.bandwidth;

import java.util.concurrent.Executor;
import java.util.function.LongConsumer;

/**
 * One connection's part of a bandwidth class. Its methods are for the event loop of the connection.
 */
public final class Flow {

    private final Bucket bucket;
    private final Runnable whenClosed;
    private final Executor loop;
    private final LongConsumer taker;

    /** Bytes that wait for their turn; 0 while the flow is in no queue. Guarded by the bucket. */
    long wanted;

    /** When the flow last had a turn, as reading of the ticker. Guarded by the bucket. */
    long lastTurn;

    boolean closed;

    Flow(Bucket bucket, Executor loop, LongConsumer taker, Runnable whenClosed, long now) {
        this.bucket = bucket;
        this.loop = loop;
        this.taker = taker;
        this.whenClosed = whenClosed;
        this.lastTurn = now - Bucket.QUIET_NANOS;
    }

    /**
     * Asks for bytes.
     *
     * @return how many may be sent now; when that is 0, the taker will be called with further ones
     *     until as many have been given
     */
    public long take(long bytes) {
        return bucket.take(this, bytes);
    }

    /** More bytes wait behind those that were asked for and not given yet. */
    public void want(long more) {
        bucket.want(this, more);
    }

    /** The connection has gone. */
    public void close() {
        if (!closed) {
            closed = true;
            bucket.forget(this);
            whenClosed.run();
        }
    }

    void give(long bytes) {
        loop.execute(
                () -> {
                    if (!closed) {
                        taker.accept(bytes);
                    }
                });
    }
}
