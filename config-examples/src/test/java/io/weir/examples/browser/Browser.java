package io.weir.examples.browser;

import io.weir.testkit.Await;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.stream.Stream;

/**
 * An installed Chromium without a window, driven by the Chrome DevTools Protocol over the WebSocket
 * of the JDK. Confined to the thread of the test, but for what the browser tells.
 */
final class Browser implements AutoCloseable {

    static final Duration PATIENCE = Duration.ofSeconds(60);

    static final JsonMapper JSON = JsonMapper.builder().build();

    private static final List<String> NAMES =
            List.of("chromium", "chromium-browser", "google-chrome-stable", "google-chrome");

    private final Process process;
    private final Thread ending;
    private final HttpClient client;
    private final WebSocket socket;
    private final AtomicInteger ids = new AtomicInteger();
    private final Map<Integer, CompletableFuture<JsonNode>> asked = new ConcurrentHashMap<>();
    private final Map<String, BiConsumer<String, JsonNode>> followers = new ConcurrentHashMap<>();

    /** Where Chromium is; empty when it is not installed. */
    static Optional<Path> installed() {
        return Stream.of(System.getenv("PATH").split(":", -1))
                .flatMap(directory -> NAMES.stream().map(name -> Path.of(directory, name)))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /**
     * Starts it.
     *
     * @param home an empty directory for what it keeps
     */
    Browser(Path program, Path home) throws IOException {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                program.toString(),
                                "--headless=new",
                                "--remote-debugging-port=0",
                                "--user-data-dir=" + home,
                                "--ignore-certificate-errors",
                                "--no-first-run",
                                "--no-sandbox",
                                "--disable-gpu",
                                "--disable-dev-shm-usage",
                                "--disable-extensions",
                                "--disable-component-update",
                                "--disable-background-networking",
                                "--disable-component-extensions-with-background-pages",
                                "--disable-sync",
                                // Else it drops changes of pages beyond 200 in ten seconds.
                                "--disable-ipc-flooding-protection",
                                "--disable-features=Translate,OptimizationHints,OptimizationGuideOnDeviceModel,MediaRouter",
                                "--force-prefers-reduced-motion",
                                "--mute-audio",
                                "about:blank"));
        Path said = home.resolve("said.txt");
        process =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(said.toFile())
                        .start();
        ending = new Thread(this::end, "end-of-browser");
        // A run of tests that is broken off must not leave a browser behind.
        Runtime.getRuntime().addShutdownHook(ending);
        client = HttpClient.newHttpClient();
        try {
            socket = connect(home.resolve("DevToolsActivePort"), said);
        } catch (IOException | RuntimeException | Error e) {
            end();
            throw e;
        }
    }

    private WebSocket connect(Path portFile, Path said) throws IOException {
        Await.until(
                "Chromium to listen",
                PATIENCE,
                () -> lines(portFile).size() >= 2 || !process.isAlive());
        List<String> lines = lines(portFile);
        if (lines.size() < 2) {
            throw new IOException("Chromium ended: " + Files.readString(said));
        }
        return client.newWebSocketBuilder()
                .buildAsync(
                        URI.create("ws://127.0.0.1:" + lines.getFirst() + lines.get(1)),
                        new Listening())
                .join();
    }

    private static List<String> lines(Path file) {
        try {
            return Files.exists(file) ? Files.readAllLines(file) : List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Opens an empty page with a size of its own and no cookies of others. */
    Page page() {
        String context =
                ask(null, "Target.createBrowserContext", Map.of())
                        .get("browserContextId")
                        .stringValue();
        String target =
                ask(
                                null,
                                "Target.createTarget",
                                Map.of("url", "about:blank", "browserContextId", context))
                        .get("targetId")
                        .stringValue();
        String session =
                ask(null, "Target.attachToTarget", Map.of("targetId", target, "flatten", true))
                        .get("sessionId")
                        .stringValue();
        return new Page(this, session);
    }

    /** Has what a session tells come to {@code follower}, on a thread of the browser's. */
    void follow(String session, BiConsumer<String, JsonNode> follower) {
        followers.put(session, follower);
    }

    /**
     * Calls a method of the protocol and waits for its result.
     *
     * @param session null for the browser itself
     */
    JsonNode ask(@Nullable String session, String method, Map<String, ?> parameters) {
        int id = ids.incrementAndGet();
        ObjectNode message = JSON.createObjectNode().put("id", id).put("method", method);
        message.set("params", JSON.valueToTree(parameters));
        if (session != null) {
            message.put("sessionId", session);
        }
        CompletableFuture<JsonNode> answer = new CompletableFuture<>();
        asked.put(id, answer);
        try {
            socket.sendText(message.toString(), true).join();
            return answer.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new AssertionError(method + " had no answer within " + PATIENCE, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } catch (ExecutionException | CompletionException e) {
            throw new AssertionError(method + ": " + e.getCause(), e);
        } finally {
            asked.remove(id);
        }
    }

    private void told(JsonNode message) {
        JsonNode id = message.get("id");
        if (id != null) {
            CompletableFuture<JsonNode> answer = asked.get(id.intValue());
            JsonNode error = message.get("error");
            if (answer != null && error != null) {
                answer.completeExceptionally(new IOException(error.toString()));
            } else if (answer != null) {
                answer.complete(message.get("result"));
            }
            return;
        }
        JsonNode session = message.get("sessionId");
        BiConsumer<String, JsonNode> follower =
                session == null ? null : followers.get(session.stringValue());
        if (follower != null) {
            follower.accept(message.get("method").stringValue(), message.get("params"));
        }
    }

    /** Joins the parts of messages. */
    private final class Listening implements WebSocket.Listener {

        private final StringBuilder text = new StringBuilder();

        @Override
        public @Nullable CompletionStage<?> onText(
                WebSocket webSocket, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                JsonNode message = JSON.readTree(text.toString());
                text.setLength(0);
                told(message);
            }
            webSocket.request(1);
            return null;
        }

        @Override
        public void onError(WebSocket webSocket, Throwable error) {
            asked.values().forEach(answer -> answer.completeExceptionally(error));
        }
    }

    @Override
    public void close() {
        socket.abort();
        client.shutdownNow();
        end();
        Runtime.getRuntime().removeShutdownHook(ending);
    }

    /** Ends the process and its helpers, which do not always end with it. */
    private void end() {
        List<ProcessHandle> helpers = process.descendants().toList();
        process.destroyForcibly().onExit().join();
        helpers.forEach(ProcessHandle::destroyForcibly);
    }
}
