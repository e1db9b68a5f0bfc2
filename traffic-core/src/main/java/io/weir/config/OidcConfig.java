package io.weir.config;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.List;

/**
 * A provider of OpenID Connect at which administrators sign in, on the web pages.
 *
 * @param issuer its address, as it calls itself; null for no provider
 * @param clientId what Weir is called there
 * @param clientSecret of Weir there; null when it has none
 * @param caFile authorities that its certificate may be from (PEM); null for those of the platform
 * @param scopes that are asked for; {@code openid} among them
 * @param userClaim claim with the name of the user
 * @param groupsClaim claim with the groups of the user
 * @param roles what groups may: {@code group=role}
 */
public record OidcConfig(
        @Nullable String issuer,
        String clientId,
        @Nullable Secret clientSecret,
        @Nullable Path caFile,
        List<String> scopes,
        String userClaim,
        String groupsClaim,
        List<String> roles) {

    /** No provider. */
    public static final OidcConfig OFF =
            new OidcConfig(
                    null,
                    "weir",
                    null,
                    null,
                    List.of("openid", "profile"),
                    "preferred_username",
                    "groups",
                    List.of());

    public OidcConfig {
        scopes = List.copyOf(scopes);
        roles = List.copyOf(roles);
    }
}
