package io.weir.testkit;

import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AccessDescription;
import org.bouncycastle.asn1.x509.AuthorityInformationAccess;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.X509v2CRLBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CRLConverter;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.concurrent.atomic.AtomicLong;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** An authority for tests, with what it issues. Safe for every thread. */
public final class TestCa {

    private static final AtomicLong SERIALS = new AtomicLong(1000);

    private final String name;
    private final KeyPair keys;
    private final X509Certificate certificate;

    /** An authority called {@code name}. */
    public TestCa(String name) {
        this.name = name;
        this.keys = ec();
        this.certificate =
                sign(null, name, keys, name, keys, Duration.ofDays(-1), Duration.ofDays(30), true);
    }

    /** A certificate with its key. */
    public record Issued(X509Certificate certificate, KeyPair keys, X509Certificate issuer) {

        /**
         * Writes {@code name.pem}, with the issuer behind the certificate, and {@code name.key}.
         */
        public Issued write(Path directory, String name) {
            try {
                Files.writeString(
                        directory.resolve(name + ".pem"),
                        pem("CERTIFICATE", certificate.getEncoded())
                                + pem("CERTIFICATE", issuer.getEncoded()));
                Files.writeString(
                        directory.resolve(name + ".key"),
                        pem("PRIVATE KEY", keys.getPrivate().getEncoded()));
                return this;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException(e);
            }
        }

        /** For a server that shows the certificate, or a client that does and trusts {@code ca}. */
        public SSLContext context(TestCa ca) {
            return TestCa.context(this, ca);
        }
    }

    /** A certificate with an elliptic key for these host names or addresses, the first being CN. */
    public Issued issue(String... names) {
        return issue(ec(), Duration.ofDays(-1), Duration.ofDays(20), names);
    }

    /** The same with an RSA key. */
    public Issued issueRsa(String... names) {
        return issue(rsa(), Duration.ofDays(-1), Duration.ofDays(20), names);
    }

    /** A certificate that was valid until yesterday. */
    public Issued issueExpired(String... names) {
        return issue(ec(), Duration.ofDays(-20), Duration.ofDays(-1), names);
    }

    /** A certificate that says where its status can be asked for, over plain HTTP. */
    public Issued issueWithResponder(String responder, String... names) {
        KeyPair of = ec();
        Duration from = Duration.ofDays(-1);
        Duration to = Duration.ofDays(20);
        return new Issued(
                sign(responder, names[0], of, name, keys, from, to, false, names), of, certificate);
    }

    private Issued issue(KeyPair of, Duration from, Duration to, String... names) {
        return new Issued(
                sign(null, names[0], of, name, keys, from, to, false, names), of, certificate);
    }

    /** Writes the authority's private key to {@code file}. */
    public TestCa writeKey(Path file) {
        try {
            Files.writeString(file, pem("PRIVATE KEY", keys.getPrivate().getEncoded()));
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Writes the authority's certificate to {@code file}. */
    public TestCa write(Path file) {
        try {
            Files.writeString(file, pem("CERTIFICATE", certificate.getEncoded()));
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Writes a list of revoked certificates to {@code file}. */
    public void writeCrl(Path file, X509Certificate... revoked) {
        Instant now = Instant.now();
        X509v2CRLBuilder builder =
                new X509v2CRLBuilder(
                        new X500Name("CN=" + name), Date.from(now.minus(Duration.ofHours(1))));
        builder.setNextUpdate(Date.from(now.plus(Duration.ofDays(1))));
        for (X509Certificate each : revoked) {
            builder.addCRLEntry(each.getSerialNumber(), Date.from(now), 0);
        }
        try {
            X509CRL crl = new JcaX509CRLConverter().getCRL(builder.build(signer(keys)));
            Files.writeString(file, pem("X509 CRL", crl.getEncoded()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** For a client that trusts this authority and shows no certificate. */
    public SSLContext trusting() {
        return context(null, this);
    }

    private static SSLContext context(
            @org.jspecify.annotations.Nullable Issued own, TestCa trusted) {
        try {
            KeyStore keys = KeyStore.getInstance("PKCS12");
            keys.load(null, null);
            if (own != null) {
                keys.setKeyEntry(
                        "own",
                        own.keys.getPrivate(),
                        new char[0],
                        new X509Certificate[] {own.certificate, own.issuer});
            }
            KeyManagerFactory managers = KeyManagerFactory.getInstance("PKIX");
            managers.init(keys, new char[0]);
            KeyStore trust = KeyStore.getInstance("PKCS12");
            trust.load(null, null);
            trust.setCertificateEntry("ca", trusted.certificate);
            TrustManagerFactory trusting = TrustManagerFactory.getInstance("PKIX");
            trusting.init(trust);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(managers.getKeyManagers(), trusting.getTrustManagers(), null);
            return context;
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static X509Certificate sign(
            @org.jspecify.annotations.Nullable String responder,
            String subject,
            KeyPair of,
            String issuer,
            KeyPair by,
            Duration from,
            Duration to,
            boolean authority,
            String... names) {
        Instant now = Instant.now();
        JcaX509v3CertificateBuilder builder =
                new JcaX509v3CertificateBuilder(
                        new X500Name("CN=" + issuer),
                        BigInteger.valueOf(SERIALS.incrementAndGet()),
                        Date.from(now.plus(from)),
                        Date.from(now.plus(to)),
                        new X500Name("CN=" + subject),
                        of.getPublic());
        try {
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(authority));
            if (responder != null) {
                builder.addExtension(
                        Extension.authorityInfoAccess,
                        false,
                        new AuthorityInformationAccess(
                                AccessDescription.id_ad_ocsp,
                                new GeneralName(GeneralName.uniformResourceIdentifier, responder)));
            }
            if (names.length > 0) {
                GeneralName[] all = new GeneralName[names.length];
                for (int i = 0; i < names.length; i++) {
                    boolean address = names[i].matches("[0-9.]+|.*:.*");
                    all[i] =
                            new GeneralName(
                                    address ? GeneralName.iPAddress : GeneralName.dNSName,
                                    names[i]);
                }
                builder.addExtension(
                        Extension.subjectAlternativeName, false, new GeneralNames(all));
            }
            return new JcaX509CertificateConverter().getCertificate(builder.build(signer(by)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static ContentSigner signer(KeyPair keys) {
        try {
            return new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate());
        } catch (OperatorCreationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static KeyPair ec() {
        return pair("EC", 256);
    }

    private static KeyPair rsa() {
        return pair("RSA", 2048);
    }

    private static KeyPair pair(String algorithm, int size) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
            generator.initialize(size);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String pem(String type, byte[] der) {
        String body =
                Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
                        .encodeToString(der);
        return "-----BEGIN " + type + "-----\n" + body + "\n-----END " + type + "-----\n";
    }
}
