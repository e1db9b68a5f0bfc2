package io.weir.tls;

import io.netty.handler.ssl.OpenSslSessionTicketKey;
import io.weir.persist.ClusterKey;
import io.weir.time.Ticker;

import java.time.Duration;
import java.util.Arrays;

/**
 * Keys that every Weir with the same cluster key works out for itself, from that key and the time,
 * so that one member takes the tickets of another, and after a restart its own. Time is cut into
 * periods, each with a key of its own; the key of the next period decrypts already, for members
 * whose clocks are ahead.
 */
final class ClusterTicketKeys implements TicketKeys {

    /** Shorter periods could pass between two looks at the clock. */
    private static final Duration SHORTEST = Duration.ofMinutes(1);

    /** Each is tried for a ticket of another one, so there are not very many. */
    private static final int MOST = 256;

    private static final long NONE = Long.MIN_VALUE;

    private final ClusterKey cluster;
    private final String purpose;
    private long newest = NONE;
    private long oldest = NONE;
    private OpenSslSessionTicketKey[] keys = {};

    /**
     * @param server the virtual server that the keys belong to
     * @param policy of whom its sessions may be resumed; another policy has other keys
     */
    ClusterTicketKeys(ClusterKey cluster, String server, String policy) {
        this.cluster = cluster;
        this.purpose = "weir session tickets, version 1\n" + server + "\n" + policy + "\n";
    }

    @Override
    public boolean turn(Ticker clock, Duration rotation, Duration expiry) {
        long length = Math.max(rotation.toMillis(), SHORTEST.toMillis());
        long now = clock.now().toEpochMilli();
        long period = Math.floorDiv(now, length);
        long notExpired = Math.floorDiv(now - expiry.toMillis(), length) + 1;
        long first = Math.min(Math.max(notExpired, period - MOST), period);
        if (period == newest && first == oldest) {
            return false;
        }
        newest = period;
        oldest = first;
        OpenSslSessionTicketKey[] all = new OpenSslSessionTicketKey[(int) (period - first) + 2];
        all[0] = key(length, period);
        all[1] = key(length, period + 1);
        for (int i = 2; i < all.length; i++) {
            all[i] = key(length, period - i + 1);
        }
        keys = all;
        return true;
    }

    private OpenSslSessionTicketKey key(long length, long period) {
        String which = purpose + length + "\n" + period + "\n";
        return new OpenSslSessionTicketKey(
                part(which + "name", OpenSslSessionTicketKey.NAME_SIZE),
                part(which + "mark", OpenSslSessionTicketKey.HMAC_KEY_SIZE),
                part(which + "encryption", OpenSslSessionTicketKey.AES_KEY_SIZE));
    }

    private byte[] part(String which, int length) {
        return Arrays.copyOf(cluster.derived(which), length);
    }

    @Override
    public OpenSslSessionTicketKey[] all() {
        return keys.clone();
    }
}
