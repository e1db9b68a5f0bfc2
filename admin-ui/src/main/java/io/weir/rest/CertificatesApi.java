package io.weir.rest;

import io.weir.admin.AdminResponse;
import io.weir.admin.Permission;
import io.weir.cert.BadCertificateException;
import io.weir.cert.Shown;
import io.weir.config.CertificateFiles;
import io.weir.config.TlsConfig;
import io.weir.config.VirtualServerConfig;
import io.weir.control.Change;
import io.weir.control.ConfigStore;
import io.weir.control.Control;
import io.weir.control.Edit;
import io.weir.control.RefusedException;
import io.weir.control.store.Json;
import io.weir.time.Ticker;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;

/**
 * The certificates of virtual servers, by name: those kept beside the configuration as {@code
 * certificates/NAME.pem}, with their keys or requests, and those that virtual servers name
 * otherwise. Keys go in and never come out. Safe for every thread.
 */
final class CertificatesApi {

    private static final String FOLDER = "certificates/";
    private static final String PEM = ".pem";
    private static final String KEY = ".key";
    private static final String REQUEST = ".csr";

    private static final Set<String> CHANGING =
            Set.of("comment", "base", "dry-run", "allow-shrink", "confirm-seconds");

    private static final String BODY =
            """
            {"type":"object","properties":{
            "certificate":{"type":"string","description":"PEM, to take over one that is there"},
            "key":{"type":"string","description":"its private key in PEM; without it the one kept\
             under this name"},
            "names":{"type":"array","items":{"type":"string"},
            "description":"host names and addresses, to make a new one"},
            "key-type":{"enum":["ec-p256","ec-p384","rsa-2048","rsa-3072","rsa-4096"]},
            "days":{"type":"integer","description":"how long a new one is valid; 365 unless said"},
            "request":{"type":"boolean","description":"true for a request that an authority signs"},
            "virtual-server":{"type":"string","description":"which is to use it from now on"},
            "comment":{"type":"string"},"base":{"type":"integer"},"dry-run":{"type":"boolean"},
            "allow-shrink":{"type":"boolean"}}}
            """;

    private final Control control;
    private final Ticker ticker;
    private final SecureRandom random;

    CertificatesApi(Control control, Ticker ticker, SecureRandom random) {
        this.control = control;
        this.ticker = ticker;
        this.random = random;
    }

    List<Operation> operations() {
        return List.of(
                Operation.get(
                        "listCertificates",
                        "/v1/certificates",
                        "virtual-servers",
                        "Certificates of virtual servers: for whom, until when, used by which",
                        _ -> list()),
                new Operation(
                        "putCertificate",
                        "POST",
                        "/v1/certificates/{name}",
                        "files",
                        Permission.CHANGE,
                        "Makes or takes over a certificate, and has a virtual server use it",
                        List.of(),
                        BODY,
                        200,
                        this::put),
                new Operation(
                        "removeCertificate",
                        "DELETE",
                        "/v1/certificates/{name}",
                        "files",
                        Permission.CHANGE,
                        "Removes a certificate that no virtual server uses, with its key",
                        List.of(
                                "dry-run",
                                "true for the plan of the change, with nothing changed",
                                "comment",
                                "why; kept in the history"),
                        null,
                        200,
                        this::remove));
    }

    // ---- looking

    /** What is known under one name. */
    private static final class Found {
        final List<String> users = new ArrayList<>();
        @Nullable String file;
        @Nullable String key;
        @Nullable String request;
        @Nullable Path place;
    }

    private AdminResponse list() {
        List<Object> list = new ArrayList<>();
        find().forEach((name, found) -> list.add(document(name, found)));
        return Answers.document(200, Json.object("certificates", list));
    }

    private Map<String, Found> find() {
        Map<String, Found> all = new TreeMap<>();
        for (ConfigStore.StoredFile stored : control.files()) {
            String path = stored.path();
            if (path.startsWith(FOLDER)) {
                for (String ending : List.of(PEM, KEY, REQUEST)) {
                    if (path.endsWith(ending)) {
                        Found found = all.computeIfAbsent(name(path), _ -> new Found());
                        switch (ending) {
                            case PEM -> found.file = path;
                            case KEY -> found.key = path;
                            default -> found.request = path;
                        }
                    }
                }
            }
        }
        for (VirtualServerConfig server : control.config().virtualServers().values()) {
            TlsConfig tls = server.tls();
            for (CertificateFiles files : tls == null ? List.<CertificateFiles>of() : tls.all()) {
                Found found =
                        all.computeIfAbsent(name(files.certificate().toString()), _ -> new Found());
                found.place = files.certificate();
                if (!found.users.contains(server.name())) {
                    found.users.add(server.name());
                }
            }
        }
        return all;
    }

    /** The last part of a path without its ending. */
    private static String name(String path) {
        String last = path.substring(path.lastIndexOf('/') + 1);
        int dot = last.lastIndexOf('.');
        return dot > 0 ? last.substring(0, dot) : last;
    }

    private Map<String, @Nullable Object> document(String name, Found found) {
        Map<String, @Nullable Object> document = new LinkedHashMap<>();
        document.put("name", name);
        document.put("file", found.file == null ? found.place : found.file);
        document.put("key-file", found.key);
        document.put("request-file", found.request);
        document.put("key", found.key != null || found.place != null);
        document.put("virtual-servers", found.users);
        document.put("certificate", null);
        document.put("problem", null);
        try {
            Shown.Certificate certificate = certificate(found);
            if (certificate != null) {
                document.put("certificate", shown(certificate));
            }
        } catch (BadCertificateException e) {
            document.put("problem", e.getMessage());
        }
        return document;
    }

    private Shown.@Nullable Certificate certificate(Found found) throws BadCertificateException {
        String file = found.file;
        Path place = found.place;
        List<Shown> contents = List.of();
        if (file != null) {
            byte[] bytes = control.file(file);
            contents = bytes == null ? List.of() : Shown.read(Path.of(file), bytes, null);
        } else if (place != null) {
            contents = Shown.read(place, null);
        }
        for (Shown each : contents) {
            if (each instanceof Shown.Certificate certificate) {
                return certificate;
            }
        }
        return null;
    }

    private static Map<String, @Nullable Object> shown(Shown.Certificate certificate) {
        List<String> names = new ArrayList<>(certificate.hosts());
        names.addAll(certificate.addresses());
        return Json.object(
                "subject", certificate.subject(),
                "issuer", certificate.issuer(),
                "names", names,
                "from", certificate.notBefore(),
                "until", certificate.notAfter(),
                "key-type", certificate.key(),
                "self-signed", certificate.subject().equals(certificate.issuer()),
                "serial", certificate.serial(),
                "fingerprint", certificate.fingerprint());
    }

    // ---- changing

    private AdminResponse put(Request request) throws BadRequestException, RefusedException {
        Set<String> known = new HashSet<>(NewCertificate.MEMBERS);
        known.add("virtual-server");
        known.addAll(CHANGING);
        Fields fields = Fields.of(request.object(), known);
        String name = request.part("name");
        NewCertificate made = NewCertificate.of(name, fields, ticker.now(), random);
        List<Edit> edits = new ArrayList<>();
        keep(edits, FOLDER + name + PEM, made.certificate());
        keep(edits, FOLDER + name + KEY, made.key());
        keep(edits, FOLDER + name + REQUEST, made.request());
        String server = fields.text("virtual-server");
        if (server != null) {
            request.mustBeAllowed("virtual-servers", Permission.CHANGE);
            edits.addAll(use(server, name));
        }
        Change change = ChangesApi.change(edits, fields, request);
        return ConfigApi.report(200, control.change(change, request.author()));
    }

    private static void keep(List<Edit> edits, String path, @Nullable String text) {
        if (text != null) {
            edits.add(new Edit.PutFile(path, text.getBytes(StandardCharsets.UTF_8)));
        }
    }

    /**
     * Has a virtual server use a certificate; its other settings of TLS stay, as they are then: no
     * edit is made of what was there before.
     */
    private List<Edit> use(String server, String name) throws BadRequestException {
        JsonNode present = control.desired().document().path("virtual-servers").get(server);
        if (present == null) {
            throw new BadRequestException(404, "there is no virtual server " + server);
        }
        JsonNode tls = present.path("tls");
        List<Edit> edits = new ArrayList<>();
        if (tls.isNull()) {
            edits.add(new Edit.Remove(List.of("virtual-servers", server, "tls")));
        }
        for (String key : List.of("key-passphrase", "ocsp-file")) {
            if (tls.has(key)) {
                edits.add(new Edit.Remove(List.of("virtual-servers", server, "tls", key)));
            }
        }
        edits.add(put(server, "certificate", FOLDER + name + PEM));
        edits.add(put(server, "key", FOLDER + name + KEY));
        return edits;
    }

    private static Edit put(String server, String key, String file) {
        return new Edit.Put(
                List.of("virtual-servers", server, "tls", key),
                Request.JSON.getNodeFactory().stringNode(file));
    }

    private AdminResponse remove(Request request) throws BadRequestException, RefusedException {
        String name = request.part("name");
        Found found = find().get(name);
        if (found == null) {
            throw new BadRequestException(404, "there is no certificate " + name);
        }
        List<Edit> edits = new ArrayList<>();
        for (String file : new @Nullable String[] {found.file, found.key, found.request}) {
            if (file != null) {
                edits.add(new Edit.RemoveFile(file));
            }
        }
        if (edits.isEmpty() || !found.users.isEmpty()) {
            throw new BadRequestException(
                    409,
                    "the certificate "
                            + name
                            + (found.users.isEmpty()
                                    ? " is not kept beside the configuration"
                                    : " is used by " + String.join(", ", found.users)));
        }
        Change change =
                new Change(
                        edits,
                        Objects.requireNonNullElse(request.parameter("comment"), ""),
                        request.base(),
                        request.flag("dry-run"),
                        false,
                        null);
        return ConfigApi.report(200, control.change(change, request.author()));
    }
}
