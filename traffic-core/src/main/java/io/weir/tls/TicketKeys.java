package io.weir.tls;

import io.netty.handler.ssl.OpenSslSessionTicketKey;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * The keys that encrypt the session tickets of one virtual server: the newest encrypts, those that
 * have not expired decrypt. They outlive configurations and certificates. Confined to one thread at
 * a time.
 */
final class TicketKeys {

    private record Aged(OpenSslSessionTicketKey key, long madeNanos) {}

    private final ArrayDeque<Aged> keys = new ArrayDeque<>();
    private final SecureRandom random;

    TicketKeys(SecureRandom random, long now) {
        this.random = random;
        keys.addFirst(fresh(now));
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

    /** Whether the keys have changed, because one was due to be replaced or has expired. */
    boolean turn(long now, Duration rotation, Duration expiry) {
        boolean changed = keys.removeIf(each -> now - each.madeNanos >= expiry.toNanos());
        Aged newest = keys.peekFirst();
        if (newest == null || now - newest.madeNanos >= rotation.toNanos()) {
            keys.addFirst(fresh(now));
            changed = true;
        }
        return changed;
    }

    /** The keys, the encrypting one first. */
    OpenSslSessionTicketKey[] all() {
        List<OpenSslSessionTicketKey> all = new ArrayList<>();
        keys.forEach(each -> all.add(each.key));
        return all.toArray(OpenSslSessionTicketKey[]::new);
    }
}
