package io.weir.testkit;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import javax.net.ssl.SSLContext;

/** A small HTTP server that remembers what it is sent, well or ill. Safe for every thread. */
public final class HttpReceiver implements AutoCloseable {

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final List<Received> received = new CopyOnWriteArrayList<>();
    private volatile Mood mood = new Mood(200, Map.of(), "", false);

    /** A request; the names of the fields in lower case. */
    public record Received(String path, Map<String, String> fields, String body) {}

    private record Mood(int status, Map<String, String> fields, String body, boolean hangs) {}

    private HttpReceiver(@Nullable SSLContext tls) {
        try {
            InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
            if (tls == null) {
                server = HttpServer.create(any, 50);
            } else {
                HttpsServer secured = HttpsServer.create(any, 50);
                secured.setHttpsConfigurator(new HttpsConfigurator(tls));
                server = secured;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    /** One that answers 200 at once. */
    public static HttpReceiver start() {
        return new HttpReceiver(null);
    }

    /** The same over TLS. */
    public static HttpReceiver start(SSLContext tls) {
        return new HttpReceiver(tls);
    }

    /** Answers with {@code status} from now on. */
    public void answer(int status, String body) {
        mood = new Mood(status, Map.of(), body, false);
    }

    /** Answers with {@code status} and a field from now on. */
    public void answer(int status, String name, String value) {
        mood = new Mood(status, Map.of(name, value), "", false);
    }

    /** Answers nothing from now on. */
    public void hang() {
        mood = new Mood(200, Map.of(), "", true);
    }

    /** What has come, oldest first. */
    public List<Received> received() {
        return received;
    }

    /** Waits until {@code count} requests have come. */
    public List<Received> await(int count) {
        Await.until(count + " requests, have " + received, () -> received.size() >= count);
        return received;
    }

    public int port() {
        return server.getAddress().getPort();
    }

    /** The address of {@code path} here. */
    public String url(String path) {
        String scheme = server instanceof HttpsServer ? "https" : "http";
        return scheme + "://127.0.0.1:" + port() + path;
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String body =
                    new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            Map<String, String> fields = new LinkedHashMap<>();
            exchange.getRequestHeaders()
                    .forEach(
                            (name, values) ->
                                    fields.put(name.toLowerCase(Locale.ROOT), values.getFirst()));
            Mood now = mood;
            received.add(new Received(exchange.getRequestURI().toString(), fields, body));
            if (now.hangs) {
                closing.await();
                return;
            }
            now.fields.forEach(exchange.getResponseHeaders()::set);
            byte[] answer = now.body.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(now.status, answer.length == 0 ? -1 : answer.length);
            exchange.getResponseBody().write(answer);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        closing.countDown();
        server.stop(0);
        threads.shutdownNow();
    }
}
