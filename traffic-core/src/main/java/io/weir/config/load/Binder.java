package io.weir.config.load;

import io.weir.config.ActionConfig;
import io.weir.config.AuthenticatorConfig;
import io.weir.config.BackupConfig;
import io.weir.config.BandwidthConfig;
import io.weir.config.DnsConfig;
import io.weir.config.EventTypeConfig;
import io.weir.config.GlobalConfig;
import io.weir.config.GlobalConfig.TlsEngine;
import io.weir.config.GlobalConfig.Transport;
import io.weir.config.Http2Config;
import io.weir.config.ListenAddress;
import io.weir.config.MonitorConfig;
import io.weir.config.PersistenceConfig;
import io.weir.config.PoolConfig;
import io.weir.config.Priority;
import io.weir.config.ProtectionConfig;
import io.weir.config.Protocol;
import io.weir.config.RateConfig;
import io.weir.config.RuleLimits;
import io.weir.config.ServiceLevelConfig;
import io.weir.config.ThresholdConfig;
import io.weir.config.VirtualServerConfig;
import io.weir.config.VirtualServerConfig.AcceptFrom;
import io.weir.config.VirtualServerConfig.AccessLogConfig;
import io.weir.config.VirtualServerConfig.CookieDomain;
import io.weir.config.VirtualServerConfig.CookieSecure;
import io.weir.config.VirtualServerConfig.Forwarding;
import io.weir.config.VirtualServerConfig.Limits;
import io.weir.config.VirtualServerConfig.LocationRewrite;
import io.weir.config.VirtualServerConfig.ResponseRewriting;
import io.weir.config.VirtualServerConfig.Route;
import io.weir.config.VirtualServerConfig.RuleFailure;
import io.weir.config.VirtualServerConfig.Tcp;
import io.weir.config.VirtualServerConfig.Udp;
import io.weir.config.WeirConfig;
import io.weir.config.load.Node.Mapping;
import io.weir.config.load.Node.Scalar;
import io.weir.config.load.Node.Sequence;

import org.jspecify.annotations.Nullable;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Makes the records of the model from a document whose structure has been checked. Faulty values
 * become defaults, so that the rest can still be checked; what comes out is used only when nothing
 * was faulty.
 */
final class Binder {

    private final Path directory;
    private final Problems problems;
    private final PoolBinder poolBinder;
    private final MonitorBinder monitorBinder;
    private final RuleBinder ruleBinder;
    private final ResourceBinder resourceBinder;
    private final ClassBinder classBinder;
    private final TlsBinder tlsBinder;
    private final AlertBinder alertBinder;

    /**
     * @param directory what file names in the document are relative to
     * @param ruleFiles reads the files of rules and of address lists
     * @param resourceBinder reads the files for rules, if there are rules
     */
    Binder(
            Path directory,
            RuleBinder.Files ruleFiles,
            ResourceBinder resourceBinder,
            Problems problems) {
        this.directory = directory;
        this.problems = problems;
        this.resourceBinder = resourceBinder;
        this.tlsBinder = new TlsBinder(directory, problems);
        this.poolBinder = new PoolBinder(problems, tlsBinder);
        ProgramFile programs = new ProgramFile(directory, problems);
        this.monitorBinder = new MonitorBinder(programs, problems);
        this.ruleBinder = new RuleBinder(directory, ruleFiles, problems);
        this.classBinder = new ClassBinder(directory, ruleFiles, problems);
        this.alertBinder = new AlertBinder(tlsBinder, programs, problems);
    }

    /** Files with certificates, keys and the like that the configuration names. */
    Set<Path> tlsFiles() {
        return tlsBinder.files();
    }

    Draft bind(Section root) {
        Map<String, Section> poolSections = new LinkedHashMap<>(root.sections("pools"));
        Map<String, PoolConfig> pools = new LinkedHashMap<>();
        poolSections.forEach(
                (name, section) ->
                        pools.put(
                                name,
                                poolBinder.pool(
                                        name,
                                        section,
                                        section.node("nodes"),
                                        section.path("nodes"))));

        Map<String, Section> serverSections = root.sections("virtual-servers");
        Map<String, VirtualServerConfig> servers = new LinkedHashMap<>();
        for (Map.Entry<String, Section> entry : serverSections.entrySet()) {
            String name = entry.getKey();
            Section section = entry.getValue();
            String pool = name;
            if (section.node("pool") instanceof Sequence nodes) {
                inlinePool(name, section, nodes, root, poolSections, pools);
            } else {
                pool = section.node("pool") instanceof Scalar scalar ? scalar.text() : "";
            }
            servers.put(name, virtualServer(name, section, pool));
        }

        Map<String, Section> monitorSections = root.sections("monitors");
        Map<String, MonitorConfig> monitors = new LinkedHashMap<>();
        monitorSections.forEach(
                (name, section) -> monitors.put(name, monitorBinder.monitor(name, section)));
        addBuiltIn(pools, monitors);

        ruleBinder.catalog(root);
        serverSections.values().forEach(ruleBinder::findNamed);

        Map<String, Section> persistenceSections = root.sections("persistence-classes");
        Map<String, PersistenceConfig> persistence = new LinkedHashMap<>();
        persistenceSections.forEach(
                (name, section) ->
                        persistence.put(name, PersistenceBinder.persistence(name, section)));

        Map<String, Section> levelSections = root.sections("service-level-classes");
        Map<String, ServiceLevelConfig> levels = new LinkedHashMap<>();
        levelSections.forEach((name, section) -> levels.put(name, serviceLevel(name, section)));
        Map<String, Section> protectionSections = root.sections("protection-classes");
        Map<String, ProtectionConfig> protection = new LinkedHashMap<>();
        protectionSections.forEach(
                (name, section) -> {
                    protection.put(name, classBinder.protection(name, section));
                    ruleBinder.findNamed(section.textOrNull("rule"));
                });
        Map<String, Section> rateSections = root.sections("rate-classes");
        Map<String, RateConfig> rates = new LinkedHashMap<>();
        rateSections.forEach((name, section) -> rates.put(name, ClassBinder.rate(name, section)));
        Map<String, Section> bandwidthSections = root.sections("bandwidth-classes");
        Map<String, BandwidthConfig> bandwidth = new LinkedHashMap<>();
        bandwidthSections.forEach(
                (name, section) -> bandwidth.put(name, ClassBinder.bandwidth(name, section)));
        Map<String, Section> eventTypeSections = root.sections("event-types");
        Map<String, EventTypeConfig> eventTypes = new LinkedHashMap<>();
        eventTypeSections.forEach(
                (name, section) -> eventTypes.put(name, AlertBinder.eventType(name, section)));
        Map<String, Section> actionSections = root.sections("actions");
        Map<String, ActionConfig> actions = new LinkedHashMap<>();
        actionSections.forEach(
                (name, section) -> actions.put(name, alertBinder.action(name, section)));

        Map<String, Section> authenticatorSections = root.sections("authenticators");
        Map<String, AuthenticatorConfig> authenticators = new LinkedHashMap<>();
        authenticatorSections.forEach(
                (name, section) ->
                        authenticators.put(
                                name, AuthenticatorBinder.bind(name, section, tlsBinder)));
        Map<String, Section> thresholdSections = root.sections("thresholds");
        Map<String, ThresholdConfig> thresholds = new LinkedHashMap<>();
        thresholdSections.forEach(
                (name, section) -> thresholds.put(name, AlertBinder.threshold(name, section)));

        Section global = root.section("global");
        return new Draft(
                new WeirConfig(
                        global(global),
                        servers,
                        pools,
                        monitors,
                        ruleBinder.rules(),
                        persistence,
                        levels,
                        protection,
                        rates,
                        bandwidth,
                        eventTypes,
                        actions,
                        thresholds,
                        authenticators,
                        ruleBinder.rules().isEmpty() ? Map.of() : resourceBinder.read()),
                global,
                serverSections,
                poolSections,
                monitorSections,
                ruleBinder.members(),
                persistenceSections,
                levelSections,
                protectionSections,
                rateSections,
                bandwidthSections,
                eventTypeSections,
                actionSections,
                thresholdSections);
    }

    private void inlinePool(
            String name,
            Section server,
            Sequence nodes,
            Section root,
            Map<String, Section> sections,
            Map<String, PoolConfig> pools) {
        String path = server.path("pool");
        Section taken = sections.get(name);
        if (taken != null) {
            problems.error(
                    nodes.place(),
                    path,
                    ProblemCode.POOL_TWICE,
                    path
                            + ": this list makes a pool with the name '"
                            + name
                            + "', which stands in "
                            + taken.place().brief()
                            + " already; give that name in place of the list, or rename one");
            return;
        }
        Shape shape = root.shapeOf("pools").others();
        if (shape == null) {
            throw new IllegalStateException("pools have no shape");
        }
        Section section = new Section(path, nodes.place(), null, shape, problems);
        sections.put(name, section);
        PoolConfig pool = poolBinder.pool(name, section, nodes, path);
        String monitor = server.choice("protocol", Protocol.class).monitor();
        pools.put(name, monitor == null ? pool : pool.monitoredBy(List.of(monitor)));
    }

    private static void addBuiltIn(
            Map<String, PoolConfig> pools, Map<String, MonitorConfig> monitors) {
        Map<String, MonitorConfig> builtIn = BuiltInMonitors.all();
        for (PoolConfig pool : pools.values()) {
            for (String name : pool.monitors()) {
                MonitorConfig monitor = builtIn.get(name);
                if (monitor != null) {
                    monitors.putIfAbsent(name, monitor);
                }
            }
        }
    }

    private VirtualServerConfig virtualServer(String name, Section s, String pool) {
        return new VirtualServerConfig(
                name,
                s.flag("enabled"),
                s.choice("protocol", Protocol.class),
                listen(s),
                pool,
                s.time("connect-timeout"),
                s.time("timeout"),
                s.flag("keepalive"),
                s.time("keepalive-timeout"),
                (int) s.size("max-client-buffer"),
                (int) s.size("max-server-buffer"),
                s.time("max-transaction-duration"),
                s.count("max-concurrent-connections"),
                s.flag("proxy-protocol"),
                limits(s.section("limits")),
                forwarding(s.section("forwarding")),
                rewriting(s.section("rewriting")),
                s.flag("upgrade"),
                http2(s.section("http2")),
                pageFile(s, "error-file"),
                log(s),
                tcp(s.section("tcp")),
                CacheBinder.cache(s),
                CacheBinder.compression(s),
                routes(s),
                udp(s.section("udp")),
                ruleBinder.uses(s, "request-rules"),
                ruleBinder.uses(s, "response-rules"),
                ruleBinder.uses(s, "completion-rules"),
                s.choice("rule-failure", RuleFailure.class),
                s.textOrNull("service-level"),
                tlsBinder.server(s),
                s.textOrNull("protection"),
                s.textOrNull("rate"),
                s.choice("rate-context", RateConfig.Context.class),
                s.textOrNull("bandwidth"),
                ClassBinder.admission(s.section("admission")),
                s.choice("priority", Priority.class),
                pageFile(s, "busy-file"),
                s.time("busy-retry-after"),
                ExplainBinder.explain(s.section("explain")),
                s.textOrNull("note"));
    }

    private static ServiceLevelConfig serviceLevel(String name, Section s) {
        return new ServiceLevelConfig(
                name,
                s.time("response-time"),
                s.count("warning-threshold"),
                s.count("serious-threshold"),
                s.textOrNull("note"));
    }

    private List<ListenAddress> listen(Section s) {
        Node node = s.node("listen");
        List<Node> items =
                node instanceof Sequence sequence
                        ? sequence.items()
                        : node == null ? List.of() : List.of(node);
        List<ListenAddress> addresses = new ArrayList<>();
        for (Node item : items) {
            ListenAddress address = listenAddress(item);
            if (address != null) {
                addresses.add(address);
            }
        }
        return addresses;
    }

    private @Nullable ListenAddress listenAddress(Node node) {
        if (problems.isFaulty(node) || !(node instanceof Scalar scalar)) {
            return null;
        }
        try {
            return Addresses.listen(scalar.text());
        } catch (Malformed e) {
            throw new IllegalStateException("the structure was not checked", e);
        }
    }

    private static Limits limits(Section s) {
        return new Limits(
                (int) s.size("max-url-length"),
                (int) s.size("max-header-length"),
                s.count("max-headers"),
                s.size("max-body-length"),
                (int) s.size("min-body-rate"),
                s.time("body-grace"));
    }

    private static Forwarding forwarding(Section s) {
        return new Forwarding(
                s.flag("cluster-ip"),
                s.flag("forwarded-for"),
                s.flag("forwarded-proto"),
                s.flag("via"));
    }

    private static ResponseRewriting rewriting(Section s) {
        return new ResponseRewriting(
                s.choice("location", LocationRewrite.class),
                s.textOrNull("location-regex"),
                s.textOrNull("location-replace"),
                s.choice("cookie-domain", CookieDomain.class),
                s.textOrNull("new-cookie-domain"),
                s.textOrNull("cookie-path-regex"),
                s.textOrNull("cookie-path-replace"),
                s.choice("cookie-secure", CookieSecure.class),
                s.texts("remove-headers"));
    }

    private static Http2Config http2(Section s) {
        return new Http2Config(
                s.flag("enabled"),
                s.count("max-concurrent-streams"),
                (int) s.size("header-table-size"),
                (int) s.size("max-frame-size"),
                (int) s.size("stream-window"),
                s.time("idle-timeout"),
                s.count("max-resets"),
                s.count("max-control-frames"));
    }

    private static Tcp tcp(Section s) {
        return new Tcp(s.flag("nagle"), s.flag("close-with-reset"), s.count("backlog"));
    }

    private List<Route> routes(Section s) {
        List<Route> routes = new ArrayList<>();
        if (s.node("routes") instanceof Sequence sequence) {
            for (Section route : s.items("routes", sequence)) {
                String sni = route.textOrNull("sni");
                routes.add(
                        new Route(
                                sni == null ? null : sni.toLowerCase(Locale.ROOT),
                                route.textOrNull("alpn"),
                                route.flag("tls"),
                                Objects.requireNonNullElse(route.textOrNull("pool"), "")));
            }
        }
        return routes;
    }

    private static Udp udp(Section s) {
        return new Udp(
                s.time("timeout"),
                s.count("responses-expected"),
                s.time("response-timeout"),
                s.choice("accept-from", AcceptFrom.class),
                blocks(s, "accept-from-mask"),
                s.count("max-sessions"));
    }

    /** {@code true}, {@code false} or a format in short; a mapping switches the log on. */
    private static AccessLogConfig log(Section s) {
        Node node = s.node("log");
        Section mapping = s.section("log");
        if (node instanceof Mapping) {
            return new AccessLogConfig(
                    mapping.flag("enabled"), mapping.text("file"), mapping.text("format"));
        }
        if (node instanceof Scalar scalar && scalar.type() == Node.Type.TEXT) {
            return new AccessLogConfig(true, mapping.text("file"), scalar.text());
        }
        boolean enabled = node instanceof Scalar scalar && Section.truth(scalar.text());
        return new AccessLogConfig(enabled, mapping.text("file"), mapping.text("format"));
    }

    /** A file that clients are sent as it is. */
    private @Nullable Path pageFile(Section s, String key) {
        String name = s.textOrNull(key);
        if (name == null) {
            return null;
        }
        Path file = directory.resolve(name).toAbsolutePath().normalize();
        String reason = null;
        if (!Files.exists(file)) {
            reason = "there is no such file";
        } else if (!Files.isRegularFile(file)) {
            reason = "it is not a file";
        } else if (!Files.isReadable(file)) {
            reason = "permission denied";
        }
        if (reason != null) {
            String path = s.path(key);
            problems.error(
                    s.place(key),
                    path,
                    ProblemCode.ERROR_FILE,
                    path + ": the file " + s.shown(key) + " cannot be read: " + reason);
        }
        return file;
    }

    private GlobalConfig global(Section s) {
        return new GlobalConfig(
                AdminBinder.admin(s, this::listenAddress, tlsBinder),
                off(s, "metrics"),
                blocks(s, "trusted-proxies"),
                s.count("event-loops"),
                s.choice("transport", Transport.class),
                s.choice("tls-engine", TlsEngine.class),
                s.text("event-log"),
                dns(s.section("dns")),
                s.secretOrNull("cluster-key"),
                s.time("stop-timeout"),
                s.time("stall-limit"),
                CacheBinder.store(s.section("cache")),
                ruleLimits(s.section("rules")),
                locations(s),
                backup(s.section("backup")),
                ClassBinder.overload(s.section("overload")),
                ExplainBinder.store(s.section("explain")),
                ExplainBinder.history(s.section("history")));
    }

    private @Nullable Path locations(Section s) {
        String name = s.textOrNull("location-database");
        if (name == null) {
            return null;
        }
        return directory.resolve(name).toAbsolutePath().normalize();
    }

    private static BackupConfig backup(Section s) {
        return new BackupConfig(
                s.textOrNull("remote"),
                s.textOrNull("user"),
                s.secretOrNull("password"),
                s.secretOrNull("passphrase"));
    }

    /** An address to listen on, or the word off. */
    private @Nullable ListenAddress off(Section s, String key) {
        Node node = s.node(key);
        if (node == null || (node instanceof Scalar scalar && scalar.text().equals("off"))) {
            return null;
        }
        return listenAddress(node);
    }

    static List<String> blocks(Section s, String key) {
        List<String> blocks = new ArrayList<>();
        for (String text : s.texts(key)) {
            try {
                blocks.add(Addresses.block(text));
            } catch (Malformed e) {
                throw new IllegalStateException("the structure was not checked", e);
            }
        }
        return blocks;
    }

    private static RuleLimits ruleLimits(Section s) {
        return new RuleLimits(
                s.time("time-limit"),
                s.time("time-warning"),
                s.size("memory-limit"),
                s.size("body-limit"),
                s.size("data-size"),
                blocks(s, "egress"));
    }

    private static DnsConfig dns(Section s) {
        List<String> servers = new ArrayList<>();
        for (String text : s.texts("servers")) {
            try {
                servers.add(Addresses.nameServer(text));
            } catch (Malformed e) {
                throw new IllegalStateException("the structure was not checked", e);
            }
        }
        return new DnsConfig(
                servers, s.time("min-refresh"), s.time("max-refresh"), s.time("timeout"));
    }
}
