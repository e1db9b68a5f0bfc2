package io.weir.examples.browser;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A provider of OpenID Connect with a sign-in page: whoever says a name there is that person, of
 * the group {@code ops} unless the name is {@code stranger}. It insists on PKCE (RFC 7636) and
 * gives each code out once.
 */
final class SmallProvider implements AutoCloseable {

    private final HttpServer server;
    private final KeyPair keys;
    private final String issuer;
    private final Map<String, Map<String, String>> codes = new ConcurrentHashMap<>();

    SmallProvider() throws IOException, GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        keys = generator.generateKeyPair();
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        issuer = "http://127.0.0.1:" + server.getAddress().getPort() + "/realm";
        server.createContext("/realm/.well-known/openid-configuration", this::about);
        server.createContext("/realm/sign-in", this::page);
        server.createContext("/realm/signed-in", this::signedIn);
        server.createContext("/realm/token", this::token);
        server.createContext("/realm/keys", this::keys);
        server.start();
    }

    /** What it calls itself. */
    String issuer() {
        return issuer;
    }

    private void about(HttpExchange exchange) throws IOException {
        answer(
                exchange,
                200,
                "application/json",
                """
                {"issuer": "%1$s", "authorization_endpoint": "%1$s/sign-in",
                 "token_endpoint": "%1$s/token", "jwks_uri": "%1$s/keys",
                 "response_types_supported": ["code"], "subject_types_supported": ["public"],
                 "id_token_signing_alg_values_supported": ["ES256"]}
                """
                        .formatted(issuer));
    }

    private void page(HttpExchange exchange) throws IOException {
        StringBuilder hidden = new StringBuilder();
        query(exchange.getRequestURI().getRawQuery())
                .forEach(
                        (name, value) ->
                                hidden.append("<input type=hidden name=\"")
                                        .append(name)
                                        .append("\" value=\"")
                                        .append(value)
                                        .append("\">"));
        answer(
                exchange,
                200,
                "text/html",
                "<!doctype html><title>Provider</title><h1>The provider</h1>"
                        + "<form action=\"/realm/signed-in\"><label>Who are you? <input name=who>"
                        + "</label>"
                        + hidden
                        + "<button>Continue</button></form>");
    }

    /** Sends the browser back with a code. */
    private void signedIn(HttpExchange exchange) throws IOException {
        Map<String, String> asked = query(exchange.getRequestURI().getRawQuery());
        String code = UUID.randomUUID().toString();
        codes.put(code, asked);
        exchange.getResponseHeaders()
                .set(
                        "Location",
                        asked.get("redirect_uri")
                                + "?code="
                                + code
                                + "&state="
                                + URLEncoder.encode(asked.get("state"), UTF_8));
        exchange.sendResponseHeaders(303, -1);
        exchange.close();
    }

    private void token(HttpExchange exchange) throws IOException {
        Map<String, String> form =
                query(new String(exchange.getRequestBody().readAllBytes(), UTF_8));
        Map<String, String> asked = codes.remove(form.getOrDefault("code", ""));
        try {
            if (asked == null
                    || !encoded(sha256(form.getOrDefault("code_verifier", "")))
                            .equals(asked.get("code_challenge"))) {
                answer(exchange, 400, "application/json", "{\"error\": \"invalid_grant\"}");
            } else {
                answer(
                        exchange,
                        200,
                        "application/json",
                        "{\"access_token\": \"a\", \"token_type\": \"Bearer\", \"id_token\": \""
                                + identity(asked)
                                + "\"}");
            }
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
    }

    private String identity(Map<String, String> asked) throws GeneralSecurityException {
        String who = Objects.requireNonNull(asked.get("who"));
        long now = Instant.now().getEpochSecond();
        ObjectNode claims =
                Browser.JSON
                        .createObjectNode()
                        .put("iss", issuer)
                        .put("aud", asked.get("client_id"))
                        .put("sub", who)
                        .put("preferred_username", who)
                        .put("nonce", asked.get("nonce"))
                        .put("iat", now - 60)
                        .put("exp", now + 3600);
        claims.putArray("groups").add(who.equals("stranger") ? "sales" : "ops");
        String signed =
                encoded("{\"alg\": \"ES256\", \"kid\": \"k\"}".getBytes(UTF_8))
                        + "."
                        + encoded(claims.toString().getBytes(UTF_8));
        Signature signature = Signature.getInstance("SHA256withECDSAinP1363Format");
        signature.initSign(keys.getPrivate());
        signature.update(signed.getBytes(UTF_8));
        return signed + "." + encoded(signature.sign());
    }

    private void keys(HttpExchange exchange) throws IOException {
        ECPublicKey key = (ECPublicKey) keys.getPublic();
        answer(
                exchange,
                200,
                "application/json",
                """
                {"keys": [{"kty": "EC", "crv": "P-256", "kid": "k", "use": "sig", "alg": "ES256",
                 "x": "%s", "y": "%s"}]}
                """
                        .formatted(
                                coordinate(key.getW().getAffineX()),
                                coordinate(key.getW().getAffineY())));
    }

    /** 32 octets, whatever the number (RFC 7518 section 6.2.1.2). */
    private static String coordinate(BigInteger number) {
        byte[] octets = number.toByteArray();
        byte[] full = new byte[32];
        int length = Math.min(octets.length, 32);
        System.arraycopy(octets, octets.length - length, full, 32 - length, length);
        return encoded(full);
    }

    private static byte[] sha256(String text) throws GeneralSecurityException {
        return MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8));
    }

    private static String encoded(byte[] octets) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(octets);
    }

    private static Map<String, String> query(String text) {
        Map<String, String> values = new HashMap<>();
        Arrays.stream(text.split("&", -1))
                .map(pair -> pair.split("=", 2))
                .forEach(pair -> values.put(pair[0], URLDecoder.decode(pair[1], UTF_8)));
        return values;
    }

    private static void answer(HttpExchange exchange, int status, String type, String text)
            throws IOException {
        byte[] body = text.getBytes(UTF_8);
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
