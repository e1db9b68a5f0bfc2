package io.weir.admin.users;

import io.weir.config.ClientCertificateConfig;

import org.jspecify.annotations.Nullable;

import java.security.cert.X509Certificate;
import java.util.HashMap;
import java.util.Map;

import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;

/** Whose certificates are: pure functions. */
final class Certificates {

    private Certificates() {}

    /** The common name in the subject; null when there is none, or it is no text. */
    static @Nullable String commonName(X509Certificate certificate) {
        try {
            String subject = certificate.getSubjectX500Principal().getName();
            String found = null;
            for (Rdn part : new LdapName(subject).getRdns()) {
                if (part.getType().equalsIgnoreCase("CN")) {
                    // The names come from the root on, so the last one is the most specific.
                    found = part.getValue() instanceof String text ? text : null;
                }
            }
            return found;
        } catch (InvalidNameException e) {
            return null;
        }
    }

    /** Users by common names. */
    static Map<String, String> users(ClientCertificateConfig config) {
        Map<String, String> users = new HashMap<>();
        for (String pair : config.users()) {
            int equals = pair.lastIndexOf('=');
            users.put(pair.substring(0, equals), pair.substring(equals + 1));
        }
        return Map.copyOf(users);
    }
}
