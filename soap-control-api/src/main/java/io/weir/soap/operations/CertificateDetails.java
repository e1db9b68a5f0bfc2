package io.weir.soap.operations;

import io.weir.soap.call.Call;
import io.weir.soap.call.SoapProblem;
import io.weir.soap.table.StructValue;

import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAPublicKey;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What is told of a certificate. */
final class CertificateDetails {

    private CertificateDetails() {}

    /**
     * The first certificate of a PEM text.
     *
     * @throws SoapProblem when it has none
     */
    static X509Certificate parsed(CertificateFolder kind, String name, byte[] pem)
            throws SoapProblem {
        return all(kind, name, pem).getFirst();
    }

    /**
     * The certificates of a PEM text, at least one.
     *
     * @throws SoapProblem when it has none
     */
    static List<X509Certificate> all(CertificateFolder kind, String name, byte[] pem)
            throws SoapProblem {
        List<X509Certificate> all = new ArrayList<>();
        try {
            for (Certificate each :
                    CertificateFactory.getInstance("X.509")
                            .generateCertificates(new ByteArrayInputStream(pem))) {
                all.add((X509Certificate) each);
            }
        } catch (GeneralSecurityException e) {
            all.clear();
        }
        if (all.isEmpty()) {
            throw SoapProblem.invalid(
                    "the " + kind.noun() + " '" + name + "' is no X.509 certificate in PEM",
                    name,
                    "certificate",
                    "");
        }
        return all;
    }

    /**
     * The structure of a certificate.
     *
     * @param extended whether it also tells the kind of key
     */
    static StructValue of(Call call, X509Certificate certificate, boolean extended) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("version", (long) certificate.getVersion());
        members.put("serial", certificate.getSerialNumber().toString(16));
        members.put("issuer", X509Names.told(call, certificate.getIssuerX500Principal().getName()));
        members.put(
                "subject", X509Names.told(call, certificate.getSubjectX500Principal().getName()));
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
                certificate.getIssuerX500Principal().equals(certificate.getSubjectX500Principal()));
        return new StructValue(
                call.api().struct(extended ? "CertificateEx" : "Certificate"), members);
    }
}
