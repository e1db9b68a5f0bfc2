package io.weir.cert;

import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.bouncycastle.pkcs.PKCSException;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequest;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.List;

import javax.security.auth.x500.X500Principal;

/** Reads requests for certificates (PKCS#10). */
final class RequestReader {

    private RequestReader() {}

    static Shown.Request read(Path file, byte[] der, String what) throws BadCertificateException {
        try {
            PKCS10CertificationRequest request = new PKCS10CertificationRequest(der);
            PublicKey key =
                    new JcaPKCS10CertificationRequest(request)
                            .setProvider(new BouncyCastleProvider())
                            .getPublicKey();
            return new Shown.Request(
                    subject(request.getSubject()),
                    names(request, GeneralName.dNSName),
                    names(request, GeneralName.iPAddress),
                    Keys.describe(key),
                    isGenuine(request, key));
        } catch (IOException | GeneralSecurityException | RuntimeException e) {
            throw Pem.bad(file, what + " is no request for a certificate");
        }
    }

    private static String subject(X500Name name) throws IOException {
        return new X500Principal(name.getEncoded()).toString();
    }

    private static List<String> names(PKCS10CertificationRequest request, int type)
            throws IOException {
        List<String> found = new ArrayList<>();
        Extensions extensions = request.getRequestedExtensions();
        GeneralNames names =
                extensions == null
                        ? null
                        : GeneralNames.fromExtensions(extensions, Extension.subjectAlternativeName);
        if (names != null) {
            for (GeneralName each : names.getNames()) {
                if (each.getTagNo() == type) {
                    found.add(
                            type == GeneralName.iPAddress
                                    ? address(each)
                                    : each.getName().toString());
                }
            }
        }
        return found;
    }

    private static String address(GeneralName name) throws IOException {
        byte[] octets =
                org.bouncycastle.asn1.ASN1OctetString.getInstance(name.getName()).getOctets();
        return InetAddress.getByAddress(octets).getHostAddress();
    }

    /** Whether whoever made the request has the private key. */
    private static boolean isGenuine(PKCS10CertificationRequest request, PublicKey key) {
        try {
            return request.isSignatureValid(new JcaContentVerifierProviderBuilder().build(key));
        } catch (PKCSException | OperatorCreationException | RuntimeException e) {
            return false;
        }
    }
}
