package io.weir.rule;

import org.jspecify.annotations.Nullable;

import java.security.cert.X509Certificate;
import java.util.List;

/** TLS of a client connection as rules see it. Confined to the event loop of the connection. */
public interface RuleTls {

    /** The version, such as {@code TLSv1.3}. */
    String version();

    /** The cipher suite by its standard name. */
    String cipher();

    /** The host that the client asked for; null when it did not say. */
    @Nullable String serverName();

    /** The id of the session; null when it has none. */
    byte @Nullable [] sessionId();

    /** The client's certificate; null when it showed none. */
    @Nullable X509Certificate certificate();

    /** The client's certificates, its own first; empty when it showed none. */
    List<X509Certificate> chain();

    /** The certificate that the client was shown; null where that is not known. */
    @Nullable X509Certificate ownCertificate();
}
