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

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** Makes the TLS settings of virtual servers and pools; see {@link Binder}. */
final class TlsBinder {

    private final Path directory;
    private final Problems problems;
    private final Set<Path> files = new LinkedHashSet<>();

    /**
     * @param directory what file names in the document are relative to
     */
    TlsBinder(Path directory, Problems problems) {
        this.directory = directory;
        this.problems = problems;
    }

    /** Every file that a setting names, whether or not it can be read. */
    Set<Path> files() {
        return files;
    }

    /** The settings of a virtual server; null when it does not end TLS. */
    @Nullable TlsConfig server(Section parent) {
        Section s = parent.section("tls");
        Mapping written = s.mapping();
        if (written == null || written.members().isEmpty()) {
            return null;
        }
        Path certificate = file(s, "certificate");
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
                Objects.requireNonNullElse(file(s, "key"), certificate),
                s.secretOrNull("key-passphrase"),
                file(s, "ocsp-file"),
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
                file(s, "client-ca-file"),
                file(s, "client-crl-file"),
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
            Path certificate = file(each, "certificate");
            if (certificate != null) {
                all.add(
                        new CertificateFiles(
                                certificate,
                                Objects.requireNonNullElse(file(each, "key"), certificate),
                                each.secretOrNull("key-passphrase"),
                                each.texts("names"),
                                file(each, "ocsp-file")));
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
        Path certificate = file(s, "certificate");
        Path key = file(s, "key");
        return new NodeTlsConfig(
                enabled,
                s.flag("verify"),
                s.textOrNull("server-name"),
                file(s, "ca-file"),
                s.texts("common-name-match"),
                certificate,
                key == null ? certificate : key,
                s.secretOrNull("key-passphrase"),
                s.choice("profile", Profile.class),
                s.texts("ciphers"),
                s.flag("resumption"));
    }

    /** The file that {@code key} names; null when there is none. */
    @Nullable Path file(Section s, String key) {
        String name = s.textOrNull(key);
        if (name == null) {
            return null;
        }
        Path file = directory.resolve(name).toAbsolutePath().normalize();
        files.add(file);
        String reason = null;
        if (!Files.exists(file)) {
            reason = "there is no such file";
        } else if (!Files.isRegularFile(file)) {
            reason = "it is not a file";
        } else if (!Files.isReadable(file)) {
            reason = "permission denied";
        }
        if (reason != null) {
            problems.error(
                    s.place(key),
                    s.path(key),
                    ProblemCode.TLS_FILE,
                    s.path(key) + ": the file " + s.shown(key) + " cannot be read: " + reason);
        }
        return file;
    }
}
