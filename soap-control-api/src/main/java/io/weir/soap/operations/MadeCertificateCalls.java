package io.weir.soap.operations;

import static io.weir.soap.operations.CertificateCalls.certificateFile;
import static io.weir.soap.operations.CertificateCalls.keyFile;
import static io.weir.soap.operations.CertificateCalls.requestFile;

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

import javax.naming.ldap.Rdn;

/**
 * Certificates that are made here. A request for an authority is made along with each, while its
 * private key is at hand; what the authority answers is set as the raw certificate.
 */
final class MadeCertificateCalls {

    private static final SecureRandom RANDOM = new SecureRandom();

    private MadeCertificateCalls() {}

    static void register(Handlers handlers) {
        String c = "Catalog.SSL.Certificates.";
        handlers.on(c + "createSelfSignedCertificate", MadeCertificateCalls::create);
        handlers.on(c + "getCertificateRequest", MadeCertificateCalls::requests);
    }

    private static Object requests(Call call) throws SoapProblem {
        List<String> all = new ArrayList<>();
        for (String name : call.texts(0)) {
            var _ = CertificateCalls.pem(call, name);
            byte[] request = call.services().control().file(requestFile(name));
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
            CertificateCalls.fresh(call, names.get(i));
            long size = details.number("key_size");
            long days = details.number("valid_days");
            if (size < 2048 || size > 8192) {
                throw SoapProblem.invalid(
                        "the key size is " + size + ", expected 2048 to 8192",
                        names.get(i),
                        "key_size",
                        Long.toString(size));
            }
            if (days < 1 || days > 36_500) {
                throw SoapProblem.invalid(
                        "the certificate is to be valid for " + days + " days, expected 1 to 36500",
                        names.get(i),
                        "valid_days",
                        Long.toString(days));
            }
            StructValue subject =
                    details.get("subject") instanceof StructValue given
                            ? given
                            : new StructValue(call.api().struct("X509Name"), Map.of());
            make(call, names.get(i), subject, (int) size, Duration.ofDays(days));
        }
        return null;
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
                            .withDistinguishedName(distinguishedName(subject));
            CertificateMaker maker = new CertificateMaker(RANDOM, call.services().ticker().now());
            X509Certificate certificate = maker.selfSigned(keys, who, validity);
            byte[] request = maker.request(keys.getPublic(), keys.getPrivate(), who);
            put(call, certificateFile(name), PemText.certificates(List.of(certificate)));
            put(call, keyFile(name), PemText.key(keys.getPrivate(), null, RANDOM));
            put(call, requestFile(name), PemText.request(request));
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

    private static String distinguishedName(StructValue subject) {
        List<String> parts = new ArrayList<>();
        String[][] members = {
            {"CN", "common_name"},
            {"OU", "unit"},
            {"O", "organisation"},
            {"L", "location"},
            {"ST", "state"},
            {"C", "country"}
        };
        for (String[] member : members) {
            String value = subject.text(member[1]);
            if (!value.isEmpty()) {
                parts.add(member[0] + "=" + Rdn.escapeValue(value));
            }
        }
        return String.join(",", parts);
    }
}
