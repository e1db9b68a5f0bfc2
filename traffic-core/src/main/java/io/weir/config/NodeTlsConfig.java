package io.weir.config;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.List;

/**
 * How the nodes of a pool are spoken to over TLS.
 *
 * @param enabled whether they are
 * @param verify whether a node must prove who it is: chain, name and dates
 * @param serverName the name asked for and expected; null for the node's own
 * @param caFile authorities that may vouch for nodes; null for those of the JDK
 * @param commonNameMatch names, wildcards like {@code *.example.com} among them, one of which the
 *     certificate must have in place of the node's; empty for the node's
 * @param certificate PEM that Weir shows to nodes that ask, then those of its issuers; null for
 *     none
 * @param key PEM of its private key; null when there is no certificate
 * @param keyPassphrase opens an encrypted key; null when it is not encrypted
 * @param profile protocol versions and cipher suites
 * @param ciphers suites by their standard names, best first; empty for those of the profile
 * @param resumption whether sessions are kept and resumed
 */
public record NodeTlsConfig(
        boolean enabled,
        boolean verify,
        @Nullable String serverName,
        @Nullable Path caFile,
        List<String> commonNameMatch,
        @Nullable Path certificate,
        @Nullable Path key,
        @Nullable Secret keyPassphrase,
        TlsConfig.Profile profile,
        List<String> ciphers,
        boolean resumption) {

    /** Nodes are spoken to in the clear. */
    public static final NodeTlsConfig OFF =
            new NodeTlsConfig(
                    false,
                    true,
                    null,
                    null,
                    List.of(),
                    null,
                    null,
                    null,
                    TlsConfig.Profile.INTERMEDIATE,
                    List.of(),
                    true);

    public NodeTlsConfig {
        commonNameMatch = List.copyOf(commonNameMatch);
        ciphers = List.copyOf(ciphers);
    }
}
