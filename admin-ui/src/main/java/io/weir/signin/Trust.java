package io.weir.signin;

import io.weir.cert.BadCertificateException;
import io.weir.cert.TrustAnchors;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.security.GeneralSecurityException;

import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;

/** TLS towards those who know users, and other Weirs. */
public final class Trust {

    private Trust() {}

    /**
     * How connections to a server begin whose certificate is from these authorities; blocks.
     *
     * @param authorities PEM; null for those of the platform
     */
    public static SSLContext context(@Nullable Path authorities)
            throws BadCertificateException, GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS");
        if (authorities == null) {
            context.init(null, null, null);
        } else {
            TrustManager[] trust = {TrustAnchors.load(authorities).trust(null)};
            context.init(null, trust, null);
        }
        return context;
    }
}
