package io.weir.testkit;

import io.weir.event.BoundedEventBus;
import io.weir.event.Event;
import io.weir.log.AccessLogs;
import io.weir.metrics.Metrics;
import io.weir.runtime.DataPlane;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/** A Weir that runs in the test's own process. Safe for every thread. */
public final class RunningWeir implements AutoCloseable {

    private final DataPlane plane;
    private final Function<String, DataPlane.ApplyResult> apply;
    private final BoundedEventBus events;
    private final AccessLogs accessLogs;
    private final Metrics metrics;
    private final Path logs;

    /**
     * A running Weir.
     *
     * @param apply reads a configuration text and puts it in force
     * @param logs directory of the access logs, which is deleted at the end
     */
    RunningWeir(
            DataPlane plane,
            Function<String, DataPlane.ApplyResult> apply,
            BoundedEventBus events,
            AccessLogs accessLogs,
            Metrics metrics,
            Path logs) {
        this.plane = plane;
        this.apply = apply;
        this.events = events;
        this.accessLogs = accessLogs;
        this.metrics = metrics;
        this.logs = logs;
    }

    /** The data plane. */
    public DataPlane plane() {
        return plane;
    }

    /** What has happened since the start, oldest first. */
    public List<Event> events() {
        return events.recent(1000);
    }

    /** The directory of the access logs. */
    public Path logs() {
        return logs;
    }

    /** The page of figures, as Prometheus reads it. */
    public String metrics() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            metrics.write(out, null);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    /** The port of the virtual server {@code web}. */
    public int port() {
        return port("web");
    }

    /** The port on which the virtual server {@code name} listens first. */
    public int port(String name) {
        for (DataPlane.VirtualServerStatus server : plane.status().virtualServers()) {
            if (server.name().equals(name)) {
                String address = server.listen().get(0);
                return Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
            }
        }
        throw new AssertionError("no virtual server " + name + " in " + plane.status());
    }

    /** What is known about the node at {@code address} in the pool {@code web}. */
    public DataPlane.NodeView node(String address) {
        for (DataPlane.PoolStatus pool : plane.status().pools()) {
            for (DataPlane.NodeView node : pool.nodes()) {
                if (pool.name().equals("web") && node.node().equals(address)) {
                    return node;
                }
            }
        }
        throw new AssertionError("no node " + address + " in " + plane.status());
    }

    /** Client connections of the virtual server {@code web} now. */
    public int clientConnections() {
        return plane.status().virtualServers().get(0).connections();
    }

    /** Puts a configuration text in force; fails the test when it is refused. */
    public void apply(String yaml) {
        DataPlane.ApplyResult result = tryApply(yaml);
        if (!result.applied()) {
            throw new AssertionError("refused: " + result.objects() + "\n" + yaml);
        }
    }

    /** Puts a configuration text in force, or not. */
    public DataPlane.ApplyResult tryApply(String yaml) {
        return apply.apply(yaml);
    }

    @Override
    public void close() {
        // What does not end by itself is cut: no test is about this stop.
        plane.stop(Duration.ofMillis(100));
        try {
            accessLogs.stop(Duration.ofSeconds(1));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        events.close();
        try (Stream<Path> files = Files.walk(logs)) {
            files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
