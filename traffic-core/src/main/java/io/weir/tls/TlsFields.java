package io.weir.tls;

import io.weir.config.TlsConfig;
import io.weir.config.TlsConfig.ClientCertificateHeaders;
import io.weir.http.FieldBlock;
import io.weir.http.FieldName;
import io.weir.http.Fields;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.HexFormat;

import javax.security.auth.x500.X500Principal;

/** The fields that tell nodes about a TLS connection and the certificate of its client. */
final class TlsFields {

    private TlsFields() {}

    static FieldBlock of(TlsConfig config, ClientTls tls) {
        return FieldBlock.of(
                fields -> {
                    if (config.headers()) {
                        connection(fields, tls);
                    }
                    if (config.clientCertificateHeaders() != ClientCertificateHeaders.NONE) {
                        certificate(
                                fields,
                                tls.certificate(),
                                config.clientCertificateHeaders() == ClientCertificateHeaders.ALL);
                    }
                });
    }

    private static void connection(Fields fields, ClientTls tls) {
        fields.add(FieldName.SSL_PROTOCOL, tls.version());
        fields.add(FieldName.SSL_CIPHER, tls.cipher());
        String name = tls.serverName();
        if (name != null && !name.isEmpty()) {
            fields.add(FieldName.SSL_SERVER_NAME, safe(name));
        }
        fields.add(FieldName.SSL_RESUMED, tls.resumed() ? "true" : "false");
    }

    private static void certificate(
            Fields fields,
            @org.jspecify.annotations.Nullable X509Certificate certificate,
            boolean whole) {
        if (certificate == null) {
            fields.add(FieldName.SSL_CLIENT_CERT_STATUS, "NoClientCert");
            return;
        }
        try {
            byte[] encoded = certificate.getEncoded();
            fields.add(FieldName.SSL_CLIENT_CERT_STATUS, "OK");
            fields.add(
                    FieldName.SSL_CLIENT_CERT_SUBJECT, name(certificate.getSubjectX500Principal()));
            fields.add(
                    FieldName.SSL_CLIENT_CERT_ISSUER, name(certificate.getIssuerX500Principal()));
            fields.add(
                    FieldName.SSL_CLIENT_CERT_SERIAL,
                    certificate.getSerialNumber().toString(16).toUpperCase(java.util.Locale.ROOT));
            fields.add(FieldName.SSL_CLIENT_CERT_NOT_BEFORE, time(certificate.getNotBefore()));
            fields.add(FieldName.SSL_CLIENT_CERT_NOT_AFTER, time(certificate.getNotAfter()));
            fields.add(
                    FieldName.SSL_CLIENT_CERT_FINGERPRINT,
                    HexFormat.of()
                            .withUpperCase()
                            .formatHex(MessageDigest.getInstance("SHA-256").digest(encoded)));
            if (whole) {
                fields.add(FieldName.SSL_CLIENT_CERT, Base64.getEncoder().encodeToString(encoded));
            }
        } catch (CertificateEncodingException e) {
            fields.add(FieldName.SSL_CLIENT_CERT_STATUS, "Unreadable");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** A distinguished name as RFC 2253 writes it; what a field cannot hold is escaped. */
    private static String name(X500Principal principal) {
        return safe(principal.getName(X500Principal.RFC2253));
    }

    private static String safe(String text) {
        StringBuilder out = new StringBuilder(text.length());
        for (byte octet : text.getBytes(java.nio.charset.StandardCharsets.UTF_8)) {
            if (octet >= ' ' && octet < 0x7f) {
                out.append((char) octet);
            } else {
                out.append('\\').append(HexFormat.of().toHexDigits(octet));
            }
        }
        return out.toString();
    }

    private static String time(java.util.Date date) {
        return date.toInstant().truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
