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
    private final SecretKeySpec cookies;

    private ClusterKey(byte[] octets) {
        this.key = new SecretKeySpec(octets, HMAC);
        this.cookies = new SecretKeySpec(hmac(key, "weir session persistence, version 1"), HMAC);
    }

    /** The key that consists of these octets. */
    public static ClusterKey of(byte[] octets) {
        return new ClusterKey(octets.clone());
    }

    /** HMAC-SHA256 of {@code text} for the cookies of sessions: 32 octets. */
    byte[] mark(String text) {
        return hmac(cookies, text);
    }

    /**
     * A secret of 32 octets that tells nothing about the key itself, nor about other secrets.
     *
     * @param purpose which nobody else uses: each has a secret of its own
     */
    public byte[] derived(String purpose) {
        return hmac(key, purpose);
    }

    private static byte[] hmac(SecretKeySpec with, String text) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(with);
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
