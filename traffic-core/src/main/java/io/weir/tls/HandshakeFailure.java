package io.weir.tls;

import io.netty.handler.ssl.NotSslRecordException;

import java.nio.channels.ClosedChannelException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.Locale;

/** Why a handshake with a client came to nothing: a closed list, for figures and logs. */
public enum HandshakeFailure {
    /** The client did not finish in time. */
    TIMEOUT,
    /** The client went away. */
    CLOSED,
    /** What came is HTTP in the clear. */
    PLAIN_HTTP,
    /** What came is no TLS at all. */
    NOT_TLS,
    /** The client sent more than a handshake needs. */
    TOO_LARGE,
    /** Only versions that are too old or too new in common. */
    VERSION,
    /** No cipher suite, group or signature in common. */
    CIPHER,
    /** The client asked for a name that nobody here has. */
    UNKNOWN_NAME,
    /** The client has to show a certificate and did not. */
    CERTIFICATE_MISSING,
    /** The client's certificate is not valid now. */
    CERTIFICATE_EXPIRED,
    /** The client's certificate was revoked, or nobody knows whether it was. */
    CERTIFICATE_REVOKED,
    /** The client's certificate is not from an authority that counts here. */
    CERTIFICATE_REFUSED,
    /** The client does not like what it was shown. */
    CLIENT_REFUSED,
    OTHER;

    /** As figures show it. */
    public String metric() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The reason behind an exception of an engine. */
    public static HandshakeFailure of(Throwable failure) {
        StringBuilder all = new StringBuilder();
        for (Throwable t = failure; t != null; t = t.getCause()) {
            if (t instanceof CertPathValidatorException path) {
                HandshakeFailure reason = of(path);
                if (reason != CERTIFICATE_REFUSED) {
                    return reason;
                }
            } else if (t instanceof CertificateExpiredException
                    || t instanceof CertificateNotYetValidException) {
                return CERTIFICATE_EXPIRED;
            } else if (t instanceof NotSslRecordException) {
                return NOT_TLS;
            } else if (t instanceof ClosedChannelException) {
                return CLOSED;
            }
            if (t instanceof CertificateException && t.getCause() == null) {
                return CERTIFICATE_REFUSED;
            }
            all.append(' ').append(t.getMessage());
        }
        return of(all.toString().toLowerCase(Locale.ROOT).replace('_', ' '));
    }

    private static HandshakeFailure of(CertPathValidatorException path) {
        if (path.getReason() instanceof CertPathValidatorException.BasicReason reason) {
            return switch (reason) {
                case EXPIRED, NOT_YET_VALID -> CERTIFICATE_EXPIRED;
                case REVOKED, UNDETERMINED_REVOCATION_STATUS -> CERTIFICATE_REVOKED;
                default -> CERTIFICATE_REFUSED;
            };
        }
        return CERTIFICATE_REFUSED;
    }

    private static HandshakeFailure of(String text) {
        if (text.contains("did not return a certificate")
                || text.contains("empty client certificate")
                || text.contains("certificate required")) {
            return CERTIFICATE_MISSING;
        }
        if (text.contains("unable to find valid certification path") || text.contains("pkix")) {
            return CERTIFICATE_REFUSED;
        }
        if (text.contains("alert")) {
            return CLIENT_REFUSED;
        }
        if (text.contains("protocol version")
                || text.contains("unsupported protocol")
                || text.contains("not accepted by server preferences")
                || text.contains("version")) {
            return VERSION;
        }
        if (text.contains("no shared")
                || text.contains("no cipher suites in common")
                || text.contains("no common")
                || text.contains("key material")
                || text.contains("no available authentication scheme")) {
            return CIPHER;
        }
        return text.contains("closed") || text.contains("reset") ? CLOSED : OTHER;
    }
}
