package io.weir.examples;

import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.weir.testkit.Await;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import javax.net.ssl.SSLContext;

/**
 * The first user of a Weir that has just been started, who has chosen a password and administers it
 * by programs. Safe for every thread.
 */
final class Administrator implements AutoCloseable {

    static final String PASSWORD = "canary-of-the-first-user";

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final Pattern FIRST_USER =
            Pattern.compile("one-time secret (\\S+), at port (\\d+);");

    private final HttpClient client;
    private final String base;

    /** Chooses the password with the secret that {@code weir} prints. */
    Administrator(Installation.Running weir) throws Exception {
        Await.until(
                "the secret of the first user",
                PATIENCE,
                () -> FIRST_USER.matcher(weir.out()).find() || weir.hasEnded());
        Matcher found = FIRST_USER.matcher(weir.out());
        if (!found.find()) {
            throw new IllegalStateException(weir.out() + weir.err());
        }
        base = "https://127.0.0.1:" + found.group(2);
        client = client();
        String sign =
                JSON.writeValueAsString(
                        JSON.createObjectNode()
                                .put("user", "admin")
                                .put("password", found.group(1))
                                .put("new-password", PASSWORD));
        HttpResponse<String> begun =
                client.send(
                        request("/api/v1/session")
                                .POST(HttpRequest.BodyPublishers.ofString(sign))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        if (begun.statusCode() != 200) {
            throw new IllegalStateException(begun.body());
        }
    }

    private static HttpClient client() throws GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, InsecureTrustManagerFactory.INSTANCE.getTrustManagers(), null);
        return HttpClient.newBuilder()
                .sslContext(context)
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(PATIENCE)
                .build();
    }

    /** Where the admin server is, without a slash at the end. */
    String base() {
        return base;
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(base + path)).timeout(PATIENCE);
    }

    /**
     * Asks as the first user.
     *
     * @param body empty for none
     * @param fields names and values in turn
     */
    HttpResponse<String> ask(String method, String path, String body, String... fields)
            throws IOException, InterruptedException {
        HttpRequest.Builder builder =
                request(path)
                        .method(method, HttpRequest.BodyPublishers.ofString(body))
                        .header("Authorization", basic("admin", PASSWORD));
        if (fields.length > 0) {
            builder.headers(fields);
        }
        return client.send(builder.build(), HttpResponse.BodyHandlers.ofString());
    }

    /** What is there. */
    JsonNode get(String path) throws IOException, InterruptedException {
        HttpResponse<String> answer = ask("GET", path, "");
        if (answer.statusCode() != 200) {
            throw new IllegalStateException(path + ": " + answer.statusCode() + answer.body());
        }
        return JSON.readTree(answer.body());
    }

    /** The value of an Authorization field. */
    static String basic(String user, String password) {
        return "Basic "
                + Base64.getEncoder()
                        .encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
