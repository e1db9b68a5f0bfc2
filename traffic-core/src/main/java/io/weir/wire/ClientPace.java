package io.weir.wire;

import io.weir.config.VirtualServerConfig;
import io.weir.config.VirtualServerConfig.Limits;
import io.weir.exchange.ExchangeRecord;
import io.weir.fault.TrafficFault;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Judges, from looks taken once a second or so, whether a client connection moves and is fast
 * enough. Confined to one event loop.
 */
public final class ClientPace {

    /** How often a connection in an exchange is looked at. */
    public static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final long SHORTEST_LOOK = TimeUnit.MILLISECONDS.toNanos(100);

    /**
     * Most that counts between two looks: when there is more, the event loop stood still, and
     * clients could not have moved anything.
     */
    private static final long MOST_COUNTED = 3 * LOOK_NANOS;

    private long lookedAt;
    private long slowUpload;
    private long slowDownload;
    private long lastBytes;
    private long lastMoved;

    /** An exchange begins. */
    public void begin(long now) {
        slowUpload = 0;
        slowDownload = 0;
        lastBytes = 0;
        lastMoved = now;
        lookedAt = now;
    }

    /** When to look again: after a second, or sooner where the limits are shorter than that. */
    public static long nextLook(VirtualServerConfig config) {
        long nanos = LOOK_NANOS;
        if (!config.timeout().isZero()) {
            nanos = Math.min(nanos, config.timeout().toNanos());
        }
        return Math.min(nanos, Math.max(config.limits().bodyGrace().toNanos(), SHORTEST_LOOK));
    }

    /**
     * A look at a connection in an exchange.
     *
     * @param pending bytes of the response that wait for the client
     * @param uploads whether the client owes a part of its body and may send it
     * @param waits whether the client owes a part of its body, whether or not it was asked for
     * @param tunnel whether bytes go both ways, so that no rate is owed
     * @return what is wrong; null when all is well
     */
    public @Nullable TrafficFault judge(
            VirtualServerConfig config,
            ExchangeRecord record,
            long now,
            long pending,
            boolean uploads,
            boolean waits,
            boolean tunnel) {
        long passed = passed(now);
        long moved = record.bytesFromClient() + record.bytesToClient() - pending;
        if (moved != lastBytes) {
            lastBytes = moved;
            lastMoved = now;
        }
        Duration timeout = record.idleLimit(config.timeout());
        long idleLimit = timeout.toNanos();
        if (idleLimit > 0 && now - lastMoved >= idleLimit) {
            String text = "nothing moved for " + timeout.toSeconds() + " s";
            return waits || pending > 0
                    ? new TrafficFault.ClientTimedOut(text)
                    : new TrafficFault.TookTooLong(text);
        }
        Limits limits = config.limits();
        if (tunnel || limits.minBodyRate() == 0) {
            return null;
        }
        if (uploads) {
            slowUpload += passed;
            if (tooSlow(slowUpload, record.bytesFromClient(), limits)) {
                return new TrafficFault.ClientTimedOut("the request body came too slowly");
            }
        }
        if (pending > 0) {
            slowDownload += passed;
            if (tooSlow(slowDownload, record.bytesToClient() - pending, limits)) {
                return new TrafficFault.ClientTimedOut("the response was read too slowly");
            }
        }
        return null;
    }

    /** A look at a client that has only to take its last bytes: whether it has stopped doing so. */
    public boolean stuck(Limits limits, long now, long pending) {
        var _ = passed(now);
        if (pending != lastBytes) {
            lastBytes = pending;
            lastMoved = now;
        }
        return now - lastMoved >= limits.bodyGrace().toNanos();
    }

    /** The time since the last look, without that in which the event loop stood still. */
    private long passed(long now) {
        long late = Math.max(0, now - lookedAt - MOST_COUNTED);
        long passed = now - lookedAt - late;
        lookedAt = now;
        lastMoved += late;
        return passed;
    }

    private static boolean tooSlow(long nanos, long bytes, Limits limits) {
        return nanos > limits.bodyGrace().toNanos()
                && bytes < limits.minBodyRate() * (nanos / 1_000_000_000L);
    }
}
