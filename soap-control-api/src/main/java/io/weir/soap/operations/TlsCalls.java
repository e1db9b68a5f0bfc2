package io.weir.soap.operations;

import io.weir.config.CertificateFiles;
import io.weir.config.NodeTlsConfig;
import io.weir.config.TlsConfig;
import io.weir.config.VirtualServerConfig;
import io.weir.soap.call.Call;
import io.weir.soap.call.Handlers;
import io.weir.soap.call.SoapProblem;
import io.weir.soap.table.StructValue;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;

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
        handlers.on(v + "getSSLSites", TlsCalls::sites);
        handlers.on(v + "addSSLSites", TlsCalls::addSites);
        handlers.on(v + "deleteSSLSites", TlsCalls::deleteSites);
        handlers.on(v + "editSSLSites", TlsCalls::editSites);
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

    /** Which certificate is for the configuration to say; here it can be taken away. */
    private static @Nullable Object setShowsCertificate(Call call) throws SoapProblem {
        List<String> names = call.texts(0);
        List<?> values = (List<?>) call.arguments().get(1);
        for (int i = 0; i < names.size(); i++) {
            String name = names.get(i);
            boolean is = hasCertificate(call, name);
            boolean shall = Boolean.TRUE.equals(values.get(i));
            if (shall && !is) {
                throw SoapProblem.invalid(
                        "the pool '"
                                + name
                                + "' has no certificate for nodes; the key tls.certificate of the"
                                + " configuration gives it one",
                        name,
                        "tls.certificate",
                        "true");
            }
            if (!shall && is) {
                for (String key : List.of("certificate", "key", "key-passphrase")) {
                    call.draft().remove(List.of("pools", name, "tls", key));
                }
            }
        }
        return null;
    }

    private static Object certificates(Call call) throws SoapProblem {
        List<String> all = new ArrayList<>();
        for (String name : call.texts(0)) {
            TlsConfig tls = VirtualServerCalls.server(call, name).tls();
            all.add(tls == null ? "" : CertificateCalls.name(tls.certificate()));
        }
        return all;
    }

    private static @Nullable Object setCertificates(Call call) throws SoapProblem {
        List<String> names = call.texts(0);
        for (int i = 0; i < names.size(); i++) {
            String name = names.get(i);
            VirtualServerCalls.server(call, name);
            String certificate = call.texts(1).get(i);
            if (certificate.isEmpty()) {
                call.draft().remove(List.of(SECTION, name, "tls"));
                continue;
            }
            known(call, name, certificate);
            List<String> tls = List.of(SECTION, name, "tls");
            call.draft().put(plus(tls, "certificate"), file(certificate));
            call.draft()
                    .put(plus(tls, "key"), JSON.stringNode(CertificateCalls.keyFile(certificate)));
        }
        return null;
    }

    private static List<String> plus(List<String> path, String key) {
        List<String> longer = new ArrayList<>(path);
        longer.add(key);
        return longer;
    }

    private static JsonNode file(String certificate) {
        return JSON.stringNode(CertificateCalls.certificateFile(certificate));
    }

    private static void known(Call call, String server, String certificate) throws SoapProblem {
        if (!CertificateCalls.catalog(call).containsKey(certificate)) {
            throw SoapProblem.invalid(
                    "Could not find the certificate '" + certificate + "': it does not exist",
                    server,
                    "certificate",
                    certificate);
        }
    }

    private static Object sites(Call call) throws SoapProblem {
        List<List<StructValue>> all = new ArrayList<>();
        for (String name : call.texts(0)) {
            List<StructValue> sites = new ArrayList<>();
            for (Site site : current(VirtualServerCalls.server(call, name))) {
                sites.add(StructValue.of(call.type("SSLSite"), site.host, site.certificate));
            }
            all.add(sites);
        }
        return all;
    }

    /** A host name and the certificate that is for it. */
    private record Site(String host, String certificate) {}

    private static List<Site> current(VirtualServerConfig server) {
        List<Site> sites = new ArrayList<>();
        TlsConfig tls = server.tls();
        for (CertificateFiles files :
                tls == null ? List.<CertificateFiles>of() : tls.certificates()) {
            for (String host : files.names()) {
                sites.add(new Site(host, CertificateCalls.name(files.certificate())));
            }
        }
        return sites;
    }

    private static @Nullable Object addSites(Call call) throws SoapProblem {
        return edit(
                call,
                (sites, i) -> {
                    for (StructValue site : call.structLists(1).get(i)) {
                        put(sites, site);
                    }
                });
    }

    private static @Nullable Object editSites(Call call) throws SoapProblem {
        mustBeThere(call);
        return edit(
                call,
                (sites, i) -> {
                    List<String> hosts = call.lists(1).get(i);
                    sites.removeIf(site -> hosts.contains(site.host));
                    for (StructValue site : call.structLists(2).get(i)) {
                        put(sites, site);
                    }
                });
    }

    private static @Nullable Object deleteSites(Call call) throws SoapProblem {
        mustBeThere(call);
        return edit(
                call,
                (sites, i) -> sites.removeIf(site -> call.lists(1).get(i).contains(site.host)));
    }

    private static void put(List<Site> sites, StructValue site) {
        String host = site.text("dest_address");
        sites.removeIf(other -> other.host.equals(host));
        sites.add(new Site(host, site.text("certificate")));
    }

    private static void mustBeThere(Call call) throws SoapProblem {
        List<String> names = call.texts(0);
        for (int i = 0; i < names.size(); i++) {
            List<Site> sites = current(VirtualServerCalls.server(call, names.get(i)));
            for (String host : call.lists(1).get(i)) {
                if (sites.stream().noneMatch(site -> site.host.equals(host))) {
                    throw SoapProblem.invalid(
                            "Could not find the site '" + host + "'",
                            names.get(i),
                            "certificates",
                            host);
                }
            }
        }
    }

    private static @Nullable Object edit(Call call, BiConsumer<List<Site>, Integer> change)
            throws SoapProblem {
        List<String> names = call.texts(0);
        for (int i = 0; i < names.size(); i++) {
            VirtualServerConfig server = VirtualServerCalls.server(call, names.get(i));
            if (server.tls() == null) {
                throw SoapProblem.invalid(
                        "the virtual server '"
                                + server.name()
                                + "' does not decrypt; set SSLCertificate first",
                        server.name(),
                        "certificates",
                        "");
            }
            List<Site> sites = new ArrayList<>(current(server));
            change.accept(sites, i);
            write(call, server, sites);
        }
        return null;
    }

    private static void write(Call call, VirtualServerConfig server, List<Site> sites)
            throws SoapProblem {
        List<String> path = List.of(SECTION, server.name(), "tls", "certificates");
        ArrayNode list = JSON.arrayNode();
        // Entries without names, which the control API cannot show, stay as they are.
        for (JsonNode entry : call.draft().at(path)) {
            if (entry.path("names").isEmpty()) {
                list.add(entry.deepCopy());
            }
        }
        for (Site site : sites) {
            known(call, server.name(), site.certificate);
            ObjectNode entry = list.addObject();
            entry.set("certificate", file(site.certificate));
            entry.put("key", CertificateCalls.keyFile(site.certificate));
            entry.putArray("names").add(site.host);
        }
        call.draft().put(path, list);
    }
}
