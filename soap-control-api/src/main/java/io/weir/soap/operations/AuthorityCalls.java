package io.weir.soap.operations;

import io.weir.cert.PemText;
import io.weir.soap.call.Call;
import io.weir.soap.call.Handlers;
import io.weir.soap.call.SoapProblem;
import io.weir.soap.table.FaultKind;
import io.weir.soap.table.StructValue;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.CRLException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.security.cert.X509CRLEntry;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;

/** Authorities that certificates of clients may come from, and their lists of revoked ones. */
final class AuthorityCalls {

    private static final CertificateFolder FOLDER = CertificateFolder.AUTHORITIES;
    private static final String LIST = ".crl";

    private AuthorityCalls() {}

    static void register(Handlers handlers) {
        String c = "Catalog.SSL.CertificateAuthorities.";
        handlers.on(c + "getCertificateAuthorityNames", FOLDER::names);
        handlers.on(c + "getCertificateAuthorityInfo", AuthorityCalls::info);
        handlers.on(c + "getRawCertificate", call -> CertificateCalls.raw(call, FOLDER));
        handlers.on(c + "importCertificateAuthority", AuthorityCalls::importAll);
        handlers.on(c + "importCRL", AuthorityCalls::importLists);
        handlers.on(
                c + "renameCertificateAuthority", call -> CertificateCalls.rename(call, FOLDER));
        handlers.on(c + "deleteCertificateAuthority", AuthorityCalls::delete);
    }

    /** The certificates of all authorities, by name. */
    static Map<String, X509Certificate> all(Call call) throws SoapProblem {
        Map<String, X509Certificate> all = new LinkedHashMap<>();
        for (String name : FOLDER.names(call)) {
            all.put(name, certificate(call, name));
        }
        return all;
    }

    private static X509Certificate certificate(Call call, String name) throws SoapProblem {
        return CertificateDetails.parsed(FOLDER, name, FOLDER.pem(call, name));
    }

    /** The list of an authority; null when it has none. */
    static @Nullable X509CRL list(Call call, String name) throws SoapProblem {
        byte[] stored = call.services().control().file(FOLDER.file(name, LIST));
        return stored == null ? null : parsedList(name, stored);
    }

    private static @Nullable Object importAll(Call call) throws SoapProblem {
        List<String> names = call.texts(0);
        for (int i = 0; i < names.size(); i++) {
            String name = names.get(i);
            FOLDER.mustBeFresh(call, name);
            byte[] pem = call.texts(1).get(i).getBytes(StandardCharsets.UTF_8);
            List<X509Certificate> certificates = CertificateDetails.all(FOLDER, name, pem);
            if (certificates.size() > 1) {
                throw SoapProblem.invalid(
                        "there are "
                                + certificates.size()
                                + " certificates, expected that of one authority",
                        name,
                        "certificate",
                        "");
            }
            put(call, FOLDER.file(name), PemText.certificates(certificates));
        }
        return null;
    }

    private static @Nullable Object importLists(Call call) throws SoapProblem {
        Map<String, X509Certificate> authorities = all(call);
        Map<String, X509CRL> lists = new HashMap<>();
        for (String text : call.texts(0)) {
            X509CRL list = parsedList("", text.getBytes(StandardCharsets.UTF_8));
            String name = issuer(authorities, list);
            lists.put(name, list);
            put(call, FOLDER.file(name, LIST), text(list));
        }
        TrustedAuthorities.renew(call, lists);
        return null;
    }

    private static void put(Call call, String file, String text) {
        call.draft().putFile(file, text.getBytes(StandardCharsets.US_ASCII));
    }

    /** The name of the authority that a list is from. */
    private static String issuer(Map<String, X509Certificate> authorities, X509CRL list)
            throws SoapProblem {
        for (Map.Entry<String, X509Certificate> entry : authorities.entrySet()) {
            if (isFrom(entry.getValue(), list)) {
                return entry.getKey();
            }
        }
        String who = list.getIssuerX500Principal().getName();
        throw SoapProblem.typed(
                FaultKind.OBJECT_DOES_NOT_EXIST,
                "Could not find the certificate authority '" + who + "' that signed this list",
                who);
    }

    /** Whether an authority has signed a list. */
    static boolean isFrom(X509Certificate authority, X509CRL list) {
        if (!authority.getSubjectX500Principal().equals(list.getIssuerX500Principal())) {
            return false;
        }
        try {
            list.verify(authority.getPublicKey());
            return true;
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    private static X509CRL parsedList(String name, byte[] pem) throws SoapProblem {
        try {
            X509CRL list =
                    (X509CRL)
                            CertificateFactory.getInstance("X.509")
                                    .generateCRL(new ByteArrayInputStream(pem));
            if (list != null) {
                return list;
            }
        } catch (GeneralSecurityException e) {
            // Told below: what the parser says names none of our words.
        }
        throw SoapProblem.invalid(
                "what was given is no list of revoked certificates in PEM", name, "crl", "");
    }

    private static @Nullable Object delete(Call call) throws SoapProblem {
        for (String name : new LinkedHashSet<>(call.texts(0))) {
            X509Certificate certificate = certificate(call, name);
            String user = TrustedAuthorities.whoTrusts(call, certificate);
            if (user != null) {
                throw FOLDER.inUse(name, "virtual server '" + user + "'");
            }
            FOLDER.delete(call, name);
        }
        return null;
    }

    private static Object info(Call call) throws SoapProblem {
        List<StructValue> all = new ArrayList<>();
        for (String name : call.texts(0)) {
            Map<String, Object> members = new LinkedHashMap<>();
            members.put("certificate", CertificateDetails.of(call, certificate(call, name), false));
            X509CRL list = list(call, name);
            members.put("have_crl", list != null);
            if (list != null) {
                members.put("crl", told(call, list));
            }
            all.add(new StructValue(call.type("Details"), members));
        }
        return all;
    }

    private static StructValue told(Call call, X509CRL list) {
        List<StructValue> revoked = new ArrayList<>();
        var entries = list.getRevokedCertificates();
        for (X509CRLEntry entry : entries == null ? List.<X509CRLEntry>of() : entries) {
            revoked.add(
                    StructValue.of(
                            call.type("RevokedCert"),
                            entry.getSerialNumber().toString(16),
                            entry.getRevocationDate().toInstant()));
        }
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("update", list.getThisUpdate().toInstant());
        Date next = list.getNextUpdate();
        if (next != null) {
            members.put("next_update", next.toInstant());
        }
        members.put("revoked_certs", revoked);
        return new StructValue(call.type("CRL"), members);
    }

    /** The list as PEM. */
    static String text(X509CRL list) throws SoapProblem {
        try {
            return PemText.list(list.getEncoded());
        } catch (CRLException e) {
            throw SoapProblem.internal("a list that was read has no form: " + e);
        }
    }
}
