package io.weir.function;

import static io.weir.function.Bytes.orEmpty;

import inet.ipaddr.IPAddress;
import inet.ipaddr.IPAddressString;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;

import javax.crypto.Cipher;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;

/** Functions {@code string.*} that encode, hash, encrypt or know addresses. */
public class StringCodecs {

    private static final int MAX_RANDOM = 1 << 16;
    private static final int IV = 12;
    private static final int SALT = 16;
    private static final int TAG_BITS = 128;
    private static final int ROUNDS = 1000;

    private final SecureRandom random = new SecureRandom();

    StringCodecs() {}

    @RuleFunction("The text in base64.")
    public String base64encode(@Nullable String text) {
        return Base64.getEncoder().encodeToString(Bytes.of(text));
    }

    @RuleFunction("What base64 stands for; empty if it is none.")
    public String base64decode(@Nullable String text) {
        try {
            return Bytes.text(Base64.getMimeDecoder().decode(Bytes.of(text)));
        } catch (IllegalArgumentException e) {
            return "";
        }
    }

    @RuleFunction("Two hexadecimal digits for each byte.")
    public String hexencode(@Nullable String text) {
        return HexFormat.of().formatHex(Bytes.of(text));
    }

    @RuleFunction("The bytes that hexadecimal digits stand for; empty if they are none.")
    public String hexdecode(@Nullable String text) {
        try {
            return Bytes.text(HexFormat.of().parseHex(orEmpty(text)));
        } catch (IllegalArgumentException e) {
            return "";
        }
    }

    @RuleFunction("The bytes of the text in UTF-8, as they stand in messages.")
    public String utf8encode(@Nullable String text) {
        return Bytes.text(orEmpty(text).getBytes(StandardCharsets.UTF_8));
    }

    @RuleFunction("The text that bytes in UTF-8 stand for; U+FFFD for those that are none.")
    public String utf8decode(@Nullable String bytes) {
        return new String(Bytes.of(bytes), StandardCharsets.UTF_8);
    }

    @RuleFunction("A number made of the text, which may be negative.")
    public int hash(@Nullable String text) {
        return orEmpty(text).hashCode();
    }

    @RuleFunction("The MD5 digest, 16 bytes. Not safe against forgery.")
    public String hashMD5(@Nullable String text) {
        return digest("MD5", text);
    }

    @RuleFunction("The SHA-1 digest, 20 bytes. Not safe against forgery.")
    public String hashSHA1(@Nullable String text) {
        return digest("SHA-1", text);
    }

    @RuleFunction("The SHA-256 digest, 32 bytes.")
    public String hashSHA256(@Nullable String text) {
        return digest("SHA-256", text);
    }

    @RuleFunction("The SHA-384 digest, 48 bytes.")
    public String hashSHA384(@Nullable String text) {
        return digest("SHA-384", text);
    }

    @RuleFunction("The SHA-512 digest, 64 bytes.")
    public String hashSHA512(@Nullable String text) {
        return digest("SHA-512", text);
    }

    private static String digest(String algorithm, @Nullable String text) {
        try {
            return Bytes.text(MessageDigest.getInstance(algorithm).digest(Bytes.of(text)));
        } catch (NoSuchAlgorithmException e) {
            throw new RuleErrorException("this JDK has no " + algorithm);
        }
    }

    @RuleFunction("The text encrypted and sealed with a pass phrase (AES-GCM).")
    public String encrypt(@Nullable String text, @Nullable String passphrase) {
        byte[] salt = new byte[SALT];
        byte[] iv = new byte[IV];
        random.nextBytes(salt);
        random.nextBytes(iv);
        try {
            Cipher cipher = cipher(Cipher.ENCRYPT_MODE, passphrase, salt, iv);
            byte[] sealed = cipher.doFinal(Bytes.of(text));
            ByteBuffer all = ByteBuffer.allocate(SALT + IV + sealed.length);
            return Bytes.text(all.put(salt).put(iv).put(sealed).array());
        } catch (GeneralSecurityException e) {
            throw new RuleErrorException("string.encrypt: " + e.getMessage());
        }
    }

    @RuleFunction(
            "What string.encrypt was given; empty if the text was forged or the phrase is not the"
                    + " same.")
    public String decrypt(@Nullable String text, @Nullable String passphrase) {
        byte[] all = Bytes.of(text);
        if (all.length < SALT + IV + TAG_BITS / 8) {
            return "";
        }
        byte[] salt = java.util.Arrays.copyOf(all, SALT);
        byte[] iv = java.util.Arrays.copyOfRange(all, SALT, SALT + IV);
        try {
            Cipher cipher = cipher(Cipher.DECRYPT_MODE, passphrase, salt, iv);
            return Bytes.text(cipher.doFinal(all, SALT + IV, all.length - SALT - IV));
        } catch (GeneralSecurityException e) {
            return "";
        }
    }

    private static Cipher cipher(int mode, @Nullable String passphrase, byte[] salt, byte[] iv)
            throws GeneralSecurityException {
        PBEKeySpec spec = new PBEKeySpec(orEmpty(passphrase).toCharArray(), salt, ROUNDS, 128);
        byte[] key =
                SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                        .generateSecret(spec)
                        .getEncoded();
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, new SecretKeySpec(key, "AES"), new GCMParameterSpec(TAG_BITS, iv));
        return cipher;
    }

    @RuleFunction("That many random bytes, fit for secrets.")
    public String randomBytes(int count) {
        byte[] bytes = new byte[Math.clamp(count, 0, MAX_RANDOM)];
        random.nextBytes(bytes);
        return Bytes.text(bytes);
    }

    @RuleFunction("The number that hexadecimal digits stand for; 0 if they are none.")
    public double hexToInt(@Nullable String text) {
        try {
            String digits = orEmpty(text).strip();
            return Long.parseUnsignedLong(
                    digits.startsWith("0x") ? digits.substring(2) : digits, 16);
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    @RuleFunction("A whole number as eight hexadecimal digits.")
    public String intToHex(Any number) {
        return String.format("%08x", (int) Numbers.whole(number.value()));
    }

    @RuleFunction
    public String intToBytes(Any number) {
        return intToBytes(number, 4);
    }

    @RuleFunction("A whole number as one, two or four bytes, the highest first.")
    public String intToBytes(Any number, int size) {
        long value = Numbers.whole(number.value());
        byte[] bytes = new byte[size == 1 || size == 2 ? size : 4];
        for (int i = bytes.length - 1; i >= 0; i--) {
            bytes[i] = (byte) value;
            value >>= 8;
        }
        return Bytes.text(bytes);
    }

    @RuleFunction("The number that up to four bytes stand for, the highest first.")
    public double bytesToInt(@Nullable String text) {
        byte[] bytes = Bytes.of(text);
        long value = 0;
        for (int i = 0; i < Math.min(4, bytes.length); i++) {
            value = value << 8 | bytes[i] & 0xff;
        }
        return bytes.length >= 4 ? (int) value : value;
    }

    @RuleFunction("A whole number as a BER compressed integer.")
    public String intToBER(Any number) {
        long value = Numbers.whole(number.value()) & 0xffffffffL;
        StringBuilder out = new StringBuilder();
        out.append((char) (value & 0x7f));
        for (value >>= 7; value > 0; value >>= 7) {
            out.insert(0, (char) (value & 0x7f | 0x80));
        }
        return out.toString();
    }

    @RuleFunction("The number that a BER compressed integer stands for.")
    public double BERToInt(@Nullable String text) {
        long value = 0;
        byte[] bytes = Bytes.of(text);
        for (int i = 0; i < Math.min(bytes.length, 9); i++) {
            value = value << 7 | bytes[i] & 0x7f;
            if ((bytes[i] & 0x80) == 0) {
                break;
            }
        }
        return value;
    }

    @RuleFunction("The bytes of an address; empty if it is none.")
    public String dottedToBytes(@Nullable String address) {
        InetAddress literal = literal(address);
        return literal == null ? "" : Bytes.text(literal.getAddress());
    }

    @RuleFunction("The address that four or sixteen bytes stand for; empty for others.")
    public String bytesToDotted(@Nullable String text) {
        byte[] bytes = Bytes.of(text);
        try {
            return bytes.length == 4 || bytes.length == 16
                    ? normal(InetAddress.getByAddress(bytes))
                    : "";
        } catch (java.net.UnknownHostException e) {
            return "";
        }
    }

    @RuleFunction(
            "Whether the address lies in a block: 10.0.0.0/8, 10.0.0.0/255.0.0.0, 10.0.1. or one"
                    + " address.")
    public int ipmaskmatch(@Nullable String address, @Nullable String block) {
        String b = orEmpty(block).strip();
        if (b.endsWith(".")) {
            return orEmpty(address).startsWith(b) ? 1 : 0;
        }
        IPAddress inside = literal(address) == null ? null : parsed(address);
        IPAddress around = parsed(b);
        return inside != null && around != null && around.toPrefixBlock().contains(inside) ? 1 : 0;
    }

    private static @Nullable IPAddress parsed(@Nullable String text) {
        IPAddressString parsed = new IPAddressString(orEmpty(text).strip());
        return orEmpty(text).isBlank() ? null : parsed.getAddress();
    }

    private static @Nullable InetAddress literal(@Nullable String text) {
        String address = orEmpty(text).strip();
        boolean short4 = address.indexOf(':') < 0 && address.split("[.]", -1).length != 4;
        try {
            // The JDK takes 1.2.3 for 1.2.0.3, which nobody means.
            return short4 ? null : InetAddress.ofLiteral(address);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static String normal(InetAddress address) {
        IPAddress parsed = parsed(address.getHostAddress());
        return parsed == null ? address.getHostAddress() : parsed.toCompressedString();
    }

    @RuleFunction("4 or 6, as the text is an address of that version; 0 for none.")
    public int validIPAddress(@Nullable String text) {
        InetAddress literal = literal(text);
        return literal == null ? 0 : literal.getAddress().length == 4 ? 4 : 6;
    }

    @RuleFunction("The one usual spelling of an address; empty if it is none.")
    public String normalizeIPAddress(@Nullable String text) {
        InetAddress literal = literal(text);
        return literal == null ? "" : normal(literal);
    }

    @RuleFunction("The host of host:port; empty if there is none.")
    public String extractHost(@Nullable String text) {
        String[] parts = HostPort.of(text);
        return parts[0];
    }

    @RuleFunction("The port of host:port; empty if there is none.")
    public String extractPort(@Nullable String text) {
        String[] parts = HostPort.of(text);
        return parts[1];
    }
}
