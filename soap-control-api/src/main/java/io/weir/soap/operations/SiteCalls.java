package io.weir.soap.operations;

import io.weir.config.CertificateFiles;
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

/** Certificates of virtual servers that are for some host names only. */
final class SiteCalls {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private SiteCalls() {}

    static void register(Handlers handlers) {
        String v = "VirtualServer.";
        handlers.on(v + "getSSLSites", SiteCalls::sites);
        handlers.on(v + "addSSLSites", SiteCalls::addSites);
        handlers.on(v + "deleteSSLSites", SiteCalls::deleteSites);
        handlers.on(v + "editSSLSites", SiteCalls::editSites);
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
                sites.add(new Site(host, CertificateFolder.name(files.certificate())));
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
        List<String> path = List.of("virtual-servers", server.name(), "tls", "certificates");
        ArrayNode list = JSON.arrayNode();
        // Entries without names, which the control API cannot show, stay as they are.
        for (JsonNode entry : call.draft().at(path)) {
            if (entry.path("names").isEmpty()) {
                list.add(entry.deepCopy());
            }
        }
        for (Site site : sites) {
            TlsCalls.mustExist(call, server.name(), site.certificate);
            ObjectNode entry = list.addObject();
            entry.put("certificate", CertificateFolder.SERVERS.file(site.certificate));
            entry.put("key", CertificateFolder.SERVERS.file(site.certificate, ".key"));
            entry.putArray("names").add(site.host);
        }
        call.draft().put(path, list);
    }
}
