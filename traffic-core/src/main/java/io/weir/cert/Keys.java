package io.weir.cert;

import org.jspecify.annotations.Nullable;

import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECKey;
import java.security.interfaces.RSAKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Map;

/** What can be told about keys, private or public, without showing them. */
final class Keys {

    private static final int SHORTEST_RSA = 2048;
    private static final int LONGEST_RSA = 16384;

    /** What is expected, for messages. */
    static final String EXPECTED = "RSA of 2048 bits or more, or EC on P-256, P-384 or P-521";

    /** The usual names of curves by those that the JDK gives them. */
    private static final Map<String, String> CURVES =
            Map.of(
                    "secp256r1", "P-256",
                    "secp384r1", "P-384",
                    "secp521r1", "P-521");

    private Keys() {}

    /** The type of {@code key}; null when it is none that a server can have. */
    static @Nullable KeyType type(Key key) {
        return switch (key.getAlgorithm()) {
            case "RSA" -> KeyType.RSA;
            case "EC" -> KeyType.EC;
            default -> null;
        };
    }

    /** Its length in bits; 0 when unknown. */
    static int bits(Key key) {
        return switch (key) {
            case RSAKey rsa -> rsa.getModulus().bitLength();
            case ECKey ec -> ec.getParams().getCurve().getField().getFieldSize();
            default -> 0;
        };
    }

    /** Such as {@code RSA 2048} or {@code EC P-256}. */
    static String describe(Key key) {
        KeyType type = type(key);
        return switch (type) {
            case RSA -> "RSA " + bits(key);
            case EC -> "EC " + curve(key);
            case null -> key.getAlgorithm();
        };
    }

    /** The usual name of its curve, or that of one that servers do not use. */
    private static String curve(Key key) {
        try {
            AlgorithmParameters parameters = AlgorithmParameters.getInstance("EC");
            parameters.init(((ECKey) key).getParams());
            String name = parameters.getParameterSpec(ECGenParameterSpec.class).getName();
            return CURVES.getOrDefault(name, "on curve " + name);
        } catch (GeneralSecurityException e) {
            return "on a curve of its own";
        }
    }

    /** Whether {@code key} is of a type and length that is safe. */
    static boolean isStrong(Key key) {
        int bits = bits(key);
        return switch (type(key)) {
            case RSA -> bits >= SHORTEST_RSA && bits <= LONGEST_RSA;
            case EC -> CURVES.containsValue(curve(key));
            case null -> false;
        };
    }

    /** Whether the two halves belong together: what one signs, the other verifies. */
    static boolean match(PrivateKey secret, PublicKey open) {
        KeyType type = type(secret);
        if (type == null || type != type(open)) {
            return false;
        }
        String algorithm = type == KeyType.RSA ? "SHA256withRSA" : "SHA256withECDSA";
        byte[] text = {'w', 'e', 'i', 'r'};
        try {
            Signature signer = Signature.getInstance(algorithm);
            signer.initSign(secret);
            signer.update(text);
            byte[] signature = signer.sign();
            Signature verifier = Signature.getInstance(algorithm);
            verifier.initVerify(open);
            verifier.update(text);
            return verifier.verify(signature);
        } catch (GeneralSecurityException e) {
            // Such as a signature of another length: another key.
            return false;
        }
    }
}
