package io.weir.config;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * A directory that knows administrators: asked over LDAP (RFC 4511) for those whom Weir does not
 * know itself.
 *
 * @param server {@code ldap://host:port} or {@code ldaps://host:port}; null for no directory
 * @param startTls whether a connection that begins in clear is to go over to TLS
 * @param caFile authorities that its certificate may be from (PEM); null for those of the platform
 * @param user name of the entry (DN) that searches; null for nobody
 * @param password of that entry; null for none
 * @param base where searches begin; empty for the whole directory
 * @param userFilter finds the entry of a user; {@code {user}} stands for the name
 * @param groupFilter finds groups of a user; {@code {dn}} stands for the user's entry; null for
 *     none
 * @param groupAttribute of a user's entry, with groups
 * @param roles what groups may: {@code group=role}
 * @param timeout of each step
 */
public record LdapConfig(
        @Nullable String server,
        boolean startTls,
        @Nullable Path caFile,
        @Nullable String user,
        @Nullable Secret password,
        String base,
        String userFilter,
        @Nullable String groupFilter,
        String groupAttribute,
        List<String> roles,
        Duration timeout) {

    /** No directory. */
    public static final LdapConfig OFF =
            new LdapConfig(
                    null,
                    true,
                    null,
                    null,
                    null,
                    "",
                    "(uid={user})",
                    null,
                    "memberOf",
                    List.of(),
                    Duration.ofSeconds(5));

    public LdapConfig {
        roles = List.copyOf(roles);
    }
}
