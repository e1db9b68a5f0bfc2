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

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

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
            TlsConfig tls = VirtualServerCalls.server(call, name).tls();
            for (CertificateFiles files :
                    tls == null ? List.<CertificateFiles>of() : tls.certificates()) {
                String certificate = CertificateFolder.name(files.certificate());
                for (String host : files.names()) {
                    sites.add(StructValue.of(call.type("SSLSite"), host, certificate));
                }
            }
            all.add(sites);
        }
        return all;
    }

    /**
     * An entry of the list of certificates.
     *
     * @param written with keys that the control API does not know, such as that for the passphrase
     *     of the key
     * @param named whether it is for some hosts only; others, which the control API cannot show,
     *     stay as they are
     * @param hosts that it is for; without any, one that is named goes
     */
    private record Entry(ObjectNode written, boolean named, List<String> hosts) {

        static Entry of(ObjectNode written) {
            List<String> hosts = new ArrayList<>();
            written.path("names").forEach(name -> hosts.add(name.asString("")));
            return new Entry(written, !hosts.isEmpty(), hosts);
        }

        boolean has(String certificate) {
            Path file = Path.of(written.path("certificate").asString(""));
            return CertificateFolder.name(file).equals(certificate);
        }

        ObjectNode next() {
            ObjectNode next = written.deepCopy();
            if (named) {
                ArrayNode names = next.putArray("names");
                hosts.forEach(names::add);
            }
            return next;
        }
    }

    /** Changes the entries of the virtual server with this index in the call. */
    @FunctionalInterface
    private interface Editing {
        void edit(List<Entry> entries, int index) throws SoapProblem;
    }

    private static @Nullable Object addSites(Call call) throws SoapProblem {
        return edit(call, (entries, i) -> put(call, entries, i, call.structLists(1).get(i)));
    }

    private static @Nullable Object editSites(Call call) throws SoapProblem {
        return edit(
                call,
                (entries, i) -> {
                    remove(call, entries, i);
                    put(call, entries, i, call.structLists(2).get(i));
                });
    }

    private static @Nullable Object deleteSites(Call call) throws SoapProblem {
        return edit(call, (entries, i) -> remove(call, entries, i));
    }

    /** A certificate that is in the list serves a host more with all that is written about it. */
    private static void put(Call call, List<Entry> entries, int index, List<StructValue> sites)
            throws SoapProblem {
        for (StructValue site : sites) {
            String host = site.text("dest_address");
            String certificate = site.text("certificate");
            TlsCalls.mustExist(call, call.texts(0).get(index), certificate);
            Entry named = find(entries, true, certificate);
            if (named == null) {
                Entry unnamed = find(entries, false, certificate);
                ObjectNode written = unnamed == null ? fresh(certificate) : unnamed.written;
                named = new Entry(written, true, new ArrayList<>());
                entries.add(named);
            }
            if (!named.hosts.contains(host)) {
                entries.forEach(entry -> entry.hosts.remove(host));
                named.hosts.add(host);
            }
        }
    }

    private static @Nullable Entry find(List<Entry> entries, boolean named, String certificate) {
        return entries.stream()
                .filter(entry -> entry.named == named && entry.has(certificate))
                .findFirst()
                .orElse(null);
    }

    private static ObjectNode fresh(String certificate) {
        ObjectNode entry = JSON.objectNode();
        entry.put("certificate", CertificateFolder.SERVERS.file(certificate));
        entry.put("key", CertificateFolder.SERVERS.file(certificate, ".key"));
        return entry;
    }

    private static void remove(Call call, List<Entry> entries, int index) throws SoapProblem {
        List<String> hosts = call.lists(1).get(index);
        for (String host : hosts) {
            if (entries.stream().noneMatch(entry -> entry.hosts.contains(host))) {
                throw SoapProblem.invalid(
                        "Could not find the site '" + host + "'",
                        call.texts(0).get(index),
                        "certificates",
                        host);
            }
        }
        entries.forEach(entry -> entry.hosts.removeAll(hosts));
    }

    private static @Nullable Object edit(Call call, Editing editing) throws SoapProblem {
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
            List<String> path = List.of("virtual-servers", server.name(), "tls", "certificates");
            List<Entry> entries = new ArrayList<>();
            for (JsonNode written : call.draft().at(path)) {
                if (written instanceof ObjectNode object) {
                    entries.add(Entry.of(object));
                }
            }
            editing.edit(entries, i);
            ArrayNode list = JSON.arrayNode();
            entries.stream()
                    .filter(entry -> !entry.named || !entry.hosts.isEmpty())
                    .forEach(entry -> list.add(entry.next()));
            call.draft().put(path, list);
        }
        return null;
    }
}
