package io.weir.wire;

import io.weir.admit.Strain;
import io.weir.config.VirtualServerConfig;
import io.weir.config.VirtualServerConfig.Limits;
import io.weir.exchange.ExchangeRecord;
import io.weir.fault.TrafficFault;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Judges, from looks taken once a second or so, whether a client moves and is fast enough. Confined
 * to one event loop.
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

    /** How long an exchange may hold bytes without moving any while memory is short. */
    private static final long STANDSTILL_IN_NEED = TimeUnit.SECONDS.toNanos(5);

    private final Credit upload = new Credit();
    private final Credit download = new Credit();
    private long lookedAt;
    private long owed;
    private boolean much;
    private long lastBytes;
    private long lastMoved;

    /**
     * How far one direction may fall behind the rate that is owed: {@code body-grace} at first, and
     * what came faster than the rate on top, up to as much again. So nobody buys hours of silence
     * with a quick beginning.
     */
    private static final class Credit {
        private boolean fresh = true;
        private double bytes;
        private long seen;

        /** The direction owes nothing at this moment. */
        void renew(long moved) {
            fresh = true;
            seen = moved;
        }

        /** Time has passed, and so much has moved in all; whether the credit is used up. */
        boolean spend(Limits limits, long passed, long moved) {
            double rate = limits.minBodyRate() / 1e9;
            long grace = limits.bodyGrace().toNanos();
            if (fresh) {
                fresh = false;
                bytes = rate * grace;
            }
            bytes = Math.min(bytes + (moved - seen) - rate * passed, 2 * rate * grace);
            seen = moved;
            return bytes < 0;
        }
    }

    /** An exchange begins; what was owed of an earlier answer still is. */
    public void begin(long now) {
        upload.renew(0);
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
     * A look at a client in an exchange.
     *
     * @param delivery of what it was sent
     * @param uploads whether the client owes a part of its body and may send it
     * @param waits whether the client owes a part of its body, whether or not it was asked for
     * @param tunnel whether bytes go both ways, so that no rate is owed
     * @return what is wrong; null when all is well
     */
    public @Nullable TrafficFault judge(
            VirtualServerConfig config,
            ExchangeRecord record,
            long now,
            Delivery delivery,
            boolean uploads,
            boolean waits,
            boolean tunnel) {
        long passed = passed(now);
        moved(now, record.bytesFromClient() + delivery.taken());
        Duration timeout = record.idleLimit(config.timeout());
        long idleLimit = timeout.toNanos();
        if (idleLimit > 0 && now - lastMoved >= idleLimit) {
            String text = "nothing moved for " + timeout.toSeconds() + " s";
            return waits || delivery.waiting() > 0
                    ? new TrafficFault.ClientTimedOut(text)
                    : new TrafficFault.TookTooLong(text);
        }
        if (tunnel || config.limits().minBodyRate() == 0) {
            return null;
        }
        if (uploads && upload.spend(config.limits(), passed, record.bytesFromClient())) {
            return new TrafficFault.ClientTimedOut("the request body came too slowly");
        }
        if (readsTooSlowly(config.limits(), passed, delivery)) {
            return new TrafficFault.ClientTimedOut("the response was read too slowly");
        }
        return null;
    }

    /**
     * While memory is short, a standstill that holds bytes ends sooner. To be asked behind {@link
     * #judge}.
     *
     * @param holds whether bytes of the exchange wait for the client or for the node
     * @return what is wrong; null when all is well
     */
    public @Nullable TrafficFault holdsInVain(Strain strain, long now, boolean holds) {
        return holds
                        && strain.memory() != Strain.Memory.PLENTY
                        && now - lastMoved >= STANDSTILL_IN_NEED
                ? new TrafficFault.TookTooLong(
                        "memory runs out, and nothing moved for "
                                + TimeUnit.NANOSECONDS.toSeconds(STANDSTILL_IN_NEED)
                                + " s")
                : null;
    }

    /**
     * A look at a client that has only to take its last bytes: whether it has stopped doing so, or
     * does so too slowly.
     */
    public boolean stuck(VirtualServerConfig config, long now, Delivery delivery) {
        long passed = passed(now);
        moved(now, delivery.taken());
        if (delivery.waiting() == 0) {
            lastMoved = now;
        }
        Limits limits = config.limits();
        return now - lastMoved >= Math.max(limits.bodyGrace().toNanos(), SHORTEST_LOOK)
                || limits.minBodyRate() > 0 && readsTooSlowly(config.limits(), passed, delivery);
    }

    /**
     * Counts only while the client has not even taken what waited at the last look: bytes of an
     * answer that comes in drops are always on their way to somebody who is far off.
     */
    private boolean readsTooSlowly(Limits limits, long passed, Delivery delivery) {
        boolean behind = delivery.waiting() > 0 && delivery.taken() < owed;
        owed = delivery.taken() + delivery.waiting();
        much = delivery.much();
        if (!behind) {
            download.renew(delivery.taken());
            return false;
        }
        return download.spend(limits, passed, delivery.taken());
    }

    /** Whether the client had much to take when it was last looked at. */
    boolean behind() {
        return much;
    }

    private void moved(long now, long bytes) {
        if (bytes != lastBytes) {
            lastBytes = bytes;
            lastMoved = now;
        }
    }

    /** The time since the last look, without that in which the event loop stood still. */
    private long passed(long now) {
        long late = Math.max(0, now - lookedAt - MOST_COUNTED);
        long passed = now - lookedAt - late;
        lookedAt = now;
        lastMoved += late;
        return passed;
    }
}
