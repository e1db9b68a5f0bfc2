package io.weir.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.alert.Thresholds;
import io.weir.config.MonitorConfig;
import io.weir.config.NodeAddress;
import io.weir.config.NodeConfig;
import io.weir.config.Overlay;
import io.weir.config.OverlayEntry;
import io.weir.config.WeirConfig;
import io.weir.config.load.ConfigLoader;
import io.weir.config.load.ConfigWriter;
import io.weir.config.load.Environment;
import io.weir.config.load.Loaded;
import io.weir.control.store.Json;
import io.weir.event.BoundedEventBus;
import io.weir.event.Event;
import io.weir.event.EventTag;
import io.weir.log.AccessLogs;
import io.weir.metrics.Metrics;
import io.weir.pool.NodeNames;
import io.weir.runtime.DataPlane;
import io.weir.runtime.DataPlaneMetrics;
import io.weir.runtime.WeirRuntime;
import io.weir.testkit.Await;
import io.weir.testkit.FakeNode;
import io.weir.testkit.ManualTicker;
import io.weir.testkit.RawClient;
import io.weir.testkit.ReceivedResponse;
import io.weir.time.Ticker;

import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * An example that runs in the test's own process, as it is shipped but for its surroundings: it
 * listens on free loopback ports, its nodes are scripted ones with the addresses of the example as
 * their names, and its monitors look often.
 */
final class RunningExample implements AutoCloseable {

    private static final Duration SOON = Duration.ofMillis(100);

    /** A server that a rule names. */
    private static final Pattern SERVER = Pattern.compile("http://([0-9.]+:[0-9]+)");

    private final Example example;
    private final Path logs;
    private final Map<String, FakeNode> nodes = new LinkedHashMap<>();
    private final Map<String, List<InetAddress>> names = new LinkedHashMap<>();
    private final BoundedEventBus events;
    private final AccessLogs accessLogs;
    private final DataPlane plane;
    private final WeirConfig config;
    private final ManualTicker thresholdTime = new ManualTicker();
    private final Thresholds thresholds;
    private int listeners;

    /**
     * Starts an example.
     *
     * @param logs an existing directory
     */
    RunningExample(Example example, Path logs) throws IOException {
        this.example = example;
        this.logs = logs;
        Ticker ticker = Ticker.system();
        config = config();
        events = BoundedEventBus.start(ticker);
        accessLogs = new AccessLogs(logs, ticker, events);
        plane =
                new WeirRuntime(
                        config.global(),
                        new WeirRuntime.Services(
                                ticker,
                                events,
                                new Metrics(WeirRuntime.eventLoops(config.global())),
                                accessLogs,
                                NodeNames.of(names)));
        DataPlane.ApplyResult result = plane.apply(config, Overlay.EMPTY);
        assertThat(result.applied()).as("%s", result.objects()).isTrue();
        thresholds = new Thresholds(new DataPlaneMetrics(plane::status), events, thresholdTime);
        thresholds.apply(config.thresholds().values());
    }

    // ---- other surroundings

    private WeirConfig config() throws IOException {
        WeirConfig written = Objects.requireNonNull(example.load(Map.of()).config());
        Object tree =
                new Load(LoadSettings.builder().build())
                        .loadFromString(ConfigWriter.canonical(lookingOften(written)));
        Map<String, Object> root = mapping(tree);
        mapping(root.get("global")).put("admin", "off");
        mapping(root.get("global")).put("metrics", "off");
        for (Map<String, Object> server : objects(root, "virtual-servers")) {
            List<Object> listen = new ArrayList<>();
            for (Object _ : (List<?>) Objects.requireNonNull(server.get("listen"))) {
                // Port 0 for all, so the addresses have to differ.
                listen.add("127.0.0." + ++listeners + ":0");
            }
            server.put("listen", listen);
        }
        for (Map<String, Object> pool : objects(root, "pools")) {
            for (Object node : (List<?>) Objects.requireNonNull(pool.get("nodes"))) {
                surround(mapping(node), "address");
            }
        }
        for (Map<String, Object> threshold : objects(root, "thresholds")) {
            threshold.computeIfPresent("labels", (_, labels) -> labels((List<?>) labels));
        }
        for (Map<String, Object> monitor : objects(root, "monitors")) {
            surround(monitor, "machine");
            Object program = monitor.get("program");
            if (program != null) {
                Path name = Path.of(program.toString()).getFileName();
                monitor.put(
                        "program", example.directory().resolve(name).toAbsolutePath().toString());
            }
        }
        rules(root);
        Loaded loaded =
                ConfigLoader.parse(
                        Json.write(root), example.file(), Environment.of(Map.of(), example.file()));
        assertThat(loaded.errors()).isEmpty();
        return Objects.requireNonNull(loaded.config());
    }

    /** The same with monitors that look often, those that are built in among them. */
    private static WeirConfig lookingOften(WeirConfig written) {
        Map<String, MonitorConfig> monitors = new LinkedHashMap<>();
        for (MonitorConfig m : written.monitors().values()) {
            monitors.put(
                    m.name(),
                    new MonitorConfig(
                            m.name(),
                            m.scope(),
                            m.machine(),
                            SOON,
                            m.timeout(),
                            m.failures(),
                            m.backOff(),
                            m.verbose(),
                            m.probe(),
                            m.note()));
        }
        return new WeirConfig(
                written.global(),
                written.virtualServers(),
                written.pools(),
                monitors,
                written.rules(),
                written.persistenceClasses(),
                written.serviceLevelClasses(),
                written.protectionClasses(),
                written.rateClasses(),
                written.bandwidthClasses(),
                written.eventTypes(),
                written.actions(),
                written.thresholds(),
                written.authenticators(),
                written.resources());
    }

    /** Rules ask scripted nodes in the place of the servers that they name. */
    private void rules(Map<String, Object> root) throws IOException {
        if (!(root.get("rules") instanceof Map<?, ?> rules) || rules.isEmpty()) {
            return;
        }
        Map<String, Object> copies = new LinkedHashMap<>();
        for (Map.Entry<?, ?> rule : rules.entrySet()) {
            String text = Files.readString(Path.of(String.valueOf(rule.getValue())));
            String local =
                    SERVER.matcher(text)
                            .replaceAll(
                                    found ->
                                            "http://"
                                                    + nodes.computeIfAbsent(
                                                                    found.group(1),
                                                                    FakeNode::answering)
                                                            .address());
            Path copy = logs.resolve(rule.getKey() + ".js");
            Files.writeString(copy, local);
            copies.put(String.valueOf(rule.getKey()), copy.toAbsolutePath().toString());
        }
        root.put("rules", copies);
        mapping(mapping(root.get("global")).get("rules")).put("egress", List.of("127.0.0.0/8"));
    }

    /** Puts a scripted node in the place of the one that {@code key} names. */
    private void surround(Map<String, Object> object, String key) {
        Object written = object.get(key);
        if (written == null) {
            return;
        }
        String address = written.toString();
        FakeNode node = nodes.computeIfAbsent(address, FakeNode::answering);
        String host = address.substring(0, address.lastIndexOf(':'));
        if (host.matches("[0-9.]+")) {
            object.put(key, node.address());
        } else {
            names.put(host, List.of(InetAddress.getLoopbackAddress()));
            object.put(key, host + ":" + node.port());
        }
    }

    /** Labels of a figure with the scripted node in the place of the one that they name. */
    private List<String> labels(List<?> written) {
        List<String> labels = new ArrayList<>();
        for (Object label : written) {
            String[] both = String.valueOf(label).split("=", 2);
            FakeNode node = both[0].equals("node") ? nodes.get(both[1]) : null;
            labels.add(both[0] + "=" + (node == null ? both[1] : node.address()));
        }
        return labels;
    }

    private static List<Map<String, Object>> objects(Map<String, Object> root, String section) {
        List<Map<String, Object>> objects = new ArrayList<>();
        if (root.get(section) instanceof Map<?, ?> named) {
            named.values().forEach(object -> objects.add(mapping(object)));
        }
        return objects;
    }

    @SuppressWarnings("unchecked") // what YAML calls a mapping, with texts for keys
    private static Map<String, Object> mapping(@Nullable Object value) {
        return (Map<String, Object>) Objects.requireNonNull(value);
    }

    // ---- looking at it

    /** The node that the example names {@code address}. */
    FakeNode node(String address) {
        return Objects.requireNonNull(nodes.get(address), () -> address + " is none of " + nodes);
    }

    DataPlane plane() {
        return plane;
    }

    /** Looks at the figures that thresholds are about; tells the events of all looks so far. */
    List<EventTag> look() throws InterruptedException {
        thresholds.look();
        return events().stream()
                .map(Event::tag)
                .filter(tag -> tag.keyword().startsWith("threshold"))
                .toList();
    }

    /** The same when {@code time} has passed for thresholds, and for nothing else. */
    List<EventTag> lookAfter(Duration time) throws InterruptedException {
        thresholdTime.advance(time);
        return look();
    }

    /** What was raised so far. */
    List<Event> events() throws InterruptedException {
        assertThat(events.flush(Duration.ofSeconds(30))).isTrue();
        return events.recent(1000);
    }

    /** Lets the node that the example names {@code address} get no new work, or ends that. */
    void drain(String address, boolean drained) {
        OverlayEntry entry =
                new OverlayEntry(
                        null,
                        new NodeAddress("127.0.0.1", node(address).port()),
                        NodeConfig.State.DRAINING,
                        null,
                        "manager",
                        "",
                        Ticker.system().now(),
                        null);
        Overlay overlay = drained ? new Overlay(List.of(entry)) : Overlay.EMPTY;
        assertThat(plane.apply(config, overlay).applied()).isTrue();
    }

    /** What is known about the node that the example names {@code address} in a pool. */
    DataPlane.NodeView view(String pool, String address) {
        String port = ":" + node(address).port();
        return plane.status().pools().stream()
                .filter(p -> p.name().equals(pool))
                .flatMap(p -> p.nodes().stream())
                .filter(n -> n.node().endsWith(port))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + address + " in " + plane.status()));
    }

    /** A connection to the first address of a virtual server. */
    RawClient client(String server) {
        return client(server, 0);
    }

    /** A connection to one of the addresses of a virtual server. */
    RawClient client(String server, int which) {
        return RawClient.to(address(server, which));
    }

    /** The first address of a virtual server. */
    String address(String server) {
        return address(server, 0);
    }

    private String address(String server, int which) {
        DataPlane.VirtualServerStatus status =
                plane.status().virtualServers().stream()
                        .filter(s -> s.name().equals(server))
                        .findFirst()
                        .orElseThrow();
        return status.listen().get(which);
    }

    /** The answer to a GET with further {@code fields}, over a connection of its own. */
    ReceivedResponse get(String server, String path, String... fields) {
        try (RawClient client = client(server)) {
            return client.exchange(request(path, fields));
        }
    }

    /** Who answers a GET. */
    String answeredBy(String server, String... fields) {
        return get(server, "/", fields).field("X-Node");
    }

    static String request(String path, String... fields) {
        StringBuilder request =
                new StringBuilder("GET " + path + " HTTP/1.1\r\nHost: www.example.com\r\n");
        for (String field : fields) {
            request.append(field).append("\r\n");
        }
        return request.append("\r\n").toString();
    }

    /** The text of the log file once it is there, which may have any of these names. */
    String log(String... names) throws IOException {
        List<Path> files = new ArrayList<>();
        Await.until(
                "a line in " + String.join(" or ", names),
                () -> {
                    Stream.of(names)
                            .map(logs::resolve)
                            .filter(file -> file.toFile().length() > 0)
                            .forEach(files::add);
                    return !files.isEmpty();
                });
        return Files.readString(files.getFirst());
    }

    @Override
    public void close() {
        plane.stop(Duration.ofSeconds(1));
        try {
            accessLogs.stop(Duration.ofSeconds(1));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        events.close();
        nodes.values().forEach(FakeNode::close);
    }
}
