package io.weir.soap.operations;

import io.weir.cert.BadCertificateException;
import io.weir.cert.Identity;
import io.weir.config.CertificateFiles;
import io.weir.config.TlsConfig;
import io.weir.config.VirtualServerConfig;
import io.weir.control.ConfigStore;
import io.weir.control.Control;
import io.weir.soap.call.Call;
import io.weir.soap.call.Handlers;
import io.weir.soap.call.SoapProblem;
import io.weir.soap.table.FaultKind;
import io.weir.soap.table.StructValue;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAPublicKey;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;

/**
 * Certificates with their private keys: files beside the configuration. Where files own the
 * configuration, those that virtual servers use are seen.
 */
final class CertificateCalls {

    private static final String FOLDER = "certificates/";
    private static final String PEM = ".pem";

    private CertificateCalls() {}

    static void register(Handlers handlers) {
        String c = "Catalog.SSL.Certificates.";
        handlers.on(c + "getCertificateNames", call -> List.copyOf(catalog(call).keySet()));
        handlers.on(c + "importCertificate", CertificateCalls::importAll);
        handlers.on(c + "renameCertificate", CertificateCalls::rename);
        handlers.on(c + "deleteCertificate", CertificateCalls::delete);
        handlers.on(c + "deleteCertificateHW", CertificateCalls::delete);
        handlers.on(c + "getRawCertificate", CertificateCalls::raw);
        handlers.on(c + "setRawCertificate", CertificateCalls::setRaw);
        handlers.on(c + "getCertificateInfo", call -> info(call, false));
        handlers.on(c + "getCertificateInfoEx", call -> info(call, true));
    }

    /** Where the certificate called {@code name} is, relative to the configuration. */
    static String certificateFile(String name) {
        return FOLDER + name + PEM;
    }

    /** Where its private key is. */
    static String keyFile(String name) {
        return FOLDER + name + ".key";
    }

    /** Where the request for it is that an authority is to sign; only some have one. */
    static String requestFile(String name) {
        return FOLDER + name + ".csr";
    }

    /** The files that the store may have of a certificate. */
    private static List<String> files(String name) {
        return List.of(certificateFile(name), keyFile(name), requestFile(name));
    }

    /** The name of the certificate in a file. */
    static String name(Path file) {
        String last = String.valueOf(file.getFileName());
        return last.endsWith(PEM) ? last.substring(0, last.length() - PEM.length()) : last;
    }

    /** All certificates by name, each with the way to its text. */
    static Map<String, Reader> catalog(Call call) {
        Map<String, Reader> catalog = new LinkedHashMap<>();
        Control control = call.services().control();
        for (ConfigStore.StoredFile file : control.files()) {
            String path = file.path();
            if (path.startsWith(FOLDER) && path.endsWith(PEM)) {
                catalog.put(name(Path.of(path)), () -> control.file(path));
            }
        }
        for (VirtualServerConfig server : call.draft().config().virtualServers().values()) {
            TlsConfig tls = server.tls();
            for (CertificateFiles files : tls == null ? List.<CertificateFiles>of() : tls.all()) {
                Path path = files.certificate();
                catalog.putIfAbsent(name(path), () -> Files.readAllBytes(path));
            }
        }
        return catalog;
    }

    /** Gives the PEM text of a certificate. */
    @FunctionalInterface
    interface Reader {
        byte @Nullable [] read() throws IOException;
    }

    /** The text of a certificate that is there. */
    static byte[] pem(Call call, String name) throws SoapProblem {
        Reader reader = catalog(call).get(name);
        try {
            byte[] bytes = reader == null ? null : reader.read();
            if (bytes != null) {
                return bytes;
            }
        } catch (IOException e) {
            throw SoapProblem.typed(
                    FaultKind.OBJECT_DOES_NOT_EXIST,
                    "Could not find the certificate '" + name + "': " + e,
                    name);
        }
        throw SoapProblem.typed(
                FaultKind.OBJECT_DOES_NOT_EXIST,
                "Could not find the certificate '" + name + "'",
                name);
    }

    /** Refuses a name that a new certificate cannot have. */
    static void fresh(Call call, String name) throws SoapProblem {
        if (!name.matches("[A-Za-z0-9][A-Za-z0-9 ._-]{0,127}")) {
            throw CatalogCalls.badName(name);
        }
        if (catalog(call).containsKey(name)) {
            throw SoapProblem.typed(
                    FaultKind.OBJECT_ALREADY_EXISTS,
                    "the certificate '" + name + "' already exists",
                    name);
        }
    }

    private static @Nullable Object importAll(Call call) throws SoapProblem {
        List<String> names = call.texts(0);
        for (int i = 0; i < names.size(); i++) {
            StructValue files = call.structs(1).get(i);
            fresh(call, names.get(i));
            put(call, names.get(i), files.text("public_cert"), files.text("private_key"));
        }
        return null;
    }

    private static void put(Call call, String name, String certificate, String key)
            throws SoapProblem {
        byte[] open = certificate.getBytes(StandardCharsets.UTF_8);
        byte[] secret = key.getBytes(StandardCharsets.UTF_8);
        check(call, name, open, secret);
        call.draft().putFile(certificateFile(name), open);
        call.draft().putFile(keyFile(name), secret);
    }

    /** Refuses a pair that does not belong together; read from files that are gone afterwards. */
    private static void check(Call call, String name, byte[] certificate, byte[] key)
            throws SoapProblem {
        try {
            Path folder =
                    Files.createTempDirectory(call.services().directories().state(), "import-");
            Path open = folder.resolve("certificate" + PEM);
            Path secret = folder.resolve("key" + PEM);
            try {
                Files.write(open, certificate);
                Files.write(secret, key);
                Identity.load(open, secret, null);
            } catch (BadCertificateException e) {
                String message =
                        String.valueOf(e.getMessage())
                                .replace(open.toString(), "the certificate")
                                .replace(secret.toString(), "the key");
                throw SoapProblem.invalid(message, name, "certificate", "");
            } finally {
                Files.deleteIfExists(secret);
                Files.deleteIfExists(open);
                Files.deleteIfExists(folder);
            }
        } catch (IOException e) {
            throw SoapProblem.internal("the certificate could not be checked: " + e);
        }
    }

    private static @Nullable Object delete(Call call) throws SoapProblem {
        Control control = call.services().control();
        for (String name : new LinkedHashSet<>(call.texts(0))) {
            pem(call, name);
            for (VirtualServerConfig server : call.draft().config().virtualServers().values()) {
                TlsConfig tls = server.tls();
                if (tls != null
                        && tls.all().stream().anyMatch(f -> name(f.certificate()).equals(name))) {
                    throw SoapProblem.notAllowed(
                            "the certificate '"
                                    + name
                                    + "' is in use by the virtual server '"
                                    + server.name()
                                    + "'",
                            name);
                }
            }
            for (ConfigStore.StoredFile file : control.files()) {
                if (files(name).contains(file.path())) {
                    call.draft().removeFile(file.path());
                }
            }
        }
        return null;
    }

    private static @Nullable Object rename(Call call) throws SoapProblem {
        List<String> names = call.texts(0);
        for (int i = 0; i < names.size(); i++) {
            String from = names.get(i);
            String to = call.texts(1).get(i);
            pem(call, from);
            fresh(call, to);
            List<String> stored = files(from);
            boolean any = false;
            for (ConfigStore.StoredFile file : call.services().control().files()) {
                int which = stored.indexOf(file.path());
                if (which >= 0) {
                    call.draft().renameFile(file.path(), files(to).get(which));
                    any = true;
                }
            }
            if (!any) {
                throw SoapProblem.notAllowed(
                        "the certificate '" + from + "' is not kept beside the configuration",
                        from);
            }
        }
        return null;
    }

    private static Object raw(Call call) throws SoapProblem {
        List<String> texts = new ArrayList<>();
        for (String name : call.texts(0)) {
            texts.add(new String(pem(call, name), StandardCharsets.UTF_8));
        }
        return texts;
    }

    private static @Nullable Object setRaw(Call call) throws SoapProblem {
        List<String> names = call.texts(0);
        for (int i = 0; i < names.size(); i++) {
            pem(call, names.get(i));
            byte[] bytes = call.texts(1).get(i).getBytes(StandardCharsets.UTF_8);
            parsed(names.get(i), bytes);
            call.draft().putFile(certificateFile(names.get(i)), bytes);
        }
        return null;
    }

    private static X509Certificate parsed(String name, byte[] pem) throws SoapProblem {
        try {
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509")
                            .generateCertificates(new ByteArrayInputStream(pem))
                            .iterator()
                            .next();
        } catch (GeneralSecurityException | java.util.NoSuchElementException e) {
            throw SoapProblem.invalid(
                    "the certificate '" + name + "' is no X.509 certificate in PEM",
                    name,
                    "certificate",
                    "");
        }
    }

    private static Object info(Call call, boolean extended) throws SoapProblem {
        List<StructValue> all = new ArrayList<>();
        for (String name : call.texts(0)) {
            X509Certificate certificate = parsed(name, pem(call, name));
            Map<String, Object> members = new LinkedHashMap<>();
            members.put("version", (long) certificate.getVersion());
            members.put("serial", certificate.getSerialNumber().toString(16));
            members.put("issuer", who(call, certificate.getIssuerX500Principal().getName()));
            members.put("subject", who(call, certificate.getSubjectX500Principal().getName()));
            members.put("valid_from", certificate.getNotBefore().toInstant());
            members.put("valid_to", certificate.getNotAfter().toInstant());
            if (extended) {
                members.put("key_type", certificate.getPublicKey().getAlgorithm());
                members.put("y", "");
            }
            boolean rsa = certificate.getPublicKey() instanceof RSAPublicKey;
            RSAPublicKey key = rsa ? (RSAPublicKey) certificate.getPublicKey() : null;
            members.put("modulus", key == null ? "" : key.getModulus().toString(16));
            members.put("exponent", key == null ? "" : key.getPublicExponent().toString());
            members.put(
                    "self_signed",
                    certificate
                            .getIssuerX500Principal()
                            .equals(certificate.getSubjectX500Principal()));
            all.add(
                    new StructValue(
                            call.api().struct(extended ? "CertificateEx" : "Certificate"),
                            members));
        }
        return all;
    }

    private static StructValue who(Call call, String distinguishedName) {
        Map<String, Object> members = new LinkedHashMap<>();
        try {
            for (Rdn part : new LdapName(distinguishedName).getRdns()) {
                String member =
                        switch (part.getType().toUpperCase(Locale.ROOT)) {
                            case "CN" -> "common_name";
                            case "C" -> "country";
                            case "L" -> "location";
                            case "ST" -> "state";
                            case "O" -> "organisation";
                            case "OU" -> "unit";
                            default -> "";
                        };
                if (!member.isEmpty()) {
                    members.put(member, part.getValue().toString());
                }
            }
        } catch (InvalidNameException e) {
            members.put("common_name", distinguishedName);
        }
        return new StructValue(call.api().struct("X509Name"), members);
    }
}
