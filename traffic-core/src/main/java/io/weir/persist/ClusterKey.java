package io.weir.persist;

import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The secret that every Weir of a cluster shares. What leaves Weir and must be known again when it
 * comes back, at whichever member, is marked with it. Immutable; never shown.
 */
public final class ClusterKey {

    private static final String HMAC = "HmacSHA256";

    private final SecretKeySpec key;

    private ClusterKey(byte[] key) {
        this.key = new SecretKeySpec(key, HMAC);
    }

    /** The key that consists of these octets. */
    public static ClusterKey of(byte[] octets) {
        // The octets may serve other purposes too: each purpose gets a key of its own.
        return new ClusterKey(
                new ClusterKey(octets.clone()).mark("weir session persistence, version 1"));
    }

    /** HMAC-SHA256 of {@code text}: 32 octets. */
    byte[] mark(String text) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(key);
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException | InvalidKeyException e) {
            throw new IllegalStateException("every Java has " + HMAC, e);
        }
    }

    @Override
    public String toString() {
        return "***";
    }
}
