package io.weir.config;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * The admin server: REST, SOAP and web pages.
 *
 * @param listen where it listens
 * @param tls whether it speaks TLS
 * @param certificate its certificate, then those of its issuers (PEM); null for one that Weir makes
 *     and keeps in the state directory
 * @param key the private key (PEM); null when there is no certificate
 * @param trusted address blocks (CIDR) that may connect; connections from elsewhere are closed at
 *     once
 * @param names host names by which it may be asked, besides those of the machine
 * @param idleTimeout after which a session ends that nobody uses
 * @param lockoutFailures wrong passwords in a row that lock an account
 * @param lockoutTime how long it is locked
 * @param ldap a directory that knows further users
 * @param oidc a provider at which further users sign in
 * @param clientCertificates with which users may sign in
 * @param instances other Weirs that are shown beside this one
 */
public record AdminConfig(
        ListenAddress listen,
        boolean tls,
        @Nullable Path certificate,
        @Nullable Path key,
        List<String> trusted,
        List<String> names,
        Duration idleTimeout,
        int lockoutFailures,
        Duration lockoutTime,
        LdapConfig ldap,
        OidcConfig oidc,
        ClientCertificateConfig clientCertificates,
        List<InstanceConfig> instances) {

    /** A server that knows the users of Weir only. */
    public AdminConfig(
            ListenAddress listen,
            boolean tls,
            @Nullable Path certificate,
            @Nullable Path key,
            List<String> trusted,
            List<String> names,
            Duration idleTimeout,
            int lockoutFailures,
            Duration lockoutTime) {
        this(
                listen,
                tls,
                certificate,
                key,
                trusted,
                names,
                idleTimeout,
                lockoutFailures,
                lockoutTime,
                LdapConfig.OFF,
                OidcConfig.OFF,
                ClientCertificateConfig.OFF,
                List.of());
    }

    public AdminConfig {
        trusted = List.copyOf(trusted);
        names = List.copyOf(names);
        instances = List.copyOf(instances);
    }
}
