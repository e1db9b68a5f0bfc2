package io.weir.cert;

import org.jspecify.annotations.Nullable;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;

/** How certificates are named: by host, by subject, by fingerprint. */
public final class Names {

    private static final int DNS = 2;
    private static final int IP = 7;
    private static final Pattern HOST = Pattern.compile("(\\*\\.)?[A-Za-z0-9._-]+");

    private Names() {}

    /**
     * The host names that a certificate is for, in lower case and without a final dot; wildcard
     * names among them. The common name counts only where there are no other names (RFC 6125,
     * section 6.4.4).
     */
    public static List<String> hosts(X509Certificate certificate) {
        List<String> names = alternative(certificate, DNS);
        if (names.isEmpty() && alternative(certificate, IP).isEmpty()) {
            String common = commonName(certificate);
            // The common name of an authority or a person is no host.
            names = common != null && HOST.matcher(common).matches() ? List.of(common) : List.of();
        }
        Set<String> hosts = new LinkedHashSet<>();
        for (String name : names) {
            String host = name.toLowerCase(Locale.ROOT);
            hosts.add(host.endsWith(".") ? host.substring(0, host.length() - 1) : host);
        }
        return List.copyOf(hosts);
    }

    /** The addresses that a certificate is for, in text form. */
    static List<String> addresses(X509Certificate certificate) {
        return alternative(certificate, IP);
    }

    private static List<String> alternative(X509Certificate certificate, int type) {
        List<String> found = new ArrayList<>();
        try {
            Collection<List<?>> all = certificate.getSubjectAlternativeNames();
            if (all != null) {
                for (List<?> each : all) {
                    if (each.get(0).equals(type) && each.get(1) instanceof String name) {
                        found.add(name);
                    }
                }
            }
        } catch (CertificateParsingException e) {
            // It has names that nobody can read: it is for nobody.
        }
        return found;
    }

    private static @Nullable String commonName(X509Certificate certificate) {
        try {
            List<Rdn> parts =
                    new LdapName(certificate.getSubjectX500Principal().getName()).getRdns();
            for (Rdn part : parts.reversed()) {
                if (part.getType().equalsIgnoreCase("CN")
                        && part.getValue() instanceof String name) {
                    return name;
                }
            }
        } catch (InvalidNameException e) {
            // No name, then.
        }
        return null;
    }

    /** What a certificate is called in messages: its subject, or its first name without one. */
    static String subject(X509Certificate certificate) {
        String subject = certificate.getSubjectX500Principal().toString();
        return subject.isEmpty() ? String.join(", ", hosts(certificate)) : subject;
    }

    /** SHA-256 over the whole certificate, as OpenSSL prints it. */
    static String fingerprint(X509Certificate certificate) {
        try {
            return sha256(certificate.getEncoded());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a certificate that was read has a form", e);
        }
    }

    /** SHA-256 in upper-case hexadecimal octets with colons between them. */
    static String sha256(byte[] octets) {
        try {
            return HexFormat.ofDelimiter(":")
                    .withUpperCase()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(octets));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
