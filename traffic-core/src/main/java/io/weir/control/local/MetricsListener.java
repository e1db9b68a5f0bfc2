package io.weir.control.local;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import io.weir.admin.server.HostCheck;
import io.weir.config.ListenAddress;
import io.weir.config.WeirConfig;
import io.weir.control.Control;
import io.weir.control.Health;
import io.weir.control.store.Json;
import io.weir.event.EventBus;
import io.weir.event.EventTag;
import io.weir.metrics.MetricsPage;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Health, status and metrics over HTTP, for monitoring systems and people; nothing can be changed
 * here. Each request has a virtual thread. When the address cannot be had, that is reported and
 * tried again; traffic goes on.
 */
public final class MetricsListener implements AutoCloseable {

    /** Bounds of the JDK's server, which reads them once in the life of a process. */
    private static final Map<String, String> LIMITS =
            Map.of(
                    "sun.net.httpserver.maxReqTime", "5",
                    "sun.net.httpserver.maxRspTime", "30",
                    "sun.net.httpserver.idleInterval", "30",
                    "sun.net.httpserver.maxIdleConnections", "50",
                    "jdk.httpserver.maxConnections", "200",
                    "sun.net.httpserver.maxReqHeaders", "100",
                    "sun.net.httpserver.maxReqHeaderSize", "16384",
                    "sun.net.httpserver.drainAmount", "8192",
                    "sun.net.httpserver.nodelay", "true");

    private static final String COMPONENT = "metrics listener";

    private final Control control;
    private final MetricsPage metrics;
    private final EventBus events;
    private final HostCheck hosts;

    private @Nullable ListenAddress wanted;
    private @Nullable ListenAddress bound;
    private @Nullable HttpServer server;
    private @Nullable ExecutorService threads;
    private boolean closed;

    /**
     * @param machineNames names of this machine under which it may be asked, in lower case
     */
    public MetricsListener(
            Control control, MetricsPage metrics, EventBus events, Set<String> machineNames) {
        this.control = control;
        this.metrics = metrics;
        this.events = events;
        this.hosts = new HostCheck(machineNames);
    }

    /** Listens where {@code config} says from now on. */
    public synchronized void follow(WeirConfig config) {
        if (!Objects.equals(wanted, config.global().metrics())) {
            wanted = config.global().metrics();
            settle(true);
        }
    }

    /** Tries again if the address could not be had. To be called now and then. */
    public synchronized void retry() {
        if (!Objects.equals(wanted, bound)) {
            settle(false);
        }
    }

    /** Where it listens, with the real port; null when it does not. */
    public synchronized @Nullable InetSocketAddress address() {
        HttpServer present = server;
        return present == null ? null : present.getAddress();
    }

    private void settle(boolean announce) {
        if (closed) {
            return;
        }
        stop();
        ListenAddress address = wanted;
        if (address == null) {
            control.report(COMPONENT, null);
            return;
        }
        try {
            start(address);
            bound = address;
            control.report(COMPONENT, null);
        } catch (IOException | RuntimeException e) {
            String trouble = "cannot listen on " + address + ": " + e.getMessage();
            control.report(COMPONENT, trouble);
            if (announce) {
                events.emit(
                        EventTag.LISTENFAIL,
                        "the metrics listener " + trouble + "; traffic goes on");
            }
        }
    }

    private void start(ListenAddress address) throws IOException {
        LIMITS.forEach((name, value) -> System.getProperties().putIfAbsent(name, value));
        InetSocketAddress socket =
                address.host().equals("*")
                        ? new InetSocketAddress(address.port())
                        : new InetSocketAddress(address.host(), address.port());
        HttpServer made = HttpServer.create(socket, 50);
        ExecutorService executor =
                Executors.newThreadPerTaskExecutor(
                        Thread.ofVirtual().name("weir-metrics-", 0).factory());
        made.setExecutor(executor);
        made.createContext("/", this::handle);
        made.start();
        server = made;
        threads = executor;
    }

    private void stop() {
        HttpServer old = server;
        ExecutorService executor = threads;
        server = null;
        threads = null;
        bound = null;
        if (old != null && executor != null) {
            old.stop(0);
            executor.shutdown();
        }
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            try {
                answer(exchange);
            } catch (RuntimeException e) {
                events.emit(EventTag.INTERNALERROR, "the metrics listener failed: " + e);
                send(exchange, 500, problem("Weir failed inside"));
            }
        }
    }

    private void answer(HttpExchange exchange) throws IOException {
        Headers request = exchange.getRequestHeaders();
        String method = exchange.getRequestMethod();
        List<String> host = request.get("Host");
        if (host == null || host.size() != 1 || !hosts.accepts(host.getFirst())) {
            send(
                    exchange,
                    421,
                    problem(
                            "the Host field is none of this machine's addresses and names; use its"
                                    + " address"));
        } else if (!method.equals("GET") && !method.equals("HEAD")) {
            exchange.getResponseHeaders().set("Allow", "GET, HEAD");
            send(exchange, 405, problem("the method is " + method + ", expected GET or HEAD"));
        } else if (request.containsKey("Transfer-Encoding")
                || !Objects.requireNonNullElse(request.getFirst("Content-Length"), "0")
                        .equals("0")) {
            exchange.getResponseHeaders().set("Connection", "close");
            send(exchange, 400, problem("the request has a body, expected none"));
        } else {
            page(exchange, request.getFirst("Accept"));
        }
    }

    private void page(HttpExchange exchange, @Nullable String accept) throws IOException {
        switch (exchange.getRequestURI().getPath()) {
            case "/health", "/health/ready" -> {
                Health health = control.health();
                send(exchange, health.ready() ? 200 : 503, json(Documents.health(health)));
            }
            case "/health/live" -> send(exchange, 200, json(Json.object("alive", true)));
            case "/status" -> send(exchange, 200, json(Documents.status(control.status())));
            case "/metrics" -> {
                ByteArrayOutputStream out = new ByteArrayOutputStream(64 << 10);
                metrics.write(out, accept);
                send(exchange, 200, new Page(metrics.contentType(accept), out.toByteArray()));
            }
            case "/" ->
                    send(
                            exchange,
                            200,
                            new Page(
                                    "text/plain; charset=utf-8",
                                    bytes(
                                            """
                                            Weir

                                            /health         alive, ready, degraded, and why
                                            /health/live    200 while the process answers
                                            /health/ready   200 while it takes traffic, else 503
                                            /metrics        figures for Prometheus
                                            /status         everything, as JSON
                                            """)));
            default ->
                    send(
                            exchange,
                            404,
                            problem("there is no such page; see / for those there are"));
        }
    }

    private static void send(HttpExchange exchange, int status, Page page) throws IOException {
        Headers headers = exchange.getResponseHeaders();
        headers.set("Content-Type", page.type());
        headers.set("Cache-Control", "no-store");
        headers.set("X-Content-Type-Options", "nosniff");
        headers.set("X-Frame-Options", "DENY");
        headers.set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
        headers.set("Referrer-Policy", "no-referrer");
        headers.set("Cross-Origin-Resource-Policy", "same-origin");
        if (exchange.getRequestMethod().equals("HEAD")) {
            headers.set("Content-Length", String.valueOf(page.body().length));
            exchange.sendResponseHeaders(status, -1);
        } else {
            exchange.sendResponseHeaders(status, page.body().length);
            exchange.getResponseBody().write(page.body());
            exchange.getResponseBody().flush(); // closing waits for the rest of a request body
        }
    }

    private static Page json(Object document) {
        return new Page("application/json", bytes(Json.write(document) + "\n"));
    }

    private static Page problem(String message) {
        return json(Json.object("message", message));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Stops listening for good; closing twice is harmless. */
    @Override
    public synchronized void close() {
        closed = true;
        stop();
    }

    private record Page(String type, byte[] body) {}
}
