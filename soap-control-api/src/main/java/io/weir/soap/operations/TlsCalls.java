package io.weir.soap.operations;

import io.weir.config.NodeTlsConfig;
import io.weir.config.TlsConfig;
import io.weir.soap.call.Call;
import io.weir.soap.call.Handlers;
import io.weir.soap.call.SoapProblem;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

import java.util.ArrayList;
import java.util.List;

/**
 * How virtual servers end TLS, and whether pools show nodes a certificate. A virtual server ends
 * TLS when it has a certificate, so that setting one switches decryption on; switching it off takes
 * the settings of TLS away.
 */
final class TlsCalls {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final String SECTION = "virtual-servers";

    private TlsCalls() {}

    static void register(Handlers handlers) {
        String v = "VirtualServer.";
        handlers.on(v + "getSSLDecrypt", TlsCalls::decrypts);
        handlers.on(v + "setSSLDecrypt", TlsCalls::setDecrypt);
        handlers.on(v + "getSSLCertificate", TlsCalls::certificates);
        handlers.on(v + "setSSLCertificate", TlsCalls::setCertificates);
        handlers.on("Pool.getSSLClientAuth", TlsCalls::showsCertificate);
        handlers.on("Pool.setSSLClientAuth", TlsCalls::setShowsCertificate);
    }

    private static Object decrypts(Call call) throws SoapProblem {
        List<Boolean> all = new ArrayList<>();
        for (String name : call.texts(0)) {
            all.add(VirtualServerCalls.server(call, name).tls() != null);
        }
        return all;
    }

    private static @Nullable Object setDecrypt(Call call) throws SoapProblem {
        List<String> names = call.texts(0);
        List<?> values = (List<?>) call.arguments().get(1);
        for (int i = 0; i < names.size(); i++) {
            boolean is = VirtualServerCalls.server(call, names.get(i)).tls() != null;
            boolean shall = Boolean.TRUE.equals(values.get(i));
            if (shall && !is) {
                throw SoapProblem.invalid(
                        "the virtual server '"
                                + names.get(i)
                                + "' has no certificate; set SSLCertificate, which switches"
                                + " decryption on",
                        names.get(i),
                        "tls",
                        "true");
            }
            if (!shall && is) {
                call.draft().remove(List.of(SECTION, names.get(i), "tls"));
            }
        }
        return null;
    }

    private static boolean hasCertificate(Call call, String pool) throws SoapProblem {
        NodeTlsConfig tls = PoolCalls.pool(call, pool).tls();
        return tls != null && tls.certificate() != null;
    }

    private static Object showsCertificate(Call call) throws SoapProblem {
        List<Boolean> all = new ArrayList<>();
        for (String name : call.texts(0)) {
            all.add(hasCertificate(call, name));
        }
        return all;
    }

    /**
     * Nodes are shown the one client certificate that there is; among several the configuration has
     * to choose.
     */
    private static @Nullable Object setShowsCertificate(Call call) throws SoapProblem {
        List<String> names = call.texts(0);
        List<?> values = (List<?>) call.arguments().get(1);
        for (int i = 0; i < names.size(); i++) {
            String name = names.get(i);
            boolean is = hasCertificate(call, name);
            boolean shall = Boolean.TRUE.equals(values.get(i));
            if (shall && !is) {
                String certificate = onlyOne(call, name);
                CertificateFolder folder = CertificateFolder.CLIENTS;
                call.draft().set("pools", name, "tls.certificate", text(folder.file(certificate)));
                call.draft().set("pools", name, "tls.key", text(folder.file(certificate, ".key")));
            }
            if (!shall && is) {
                for (String key : List.of("certificate", "key", "key-passphrase")) {
                    call.draft().remove(List.of("pools", name, "tls", key));
                }
            }
        }
        return null;
    }

    private static String onlyOne(Call call, String pool) throws SoapProblem {
        List<String> all = CertificateFolder.CLIENTS.kept(call);
        if (all.size() == 1) {
            return all.getFirst();
        }
        throw SoapProblem.invalid(
                "there "
                        + (all.isEmpty()
                                ? "is no client certificate"
                                : "are several client certificates")
                        + " that the pool '"
                        + pool
                        + "' could show nodes, expected one; the key tls.certificate of the"
                        + " configuration names any",
                pool,
                "tls.certificate",
                "true");
    }

    private static JsonNode text(String text) {
        return JSON.stringNode(text);
    }

    private static Object certificates(Call call) throws SoapProblem {
        List<String> all = new ArrayList<>();
        for (String name : call.texts(0)) {
            TlsConfig tls = VirtualServerCalls.server(call, name).tls();
            all.add(tls == null ? "" : CertificateFolder.name(tls.certificate()));
        }
        return all;
    }

    private static @Nullable Object setCertificates(Call call) throws SoapProblem {
        List<String> names = call.texts(0);
        for (int i = 0; i < names.size(); i++) {
            String name = names.get(i);
            TlsConfig tls = VirtualServerCalls.server(call, name).tls();
            String certificate = call.texts(1).get(i);
            if (certificate.isEmpty()) {
                call.draft().remove(List.of(SECTION, name, "tls"));
                continue;
            }
            mustExist(call, name, certificate);
            if (tls != null && CertificateFolder.name(tls.certificate()).equals(certificate)) {
                continue;
            }
            // These are about the certificate that was there.
            for (String key : List.of("key-passphrase", "ocsp-file")) {
                call.draft().remove(List.of(SECTION, name, "tls", key));
            }
            CertificateFolder folder = CertificateFolder.SERVERS;
            call.draft()
                    .put(
                            List.of(SECTION, name, "tls", "certificate"),
                            text(folder.file(certificate)));
            call.draft()
                    .put(
                            List.of(SECTION, name, "tls", "key"),
                            text(folder.file(certificate, ".key")));
        }
        return null;
    }

    /** Refuses a certificate that there is not. */
    static void mustExist(Call call, String server, String certificate) throws SoapProblem {
        if (!CertificateFolder.SERVERS.names(call).contains(certificate)) {
            throw SoapProblem.invalid(
                    "Could not find the certificate '" + certificate + "': it does not exist",
                    server,
                    "certificate",
                    certificate);
        }
    }
}
