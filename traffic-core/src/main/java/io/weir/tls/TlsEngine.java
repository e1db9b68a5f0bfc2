package io.weir.tls;

import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslProvider;
import io.weir.config.GlobalConfig;

/**
 * The library that does TLS. Immutable.
 *
 * @param provider as Netty knows it; native contexts are counted and must be released
 */
record TlsEngine(SslProvider provider) {

    private static final TlsEngine BORINGSSL = new TlsEngine(SslProvider.OPENSSL_REFCNT);

    /**
     * The engine that {@code wanted} names. Loads native code, so it is asked for only when TLS is
     * used at all.
     *
     * @throws UnsupportedOperationException when this machine does not have it
     */
    static TlsEngine of(GlobalConfig.TlsEngine wanted) {
        return switch (wanted) {
            case AUTO -> OpenSsl.isAvailable() ? BORINGSSL : jdk();
            case OPENSSL -> {
                if (!OpenSsl.isAvailable()) {
                    throw new UnsupportedOperationException(
                            "global.tls-engine is openssl, which this machine does not have: "
                                    + OpenSsl.unavailabilityCause());
                }
                yield BORINGSSL;
            }
            case JDK -> jdk();
        };
    }

    private static TlsEngine jdk() {
        // The JDK has no other way to refuse this, and reads it once; BoringSSL never allows it.
        System.setProperty("jdk.tls.rejectClientInitiatedRenegotiation", "true");
        return new TlsEngine(SslProvider.JDK);
    }

    boolean isNative() {
        return provider != SslProvider.JDK;
    }
}
