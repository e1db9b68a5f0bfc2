package io.weir.soap.operations;

import io.weir.cert.BadCertificateException;
import io.weir.cert.Identity;
import io.weir.soap.call.Call;
import io.weir.soap.call.Handlers;
import io.weir.soap.call.SoapProblem;
import io.weir.soap.table.StructValue;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;

/** Certificates with their private keys, for clients and for nodes. */
final class CertificateCalls {

    private final CertificateFolder folder;

    private CertificateCalls(CertificateFolder folder) {
        this.folder = folder;
    }

    static void register(Handlers handlers) {
        String c = "Catalog.SSL.Certificates.";
        CertificateCalls servers = new CertificateCalls(CertificateFolder.SERVERS);
        servers.register(handlers, c, "Certificate");
        handlers.on(c + "getCertificateInfoEx", call -> servers.info(call, true));
        handlers.on(c + "getRawCertificate", servers::raw);
        handlers.on(c + "setRawCertificate", servers::setRaw);
        new CertificateCalls(CertificateFolder.CLIENTS)
                .register(handlers, "Catalog.SSL.ClientCertificates.", "ClientCertificate");
    }

    private void register(Handlers handlers, String api, String noun) {
        handlers.on(api + "get" + noun + "Names", folder::names);
        handlers.on(api + "get" + noun + "Info", call -> info(call, false));
        handlers.on(api + "import" + noun, this::importAll);
        handlers.on(api + "rename" + noun, call -> rename(call, folder));
        handlers.on(api + "delete" + noun, call -> delete(call, folder));
        handlers.on(api + "delete" + noun + "HW", call -> delete(call, folder));
    }

    private @Nullable Object importAll(Call call) throws SoapProblem {
        List<String> names = call.texts(0);
        for (int i = 0; i < names.size(); i++) {
            StructValue files = call.structs(1).get(i);
            String name = names.get(i);
            folder.mustBeFresh(call, name);
            byte[] open = files.text("public_cert").getBytes(StandardCharsets.UTF_8);
            byte[] secret = files.text("private_key").getBytes(StandardCharsets.UTF_8);
            check(call, name, open, secret);
            call.draft().putFile(folder.file(name), open);
            call.draft().putFile(folder.file(name, ".key"), secret);
        }
        return null;
    }

    /** Refuses a pair that does not belong together; read from files that are gone afterwards. */
    private static void check(Call call, String name, byte[] certificate, byte[] key)
            throws SoapProblem {
        try {
            Path directory =
                    Files.createTempDirectory(call.services().directories().state(), "import-");
            Path open = directory.resolve("certificate.pem");
            Path secret = directory.resolve("key.pem");
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
                Files.deleteIfExists(directory);
            }
        } catch (IOException e) {
            throw SoapProblem.internal("the certificate could not be checked: " + e);
        }
    }

    /** Deletes the certificates that the call names. */
    static @Nullable Object delete(Call call, CertificateFolder folder) throws SoapProblem {
        for (String name : new LinkedHashSet<>(call.texts(0))) {
            folder.delete(call, name);
        }
        return null;
    }

    /** Renames the certificates that the call names. */
    static @Nullable Object rename(Call call, CertificateFolder folder) throws SoapProblem {
        List<String> names = call.texts(0);
        for (int i = 0; i < names.size(); i++) {
            folder.rename(call, names.get(i), call.texts(1).get(i));
        }
        return null;
    }

    /** The texts of the certificates that the call names. */
    static Object raw(Call call, CertificateFolder folder) throws SoapProblem {
        List<String> texts = new ArrayList<>();
        for (String name : call.texts(0)) {
            texts.add(new String(folder.pem(call, name), StandardCharsets.UTF_8));
        }
        return texts;
    }

    private Object raw(Call call) throws SoapProblem {
        return raw(call, folder);
    }

    private @Nullable Object setRaw(Call call) throws SoapProblem {
        List<String> names = call.texts(0);
        for (int i = 0; i < names.size(); i++) {
            folder.mustBeThere(call, names.get(i));
            byte[] bytes = call.texts(1).get(i).getBytes(StandardCharsets.UTF_8);
            var _ = CertificateDetails.parsed(folder, names.get(i), bytes);
            call.draft().putFile(folder.file(names.get(i)), bytes);
        }
        return null;
    }

    private Object info(Call call, boolean extended) throws SoapProblem {
        List<StructValue> all = new ArrayList<>();
        for (String name : call.texts(0)) {
            all.add(
                    CertificateDetails.of(
                            call,
                            CertificateDetails.parsed(folder, name, folder.pem(call, name)),
                            extended));
        }
        return all;
    }
}
