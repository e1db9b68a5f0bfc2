package io.weir.examples;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.PrivateKey;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.RSAPrivateCrtKey;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * What must be found nowhere: secret texts, and the secret numbers of keys in every form in which
 * they might be written.
 */
final class Canaries {

    /** Shorter pieces of a key could be found by chance. */
    private static final int SHORTEST = 16;

    private static final int LINE = 64;

    private final Set<String> all = new LinkedHashSet<>();

    /** A text that is secret as a whole. */
    void text(String secret) {
        all.add(secret);
    }

    /** A key, whose secret numbers are searched for in binary, Base64, hexadecimal and decimal. */
    void key(PrivateKey key) {
        int publicPart =
                switch (key) {
                    case ECPrivateKey ec -> {
                        number(ec.getS());
                        yield 48;
                    }
                    case RSAPrivateCrtKey rsa -> {
                        number(rsa.getPrivateExponent());
                        number(rsa.getPrimeP());
                        number(rsa.getPrimeQ());
                        yield 448;
                    }
                    default -> throw new IllegalArgumentException(key.getAlgorithm());
                };
        // Where lines of PEM or JSON's escapes cut it, whole lines are left.
        String pem = Base64.getEncoder().encodeToString(key.getEncoded());
        for (int i = publicPart; i < pem.length(); i = (i / LINE + 1) * LINE) {
            String line = pem.substring(i, Math.min((i / LINE + 1) * LINE, pem.length()));
            if (line.length() >= SHORTEST) {
                all.add(line);
            }
        }
    }

    private void number(BigInteger secret) {
        byte[] octets = secret.toByteArray();
        byte[] part = new byte[24];
        System.arraycopy(octets, octets.length - part.length, part, 0, part.length);
        all.add(new String(part, StandardCharsets.ISO_8859_1));
        String hex = HexFormat.of().formatHex(part);
        all.add(hex);
        all.add(hex.toUpperCase(Locale.ROOT));
        all.add(secret.toString());
        // Base64 of the octets however they are aligned in what they are part of.
        for (int skip = 0; skip < 3; skip++) {
            byte[] aligned = new byte[21];
            System.arraycopy(part, skip, aligned, 0, aligned.length);
            all.add(Base64.getEncoder().encodeToString(aligned));
            all.add(Base64.getUrlEncoder().encodeToString(aligned));
        }
    }

    /** Those that stand in a text, in Latin-1 where it was binary, with a bit of what is around. */
    List<String> in(String text) {
        List<String> found = new ArrayList<>();
        for (String each : all) {
            int at = text.indexOf(each);
            if (at >= 0) {
                int end = Math.min(text.length(), at + 60);
                found.add(text.substring(Math.max(0, at - 200), end));
            }
        }
        return found;
    }
}
