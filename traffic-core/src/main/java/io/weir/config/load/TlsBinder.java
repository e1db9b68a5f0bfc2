package io.weir.config.load;

import io.weir.config.CertificateFiles;
import io.weir.config.NodeTlsConfig;
import io.weir.config.TlsConfig;
import io.weir.config.TlsConfig.ClientCertificate;
import io.weir.config.TlsConfig.ClientCertificateHeaders;
import io.weir.config.TlsConfig.Profile;
import io.weir.config.TlsConfig.TicketKeys;
import io.weir.config.load.Node.Mapping;
import io.weir.config.load.Node.Scalar;
import io.weir.config.load.Node.Sequence;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Makes the TLS settings of virtual servers and pools; see {@link Binder}. */
final class TlsBinder {

    private final NamedFiles files;
    private final Problems problems;

    TlsBinder(NamedFiles files, Problems problems) {
        this.files = files;
        this.problems = problems;
    }

    /** The settings of a virtual server; null when it does not end TLS. */
    @Nullable TlsConfig server(Section parent) {
        Section s = parent.section("tls");
        Mapping written = s.mapping();
        if (written == null || written.members().isEmpty()) {
            return null;
        }
        Path certificate = files.tls(s, "certificate");
        if (certificate == null) {
            if (!s.has("certificate")) {
                problems.error(
                        s.place(),
                        s.path(),
                        ProblemCode.NEEDS_OTHER_KEY,
                        s.path() + ": needs the key 'certificate'");
            }
            return null;
        }
        return new TlsConfig(
                certificate,
                Objects.requireNonNullElse(files.tls(s, "key"), certificate),
                s.secretOrNull("key-passphrase"),
                files.tls(s, "ocsp-file"),
                certificates(s),
                s.flag("strict-sni"),
                s.choice("profile", Profile.class),
                s.texts("ciphers"),
                s.texts("curves"),
                s.count("session-cache"),
                s.time("session-timeout"),
                s.flag("tickets"),
                s.choice("ticket-keys", TicketKeys.class),
                s.time("ticket-key-rotation"),
                s.time("ticket-key-expiry"),
                s.time("handshake-timeout"),
                (int) s.size("max-handshake-size"),
                s.choice("client-certificate", ClientCertificate.class),
                files.tls(s, "client-ca-file"),
                files.tls(s, "client-crl-file"),
                s.choice("client-certificate-headers", ClientCertificateHeaders.class),
                s.flag("headers"),
                s.flag("ocsp-stapling"),
                s.time("hsts"));
    }

    private List<CertificateFiles> certificates(Section s) {
        List<CertificateFiles> all = new ArrayList<>();
        Shape shape = s.shapeOf("certificates").items();
        if (!(s.node("certificates") instanceof Sequence sequence) || shape == null) {
            return all;
        }
        for (int i = 0; i < sequence.items().size(); i++) {
            Node item = sequence.items().get(i);
            if (!(item instanceof Mapping mapping) || problems.isFaulty(item)) {
                continue;
            }
            String path = s.path("certificates") + "[" + i + "]";
            Section each = new Section(path, item.place(), mapping, shape, problems);
            Path certificate = files.tls(each, "certificate");
            if (certificate != null) {
                all.add(
                        new CertificateFiles(
                                certificate,
                                Objects.requireNonNullElse(files.tls(each, "key"), certificate),
                                each.secretOrNull("key-passphrase"),
                                each.texts("names"),
                                files.tls(each, "ocsp-file")));
            }
        }
        return all;
    }

    /** The settings of a pool: {@code true}, {@code false}, or a mapping, which switches TLS on. */
    NodeTlsConfig nodes(Section parent) {
        Section s = parent.section("tls");
        boolean enabled =
                parent.node("tls") instanceof Scalar scalar
                        ? Section.truth(scalar.text())
                        : s.mapping() != null && s.flag("enabled");
        Path certificate = files.tls(s, "certificate");
        Path key = files.tls(s, "key");
        return new NodeTlsConfig(
                enabled,
                s.flag("verify"),
                s.textOrNull("server-name"),
                files.tls(s, "ca-file"),
                s.texts("common-name-match"),
                certificate,
                key == null ? certificate : key,
                s.secretOrNull("key-passphrase"),
                s.choice("profile", Profile.class),
                s.texts("ciphers"),
                s.flag("resumption"));
    }
}
