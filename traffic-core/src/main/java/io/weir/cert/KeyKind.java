package io.weir.cert;

import java.security.GeneralSecurityException;
import java.security.InvalidAlgorithmParameterException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.RSAKeyGenParameterSpec;

/** The kinds of keys that can be made. */
public enum KeyKind {
    EC_P256("ec-p256", KeyType.EC, new ECGenParameterSpec("secp256r1")),
    EC_P384("ec-p384", KeyType.EC, new ECGenParameterSpec("secp384r1")),
    RSA_2048("rsa-2048", KeyType.RSA, rsa(2048)),
    RSA_3072("rsa-3072", KeyType.RSA, rsa(3072)),
    RSA_4096("rsa-4096", KeyType.RSA, rsa(4096));

    private final String keyword;
    private final KeyType type;
    private final AlgorithmParameterSpec parameters;

    KeyKind(String keyword, KeyType type, AlgorithmParameterSpec parameters) {
        this.keyword = keyword;
        this.type = type;
        this.parameters = parameters;
    }

    private static AlgorithmParameterSpec rsa(int bits) {
        return new RSAKeyGenParameterSpec(bits, RSAKeyGenParameterSpec.F4);
    }

    /** The word for it on the command line. */
    public String keyword() {
        return keyword;
    }

    /** Makes a new key. */
    public KeyPair make(SecureRandom random) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(type.name());
            generator.initialize(parameters, random);
            return generator.generateKeyPair();
        } catch (InvalidAlgorithmParameterException e) {
            throw new IllegalStateException("the JDK does not make " + keyword + " keys", e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the JDK has no " + type, e);
        }
    }
}
