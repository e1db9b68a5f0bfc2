package io.weir.cert;

import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.ASN1Sequence;

import java.nio.charset.StandardCharsets;

/** Tells private keys from other content, without reading them. */
public final class PrivateKeys {

    private static final String PEM = "PRIVATE KEY-----";

    private PrivateKeys() {}

    /**
     * Whether a file holds a private key, encrypted or not: PEM of any kind, or DER of PKCS#8,
     * PKCS#1, SEC1 (RFC 5915) or PKCS#12.
     */
    public static boolean areIn(byte[] content) {
        return new String(content, StandardCharsets.ISO_8859_1).contains(PEM)
                || Pem.isDer(content) && isKey(content);
    }

    /**
     * By the first element of the sequence: keys and PKCS#12 have a version there, a number;
     * certificates, requests and revocation lists a sequence, which only encrypted PKCS#8 has, too,
     * with an octet string behind it.
     */
    private static boolean isKey(byte[] der) {
        try {
            ASN1Sequence sequence = ASN1Sequence.getInstance(der);
            if (sequence.size() < 2) {
                return false;
            }
            ASN1Encodable first = sequence.getObjectAt(0);
            return first instanceof ASN1Integer
                    || first instanceof ASN1Sequence
                            && sequence.getObjectAt(1) instanceof ASN1OctetString;
        } catch (RuntimeException noDer) {
            return false;
        }
    }
}
