package io.weir.soap.operations;

import io.weir.cert.BadCertificateException;
import io.weir.cert.PemText;
import io.weir.config.CertificateFiles;
import io.weir.config.NodeTlsConfig;
import io.weir.config.PoolConfig;
import io.weir.config.TlsConfig;
import io.weir.config.VirtualServerConfig;
import io.weir.config.WeirConfig;
import io.weir.control.ConfigStore;
import io.weir.control.Control;
import io.weir.soap.call.Call;
import io.weir.soap.call.SoapProblem;
import io.weir.soap.table.FaultKind;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Certificates of one kind: each a file in a folder beside the configuration, with other files of
 * its name. Those that are in use are seen wherever they lie. Stateless.
 *
 * @param path of the folder, with a slash at its end
 * @param noun what people call one of them
 * @param companions endings of the files that a certificate may have beside it
 * @param used the certificates in use, by who uses them
 */
record CertificateFolder(
        String path,
        String noun,
        List<String> companions,
        Function<WeirConfig, Map<String, List<Path>>> used) {

    /** What virtual servers show clients. */
    static final CertificateFolder SERVERS =
            new CertificateFolder(
                    "certificates/",
                    "certificate",
                    List.of(".key", ".csr"),
                    CertificateFolder::ofVirtualServers);

    /** What pools show nodes. */
    static final CertificateFolder CLIENTS =
            new CertificateFolder(
                    "client-certificates/",
                    "client certificate",
                    List.of(".key"),
                    CertificateFolder::ofPools);

    /** Authorities that certificates of clients come from, with their lists of revoked ones. */
    static final CertificateFolder AUTHORITIES =
            new CertificateFolder(
                    "authorities/", "certificate authority", List.of(".crl"), config -> Map.of());

    private static final String PEM = ".pem";

    /** Gives the file of a certificate, which may hold its key, too; null when it is gone. */
    @FunctionalInterface
    private interface Reader {
        byte @Nullable [] read() throws IOException;
    }

    private static Map<String, List<Path>> ofVirtualServers(WeirConfig config) {
        Map<String, List<Path>> used = new LinkedHashMap<>();
        for (VirtualServerConfig server : config.virtualServers().values()) {
            TlsConfig tls = server.tls();
            if (tls != null) {
                used.put(
                        "virtual server '" + server.name() + "'",
                        tls.all().stream().map(CertificateFiles::certificate).toList());
            }
        }
        return used;
    }

    private static Map<String, List<Path>> ofPools(WeirConfig config) {
        Map<String, List<Path>> used = new LinkedHashMap<>();
        for (PoolConfig pool : config.pools().values()) {
            NodeTlsConfig tls = pool.tls();
            Path certificate = tls == null ? null : tls.certificate();
            if (certificate != null) {
                used.put("pool '" + pool.name() + "'", List.of(certificate));
            }
        }
        return used;
    }

    /** Where the certificate called {@code name} is, relative to the configuration. */
    String file(String name) {
        return file(name, PEM);
    }

    /** Where a file that belongs to it is. */
    String file(String name, String ending) {
        return path + name + ending;
    }

    /** The name of the certificate in a file. */
    static String name(Path file) {
        String last = String.valueOf(file.getFileName());
        return last.endsWith(PEM) ? last.substring(0, last.length() - PEM.length()) : last;
    }

    /** The names of all. */
    List<String> names(Call call) {
        return List.copyOf(readers(call).keySet());
    }

    /** The names of those in the folder. */
    List<String> kept(Call call) {
        return names(call).stream().filter(name -> isStored(call, file(name))).toList();
    }

    private static boolean isStored(Call call, String path) {
        return call.services().control().hasFile(path);
    }

    private Map<String, Reader> readers(Call call) {
        Map<String, Reader> readers = new LinkedHashMap<>();
        Control control = call.services().control();
        for (ConfigStore.StoredFile file : control.files()) {
            String stored = file.path();
            if (stored.startsWith(path) && stored.endsWith(PEM)) {
                readers.put(name(Path.of(stored)), () -> control.file(stored));
            }
        }
        for (List<Path> paths : used.apply(call.draft().config()).values()) {
            for (Path certificate : paths) {
                readers.putIfAbsent(name(certificate), () -> Files.readAllBytes(certificate));
            }
        }
        return readers;
    }

    /** The PEM text of a certificate that is there, without a key that its file may have. */
    byte[] pem(Call call, String name) throws SoapProblem {
        Reader reader = readers(call).get(name);
        try {
            byte[] bytes = reader == null ? null : reader.read();
            if (bytes != null) {
                return PemText.certificates(Path.of(file(name)), bytes)
                        .getBytes(StandardCharsets.US_ASCII);
            }
        } catch (IOException | BadCertificateException e) {
            throw missing(name, ": " + e.getMessage());
        }
        throw missing(name, "");
    }

    /** Refuses a name that no certificate has. */
    void mustBeThere(Call call, String name) throws SoapProblem {
        if (!readers(call).containsKey(name)) {
            throw missing(name, "");
        }
    }

    private SoapProblem missing(String name, String why) {
        return SoapProblem.typed(
                FaultKind.OBJECT_DOES_NOT_EXIST,
                "Could not find the " + noun + " '" + name + "'" + why,
                name);
    }

    /** Refuses a name that a new certificate cannot have. */
    void mustBeFresh(Call call, String name) throws SoapProblem {
        if (!name.matches("[A-Za-z0-9][A-Za-z0-9 ._-]{0,127}")) {
            throw CatalogCalls.badName(name);
        }
        if (readers(call).containsKey(name)) {
            throw SoapProblem.typed(
                    FaultKind.OBJECT_ALREADY_EXISTS,
                    "the " + noun + " '" + name + "' already exists",
                    name);
        }
    }

    /** Takes a certificate that nobody uses away, with what belongs to it. */
    void delete(Call call, String name) throws SoapProblem {
        mustBeThere(call, name);
        for (Map.Entry<String, List<Path>> entry : used.apply(call.draft().config()).entrySet()) {
            if (entry.getValue().stream().anyMatch(each -> name(each).equals(name))) {
                throw inUse(name, entry.getKey());
            }
        }
        stored(call, name).forEach(ending -> call.draft().removeFile(file(name, ending)));
    }

    /** The fault for a certificate that somebody needs. */
    SoapProblem inUse(String name, String user) {
        return SoapProblem.notAllowed(
                "the " + noun + " '" + name + "' is in use by the " + user, name);
    }

    /** Gives a certificate another name, also where it is used. */
    void rename(Call call, String from, String to) throws SoapProblem {
        mustBeThere(call, from);
        mustBeFresh(call, to);
        List<String> stored = stored(call, from);
        if (stored.isEmpty()) {
            throw SoapProblem.notAllowed(
                    "the " + noun + " '" + from + "' is not kept beside the configuration", from);
        }
        stored.forEach(ending -> call.draft().renameFile(file(from, ending), file(to, ending)));
    }

    /** The endings of the files that the store has of a certificate. */
    private List<String> stored(Call call, String name) {
        List<String> endings = new ArrayList<>(companions);
        endings.addFirst(PEM);
        endings.removeIf(ending -> !isStored(call, file(name, ending)));
        return endings;
    }
}
