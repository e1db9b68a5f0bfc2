package io.weir.tls;

import io.weir.cert.Identity;

import org.bouncycastle.asn1.ASN1IA5String;
import org.bouncycastle.asn1.x509.AccessDescription;
import org.bouncycastle.asn1.x509.AuthorityInformationAccess;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateHolder;
import org.bouncycastle.cert.ocsp.BasicOCSPResp;
import org.bouncycastle.cert.ocsp.CertificateID;
import org.bouncycastle.cert.ocsp.CertificateStatus;
import org.bouncycastle.cert.ocsp.OCSPException;
import org.bouncycastle.cert.ocsp.OCSPReqBuilder;
import org.bouncycastle.cert.ocsp.OCSPResp;
import org.bouncycastle.cert.ocsp.SingleResp;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URI;
import java.security.cert.CertificateEncodingException;
import java.time.Instant;
import java.util.Date;

/** Asks an authority about one of its certificates (RFC 6960). Blocks. */
final class OcspRequest {

    private static final int PATIENCE_MILLIS = 10_000;
    private static final int MOST_BYTES = 64 * 1024;

    private OcspRequest() {}

    /**
     * How long a response is good.
     *
     * @param until null when it does not say
     */
    record Validity(@Nullable Instant until) {}

    /** Asks the responder that the certificate names, over plain HTTP. */
    static byte[] ask(Identity identity) throws IOException {
        URI responder = responder(identity);
        byte[] request;
        try {
            request = new OCSPReqBuilder().addRequest(id(identity)).build().getEncoded();
        } catch (OCSPException e) {
            throw new IOException(e.getMessage(), e);
        }
        HttpURLConnection connection =
                (HttpURLConnection) responder.toURL().openConnection(Proxy.NO_PROXY);
        connection.setConnectTimeout(PATIENCE_MILLIS);
        connection.setReadTimeout(PATIENCE_MILLIS);
        connection.setInstanceFollowRedirects(false);
        connection.setRequestMethod("POST");
        connection.setRequestProperty("Content-Type", "application/ocsp-request");
        connection.setDoOutput(true);
        try (OutputStream out = connection.getOutputStream()) {
            out.write(request);
        }
        if (connection.getResponseCode() != HttpURLConnection.HTTP_OK) {
            throw new IOException(responder + " answered " + connection.getResponseCode());
        }
        try (InputStream in = connection.getInputStream()) {
            byte[] response = in.readNBytes(MOST_BYTES + 1);
            if (response.length > MOST_BYTES) {
                throw new IOException(responder + " sent more than " + MOST_BYTES + " bytes");
            }
            return response;
        }
    }

    private static URI responder(Identity identity) throws IOException {
        AuthorityInformationAccess access =
                AuthorityInformationAccess.fromExtensions(holder(identity, 0).getExtensions());
        if (access != null) {
            for (AccessDescription each : access.getAccessDescriptions()) {
                GeneralName location = each.getAccessLocation();
                if (AccessDescription.id_ad_ocsp.equals(each.getAccessMethod())
                        && location.getTagNo() == GeneralName.uniformResourceIdentifier
                        && location.getName() instanceof ASN1IA5String text
                        && text.getString().startsWith("http://")) {
                    return URI.create(text.getString());
                }
            }
        }
        throw new IOException("the certificate names no responder with an http:// address");
    }

    /**
     * Looks whether a response says that the certificate is good.
     *
     * @throws IOException when it does not, saying why
     */
    static Validity check(byte[] response, Identity identity, Instant now) throws IOException {
        try {
            OCSPResp whole = new OCSPResp(response);
            if (whole.getStatus() != OCSPResp.SUCCESSFUL
                    || !(whole.getResponseObject() instanceof BasicOCSPResp basic)) {
                throw new IOException("the authority answered with status " + whole.getStatus());
            }
            CertificateID id = id(identity);
            for (SingleResp each : basic.getResponses()) {
                if (!each.getCertID().getSerialNumber().equals(id.getSerialNumber())) {
                    continue;
                }
                CertificateStatus status = each.getCertStatus();
                // "Good" is told by the absence of a status.
                if (status != null) {
                    throw new IOException("the authority does not say that it is good");
                }
                Date next = each.getNextUpdate();
                if (next != null && next.toInstant().isBefore(now)) {
                    throw new IOException("the response was good until " + next.toInstant());
                }
                return new Validity(next == null ? null : next.toInstant());
            }
            throw new IOException("the response is about another certificate");
        } catch (OCSPException | IllegalArgumentException | ClassCastException e) {
            throw new IOException("the response cannot be understood: " + e.getMessage(), e);
        }
    }

    private static CertificateID id(Identity identity) throws IOException {
        if (identity.chain().size() < 2) {
            throw new IOException("the file with the certificate lacks that of its issuer");
        }
        try {
            return new CertificateID(
                    new JcaDigestCalculatorProviderBuilder().build().get(CertificateID.HASH_SHA1),
                    holder(identity, 1),
                    identity.certificate().getSerialNumber());
        } catch (OCSPException | OperatorCreationException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private static X509CertificateHolder holder(Identity identity, int position)
            throws IOException {
        try {
            return new JcaX509CertificateHolder(identity.chain().get(position));
        } catch (CertificateEncodingException e) {
            throw new IOException(e.getMessage(), e);
        }
    }
}
