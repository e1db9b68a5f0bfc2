package io.weir.alert.receiver;

import io.weir.log.PlainText;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Sends HTTP requests and judges the answers: 2xx is success; 408, 425, 429 and 5xx may pass, as
 * may anything that goes wrong with the connection; every other answer, redirects among them, is
 * final. URLs may hold secrets, so messages show only their beginning.
 */
final class HttpSender implements AutoCloseable {

    private static final Duration CONNECT_TIME = Duration.ofSeconds(10);
    private static final long MAX_ANSWER = 64 * 1024;
    private static final int SHOWN = 120;

    private final URI url;
    private final String shown;
    private final ExecutorService threads;
    private final HttpClient client;

    /**
     * @param authorities null for those of the system
     * @throws UndeliverableException when the URL or the file cannot be used
     */
    HttpSender(String url, @Nullable Path authorities) throws UndeliverableException {
        try {
            this.url = new URI(url.strip());
        } catch (URISyntaxException e) {
            // The message of the exception has the URL in it.
            throw new UndeliverableException("the URL is malformed");
        }
        String scheme = this.url.getScheme();
        if (this.url.getHost() == null
                || !("http".equalsIgnoreCase(scheme) || "https".equalsIgnoreCase(scheme))) {
            throw new UndeliverableException(
                    "the URL is not one of http:// or https:// and a host");
        }
        int port = this.url.getPort();
        this.shown = scheme + "://" + this.url.getHost() + (port < 0 ? "" : ":" + port);
        this.threads = Executors.newVirtualThreadPerTaskExecutor();
        HttpClient.Builder builder =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .followRedirects(HttpClient.Redirect.NEVER)
                        .connectTimeout(CONNECT_TIME)
                        .executor(threads);
        if ("https".equalsIgnoreCase(scheme)) {
            builder.sslContext(Trust.context(authorities));
        }
        this.client = builder.build();
    }

    /** The value of the field Authorization for HTTP Basic (RFC 7617). */
    static String basic(String user, String password) {
        return "Basic "
                + Base64.getEncoder()
                        .encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Sends a POST request.
     *
     * @param way added to the path of the URL; mostly empty
     * @param fields header fields
     * @return the beginning of the answer's body
     */
    String post(String way, Map<String, String> fields, String body)
            throws IOException, UndeliverableException, InterruptedException {
        HttpRequest.Builder request;
        try {
            request = HttpRequest.newBuilder(way.isEmpty() ? url : URI.create(url + way));
            fields.forEach(request::setHeader);
        } catch (IllegalArgumentException e) {
            throw new UndeliverableException("the request to " + shown + " is malformed");
        }
        request.POST(HttpRequest.BodyPublishers.ofString(body, StandardCharsets.UTF_8));
        HttpResponse<String> answer;
        try {
            answer =
                    client.send(
                            request.build(),
                            BodyHandlers.limiting(
                                    BodyHandlers.ofString(StandardCharsets.UTF_8), MAX_ANSWER));
        } catch (IOException e) {
            String reason = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
            throw new IOException(shown + ": " + reason, e);
        }
        judge(answer);
        return answer.body();
    }

    private void judge(HttpResponse<String> answer) throws IOException, UndeliverableException {
        int status = answer.statusCode();
        if (status / 100 == 2) {
            return;
        }
        String said = PlainText.of(answer.body().strip());
        String message =
                shown
                        + " answered "
                        + status
                        + (said.isEmpty()
                                ? ""
                                : ": " + said.substring(0, Math.min(SHOWN, said.length())));
        if (status == 408 || status == 425 || status == 429 || status / 100 == 5) {
            String after = answer.headers().firstValue("Retry-After").orElse("");
            if (after.matches("\\d{1,6}")) {
                throw new TryLaterException(message, Duration.ofSeconds(Long.parseLong(after)));
            }
            throw new IOException(message);
        }
        throw new UndeliverableException(message);
    }

    @Override
    public void close() {
        client.shutdownNow();
        threads.shutdownNow();
    }
}
