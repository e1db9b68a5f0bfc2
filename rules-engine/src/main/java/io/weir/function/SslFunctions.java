package io.weir.function;

import io.weir.rule.RuleTls;

import org.jspecify.annotations.Nullable;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Functions {@code ssl.*}: empty where there is no TLS, or no certificate of the client. */
public final class SslFunctions {

    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("MMM d HH:mm:ss yyyy 'GMT'", Locale.ROOT)
                    .withZone(ZoneOffset.UTC);

    private static final Pattern SERVER_NAME = Pattern.compile("[A-Za-z0-9_.-]{1,253}");

    private static final Pattern COMMON_NAME = Pattern.compile("(?:^|,)CN=((?:[^,\\\\]|\\\\.)*)");

    private final CurrentRun run;

    SslFunctions(CurrentRun run) {
        this.run = run;
    }

    private String tls(Function<RuleTls, @Nullable String> what) {
        RuleTls tls = run.side().tls();
        return Bytes.orEmpty(tls == null ? null : what.apply(tls));
    }

    /** What is wanted of a certificate. */
    @FunctionalInterface
    private interface Part {
        String of(X509Certificate certificate) throws GeneralSecurityException;
    }

    private String certificate(Part part) {
        RuleTls tls = run.side().tls();
        return part(part, tls == null ? null : tls.certificate());
    }

    /** The same for the certificate that the client was shown. */
    private String own(Part part) {
        RuleTls tls = run.side().tls();
        return part(part, tls == null ? null : tls.ownCertificate());
    }

    private static String part(Part part, @Nullable X509Certificate certificate) {
        if (certificate == null) {
            return "";
        }
        try {
            return part.of(certificate);
        } catch (GeneralSecurityException e) {
            throw new RuleErrorException("a certificate cannot be read: " + e);
        }
    }

    private static String pem(X509Certificate c) throws GeneralSecurityException {
        return "-----BEGIN CERTIFICATE-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(c.getEncoded())
                + "\n-----END CERTIFICATE-----\n";
    }

    private static String commonName(X509Certificate c) {
        Matcher name = COMMON_NAME.matcher(c.getSubjectX500Principal().getName());
        return name.find() ? name.group(1).replaceAll("\\\\(.)", "$1") : "";
    }

    private static String publicKey(X509Certificate c) {
        return HexFormat.of().formatHex(c.getPublicKey().getEncoded());
    }

    @RuleFunction("Whether the client came over TLS.")
    public int isSSL() {
        return run.side().secure() ? 1 : 0;
    }

    @RuleFunction("The cipher suite and the version of TLS.")
    public String clientCipher() {
        return tls(tls -> tls.cipher() + " version=" + tls.version());
    }

    @RuleFunction("The id of the TLS session, in hexadecimal.")
    public String sslSessionID() {
        return tls(
                tls -> {
                    byte[] id = tls.sessionId();
                    return id == null ? null : HexFormat.of().formatHex(id);
                });
    }

    @RuleFunction("The host that the client asked for in the handshake.")
    public String getTLSServerName() {
        return tls(RuleTls::serverName);
    }

    @RuleFunction(
            "Asks the node for that name in the handshake of TLS, and wants a certificate for it;"
                + " the connection serves this request alone. Without effect where a connection is"
                + " shared (HTTP/2).")
    public void setTLSServerName(@Nullable String name) {
        if (name == null || !SERVER_NAME.matcher(name).matches()) {
            throw new RuleErrorException("'" + Bytes.orEmpty(name) + "' is no name of a host");
        }
        run.side().wishes().serverName(name);
    }

    @RuleFunction("The client's certificate as PEM.")
    public String clientCert() {
        return certificate(SslFunctions::pem);
    }

    @RuleFunction("The algorithm of the certificate's signature.")
    public String clientCertAlgorithm() {
        return certificate(X509Certificate::getSigAlgName);
    }

    @RuleFunction("The common name of the certificate's subject.")
    public String clientCertCommonName() {
        return certificate(SslFunctions::commonName);
    }

    private static String date(Instant time) {
        return DATE.format(time);
    }

    @RuleFunction("When the certificate expires.")
    public String clientCertEndDate() {
        return certificate(c -> date(c.getNotAfter().toInstant()));
    }

    @RuleFunction("When the certificate begins to be valid.")
    public String clientCertStartDate() {
        return certificate(c -> date(c.getNotBefore().toInstant()));
    }

    private static String digest(X509Certificate c, String algorithm)
            throws GeneralSecurityException {
        return HexFormat.of()
                .formatHex(MessageDigest.getInstance(algorithm).digest(c.getEncoded()));
    }

    @RuleFunction("The MD5 digest of the certificate, in hexadecimal. Not safe against forgery.")
    public String clientCertHash() {
        return certificate(c -> digest(c, "MD5"));
    }

    @RuleFunction("The SHA-1 digest of the certificate, in hexadecimal. Not safe against forgery.")
    public String clientCertSHA1() {
        return certificate(c -> digest(c, "SHA-1"));
    }

    @RuleFunction("Who issued the certificate.")
    public String clientCertIssuer() {
        return certificate(c -> c.getIssuerX500Principal().getName());
    }

    @RuleFunction("The public key of the certificate, its bytes in hexadecimal.")
    public String clientCertPublicKey() {
        return certificate(SslFunctions::publicKey);
    }

    @RuleFunction("The serial number of the certificate, in hexadecimal.")
    public String clientCertSerial() {
        return certificate(c -> c.getSerialNumber().toString(16));
    }

    @RuleFunction("The serial number of the certificate, in decimal.")
    public String clientCertSerialDec() {
        return certificate(c -> c.getSerialNumber().toString());
    }

    @RuleFunction("Whose certificate it is.")
    public String clientCertSubject() {
        return certificate(c -> c.getSubjectX500Principal().getName());
    }

    @RuleFunction("The version of the certificate, from 1.")
    public String clientCertVersion() {
        return certificate(c -> Integer.toString(c.getVersion()));
    }

    @RuleFunction(
            "OK when the client showed a certificate, which has been checked then; else"
                    + " NoClientCert.")
    public String clientCertStatus() {
        return certificate(c -> "OK").isEmpty() ? "NoClientCert" : "OK";
    }

    @RuleFunction("The client's certificates as PEM, its own first.")
    public String clientCertChain() {
        RuleTls tls = run.side().tls();
        StringBuilder all = new StringBuilder();
        if (tls != null) {
            tls.chain().forEach(each -> all.append(part(SslFunctions::pem, each)));
        }
        return all.toString();
    }

    // ---- the certificate that the client was shown

    @RuleFunction("The certificate that the client was shown, as PEM.")
    public String serverCert() {
        return own(SslFunctions::pem);
    }

    @RuleFunction("The algorithm of the signature of the certificate that the client was shown.")
    public String serverCertAlgorithm() {
        return own(X509Certificate::getSigAlgName);
    }

    @RuleFunction("The common name of the subject of the certificate that the client was shown.")
    public String serverCertCommonName() {
        return own(SslFunctions::commonName);
    }

    @RuleFunction("When the certificate that the client was shown expires.")
    public String serverCertEndDate() {
        return own(c -> date(c.getNotAfter().toInstant()));
    }

    @RuleFunction("When the certificate that the client was shown begins to be valid.")
    public String serverCertStartDate() {
        return own(c -> date(c.getNotBefore().toInstant()));
    }

    @RuleFunction("The MD5 digest of the certificate that the client was shown, in hexadecimal.")
    public String serverCertHash() {
        return own(c -> digest(c, "MD5"));
    }

    @RuleFunction("The SHA-1 digest of the certificate that the client was shown, in hexadecimal.")
    public String serverCertSHA1() {
        return own(c -> digest(c, "SHA-1"));
    }

    @RuleFunction("Who issued the certificate that the client was shown.")
    public String serverCertIssuer() {
        return own(c -> c.getIssuerX500Principal().getName());
    }

    @RuleFunction("The public key of the certificate that the client was shown, in hexadecimal.")
    public String serverCertPublicKey() {
        return own(SslFunctions::publicKey);
    }

    @RuleFunction("The serial number of the certificate that the client was shown, in hexadecimal.")
    public String serverCertSerial() {
        return own(c -> c.getSerialNumber().toString(16));
    }

    @RuleFunction("Whose the certificate is that the client was shown.")
    public String serverCertSubject() {
        return own(c -> c.getSubjectX500Principal().getName());
    }

    @RuleFunction("The version of the certificate that the client was shown, from 1.")
    public String serverCertVersion() {
        return own(c -> Integer.toString(c.getVersion()));
    }
}
