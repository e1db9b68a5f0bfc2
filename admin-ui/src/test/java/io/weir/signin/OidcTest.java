package io.weir.signin;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import io.weir.admin.MountOptions;
import io.weir.admin.MountOptions.SignIn;
import io.weir.admin.users.Accounts;
import io.weir.admin.users.Gatekeeper;
import io.weir.admin.users.PasswordCheck;
import io.weir.admin.users.User;
import io.weir.config.AdminConfig;
import io.weir.config.ClientCertificateConfig;
import io.weir.config.LdapConfig;
import io.weir.config.OidcConfig;
import io.weir.config.Secret;
import io.weir.control.Audit;
import io.weir.control.Author;
import io.weir.control.ManualTicker;
import io.weir.control.RecordingEvents;
import io.weir.control.Users;
import io.weir.control.store.AccountStore;
import io.weir.testkit.AdminDoor;
import io.weir.testkit.AdminDoor.Answer;
import io.weir.testkit.MemoryTempDir;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Sign-in at a provider that is scripted to say right and wrong things. */
class OidcTest {

    @TempDir(factory = MemoryTempDir.class)
    Path state;

    private final ManualTicker ticker = new ManualTicker();
    private HttpServer provider;
    private String issuer;
    private ECKey key;
    private Users users;
    private Audit audit;
    private AdminDoor door;

    /** How the token departs from what it should be. */
    private String fault = "";

    private List<String> groups = List.of("ops");
    private String nonce = "";
    private String challenge = "";
    private @Nullable String tokenForm;

    @BeforeEach
    void open() throws Exception {
        key = new ECKeyGenerator(Curve.P_256).keyID("k").generate();
        provider = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        issuer = "http://127.0.0.1:" + provider.getAddress().getPort() + "/realm";
        provider.createContext("/realm/.well-known/openid-configuration", this::about);
        provider.createContext("/realm/keys", this::keys);
        provider.createContext("/realm/token", this::token);
        provider.start();
        SecureRandom random = new SecureRandom();
        RecordingEvents events = new RecordingEvents();
        Accounts accounts = Accounts.open(new AccountStore(state), events, ticker, random);
        PasswordCheck passwords = new PasswordCheck(accounts, events, ticker, random, delay -> {});
        audit = Audit.in(state.resolve("audit"), ticker);
        users = new Users(accounts, passwords, audit);
        users.add(
                "root",
                "correct horse battery",
                List.of("admin"),
                new Author("root", Author.Channel.COMMAND_LINE, ""));
        door = AdminDoor.open(new Gatekeeper(accounts, passwords, ticker), state);
        Provider asked = new Provider();
        asked.follow(config());
        door.server()
                .mount(
                        OidcHandler.PATH,
                        new OidcHandler(asked, users, new Attempts(ticker, random)),
                        new MountOptions(4096, SignIn.NONE));
        door.server()
                .mount(
                        "/api",
                        request ->
                                io.weir.admin.AdminResponse.text(
                                        200, "text/plain", request.caller().name()),
                        new MountOptions(4096, SignIn.SESSION_OR_TOKEN));
    }

    private AdminConfig config() {
        AdminConfig usual = AdminDoor.config();
        return new AdminConfig(
                usual.listen(),
                false,
                null,
                null,
                usual.trusted(),
                List.of(),
                usual.idleTimeout(),
                usual.lockoutFailures(),
                usual.lockoutTime(),
                LdapConfig.OFF,
                new OidcConfig(
                        issuer,
                        "weir",
                        new Secret("secret of weir"),
                        null,
                        List.of("openid", "profile"),
                        "preferred_username",
                        "groups",
                        List.of("ops=operator")),
                ClientCertificateConfig.OFF,
                List.of());
    }

    @AfterEach
    void close() {
        door.close();
        provider.stop(0);
    }

    @Test
    void aUserOfTheProviderSignsInWithTheRoleOfTheGroup() throws Exception {
        Answer back = signIn();
        assertThat(back.status()).as(back.body()).isEqualTo(303);
        String session = cookie(back, "weir");
        assertThat(door.ask("GET", "/api/v1/me", "Cookie: " + session + "\r\n", "").body())
                .isEqualTo("alice");
        User alice = Objects.requireNonNull(users.book().users().get("alice"));
        assertThat(alice.roles()).containsExactly("operator");
        assertThat(alice.source()).isEqualTo(User.Source.OIDC);
        assertThat(tokenForm).contains("grant_type=authorization_code").contains("code=the-code");
        String verifier = Objects.requireNonNull(form(tokenForm).get("code_verifier"));
        byte[] hash =
                MessageDigest.getInstance("SHA-256")
                        .digest(verifier.getBytes(StandardCharsets.US_ASCII));
        assertThat(Base64.getUrlEncoder().withoutPadding().encodeToString(hash))
                .isEqualTo(challenge);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "audience",
                "issuer",
                "nonce",
                "no nonce",
                "signature",
                "none",
                "hmac",
                "expired",
                "no name",
                "malformed"
            })
    void aTokenThatIsNotInOrderIsRefusedAndRecorded(String wrong) throws Exception {
        fault = wrong;
        Answer back = signIn();
        assertThat(back.status()).isEqualTo(403);
        assertThat(back.head()).doesNotContain("Set-Cookie: weir=");
        assertThat(users.book().users()).containsOnlyKeys("root");
        assertThat(audit.last(10))
                .anyMatch(entry -> entry.action().equals("sign-in") && !entry.accepted());
    }

    @Test
    void aUserWithoutAMappedGroupIsRefused() throws Exception {
        groups = List.of("sales");
        assertThat(signIn().status()).isEqualTo(403);
        assertThat(audit.last(10))
                .anyMatch(entry -> entry.action().equals("sign-in") && !entry.accepted());
    }

    @Test
    void onlyTheBrowserInWhichASignInBeganEndsItAndOnlyOnce() throws Exception {
        Answer begun = door.ask("GET", OidcHandler.PATH, "", "");
        String path = callback(begun);
        assertThat(door.ask("GET", path, "", "").status()).isEqualTo(403);
        assertThat(
                        door.ask("GET", path, "Cookie: " + cookie(begun, "weir-oidc") + "\r\n", "")
                                .status())
                .isEqualTo(403);
        Answer other = door.ask("GET", OidcHandler.PATH, "", "");
        Answer mixed =
                door.ask(
                        "GET",
                        callback(other),
                        "Cookie: " + cookie(begun, "weir-oidc") + "\r\n",
                        "");
        assertThat(mixed.status()).isEqualTo(403);
        assertThat(door.ask("GET", OidcHandler.PATH + "?state=guessed&code=x", "", "").status())
                .isEqualTo(403);
        assertThat(tokenForm).isNull();
    }

    @Test
    void aProviderThatIsAwayLetsThoseOfWeirsOwnInAllTheSame() throws Exception {
        provider.stop(0);
        assertThat(door.ask("GET", OidcHandler.PATH, "", "").status()).isEqualTo(503);
        assertThat(users.signIn("root", "correct horse battery", null, "127.0.0.1"))
                .isInstanceOf(Users.SignedIn.class);
        assertThat(audit.last(1).getFirst().accepted()).isTrue();
    }

    private Answer signIn() throws Exception {
        Answer begun = door.ask("GET", OidcHandler.PATH, "", "");
        assertThat(begun.status()).as(begun.body()).isEqualTo(303);
        return door.ask(
                "GET", callback(begun), "Cookie: " + cookie(begun, "weir-oidc") + "\r\n", "");
    }

    /** Where the provider sends the browser after the user has signed in there. */
    private String callback(Answer begun) {
        URI there = URI.create(header(begun, "Location: ([^\r\n]+)"));
        assertThat(there.toString()).startsWith(issuer + "/sign-in?");
        Map<String, String> asked = form(there.getRawQuery());
        assertThat(asked).containsEntry("code_challenge_method", "S256");
        assertThat(asked).containsEntry("redirect_uri", "http://localhost" + OidcHandler.PATH);
        nonce = Objects.requireNonNull(asked.get("nonce"));
        challenge = Objects.requireNonNull(asked.get("code_challenge"));
        return OidcHandler.PATH + "?code=the-code&state=" + asked.get("state");
    }

    private static String cookie(Answer answer, String name) {
        return name + "=" + header(answer, "(?i)set-cookie: " + name + "=([^;\r\n]+)");
    }

    private static String header(Answer answer, String pattern) {
        Matcher matcher = Pattern.compile(pattern).matcher(answer.head());
        assertThat(matcher.find()).as(answer.head()).isTrue();
        return matcher.group(1);
    }

    private static Map<String, String> form(@Nullable String text) {
        Map<String, String> form = new HashMap<>();
        for (String pair : String.valueOf(text).split("&", -1)) {
            int equals = pair.indexOf('=');
            form.put(
                    pair.substring(0, equals),
                    URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
        }
        return form;
    }

    private void about(HttpExchange exchange) throws IOException {
        answer(
                exchange,
                """
                {"issuer": "%1$s", "authorization_endpoint": "%1$s/sign-in",
                 "token_endpoint": "%1$s/token", "jwks_uri": "%1$s/keys",
                 "response_types_supported": ["code"], "subject_types_supported": ["public"],
                 "id_token_signing_alg_values_supported": ["ES256"]}
                """
                        .formatted(issuer));
    }

    private void keys(HttpExchange exchange) throws IOException {
        answer(exchange, new JWKSet(key.toPublicJWK()).toString());
    }

    private void token(HttpExchange exchange) throws IOException {
        tokenForm = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        try {
            answer(
                    exchange,
                    "{\"access_token\":\"a\",\"token_type\":\"Bearer\",\"id_token\":\""
                            + identity()
                            + "\"}");
        } catch (com.nimbusds.jose.JOSEException e) {
            throw new IOException(e);
        }
    }

    private String identity() throws com.nimbusds.jose.JOSEException {
        Instant now = Instant.now();
        JWTClaimsSet.Builder claims =
                new JWTClaimsSet.Builder()
                        .issuer(fault.equals("issuer") ? "https://elsewhere.example" : issuer)
                        .audience(fault.equals("audience") ? "another" : "weir")
                        .subject("0815")
                        .claim("groups", groups)
                        .issueTime(Date.from(now.minusSeconds(7200)))
                        .expirationTime(
                                Date.from(now.plusSeconds(fault.equals("expired") ? -3600 : 3600)));
        if (!fault.equals("no nonce")) {
            claims.claim("nonce", fault.equals("nonce") ? "guessed" : nonce);
        }
        if (!fault.equals("no name")) {
            claims.claim("preferred_username", "alice");
        }
        if (fault.equals("none")) {
            return new PlainJWT(claims.build()).serialize();
        }
        if (fault.equals("malformed")) {
            return "not.a.token";
        }
        if (fault.equals("hmac")) {
            SignedJWT token = new SignedJWT(new JWSHeader(JWSAlgorithm.HS256), claims.build());
            token.sign(
                    new com.nimbusds.jose.crypto.MACSigner(
                            key.toPublicJWK().toJSONString().getBytes(StandardCharsets.UTF_8)));
            return token.serialize();
        }
        ECKey signing =
                fault.equals("signature")
                        ? new ECKeyGenerator(Curve.P_256).keyID("k").generate()
                        : key;
        SignedJWT token =
                new SignedJWT(
                        new JWSHeader.Builder(JWSAlgorithm.ES256).keyID("k").build(),
                        claims.build());
        token.sign(new ECDSASigner(signing));
        return token.serialize();
    }

    private static void answer(HttpExchange exchange, String json) throws IOException {
        byte[] body = json.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }
}
