package io.weir.config;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * An authenticator: a directory that rules ask over LDAP (RFC 4511) about the users of a service.
 * Keys follow ZXTM's authenticator catalogue.
 *
 * @param server {@code ldap://host:port} or {@code ldaps://host:port}
 * @param startTls whether a connection that begins in clear is to go over to TLS
 * @param caFile authorities that its certificate may be from (PEM); null for those of the platform
 * @param user name of the entry (DN) that searches; null for nobody
 * @param password of that entry; null for none
 * @param base where searches begin; empty for the whole directory
 * @param filter finds the entry of a user; {@code {user}} stands for the name
 * @param attributes of the entry that rules get; empty for all
 * @param timeout of each step
 * @param maxConnections that are open at once
 * @param note for people
 */
public record AuthenticatorConfig(
        String name,
        String server,
        boolean startTls,
        @Nullable Path caFile,
        @Nullable String user,
        @Nullable Secret password,
        String base,
        String filter,
        List<String> attributes,
        Duration timeout,
        int maxConnections,
        @Nullable String note) {

    public AuthenticatorConfig {
        attributes = List.copyOf(attributes);
    }
}
