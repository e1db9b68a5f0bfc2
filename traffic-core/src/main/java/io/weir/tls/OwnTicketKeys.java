package io.weir.tls;

import io.netty.handler.ssl.OpenSslSessionTicketKey;
import io.weir.time.Ticker;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * Keys that come by chance and are known to nobody else, so that tickets end with the process. They
 * outlive configurations and certificates.
 */
final class OwnTicketKeys implements TicketKeys {

    private record Aged(OpenSslSessionTicketKey key, long madeNanos) {}

    private final ArrayDeque<Aged> keys = new ArrayDeque<>();
    private final SecureRandom random;

    OwnTicketKeys(SecureRandom random, Ticker clock) {
        this.random = random;
        keys.addFirst(fresh(clock.nanos()));
    }

    private Aged fresh(long now) {
        return new Aged(
                new OpenSslSessionTicketKey(
                        some(OpenSslSessionTicketKey.NAME_SIZE),
                        some(OpenSslSessionTicketKey.HMAC_KEY_SIZE),
                        some(OpenSslSessionTicketKey.AES_KEY_SIZE)),
                now);
    }

    private byte[] some(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    @Override
    public boolean turn(Ticker clock, Duration rotation, Duration expiry) {
        long now = clock.nanos();
        boolean changed = keys.removeIf(each -> now - each.madeNanos >= expiry.toNanos());
        Aged newest = keys.peekFirst();
        if (newest == null || now - newest.madeNanos >= rotation.toNanos()) {
            keys.addFirst(fresh(now));
            changed = true;
        }
        return changed;
    }

    @Override
    public OpenSslSessionTicketKey[] all() {
        List<OpenSslSessionTicketKey> all = new ArrayList<>();
        keys.forEach(each -> all.add(each.key));
        return all.toArray(OpenSslSessionTicketKey[]::new);
    }
}
