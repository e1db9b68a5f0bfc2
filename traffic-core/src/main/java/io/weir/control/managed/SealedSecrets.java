package io.weir.control.managed;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.random.RandomGenerator;

import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Encrypts secrets for a copy elsewhere: AES-256-GCM (NIST SP 800-38D) under a key that PBKDF2 (RFC
 * 8018 section 5.2, HMAC-SHA-256, 600 000 rounds) makes of a passphrase. A sealed secret is a
 * nonce, then the ciphertext with its tag; its name is authenticated with it. Safe for every
 * thread.
 */
final class SealedSecrets {

    static final int SALT = 16;

    private static final int ROUNDS = 600_000;
    private static final int NONCE = 12;
    private static final int TAG_BITS = 128;

    private final SecretKey key;
    private final RandomGenerator random;

    /** Makes the key, which takes a while on purpose. */
    SealedSecrets(String passphrase, byte[] salt, RandomGenerator random) throws IOException {
        this.random = random;
        try {
            SecretKeyFactory factory = SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256");
            PBEKeySpec spec = new PBEKeySpec(passphrase.toCharArray(), salt, ROUNDS, 256);
            this.key = new SecretKeySpec(factory.generateSecret(spec).getEncoded(), "AES");
        } catch (GeneralSecurityException e) {
            throw new IOException("the passphrase cannot be used: " + e.getMessage(), e);
        }
    }

    byte[] seal(String name, byte[] secret) throws IOException {
        byte[] nonce = new byte[NONCE];
        random.nextBytes(nonce);
        byte[] sealed = run(Cipher.ENCRYPT_MODE, name, nonce, secret, 0);
        byte[] all = Arrays.copyOf(nonce, NONCE + sealed.length);
        System.arraycopy(sealed, 0, all, NONCE, sealed.length);
        return all;
    }

    /**
     * The secret again.
     *
     * @throws IOException when the passphrase is another one, or the content was changed
     */
    byte[] open(String name, byte[] sealed) throws IOException {
        if (sealed.length < NONCE) {
            throw new IOException("the secret " + name + " is cut short");
        }
        return run(Cipher.DECRYPT_MODE, name, Arrays.copyOf(sealed, NONCE), sealed, NONCE);
    }

    private byte[] run(int mode, String name, byte[] nonce, byte[] in, int from)
            throws IOException {
        try {
            Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
            cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
            cipher.updateAAD(name.getBytes(StandardCharsets.UTF_8));
            return cipher.doFinal(in, from, in.length - from);
        } catch (GeneralSecurityException e) {
            throw new IOException(
                    "the secret " + name + " cannot be opened; is the passphrase right?", e);
        }
    }
}
