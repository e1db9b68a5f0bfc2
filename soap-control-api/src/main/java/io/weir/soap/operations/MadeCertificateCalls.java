package io.weir.soap.operations;

import io.weir.cert.CertificateMaker;
import io.weir.cert.PemText;
import io.weir.cert.Subject;
import io.weir.soap.call.Call;
import io.weir.soap.call.Handlers;
import io.weir.soap.call.SoapProblem;
import io.weir.soap.table.FaultKind;
import io.weir.soap.table.StructValue;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Certificates that are made here. A request for an authority is made along with each, while its
 * private key is at hand; what the authority answers is set as the raw certificate.
 */
final class MadeCertificateCalls {

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final CertificateFolder SERVERS = CertificateFolder.SERVERS;

    private MadeCertificateCalls() {}

    static void register(Handlers handlers) {
        String c = "Catalog.SSL.Certificates.";
        handlers.on(c + "createSelfSignedCertificate", MadeCertificateCalls::create);
        handlers.on(c + "getCertificateRequest", MadeCertificateCalls::requests);
    }

    private static Object requests(Call call) throws SoapProblem {
        List<String> all = new ArrayList<>();
        for (String name : call.texts(0)) {
            SERVERS.mustBeThere(call, name);
            byte[] request = call.services().control().file(SERVERS.file(name, ".csr"));
            if (request == null) {
                throw SoapProblem.typed(
                        FaultKind.OBJECT_DOES_NOT_EXIST,
                        "Could not find a request for the certificate '"
                                + name
                                + "': only certificates that were made here have one",
                        name);
            }
            all.add(new String(request, StandardCharsets.UTF_8));
        }
        return all;
    }

    private static @Nullable Object create(Call call) throws SoapProblem {
        List<String> names = call.texts(0);
        for (int i = 0; i < names.size(); i++) {
            StructValue details = call.structs(1).get(i);
            SERVERS.mustBeFresh(call, names.get(i));
            long size = within(details, names.get(i), "key_size", 2048, 8192);
            long days = within(details, names.get(i), "valid_days", 1, 36_500);
            StructValue subject =
                    details.get("subject") instanceof StructValue given
                            ? given
                            : new StructValue(call.api().struct("X509Name"), Map.of());
            make(call, names.get(i), subject, (int) size, Duration.ofDays(days));
        }
        return null;
    }

    /** A member that must be a number from {@code least} to {@code most}. */
    private static long within(
            StructValue details, String name, String member, long least, long most)
            throws SoapProblem {
        long value = details.number(member);
        if (value < least || value > most) {
            throw SoapProblem.invalid(
                    member + " is " + value + ", expected " + least + " to " + most,
                    name,
                    member,
                    Long.toString(value));
        }
        return value;
    }

    private static void make(
            Call call, String name, StructValue subject, int size, Duration validity)
            throws SoapProblem {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(size, RANDOM);
            KeyPair keys = generator.generateKeyPair();
            Subject who =
                    Subject.server(List.of(subject.text("common_name")))
                            .withDistinguishedName(X509Names.written(subject));
            CertificateMaker maker = new CertificateMaker(RANDOM, call.services().ticker().now());
            X509Certificate certificate = maker.selfSigned(keys, who, validity);
            byte[] request = maker.request(keys.getPublic(), keys.getPrivate(), who);
            put(call, SERVERS.file(name), PemText.certificates(List.of(certificate)));
            put(call, SERVERS.file(name, ".key"), PemText.key(keys.getPrivate(), null, RANDOM));
            put(call, SERVERS.file(name, ".csr"), PemText.request(request));
        } catch (GeneralSecurityException e) {
            throw SoapProblem.internal("no key could be made: " + e);
        } catch (IllegalArgumentException e) {
            throw SoapProblem.invalid(
                    String.valueOf(e.getMessage()),
                    name,
                    "common_name",
                    subject.text("common_name"));
        }
    }

    private static void put(Call call, String file, String text) {
        call.draft().putFile(file, text.getBytes(StandardCharsets.UTF_8));
    }
}
