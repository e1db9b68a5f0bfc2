package io.weir.admin.users;

import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;
import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Locale;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Hashes of passwords by Argon2id (RFC 9106), in the PHC form {@code
 * $argon2id$v=19$m=…,t=…,p=…$salt$hash}. Two at a time are computed at most, so that people who
 * guess take neither the machine's time nor its memory. Safe for every thread.
 */
final class Passwords {

    /** The shortest password. */
    static final int MIN_LENGTH = 12;

    /** Longer ones only make the server work. */
    static final int MAX_LENGTH = 256;

    private static final int DIFFERENT = 6;
    private static final int MEMORY_KIB = 19 << 10;
    private static final int PASSES = 2;
    private static final int LANES = 1;
    private static final int SALT_BYTES = 16;
    private static final int HASH_BYTES = 32;
    private static final long PATIENCE_SECONDS = 10;

    private static final Pattern FORM =
            Pattern.compile(
                    "\\$argon2id\\$v=19\\$m=(\\d{1,7}),t=(\\d{1,3}),p=(\\d{1,2})"
                            + "\\$([A-Za-z0-9+/]+)\\$([A-Za-z0-9+/]+)");

    private final SecureRandom random;
    private final Semaphore turns = new Semaphore(2, true);

    /** Too many passwords are being checked. */
    static final class BusyException extends Exception {
        BusyException() {
            super("too many passwords are being checked at the moment");
        }
    }

    Passwords(SecureRandom random) {
        this.random = random;
    }

    /** Refuses a password that is guessed too easily; what it is stays unsaid. */
    static void mustBeStrong(String user, String password) throws AccountRefusedException {
        if (password.length() < MIN_LENGTH || password.length() > MAX_LENGTH) {
            throw weak(
                    password.length() + " characters long",
                    MIN_LENGTH + " to " + MAX_LENGTH + " characters");
        }
        String lower = password.toLowerCase(Locale.ROOT);
        if (lower.contains(user.toLowerCase(Locale.ROOT)) && user.length() > 2) {
            throw weak("one with the name of the user in it", "one without");
        }
        if (password.chars().distinct().count() < DIFFERENT) {
            throw weak("made of few characters", "at least " + DIFFERENT + " different ones");
        }
        for (String common : new String[] {"password", "123456789", "qwertyuiop", "changeme"}) {
            if (lower.contains(common)) {
                throw weak("one that everybody tries first", "one without '" + common + "'");
            }
        }
    }

    private static AccountRefusedException weak(String found, String expected) {
        return AccountRefusedException.invalid("password", found, expected);
    }

    /** A random secret of 99 bits, in groups that people can type. */
    static String random(SecureRandom random) {
        String letters = "abcdefghjkmnpqrstuvwxyz23456789"; // none looks like another
        StringBuilder secret = new StringBuilder();
        for (int i = 0; i < 20; i++) {
            secret.append(i > 0 && i % 5 == 0 ? "-" : "");
            secret.append(letters.charAt(random.nextInt(letters.length())));
        }
        return secret.toString();
    }

    /** The hash of a new password. */
    String hash(String password) throws BusyException, InterruptedException {
        byte[] salt = new byte[SALT_BYTES];
        random.nextBytes(salt);
        byte[] hash = compute(password, salt, MEMORY_KIB, PASSES, LANES, HASH_BYTES);
        Base64.Encoder base64 = Base64.getEncoder().withoutPadding();
        return "$argon2id$v=19$m="
                + MEMORY_KIB
                + ",t="
                + PASSES
                + ",p="
                + LANES
                + "$"
                + base64.encodeToString(salt)
                + "$"
                + base64.encodeToString(hash);
    }

    /**
     * Whether {@code password} is the one behind {@code hash}. A null hash is that of nobody's
     * password, and takes as long to compare.
     */
    boolean matches(String password, @Nullable String hash)
            throws BusyException, InterruptedException {
        Matcher form = FORM.matcher(hash == null ? "" : hash);
        if (password.length() > MAX_LENGTH || !form.matches()) {
            compute("nobody", new byte[SALT_BYTES], MEMORY_KIB, PASSES, LANES, HASH_BYTES);
            return false;
        }
        byte[] expected = Base64.getDecoder().decode(form.group(5));
        byte[] found =
                compute(
                        password,
                        Base64.getDecoder().decode(form.group(4)),
                        Integer.parseInt(form.group(1)),
                        Integer.parseInt(form.group(2)),
                        Integer.parseInt(form.group(3)),
                        expected.length);
        return MessageDigest.isEqual(expected, found);
    }

    private byte[] compute(
            String password, byte[] salt, int memory, int passes, int lanes, int length)
            throws BusyException, InterruptedException {
        if (!turns.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new BusyException();
        }
        try {
            Argon2BytesGenerator generator = new Argon2BytesGenerator();
            generator.init(
                    new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
                            .withVersion(Argon2Parameters.ARGON2_VERSION_13)
                            .withMemoryAsKB(memory)
                            .withIterations(passes)
                            .withParallelism(lanes)
                            .withSalt(salt)
                            .build());
            byte[] hash = new byte[length];
            generator.generateBytes(password.getBytes(StandardCharsets.UTF_8), hash);
            return hash;
        } finally {
            turns.release();
        }
    }
}
