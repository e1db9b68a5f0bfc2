package io.weir.runtime;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.weir.bandwidth.BandwidthClasses;
import io.weir.cache.CacheContents;
import io.weir.cache.CacheStore;
import io.weir.compress.Encoders;
import io.weir.config.AddressBlocks;
import io.weir.config.CacheConfig;
import io.weir.config.GlobalConfig;
import io.weir.config.ListenAddress;
import io.weir.config.NodeAddress;
import io.weir.config.NodeConfig;
import io.weir.config.Overlay;
import io.weir.config.PoolConfig;
import io.weir.config.ProtectionConfig;
import io.weir.config.Protocol;
import io.weir.config.VirtualServerConfig;
import io.weir.config.WeirConfig;
import io.weir.event.EventBus;
import io.weir.event.EventTag;
import io.weir.event.ObjectRef;
import io.weir.exchange.Account;
import io.weir.exchange.CacheAccess;
import io.weir.exchange.CompressAccess;
import io.weir.exchange.ErrorPages;
import io.weir.exchange.Keeper;
import io.weir.exchange.ServerRules;
import io.weir.exchange.TrafficClasses;
import io.weir.exchange.VirtualServer;
import io.weir.explain.ConnectionList;
import io.weir.explain.ConnectionQuery;
import io.weir.explain.KeptExchanges;
import io.weir.log.AccessLogs;
import io.weir.metrics.Metrics;
import io.weir.metrics.RecentLatency;
import io.weir.metrics.VirtualServerMetrics;
import io.weir.monitor.Assignment;
import io.weir.monitor.Check;
import io.weir.monitor.Monitors;
import io.weir.monitor.Network;
import io.weir.persist.PersistenceClasses;
import io.weir.pool.NodeNames;
import io.weir.pool.Pool;
import io.weir.pool.PoolNode;
import io.weir.pool.Pools;
import io.weir.protect.ProtectionClasses;
import io.weir.rate.RateClasses;
import io.weir.rule.RuleCounts;
import io.weir.rule.RuleProblem;
import io.weir.rule.RuleSet;
import io.weir.rule.RulesRefusedException;
import io.weir.slm.ServiceLevels;
import io.weir.time.Ticker;
import io.weir.tls.TlsContexts.Prepared;
import io.weir.wire.Gate;
import io.weir.wire.Listener;
import io.weir.wire.Listening;
import io.weir.wire.Transport;
import io.weir.wire.WireLoop;
import io.weir.wire.datagram.DatagramListener;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * The running data plane: event loops, listeners, pools and monitors, and the one configuration
 * that is in force on all of them. Safe for every thread but an event loop; changes come one after
 * the other.
 */
public final class WeirRuntime implements DataPlane {

    /** File handles kept back for nodes, logs and the control side. */
    private static final int RESERVED_HANDLES = 128;

    /** How often service levels are compared with their thresholds. */
    private static final long LOOK_MILLIS = 500;

    private final Services services;
    private final long started;
    private final Transport transport;
    private final EventLoopGroup group;
    private final List<WireLoop> loops = new ArrayList<>();
    private final ScheduledExecutorService timer;
    private final ScheduledExecutorService monitorTimer;
    private final Pools pools;
    private final Monitors monitors;
    private final ClusterKeyFile clusterKey;
    private final Rules rules;
    private final ServiceLevels levels;
    private final RateClasses rates;
    private final ScheduledExecutorService watchdogTimer;
    private final LoopWatchdog watchdog;
    private final ScheduledExecutorService bandwidthTimer;
    private final BandwidthClasses bandwidth;
    private final Gate sharedGate;
    private final RunningTls tls;
    private final CacheStore cache;
    private final ScheduledExecutorService compressor;
    private final KeptExchanges kept;
    private final Map<String, Standing> standings = new HashMap<>();
    private final Map<Endpoint, Listening> listeners = new LinkedHashMap<>();
    private volatile Snapshot snapshot;
    private boolean stopped;

    /**
     * What the data plane needs from outside.
     *
     * @param metrics made for as many event loops as {@link #eventLoops} says
     * @param state directory of what is to outlive the process; null for none
     */
    public record Services(
            Ticker ticker,
            EventBus events,
            Metrics metrics,
            AccessLogs accessLogs,
            NodeNames names,
            @Nullable Path state) {

        /** Services without a state directory: secrets live as long as the process. */
        public Services(
                Ticker ticker,
                EventBus events,
                Metrics metrics,
                AccessLogs accessLogs,
                NodeNames names) {
            this(ticker, events, metrics, accessLogs, names, null);
        }
    }

    /** What of a virtual server outlives its configurations. */
    private record Standing(Account account, Gate gate) {}

    /** TCP and UDP have ports of their own. */
    private record Endpoint(boolean datagrams, ListenAddress address) {
        static Endpoint of(VirtualServerConfig vs, ListenAddress address) {
            return new Endpoint(vs.protocol().kind() == Protocol.Kind.DATAGRAM, address);
        }
    }

    /** The configuration in force. */
    private record Snapshot(
            long revision,
            WeirConfig config,
            Overlay overlay,
            Map<String, VirtualServer> virtualServers,
            Map<String, Pool> pools,
            PersistenceClasses persistence,
            ProtectionClasses protection) {}

    /** How many event loops {@code global} asks for. */
    public static int eventLoops(GlobalConfig global) {
        return global.eventLoops() > 0
                ? global.eventLoops()
                : Runtime.getRuntime().availableProcessors();
    }

    /**
     * Makes event loops, without listening on anything yet.
     *
     * @throws UnsupportedOperationException when the machine lacks the transport asked for
     */
    public WeirRuntime(GlobalConfig global, Services services) {
        this.services = services;
        this.started = services.ticker().nanos();
        this.transport = Transport.of(global.transport());
        int count = eventLoops(global);
        this.group =
                new MultiThreadIoEventLoopGroup(
                        count, new DefaultThreadFactory("weir-loop", true), transport.ioHandler());
        this.timer = daemonTimer("weir-pools");
        this.tls = new RunningTls(global, count, services.ticker(), services.events(), timer);
        this.bandwidthTimer = daemonTimer("weir-bandwidth");
        this.bandwidth = new BandwidthClasses(services.ticker(), bandwidthTimer);
        for (int i = 0; i < count; i++) {
            loops.add(
                    new WireLoop(
                            i,
                            group.next(),
                            transport,
                            services.ticker(),
                            tls.contexts(),
                            bandwidth));
        }
        this.watchdogTimer = daemonTimer("weir-watchdog");
        this.watchdog =
                new LoopWatchdog(
                        loops.stream().map(WeirRuntime::watched).toList(),
                        services.ticker(),
                        services.events(),
                        global.stallLimit());
        watchdog.start(watchdogTimer);
        this.monitorTimer = daemonTimer("weir-monitors");
        this.pools =
                new Pools(
                        services.ticker(),
                        services.events(),
                        ThreadLocalRandom::current,
                        timer,
                        services.names());
        Network network =
                Network.system(
                        Executors.newCachedThreadPool(
                                Thread.ofPlatform().daemon().name("weir-lookup-", 0).factory()));
        this.monitors =
                new Monitors(
                        probe -> Check.of(probe, network, services.ticker()),
                        this::monitored,
                        services.events(),
                        services.ticker(),
                        new java.util.SplittableRandom(),
                        Executors.newThreadPerTaskExecutor(
                                Thread.ofVirtual().name("weir-check-", 0).factory()),
                        monitorTimer);
        this.sharedGate =
                new Gate(
                        clientHandles(FileHandles.max()),
                        () ->
                                services.events()
                                        .emit(
                                                EventTag.FEWFREEFDS,
                                                "all file handles that clients may have are in use:"
                                                        + " new clients wait"));
        this.compressor = daemonTimer("weir-compress");
        this.kept =
                new KeptExchanges(global.explain().maxExchanges(), global.explain().maxMemory());
        timer.scheduleWithFixedDelay(
                this::turnLatencies,
                RecentLatency.TURN_SECONDS,
                RecentLatency.TURN_SECONDS,
                TimeUnit.SECONDS);
        this.cache = new CacheStore(global.cache(), services.ticker());
        useDisk(global.cache());
        this.rates = new RateClasses(services.ticker(), timer);
        this.levels = new ServiceLevels(count, services.ticker(), services.events());
        timer.scheduleWithFixedDelay(
                this::lookAtLevels, LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
        this.rules =
                new Rules(
                        count,
                        services.ticker(),
                        services.events(),
                        () -> pools.live(),
                        levels,
                        rates);
        ProtectionClasses unguarded =
                ProtectionClasses.none(
                        new ProtectionClasses.Services(
                                services.ticker(),
                                services.events(),
                                new SecureRandom()::nextLong,
                                timer));
        this.clusterKey = new ClusterKeyFile(services.state());
        WeirConfig nothing = new WeirConfig(global, Map.of(), Map.of(), Map.of(), Map.of());
        this.snapshot =
                new Snapshot(
                        0,
                        nothing,
                        Overlay.EMPTY,
                        Map.of(),
                        Map.of(),
                        PersistenceClasses.NONE,
                        unguarded);
    }

    private void lookAtLevels() {
        try {
            levels.look();
        } catch (RuntimeException e) {
            services.events()
                    .emit(EventTag.INTERNALERROR, "service levels could not be judged: " + e);
        }
    }

    private void turnLatencies() {
        for (VirtualServer each : snapshot.virtualServers().values()) {
            each.account().metrics().recent().turn();
        }
        nodes(pools.live()).forEach(node -> node.recent().turn());
    }

    private static LoopWatchdog.Watched watched(WireLoop loop) {
        return new LoopWatchdog.Watched() {
            @Override
            public long seenNanos() {
                return loop.seenNanos();
            }

            @Override
            public @Nullable Thread thread() {
                return loop.thread();
            }
        };
    }

    private static ScheduledExecutorService daemonTimer(String name) {
        return Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name(name).factory());
    }

    private void useDisk(CacheConfig.Store config) {
        String named = config.diskDirectory();
        Path state = services.state();
        Path directory =
                named != null ? Path.of(named) : state == null ? null : state.resolve("cache");
        if (config.diskSize() == 0 || directory == null) {
            return;
        }
        try {
            cache.useDisk(directory, config.diskSize());
        } catch (IOException e) {
            services.events()
                    .emit(
                            EventTag.CACHEDISKFAIL,
                            "responses are kept in memory only: " + e.getMessage());
        }
    }

    /**
     * Half of the handles that are left may go to clients: each may need another one for a node.
     */
    private static int clientHandles(long max) {
        long usable = Math.max(16, max - RESERVED_HANDLES);
        return (int) Math.min(usable / 2, Integer.MAX_VALUE);
    }

    // ---- changing

    @Override
    public synchronized ApplyResult apply(WeirConfig config, Overlay overlay) {
        Snapshot before = snapshot;
        List<ObjectResult> results = new ArrayList<>();
        Map<String, byte[]> errorPages = new HashMap<>();
        Map<Endpoint, Listening> opened = new LinkedHashMap<>();
        AddressBlocks trusted;
        Map<String, Pool> livePools;
        RuleSet ruleSet;
        PersistenceClasses persistence;
        ProtectionClasses guards;
        Prepared prepared = tls.prepare(config, results);
        try {
            if (prepared == null) {
                throw new Refused();
            }
            trusted = AddressBlocks.of(config.global().trustedProxies());
            ruleSet = rules(config, results);
            persistence = persistence(before, config);
            guards = before.protection().next(config.protectionClasses());
            prepare(config, results, errorPages, opened);
            livePools = pools.apply(config.pools(), overlay);
        } catch (Refused | IllegalArgumentException e) {
            opened.values().forEach(Listening::close);
            if (prepared != null) {
                prepared.discard();
            }
            if (!(e instanceof Refused)) {
                results.add(new ObjectResult("global", Change.FAILED, e.getMessage()));
            }
            return new ApplyResult(false, before.revision(), results);
        }
        levels.configure(config.serviceLevelClasses());
        rates.configure(config.rateClasses());
        bandwidth.configure(config.bandwidthClasses());
        watchdog.limit(config.global().stallLimit());
        Set<PoolNode> nodes = nodes(livePools);
        levels.retainNodes(nodes);
        persistence.retainNodes(nodes.stream().map(PoolNode::address).collect(Collectors.toSet()));
        Map<String, VirtualServer> servers = new LinkedHashMap<>();
        for (VirtualServerConfig vs : config.virtualServers().values()) {
            Standing standing = standing(vs);
            Pool pool = livePools.get(vs.pool());
            if (pool == null) {
                throw new IllegalStateException("pool " + vs.pool() + " was checked and is gone");
            }
            servers.put(
                    vs.name(),
                    new VirtualServer(
                            vs,
                            pool,
                            standing.account(),
                            new ErrorPages(errorPages.get(vs.name())),
                            ServerRules.of(
                                    vs,
                                    ruleSet,
                                    ruleBefore(vs, config),
                                    config.global().rules().bodyLimit()),
                            persistence,
                            livePools,
                            prepared.server(vs.name()),
                            vs.cache().enabled()
                                    ? CacheAccess.of(cache, vs.name(), vs.cache())
                                    : null,
                            vs.compression().enabled() ? compression(vs) : null,
                            levels.named(vs.serviceLevel()),
                            new TrafficClasses(
                                    guards.named(vs.protection()),
                                    rates.named(vs.rate()),
                                    vs.rateContext(),
                                    bandwidth.named(vs.bandwidth()))));
        }
        cache.configure(config.global().cache());
        kept.limit(config.global().explain().maxExchanges(), config.global().explain().maxMemory());
        cache.retainZones(servers.keySet());
        cache.readDisk();
        persistence.enforce();
        listeners.putAll(opened);
        long revision = before.revision() + 1;
        snapshot = new Snapshot(revision, config, overlay, servers, livePools, persistence, guards);
        putInForce(servers, trusted);
        tls.use(prepared, loops);
        watch(config, overlay);
        report(before, config, results);
        services.accessLogs()
                .retain(
                        servers.values().stream()
                                .filter(vs -> vs.config().log().enabled())
                                .map(VirtualServer::name)
                                .collect(Collectors.toSet()));
        services.metrics().retainVirtualServers(servers.keySet());
        standings.keySet().retainAll(servers.keySet());
        return new ApplyResult(true, revision, results);
    }

    private RuleSet rules(WeirConfig config, List<ObjectResult> results) throws Refused {
        try {
            return rules.of(config);
        } catch (RulesRefusedException e) {
            for (RuleProblem problem : e.problems()) {
                results.add(
                        new ObjectResult(
                                "rules/" + problem.rule(), Change.FAILED, problem.toString()));
            }
            throw new Refused();
        }
    }

    private static Set<PoolNode> nodes(Map<String, Pool> pools) {
        Set<PoolNode> nodes = new HashSet<>();
        pools.values().forEach(p -> p.view().entries().forEach(e -> nodes.add(e.node())));
        return nodes;
    }

    /** The rule that the protection class has run before the others; null for none. */
    private static @Nullable String ruleBefore(VirtualServerConfig vs, WeirConfig config) {
        ProtectionConfig guard = config.protectionClasses().get(vs.protection());
        return guard != null && guard.enabled() ? guard.rule() : null;
    }

    private CompressAccess compression(VirtualServerConfig vs) {
        return new CompressAccess(
                vs.compression(), new Encoders(vs.compression()), cache, compressor);
    }

    /** Does everything that can fail, before anything is changed. */
    private void prepare(
            WeirConfig config,
            List<ObjectResult> results,
            Map<String, byte[]> errorPages,
            Map<Endpoint, Listening> opened)
            throws Refused {
        boolean refused = false;
        for (VirtualServerConfig vs : config.virtualServers().values()) {
            String object = "virtual-servers/" + vs.name();
            try {
                Path file = vs.errorFile();
                if (file != null) {
                    errorPages.put(vs.name(), Files.readAllBytes(file));
                }
                if (vs.log().enabled()) {
                    AccessLogs.check(vs.name(), vs.log().file(), vs.log().format());
                }
            } catch (IOException | IllegalArgumentException e) {
                results.add(
                        new ObjectResult(object, Change.FAILED, String.valueOf(e.getMessage())));
                refused = true;
            }
            if (!vs.enabled()) {
                continue;
            }
            for (ListenAddress address : vs.listen()) {
                Endpoint endpoint = Endpoint.of(vs, address);
                if (listeners.containsKey(endpoint)) {
                    continue;
                }
                Listening listener =
                        endpoint.datagrams()
                                ? new DatagramListener(address, sharedGate)
                                : new Listener(address, sharedGate);
                try {
                    listener.bind(transport, loops, vs.tcp().backlog());
                    opened.put(endpoint, listener);
                } catch (IOException e) {
                    String text = String.valueOf(e.getMessage());
                    services.events()
                            .emit(EventTag.LISTENFAIL, text, ObjectRef.virtualServer(vs.name()));
                    results.add(new ObjectResult(object, Change.FAILED, text));
                    refused = true;
                }
            }
        }
        if (refused) {
            throw new Refused();
        }
    }

    /** Something that was to be put in force is not possible; the results say what. */
    private static final class Refused extends Exception {
        private static final long serialVersionUID = 1;
    }

    /** The classes of {@code config}; a key is made only when one of them needs it. */
    private PersistenceClasses persistence(Snapshot before, WeirConfig config) {
        if (config.persistenceClasses().isEmpty()) {
            return PersistenceClasses.NONE;
        }
        try {
            return before.persistence()
                    .next(
                            config.persistenceClasses(),
                            clusterKey.key(config.global().clusterKey()));
        } catch (IOException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    private Standing standing(VirtualServerConfig vs) {
        Standing standing = standings.get(vs.name());
        if (standing == null) {
            VirtualServerMetrics metrics = services.metrics().virtualServer(vs.name());
            Gate gate =
                    new Gate(
                            vs.maxConcurrentConnections(),
                            () -> {
                                // Waiting clients show in the connection count; no event of its
                                // own.
                            });
            standing = new Standing(new Account(metrics, loops.size()), gate);
            standings.put(vs.name(), standing);
        }
        standing.gate().limit(vs.maxConcurrentConnections());
        standing.account().keepWith(new Keeper(kept, vs.explain(), loops.size()));
        standing.account()
                .logTo(
                        vs.log().enabled()
                                ? services.accessLogs()
                                        .open(vs.name(), vs.log().file(), vs.log().format())
                                : null);
        return standing;
    }

    private void putInForce(Map<String, VirtualServer> servers, AddressBlocks trusted) {
        Map<Endpoint, VirtualServer> byAddress = new HashMap<>();
        for (VirtualServer vs : servers.values()) {
            if (vs.config().enabled()) {
                vs.config()
                        .listen()
                        .forEach(address -> byAddress.put(Endpoint.of(vs.config(), address), vs));
            }
        }
        for (Map.Entry<Endpoint, Listening> entry : List.copyOf(listeners.entrySet())) {
            Listening listener = entry.getValue();
            VirtualServer vs = byAddress.get(entry.getKey());
            if (vs != null) {
                Standing standing = standings.get(vs.name());
                if (standing != null) {
                    listener.use(vs, trusted, standing.gate());
                }
            } else {
                listeners.remove(entry.getKey());
                listener.close();
                if (listener instanceof Listener tcp) {
                    loops.forEach(l -> l.execute(() -> l.closeClients(tcp, false)));
                }
            }
        }
    }

    private void report(Snapshot before, WeirConfig config, List<ObjectResult> results) {
        Map<String, VirtualServerConfig> oldServers = before.config().virtualServers();
        compare("virtual-servers/", oldServers, config.virtualServers(), results);
        compare("pools/", before.config().pools(), config.pools(), results);
        compare("rules/", before.config().rules(), config.rules(), results);
        compare("monitors/", before.config().monitors(), config.monitors(), results);
        compare(
                "persistence-classes/",
                before.config().persistenceClasses(),
                config.persistenceClasses(),
                results);
        compare(
                "service-level-classes/",
                before.config().serviceLevelClasses(),
                config.serviceLevelClasses(),
                results);
        compare(
                "protection-classes/",
                before.config().protectionClasses(),
                config.protectionClasses(),
                results);
        compare("rate-classes/", before.config().rateClasses(), config.rateClasses(), results);
        compare(
                "bandwidth-classes/",
                before.config().bandwidthClasses(),
                config.bandwidthClasses(),
                results);
        compare("event-types/", before.config().eventTypes(), config.eventTypes(), results);
        compare("actions/", before.config().actions(), config.actions(), results);
        config.virtualServers()
                .forEach(
                        (name, vs) -> {
                            VirtualServerConfig old = oldServers.get(name);
                            if (vs.enabled() && (old == null || !old.enabled())) {
                                services.events()
                                        .emit(
                                                EventTag.VSSTART,
                                                "virtual server " + name + " started",
                                                ObjectRef.virtualServer(name));
                            }
                        });
        oldServers.forEach(
                (name, old) -> {
                    VirtualServerConfig vs = config.virtualServers().get(name);
                    if (old.enabled() && (vs == null || !vs.enabled())) {
                        services.events()
                                .emit(
                                        EventTag.VSSTOP,
                                        "virtual server " + name + " stopped",
                                        ObjectRef.virtualServer(name));
                    }
                });
    }

    private static <T> void compare(
            String section, Map<String, T> old, Map<String, T> now, List<ObjectResult> results) {
        now.forEach(
                (name, object) -> {
                    T was = old.get(name);
                    Change change =
                            was == null
                                    ? Change.ADDED
                                    : was.equals(object) ? Change.UNCHANGED : Change.CHANGED;
                    results.add(new ObjectResult(section + name, change, null));
                });
        for (String name : old.keySet()) {
            if (!now.containsKey(name)) {
                results.add(new ObjectResult(section + name, Change.REMOVED, null));
            }
        }
    }

    @Override
    public synchronized void apply(Overlay overlay) {
        Snapshot before = snapshot;
        pools.apply(overlay);
        snapshot =
                new Snapshot(
                        before.revision(),
                        before.config(),
                        overlay,
                        before.virtualServers(),
                        before.pools(),
                        before.persistence(),
                        before.protection());
        watch(before.config(), overlay);
    }

    // ---- monitors

    private void watch(WeirConfig config, Overlay overlay) {
        Overlay inForce = overlay.unexpired(services.ticker().now());
        List<Assignment> assignments = new ArrayList<>();
        for (PoolConfig pool : config.pools().values()) {
            List<NodeAddress> nodes = new ArrayList<>();
            for (NodeConfig node : pool.nodes()) {
                if (inForce.stateOf(pool.name(), node) != NodeConfig.State.DISABLED) {
                    nodes.add(node.address());
                }
            }
            for (String monitor : pool.monitors()) {
                assignments.add(new Assignment(pool.name(), monitor, nodes));
            }
        }
        monitors.apply(config.monitors(), assignments);
    }

    private void monitored(
            String pool,
            @Nullable NodeAddress node,
            String monitor,
            boolean ok,
            @Nullable String cause) {
        Pool live = pools.live().get(pool);
        if (live != null) {
            live.monitorResult(node, monitor, ok, cause);
        }
    }

    // ---- looking

    @Override
    public Status status() {
        Snapshot now = snapshot;
        List<VirtualServerStatus> servers = new ArrayList<>();
        Map<Endpoint, Listening> open;
        synchronized (this) {
            open = new LinkedHashMap<>(listeners);
        }
        for (VirtualServer vs : now.virtualServers().values()) {
            List<String> addresses =
                    vs.config().listen().stream()
                            .map(address -> open.get(Endpoint.of(vs.config(), address)))
                            .filter(Objects::nonNull)
                            .map(l -> l.boundAddress().toString())
                            .toList();
            VirtualServerMetrics metrics = vs.account().metrics();
            servers.add(
                    new VirtualServerStatus(
                            vs.name(),
                            addresses,
                            vs.pool().name(),
                            (int) metrics.connections(),
                            (int) metrics.exchanges(),
                            metrics.requests(),
                            metrics.faults(),
                            metrics.recent().read()));
        }
        long nanos = services.ticker().nanos();
        List<PoolStatus> poolStatus =
                now.pools().values().stream().map(pool -> PoolReport.of(pool, nanos)).toList();
        return new Status(
                now.revision(),
                servers,
                poolStatus,
                now.persistence().all().stream()
                        .map(each -> PersistenceReport.of(each, nanos))
                        .toList(),
                levels.all().stream().map(each -> LevelReport.of(each, nanos)).toList(),
                ClassReport.of(now.protection(), rates, bandwidth),
                FileHandles.open(),
                FileHandles.max());
    }

    @Override
    public KeptExchanges kept() {
        return kept;
    }

    @Override
    public ConnectionList connections(ConnectionQuery query) {
        List<Listening> open;
        synchronized (this) {
            open = List.copyOf(listeners.values());
        }
        return ConnectionSurvey.of(loops, open, query);
    }

    @Override
    public CacheContents cache() {
        return cache.contents();
    }

    @Override
    public NodeUse use(NodeAddress node, @Nullable Duration idle) {
        return UseReport.of(
                node, pools, snapshot.persistence(), services.ticker().nanos(), started, idle);
    }

    @Override
    public void cut(@Nullable String pool, NodeAddress node) {
        pools.cut(pool, node);
    }

    /** The persistence classes in force. */
    public PersistenceClasses persistence() {
        return snapshot.persistence();
    }

    /** The service level classes in force. */
    public ServiceLevels serviceLevels() {
        return levels;
    }

    /** What is counted about rules, by name. */
    public Map<String, RuleCounts> ruleCounts() {
        return rules.counts();
    }

    /** The pools in force, for figures that only they have. */
    public Map<String, Pool> livePools() {
        return pools.live();
    }

    // ---- stopping

    @Override
    public boolean stop(Duration deadline) {
        synchronized (this) {
            if (stopped) {
                return true;
            }
            stopped = true;
            listeners.values().forEach(Listening::close);
        }
        long end = services.ticker().nanos() + deadline.toNanos();
        boolean clean = closeClients(false, end);
        if (!clean) {
            closeClients(true, services.ticker().nanos() + TimeUnit.SECONDS.toNanos(1));
        }
        monitors.stop();
        onEachLoop(WireLoop::closeNodes, TimeUnit.SECONDS.toNanos(1));
        pools.close();
        compressor.shutdownNow();
        cache.close();
        group.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly(3000);
        tls.stop();
        timer.shutdownNow();
        monitorTimer.shutdownNow();
        bandwidthTimer.shutdownNow();
        watchdogTimer.shutdownNow();
        return clean;
    }

    private boolean closeClients(boolean atOnce, long end) {
        while (true) {
            boolean[] idle = {true};
            onEachLoop(
                    l -> {
                        l.closeClients(null, atOnce);
                        if (!l.idle()) {
                            synchronized (idle) {
                                idle[0] = false;
                            }
                        }
                    },
                    TimeUnit.SECONDS.toNanos(2));
            synchronized (idle) {
                if (idle[0]) {
                    return true;
                }
            }
            if (services.ticker().nanos() - end >= 0) {
                return false;
            }
            try {
                TimeUnit.MILLISECONDS.sleep(20);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
    }

    private void onEachLoop(java.util.function.Consumer<WireLoop> task, long nanos) {
        CountDownLatch done = new CountDownLatch(loops.size());
        for (WireLoop loop : loops) {
            loop.execute(
                    () -> {
                        try {
                            task.accept(loop);
                        } finally {
                            done.countDown();
                        }
                    });
        }
        try {
            if (!done.await(nanos, TimeUnit.NANOSECONDS)) {
                services.events()
                        .emit(EventTag.INTERNALERROR, "an event loop did not react while stopping");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
