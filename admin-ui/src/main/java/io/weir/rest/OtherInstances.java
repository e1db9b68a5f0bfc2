package io.weir.rest;

import io.weir.cert.BadCertificateException;
import io.weir.config.InstanceConfig;
import io.weir.control.store.Json;
import io.weir.signin.Trust;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Asks other Weirs how they are, all at once, over connections that are kept. One caller at a time:
 * the others wait. Blocks for as long as the slowest of them takes, {@link #PATIENCE} at most.
 */
final class OtherInstances {

    private static final Duration PATIENCE = Duration.ofSeconds(3);
    private static final int MOST = 50;
    private static final int MAX_ANSWER = 256 << 10;

    private Map<InstanceConfig, HttpClient> clients = Map.of();

    /**
     * What one of them has answered.
     *
     * @param summary as {@code /v1/summary} has it; null when there was no such answer
     * @param trouble why not; null when there was
     */
    record Seen(
            InstanceConfig instance,
            @Nullable Map<String, @Nullable Object> summary,
            @Nullable String trouble) {}

    /** How each of them is, in their order; of very many, the first. */
    synchronized List<Seen> look(List<InstanceConfig> all) throws InterruptedException {
        List<InstanceConfig> instances = all.subList(0, Math.min(MOST, all.size()));
        List<Callable<Seen>> questions = new ArrayList<>();
        Map<InstanceConfig, HttpClient> kept = new HashMap<>();
        for (InstanceConfig each : instances) {
            try {
                HttpClient client = clients.get(each);
                HttpClient used = client == null ? client(each) : client;
                kept.put(each, used);
                questions.add(() -> ask(used, each));
            } catch (BadCertificateException | GeneralSecurityException e) {
                questions.add(() -> new Seen(each, null, String.valueOf(e.getMessage())));
            }
        }
        clients = kept;
        List<Seen> seen = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Seen> each : threads.invokeAll(questions)) {
                seen.add(each.get());
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
        return seen;
    }

    private static HttpClient client(InstanceConfig instance)
            throws BadCertificateException, GeneralSecurityException {
        return HttpClient.newBuilder()
                .connectTimeout(PATIENCE)
                .followRedirects(HttpClient.Redirect.NEVER)
                .version(HttpClient.Version.HTTP_1_1)
                .sslContext(Trust.context(instance.caFile()))
                .build();
    }

    private static Seen ask(HttpClient client, InstanceConfig instance)
            throws InterruptedException {
        String base = instance.address().replaceFirst("/$", "");
        try {
            HttpRequest request =
                    HttpRequest.newBuilder(URI.create(base + Router.MOUNT + InstancesApi.SUMMARY))
                            .timeout(PATIENCE)
                            .header("Authorization", "Bearer " + instance.token().reveal())
                            .build();
            HttpResponse<InputStream> answer =
                    client.send(request, HttpResponse.BodyHandlers.ofInputStream());
            try (InputStream in = answer.body()) {
                byte[] body = in.readNBytes(MAX_ANSWER);
                if (answer.statusCode() != 200) {
                    return new Seen(instance, null, "it answers " + answer.statusCode());
                }
                return new Seen(
                        instance, Json.readObject(new String(body, StandardCharsets.UTF_8)), null);
            }
        } catch (IOException e) {
            String why = e.getMessage();
            return new Seen(
                    instance,
                    null,
                    "it cannot be reached: "
                            + (why == null || why.isEmpty() ? e.getClass().getSimpleName() : why));
        } catch (IllegalArgumentException e) {
            return new Seen(instance, null, "it does not answer as a Weir does");
        }
    }
}
