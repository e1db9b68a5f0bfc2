package io.weir.config.load;

import io.weir.config.CertificateFiles;
import io.weir.config.NodeTlsConfig;
import io.weir.config.Secret;
import io.weir.config.TlsConfig;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.List;

/** Writes TLS settings; see {@link ConfigWriter}. */
final class TlsWriter {

    private TlsWriter() {}

    static void server(YamlWriter out, @Nullable TlsConfig tls) {
        if (tls == null) {
            return;
        }
        out.open("tls");
        file(out, "certificate", tls.certificate());
        file(out, "key", tls.key());
        secret(out, "key-passphrase", tls.keyPassphrase());
        file(out, "ocsp-file", tls.ocspFile());
        if (tls.certificates().isEmpty()) {
            out.strings("certificates", List.of());
        } else {
            out.open("certificates");
            tls.certificates().forEach(each -> certificate(out, each));
            out.close();
        }
        out.bare("strict-sni", tls.strictSni());
        out.word("profile", tls.profile());
        out.strings("ciphers", tls.ciphers());
        out.strings("curves", tls.curves());
        out.bare("session-cache", tls.sessionCache());
        out.time("session-timeout", tls.sessionTimeout());
        out.bare("tickets", tls.tickets());
        out.word("ticket-keys", tls.ticketKeys());
        out.time("ticket-key-rotation", tls.ticketKeyRotation());
        out.time("ticket-key-expiry", tls.ticketKeyExpiry());
        out.time("handshake-timeout", tls.handshakeTimeout());
        out.size("max-handshake-size", tls.maxHandshakeSize());
        out.word("client-certificate", tls.clientCertificate());
        file(out, "client-ca-file", tls.clientCaFile());
        file(out, "client-crl-file", tls.clientCrlFile());
        out.word("client-certificate-headers", tls.clientCertificateHeaders());
        out.bare("headers", tls.headers());
        out.bare("ocsp-stapling", tls.ocspStapling());
        out.time("hsts", tls.hsts());
        out.close();
    }

    private static void certificate(YamlWriter out, CertificateFiles files) {
        out.item();
        file(out, "certificate", files.certificate());
        file(out, "key", files.key());
        secret(out, "key-passphrase", files.keyPassphrase());
        out.strings("names", files.names());
        file(out, "ocsp-file", files.ocspFile());
        out.close();
    }

    static void nodes(YamlWriter out, NodeTlsConfig tls) {
        out.open("tls");
        out.bare("enabled", tls.enabled());
        out.bare("verify", tls.verify());
        out.string("server-name", tls.serverName());
        file(out, "ca-file", tls.caFile());
        out.strings("common-name-match", tls.commonNameMatch());
        file(out, "certificate", tls.certificate());
        file(out, "key", tls.key());
        secret(out, "key-passphrase", tls.keyPassphrase());
        out.word("profile", tls.profile());
        out.strings("ciphers", tls.ciphers());
        out.bare("resumption", tls.resumption());
        out.close();
    }

    static void file(YamlWriter out, String key, @Nullable Path file) {
        out.string(key, file == null ? null : file.toString());
    }

    private static void secret(YamlWriter out, String key, @Nullable Secret secret) {
        if (secret != null) {
            out.secret(key, secret);
        }
    }
}
