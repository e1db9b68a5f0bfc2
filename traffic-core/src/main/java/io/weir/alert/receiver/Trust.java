package io.weir.alert.receiver;

import io.weir.cert.BadCertificateException;
import io.weir.cert.TrustAnchors;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;

import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Whose certificates receivers may have. */
final class Trust {

    private Trust() {}

    /**
     * A context that believes the authorities in a file.
     *
     * @param authorities null for those of the system
     * @throws UndeliverableException when the file cannot be used
     */
    static SSLContext context(@Nullable Path authorities) throws UndeliverableException {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            TrustManagerFactory factory =
                    TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(authorities == null ? null : store(authorities));
            context.init(null, factory.getTrustManagers(), null);
            return context;
        } catch (BadCertificateException | GeneralSecurityException | IOException e) {
            throw new UndeliverableException(
                    "the authorities in " + authorities + " cannot be used: " + e.getMessage(), e);
        }
    }

    private static KeyStore store(Path authorities)
            throws BadCertificateException, GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        List<X509Certificate> certificates = TrustAnchors.load(authorities).certificates();
        for (int i = 0; i < certificates.size(); i++) {
            store.setCertificateEntry("authority-" + i, certificates.get(i));
        }
        return store;
    }
}
