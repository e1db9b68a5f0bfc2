package io.weir.cert;

/** The types of keys that servers can have. */
public enum KeyType {
    RSA,
    EC
}
