package io.weir.config;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.List;

/**
 * Certificates with which clients of the admin server may sign in.
 *
 * @param caFile authorities that they may be from (PEM); null when nobody signs in so
 * @param crlFile lists of those that are revoked (PEM); null for none
 * @param users whose they are: {@code common name=user}; one that is not there is the user's whose
 *     name is its common name
 */
public record ClientCertificateConfig(
        @Nullable Path caFile, @Nullable Path crlFile, List<String> users) {

    /** Nobody signs in so. */
    public static final ClientCertificateConfig OFF =
            new ClientCertificateConfig(null, null, List.of());

    public ClientCertificateConfig {
        users = List.copyOf(users);
    }
}
