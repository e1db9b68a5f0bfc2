package io.weir.testkit;

import org.jspecify.annotations.Nullable;

import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Clients that keep asking over keep-alive connections, each on a virtual thread of its own, and
 * write down everything but a complete 200. Safe for every thread.
 */
public final class Load implements AutoCloseable {

    private static final String REQUEST = "GET /load HTTP/1.1\r\nHost: weir.test\r\n\r\n";

    private final int port;
    private final Duration pace;
    private final List<Thread> threads = new ArrayList<>();
    private final AtomicInteger served = new AtomicInteger();
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicLong slowestNanos = new AtomicLong();
    private final List<String> failures = new CopyOnWriteArrayList<>();
    private volatile boolean stopping;

    private Load(int port, Duration pace) {
        this.port = port;
        this.pace = pace;
    }

    /**
     * Starts {@code clients} clients.
     *
     * @param pace time that each client lets pass between two requests
     */
    public static Load start(int port, int clients, Duration pace) {
        Load load = new Load(port, pace);
        for (int i = 0; i < clients; i++) {
            load.threads.add(Thread.ofVirtual().name("load-" + i).start(load::run));
        }
        return load;
    }

    /** Requests that were answered with a complete 200. */
    public int served() {
        return served.get();
    }

    /** Connections that were opened; as many as clients when none was closed by the other side. */
    public int connections() {
        return connections.get();
    }

    /** The longest time an answer took, in milliseconds. */
    public long slowestMillis() {
        return TimeUnit.NANOSECONDS.toMillis(slowestNanos.get());
    }

    /** What went wrong. */
    public List<String> failures() {
        return List.copyOf(failures);
    }

    /** Waits until {@code count} further requests have been served. */
    public Load awaitFurther(int count) {
        int target = served() + count;
        Await.until(count + " further answers", () -> served() >= target);
        return this;
    }

    /** Lets the requests under way end and stops. */
    public Load stop() {
        stopping = true;
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }
        return this;
    }

    @Override
    public void close() {
        stop();
    }

    private void run() {
        @Nullable RawClient client = null;
        while (!stopping) {
            if (client == null) {
                client = connect();
            }
            if (client != null && !ask(client)) {
                client.close();
                client = null;
            }
            LockSupport.parkNanos(pace.toNanos());
        }
        if (client != null) {
            client.close();
        }
    }

    private @Nullable RawClient connect() {
        try {
            RawClient client = RawClient.to(port);
            connections.incrementAndGet();
            return client;
        } catch (UncheckedIOException refused) {
            failures.add(String.valueOf(refused.getMessage()));
            return null;
        }
    }

    private boolean ask(RawClient client) {
        long start = System.nanoTime();
        try {
            ReceivedResponse response = client.exchange(REQUEST);
            slowestNanos.accumulateAndGet(System.nanoTime() - start, Math::max);
            if (response.status() == 200 && response.complete()) {
                served.incrementAndGet();
                return true;
            }
            failures.add(response.toString());
            return response.complete() && !response.fields().lists("Connection", "close");
        } catch (UncheckedIOException | AssertionError e) {
            failures.add(String.valueOf(e.getMessage()));
            return false;
        }
    }
}
