package io.weir.tls;

import io.weir.cert.Identity;

import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.cert.CertException;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.ocsp.BasicOCSPResp;
import org.bouncycastle.cert.ocsp.OCSPException;
import org.bouncycastle.cert.ocsp.OCSPResp;
import org.bouncycastle.cert.ocsp.SingleResp;
import org.bouncycastle.operator.ContentVerifierProvider;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;

/**
 * What an authority says about one of its certificates, looked at as a client would (RFC 6960
 * section 3.2): what a client refuses is not handed to it.
 *
 * @param until how long it is good; null when it does not say
 */
record OcspResponse(@Nullable Instant until) {

    /** How far the clocks of authorities may be ahead. */
    private static final Duration SKEW = Duration.ofMinutes(5);

    /**
     * Looks whether {@code response} says, in the name of the issuer, that the certificate is good
     * now.
     *
     * @throws IOException when it does not, saying why
     */
    static OcspResponse check(byte[] response, Identity identity, Instant now) throws IOException {
        try {
            OCSPResp whole = new OCSPResp(response);
            if (whole.getStatus() != OCSPResp.SUCCESSFUL
                    || !(whole.getResponseObject() instanceof BasicOCSPResp basic)) {
                throw new IOException("the authority answered with status " + whole.getStatus());
            }
            SingleResp about = about(basic, identity);
            X509CertificateHolder issuer = OcspRequest.holder(identity, 1);
            if (!signed(basic, issuer, now)) {
                throw new IOException(
                        "the response is not signed by the issuer of the certificate, nor by"
                                + " somebody whom the issuer lets answer");
            }
            // "Good" is told by the absence of a status.
            if (about.getCertStatus() != null) {
                throw new IOException("the authority does not say that it is good");
            }
            Instant from = about.getThisUpdate().toInstant();
            if (from.isAfter(now.plus(SKEW))) {
                throw new IOException("the response is not good before " + from);
            }
            Date next = about.getNextUpdate();
            if (next != null && next.toInstant().isBefore(now)) {
                throw new IOException("the response was good until " + next.toInstant());
            }
            return new OcspResponse(next == null ? null : next.toInstant());
        } catch (OCSPException
                | OperatorCreationException
                | CertException
                | CertificateException
                | IllegalArgumentException
                | IllegalStateException
                | ClassCastException e) {
            throw new IOException("the response cannot be understood: " + e.getMessage(), e);
        }
    }

    /** What is said about the certificate; serial numbers are unique for one issuer only. */
    private static SingleResp about(BasicOCSPResp basic, Identity identity)
            throws IOException, OCSPException, OperatorCreationException {
        X509CertificateHolder issuer = OcspRequest.holder(identity, 1);
        for (SingleResp each : basic.getResponses()) {
            if (each.getCertID().getSerialNumber().equals(identity.certificate().getSerialNumber())
                    && each.getCertID()
                            .matchesIssuer(
                                    issuer, new JcaDigestCalculatorProviderBuilder().build())) {
                return each;
            }
        }
        throw new IOException("the response is about another certificate");
    }

    /** Whether the issuer has signed, or one whose certificate by the issuer is for that. */
    private static boolean signed(BasicOCSPResp basic, X509CertificateHolder issuer, Instant now)
            throws OperatorCreationException, CertException, CertificateException {
        JcaContentVerifierProviderBuilder verifying = new JcaContentVerifierProviderBuilder();
        if (signedBy(basic, verifying.build(issuer))) {
            return true;
        }
        for (X509CertificateHolder each : basic.getCerts()) {
            ExtendedKeyUsage usage = ExtendedKeyUsage.fromExtensions(each.getExtensions());
            if (usage != null
                    && usage.hasKeyPurposeId(KeyPurposeId.id_kp_OCSPSigning)
                    && each.getIssuer().equals(issuer.getSubject())
                    && each.isValidOn(Date.from(now))
                    && each.isSignatureValid(verifying.build(issuer))
                    && signedBy(basic, verifying.build(each))) {
                return true;
            }
        }
        return false;
    }

    private static boolean signedBy(BasicOCSPResp basic, ContentVerifierProvider key) {
        try {
            return basic.isSignatureValid(key);
        } catch (OCSPException e) {
            // The key is of another kind than the signature.
            return false;
        }
    }
}
