package io.weir.signin;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.oauth2.sdk.AuthorizationCode;
import com.nimbusds.oauth2.sdk.AuthorizationCodeGrant;
import com.nimbusds.oauth2.sdk.ParseException;
import com.nimbusds.oauth2.sdk.ResponseType;
import com.nimbusds.oauth2.sdk.Scope;
import com.nimbusds.oauth2.sdk.TokenRequest;
import com.nimbusds.oauth2.sdk.auth.ClientAuthentication;
import com.nimbusds.oauth2.sdk.auth.ClientAuthenticationMethod;
import com.nimbusds.oauth2.sdk.auth.ClientSecretBasic;
import com.nimbusds.oauth2.sdk.auth.ClientSecretPost;
import com.nimbusds.oauth2.sdk.http.HTTPRequest;
import com.nimbusds.oauth2.sdk.id.ClientID;
import com.nimbusds.oauth2.sdk.id.Issuer;
import com.nimbusds.oauth2.sdk.id.State;
import com.nimbusds.oauth2.sdk.pkce.CodeChallengeMethod;
import com.nimbusds.oauth2.sdk.pkce.CodeVerifier;
import com.nimbusds.oauth2.sdk.util.JSONObjectUtils;
import com.nimbusds.openid.connect.sdk.AuthenticationRequest;
import com.nimbusds.openid.connect.sdk.Nonce;
import com.nimbusds.openid.connect.sdk.OIDCTokenResponse;
import com.nimbusds.openid.connect.sdk.claims.IDTokenClaimsSet;
import com.nimbusds.openid.connect.sdk.op.OIDCProviderMetadata;
import com.nimbusds.openid.connect.sdk.validators.IDTokenValidator;

import io.weir.config.AdminConfig;
import io.weir.config.OidcConfig;
import io.weir.config.Secret;

import org.jspecify.annotations.Nullable;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A provider of OpenID Connect: the authorization code flow with PKCE (OpenID Connect Core 1.0,
 * section 3.1; RFC 7636). Only what is signed by its own keys, for this client, for this sign-in
 * and still in its time is believed. Safe for every thread but an event loop.
 */
final class Provider {

    private static final String WELL_KNOWN = "/.well-known/openid-configuration";

    private volatile OidcConfig config = OidcConfig.OFF;

    /** Who has signed in there. */
    record Person(String name, List<String> roles) {
        Person {
            roles = List.copyOf(roles);
        }
    }

    /** Takes up which provider there is. */
    void follow(@Nullable AdminConfig admin) {
        config = admin == null ? OidcConfig.OFF : admin.oidc();
    }

    /** Whether there is one. */
    boolean isThere() {
        return config.issuer() != null;
    }

    /** Where a browser goes to sign in. */
    URI begin(Attempts.Attempt attempt) throws ProviderException, InterruptedException {
        OidcConfig now = config;
        OIDCProviderMetadata metadata = metadata(now, new ProviderHttp(now.caFile()));
        Scope scope = new Scope(now.scopes().toArray(String[]::new));
        scope.add("openid");
        return new AuthenticationRequest.Builder(
                        ResponseType.CODE,
                        scope,
                        new ClientID(now.clientId()),
                        URI.create(attempt.redirect()))
                .endpointURI(metadata.getAuthorizationEndpointURI())
                .state(new State(attempt.state()))
                .nonce(new Nonce(attempt.nonce()))
                .codeChallenge(new CodeVerifier(attempt.verifier()), CodeChallengeMethod.S256)
                .build()
                .toURI();
    }

    /** Who has come back from there with this code. */
    Person finish(Attempts.Attempt attempt, String code)
            throws ProviderException, InterruptedException {
        OidcConfig now = config;
        ProviderHttp http = new ProviderHttp(now.caFile());
        OIDCProviderMetadata metadata = metadata(now, http);
        try {
            HTTPRequest request = tokenRequest(now, metadata, attempt, code).toHTTPRequest();
            String answer =
                    http.post(
                            metadata.getTokenEndpointURI(),
                            request.getAuthorization(),
                            String.valueOf(request.getBody()));
            OIDCTokenResponse tokens = OIDCTokenResponse.parse(JSONObjectUtils.parse(answer));
            if (!(tokens.getOIDCTokens().getIDToken() instanceof SignedJWT token)) {
                throw new ProviderException("the token is not signed");
            }
            JWSAlgorithm algorithm = token.getHeader().getAlgorithm();
            if (!JWSAlgorithm.Family.SIGNATURE.contains(algorithm)) {
                throw new ProviderException("the token is signed with " + algorithm);
            }
            JWKSet keys = JWKSet.parse(http.get(metadata.getJWKSetURI()));
            IDTokenClaimsSet claims =
                    new IDTokenValidator(
                                    metadata.getIssuer(),
                                    new ClientID(now.clientId()),
                                    algorithm,
                                    keys)
                            .validate(token, new Nonce(attempt.nonce()));
            return person(now, claims.toJSONObject());
        } catch (ParseException | java.text.ParseException e) {
            throw ProviderException.unbelievable("the answer is malformed: " + e.getMessage(), e);
        } catch (BadJOSEException | JOSEException e) {
            throw ProviderException.unbelievable("the token is refused: " + e.getMessage(), e);
        }
    }

    private static OIDCProviderMetadata metadata(OidcConfig config, ProviderHttp http)
            throws ProviderException, InterruptedException {
        String issuer = String.valueOf(config.issuer());
        String base = issuer.endsWith("/") ? issuer.substring(0, issuer.length() - 1) : issuer;
        try {
            OIDCProviderMetadata metadata =
                    OIDCProviderMetadata.parse(http.get(URI.create(base + WELL_KNOWN)));
            if (!metadata.getIssuer().equals(new Issuer(issuer))) {
                throw new ProviderException(
                        "the provider calls itself "
                                + metadata.getIssuer()
                                + ", expected "
                                + issuer);
            }
            if (metadata.getAuthorizationEndpointURI() == null
                    || metadata.getTokenEndpointURI() == null
                    || metadata.getJWKSetURI() == null) {
                throw new ProviderException("the provider does not say where to sign in");
            }
            return metadata;
        } catch (ParseException e) {
            throw ProviderException.unbelievable(
                    "what the provider says about itself is malformed: " + e.getMessage(), e);
        }
    }

    private static TokenRequest tokenRequest(
            OidcConfig config,
            OIDCProviderMetadata metadata,
            Attempts.Attempt attempt,
            String code) {
        AuthorizationCodeGrant grant =
                new AuthorizationCodeGrant(
                        new AuthorizationCode(code),
                        URI.create(attempt.redirect()),
                        new CodeVerifier(attempt.verifier()));
        ClientID id = new ClientID(config.clientId());
        Secret secret = config.clientSecret();
        URI endpoint = metadata.getTokenEndpointURI();
        if (secret == null) {
            return new TokenRequest.Builder(endpoint, id, grant).build();
        }
        var own = new com.nimbusds.oauth2.sdk.auth.Secret(secret.reveal());
        List<ClientAuthenticationMethod> methods = metadata.getTokenEndpointAuthMethods();
        boolean post =
                methods != null
                        && !methods.contains(ClientAuthenticationMethod.CLIENT_SECRET_BASIC)
                        && methods.contains(ClientAuthenticationMethod.CLIENT_SECRET_POST);
        ClientAuthentication authentication =
                post ? new ClientSecretPost(id, own) : new ClientSecretBasic(id, own);
        return new TokenRequest.Builder(endpoint, authentication, grant).build();
    }

    private static Person person(OidcConfig config, Map<String, Object> claims)
            throws ProviderException {
        if (!(claims.get(config.userClaim()) instanceof String name) || name.isEmpty()) {
            throw new ProviderException("the token has no claim " + config.userClaim());
        }
        List<String> groups = new ArrayList<>();
        Object said = claims.get(config.groupsClaim());
        if (said instanceof String one) {
            groups.add(one);
        } else if (said instanceof List<?> several) {
            several.forEach(each -> groups.add(String.valueOf(each)));
        }
        return new Person(name, Groups.roles(config.roles(), groups));
    }
}
