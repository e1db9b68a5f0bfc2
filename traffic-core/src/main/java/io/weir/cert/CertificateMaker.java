package io.weir.cert;

import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.ExtensionsGenerator;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;

import javax.security.auth.x500.X500Principal;

/**
 * Makes certificates and requests for them. Certificates are valid from a little before now, for
 * peers whose clocks are slow.
 */
public final class CertificateMaker {

    private static final Duration SLOW_CLOCKS = Duration.ofHours(1);
    private static final int SERIAL_BITS = 128;

    private final SecureRandom random;
    private final Instant now;

    public CertificateMaker(SecureRandom random, Instant now) {
        this.random = random;
        this.now = now;
    }

    /** A certificate for servers and clients that its own key signs. */
    public X509Certificate selfSigned(KeyPair keys, Subject subject, Duration validity) {
        return make(
                keys.getPublic(),
                subject,
                name(subject),
                keys.getPrivate(),
                keys.getPublic(),
                now.plus(validity),
                false);
    }

    /** The certificate of an authority that can sign those of servers, but no other authority's. */
    public X509Certificate authority(KeyPair keys, Subject subject, Duration validity) {
        return make(
                keys.getPublic(),
                subject,
                name(subject),
                keys.getPrivate(),
                keys.getPublic(),
                now.plus(validity),
                true);
    }

    /**
     * A chain for servers and clients: a certificate that {@code authority} signs, and after it the
     * authority's own chain without the root, which peers must have anyway. It ends no later than
     * the authority does.
     *
     * @throws IllegalArgumentException when {@code authority} is none
     */
    public List<X509Certificate> signed(
            Identity authority, PublicKey key, Subject subject, Duration validity) {
        X509Certificate issuer = authority.certificate();
        boolean[] usage = issuer.getKeyUsage();
        if (issuer.getBasicConstraints() < 0 || (usage != null && !usage[5])) {
            throw new IllegalArgumentException(
                    "'" + Names.subject(issuer) + "' is not the certificate of an authority");
        }
        Instant end = now.plus(validity);
        Instant last = authority.notAfter();
        List<X509Certificate> chain = new ArrayList<>();
        chain.add(
                make(
                        key,
                        subject,
                        X500Name.getInstance(issuer.getSubjectX500Principal().getEncoded()),
                        authority.privateKey(),
                        issuer.getPublicKey(),
                        end.isAfter(last) ? last : end,
                        false));
        for (X509Certificate each : authority.chain()) {
            if (!ChainCheck.isSelfIssued(each)) {
                chain.add(each);
            }
        }
        return List.copyOf(chain);
    }

    /** A request for a certificate, in DER, signed with the key that the certificate is for. */
    public byte[] request(PublicKey open, PrivateKey secret, Subject subject) {
        try {
            ExtensionsGenerator extensions = new ExtensionsGenerator();
            extensions.addExtension(usage(open));
            addNames(extensions, subject);
            PKCS10CertificationRequest request =
                    new JcaPKCS10CertificationRequestBuilder(name(subject), open)
                            .addAttribute(
                                    PKCSObjectIdentifiers.pkcs_9_at_extensionRequest,
                                    extensions.generate())
                            .build(signer(secret));
            return request.getEncoded();
        } catch (IOException | OperatorCreationException e) {
            throw new IllegalStateException("a request from sound parts", e);
        }
    }

    private X509Certificate make(
            PublicKey key,
            Subject subject,
            X500Name issuer,
            PrivateKey issuerKey,
            PublicKey issuerPublicKey,
            Instant end,
            boolean authority) {
        try {
            X509v3CertificateBuilder builder =
                    new X509v3CertificateBuilder(
                            issuer,
                            new BigInteger(SERIAL_BITS - 1, random).setBit(SERIAL_BITS - 2),
                            Date.from(now.minus(SLOW_CLOCKS)),
                            Date.from(end),
                            name(subject),
                            SubjectPublicKeyInfo.getInstance(key.getEncoded()));
            JcaX509ExtensionUtils identifiers = new JcaX509ExtensionUtils();
            ExtensionsGenerator extensions = new ExtensionsGenerator();
            add(
                    extensions,
                    Extension.subjectKeyIdentifier,
                    identifiers.createSubjectKeyIdentifier(key));
            add(
                    extensions,
                    Extension.authorityKeyIdentifier,
                    identifiers.createAuthorityKeyIdentifier(issuerPublicKey));
            if (authority) {
                addCritical(extensions, Extension.basicConstraints, new BasicConstraints(0));
                addCritical(
                        extensions,
                        Extension.keyUsage,
                        new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
            } else {
                addCritical(extensions, Extension.basicConstraints, new BasicConstraints(false));
                extensions.addExtension(usage(key));
                add(
                        extensions,
                        Extension.extendedKeyUsage,
                        new ExtendedKeyUsage(
                                new KeyPurposeId[] {
                                    KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth
                                }));
            }
            addNames(extensions, subject);
            for (ASN1ObjectIdentifier each : extensions.generate().getExtensionOIDs()) {
                builder.addExtension(extensions.generate().getExtension(each));
            }
            byte[] der = builder.build(signer(issuerKey)).getEncoded();
            return CertificateReader.certificate(Path.of(""), der, "the new certificate");
        } catch (IOException
                | GeneralSecurityException
                | OperatorCreationException
                | BadCertificateException e) {
            throw new IllegalStateException("a certificate from sound parts", e);
        }
    }

    /** RSA keys may also be used to exchange keys, as TLS 1.2 clients once did. */
    private static Extension usage(PublicKey key) throws IOException {
        int bits = KeyUsage.digitalSignature;
        if (Keys.type(key) == KeyType.RSA) {
            bits |= KeyUsage.keyEncipherment;
        }
        return new Extension(Extension.keyUsage, true, new KeyUsage(bits).getEncoded());
    }

    private static void addNames(ExtensionsGenerator extensions, Subject subject)
            throws IOException {
        List<GeneralName> names = new ArrayList<>();
        subject.hosts().forEach(host -> names.add(new GeneralName(GeneralName.dNSName, host)));
        subject.addresses()
                .forEach(address -> names.add(new GeneralName(GeneralName.iPAddress, address)));
        if (!names.isEmpty()) {
            add(
                    extensions,
                    Extension.subjectAlternativeName,
                    new GeneralNames(names.toArray(GeneralName[]::new)));
        }
    }

    private static void add(
            ExtensionsGenerator extensions, ASN1ObjectIdentifier id, ASN1Encodable value)
            throws IOException {
        extensions.addExtension(id, false, value);
    }

    private static void addCritical(
            ExtensionsGenerator extensions, ASN1ObjectIdentifier id, ASN1Encodable value)
            throws IOException {
        extensions.addExtension(id, true, value);
    }

    private static X500Name name(Subject subject) {
        return X500Name.getInstance(new X500Principal(subject.distinguishedName()).getEncoded());
    }

    private ContentSigner signer(PrivateKey key) throws OperatorCreationException {
        return new JcaContentSignerBuilder(algorithm(key)).setSecureRandom(random).build(key);
    }

    /** A hash as strong as the key. */
    private static String algorithm(Key key) {
        if (Keys.type(key) == KeyType.RSA) {
            return "SHA256withRSA";
        }
        int bits = Keys.bits(key);
        return bits > 384 ? "SHA512withECDSA" : bits > 256 ? "SHA384withECDSA" : "SHA256withECDSA";
    }
}
