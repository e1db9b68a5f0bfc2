package io.weir.tls;

import io.netty.handler.ssl.OpenSslCachingX509KeyManagerFactory;
import io.netty.handler.ssl.util.SimpleKeyManagerFactory;

import org.jspecify.annotations.Nullable;

import java.security.KeyStore;

import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.ManagerFactoryParameters;
import javax.net.ssl.X509ExtendedKeyManager;

/** Dresses a key manager as the factory that engines ask for. */
final class KeyManagers {

    private KeyManagers() {}

    /** A factory for {@code manager}; native engines read each of its certificates once only. */
    static KeyManagerFactory factory(X509ExtendedKeyManager manager) {
        return new OpenSslCachingX509KeyManagerFactory(
                new SimpleKeyManagerFactory() {
                    @Override
                    protected void engineInit(KeyStore store, char @Nullable [] passphrase) {}

                    @Override
                    protected void engineInit(ManagerFactoryParameters parameters) {}

                    @Override
                    protected KeyManager[] engineGetKeyManagers() {
                        return new KeyManager[] {manager};
                    }
                });
    }
}
