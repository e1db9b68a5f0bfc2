package io.weir.tls;

import io.weir.cert.Identity;

import org.bouncycastle.asn1.ASN1IA5String;
import org.bouncycastle.asn1.x509.AccessDescription;
import org.bouncycastle.asn1.x509.AuthorityInformationAccess;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateHolder;
import org.bouncycastle.cert.ocsp.CertificateID;
import org.bouncycastle.cert.ocsp.OCSPException;
import org.bouncycastle.cert.ocsp.OCSPReqBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URI;
import java.security.cert.CertificateEncodingException;

/** Asks an authority about one of its certificates (RFC 6960). Blocks. */
final class OcspRequest {

    private static final int PATIENCE_MILLIS = 10_000;
    private static final int MOST_BYTES = 64 * 1024;

    private OcspRequest() {}

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

    static CertificateID id(Identity identity) throws IOException {
        try {
            return new CertificateID(
                    new JcaDigestCalculatorProviderBuilder().build().get(CertificateID.HASH_SHA1),
                    holder(identity, 1),
                    identity.certificate().getSerialNumber());
        } catch (OCSPException | OperatorCreationException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    static X509CertificateHolder holder(Identity identity, int position) throws IOException {
        if (position >= identity.chain().size()) {
            throw new IOException("the file with the certificate lacks that of its issuer");
        }
        try {
            return new JcaX509CertificateHolder(identity.chain().get(position));
        } catch (CertificateEncodingException e) {
            throw new IOException(e.getMessage(), e);
        }
    }
}
