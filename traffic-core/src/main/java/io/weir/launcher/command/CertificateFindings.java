package io.weir.launcher.command;

import io.weir.cert.CertificateCheck;
import io.weir.cert.Finding;
import io.weir.config.CertificateFiles;
import io.weir.config.NodeTlsConfig;
import io.weir.config.PoolConfig;
import io.weir.config.TlsConfig;
import io.weir.config.VirtualServerConfig;
import io.weir.config.WeirConfig;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;

/** What is wrong with the certificates, keys and lists that a configuration names. */
final class CertificateFindings {

    private CertificateFindings() {}

    /** Everything that is wrong, each once. */
    static List<Finding> of(WeirConfig config, Instant now) {
        List<Finding> all = new ArrayList<>();
        for (VirtualServerConfig server : config.virtualServers().values()) {
            TlsConfig tls = server.tls();
            if (tls != null) {
                for (CertificateFiles files : tls.all()) {
                    all.addAll(
                            CertificateCheck.check(
                                    files.certificate(), files.key(), files.keyPassphrase(), now));
                }
                if (tls.clientCaFile() != null) {
                    all.addAll(CertificateCheck.checkAnchors(tls.clientCaFile(), now));
                }
                if (tls.clientCrlFile() != null) {
                    all.addAll(CertificateCheck.checkCrls(tls.clientCrlFile(), now));
                }
            }
        }
        for (PoolConfig pool : config.pools().values()) {
            NodeTlsConfig tls = pool.tls();
            Path certificate = tls.certificate();
            if (tls.enabled() && certificate != null) {
                all.addAll(
                        CertificateCheck.check(
                                certificate,
                                Objects.requireNonNullElse(tls.key(), certificate),
                                tls.keyPassphrase(),
                                now));
            }
            if (tls.enabled() && tls.caFile() != null) {
                all.addAll(CertificateCheck.checkAnchors(tls.caFile(), now));
            }
        }
        return List.copyOf(new LinkedHashSet<>(all));
    }
}
