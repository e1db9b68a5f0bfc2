package io.weir.runtime;

import io.weir.admit.Admissions;
import io.weir.bandwidth.BandwidthClasses;
import io.weir.cache.CacheContents;
import io.weir.cert.Watched;
import io.weir.config.GlobalConfig;
import io.weir.config.NodeAddress;
import io.weir.config.Overlay;
import io.weir.config.RuleConfig;
import io.weir.config.WeirConfig;
import io.weir.event.EventBus;
import io.weir.event.EventTag;
import io.weir.exchange.VirtualServer;
import io.weir.explain.ConnectionList;
import io.weir.explain.ConnectionQuery;
import io.weir.explain.KeptExchanges;
import io.weir.log.AccessLogs;
import io.weir.metrics.Metrics;
import io.weir.metrics.RecentLatency;
import io.weir.metrics.VirtualServerMetrics;
import io.weir.persist.PersistenceClasses;
import io.weir.pool.NodeNames;
import io.weir.pool.Pool;
import io.weir.pool.PoolNode;
import io.weir.pool.Pools;
import io.weir.protect.ProtectionClasses;
import io.weir.rate.RateClasses;
import io.weir.rule.RuleCounts;
import io.weir.rule.RuleFigures;
import io.weir.rule.RuleProblem;
import io.weir.slm.ServiceLevels;
import io.weir.time.Ticker;
import io.weir.wire.Transport;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * The running data plane: event loops, listeners, pools and monitors, and the one configuration
 * that is in force on all of them. Safe for every thread but an event loop; changes come one after
 * the other.
 */
public final class WeirRuntime implements DataPlane {

    /** How often service levels are compared with their thresholds. */
    private static final long LOOK_MILLIS = 500;

    private final Services services;
    private final long started;
    private final Timers timers;
    private final RunningTls tls;
    private final EventLoops loops;
    private final LoopWatchdog watchdog;
    private final Pools pools;
    private final RunningMonitors monitors;
    private final RunningClasses classes;
    private final RunningOverload overload;
    private final RunningCache cache;
    private final Rules rules;
    private final Candidates candidates;
    private final KeptExchanges kept;
    private final Standing.All standings;
    private final OpenListeners listeners;
    private final FileHandles handles;
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
        Ticker ticker = services.ticker();
        EventBus events = services.events();
        this.started = ticker.nanos();
        this.handles = new FileHandles(ticker);
        Transport transport = Transport.of(global.transport());
        int count = eventLoops(global);
        this.timers = Timers.start();
        this.tls = new RunningTls(global, count, ticker, events, timers.pools());
        this.classes =
                new RunningClasses(
                        new ServiceLevels(count, ticker, events),
                        new RateClasses(ticker, timers.pools()),
                        new BandwidthClasses(ticker, timers.bandwidth()),
                        new Admissions(ticker, events));
        this.overload = new RunningOverload(global.overload(), ticker, events);
        this.loops =
                new EventLoops(
                        count,
                        transport,
                        ticker,
                        events,
                        tls.contexts(),
                        classes.bandwidth(),
                        overload.budgets());
        this.watchdog = new LoopWatchdog(loops.watched(), ticker, events, global.stallLimit());
        watchdog.start(timers.watchdog());
        overload.start(loops, timers.watchdog());
        this.pools =
                new Pools(
                        ticker,
                        events,
                        ThreadLocalRandom::current,
                        timers.pools(),
                        services.names());
        this.monitors =
                new RunningMonitors(pools, services.names(), ticker, events, timers.monitors());
        this.cache =
                new RunningCache(
                        global.cache(), services.state(), ticker, events, timers.compress());
        this.rules = new Rules(count, ticker, events, pools::live, classes);
        this.kept =
                new KeptExchanges(global.explain().maxExchanges(), global.explain().maxMemory());
        this.standings = new Standing.All(services.metrics(), services.accessLogs(), kept, count);
        this.listeners = new OpenListeners(transport, loops, overload.gate(), events);
        this.candidates =
                new Candidates(tls, new ClusterKeyFile(services.state()), rules, listeners);
        ProtectionClasses unguarded =
                ProtectionClasses.none(
                        new ProtectionClasses.Services(
                                ticker, events, new SecureRandom()::nextLong, timers.pools()));
        this.snapshot = Snapshot.nothing(global, unguarded);
        timers.pools()
                .scheduleWithFixedDelay(
                        this::lookAtLevels, LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
        timers.pools()
                .scheduleWithFixedDelay(
                        this::turnLatencies,
                        RecentLatency.TURN_SECONDS,
                        RecentLatency.TURN_SECONDS,
                        TimeUnit.SECONDS);
    }

    private void lookAtLevels() {
        try {
            classes.levels().look();
            classes.admissions().look();
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

    // ---- changing

    @Override
    public synchronized ApplyResult apply(WeirConfig config, Overlay overlay) {
        Snapshot before = snapshot;
        List<ObjectResult> results = new ArrayList<>();
        Candidate candidate = candidates.of(config, before, results);
        if (candidate == null) {
            return new ApplyResult(false, before.revision(), results);
        }
        long revision = before.revision() + 1;
        try {
            putInForce(revision, candidate, overlay);
        } catch (RuntimeException e) {
            candidate.opened().close();
            goBack(before, e);
            candidate.tls().discard();
            throw e;
        }
        ChangeReport.add(before.config(), config, results);
        ChangeReport.emit(before.config(), config, services.events());
        return new ApplyResult(true, revision, results);
    }

    /**
     * Puts what was in force in force again, as a whole: how far its successor came, nobody knows.
     */
    private void goBack(Snapshot before, RuntimeException failure) {
        List<ObjectResult> results = new ArrayList<>();
        try {
            Candidate again = candidates.of(before.config(), before, results);
            if (again != null) {
                putInForce(before.revision(), again, before.overlay());
                return;
            }
        } catch (RuntimeException e) {
            failure.addSuppressed(e);
        }
        services.events()
                .emit(
                        EventTag.INTERNALERROR,
                        "what was in force before a configuration that failed could not be put in"
                                + " force again; a restart is needed "
                                + results);
    }

    private void putInForce(long revision, Candidate next, Overlay overlay) {
        WeirConfig config = next.config();
        Map<String, Pool> live = pools.apply(config.pools(), overlay);
        PersistenceClasses persistence = next.persistence();
        classes.configure(config);
        overload.configure(config.global().overload());
        next.guards().inForce();
        watchdog.limit(config.global().stallLimit());
        Set<PoolNode> nodes = nodes(live);
        classes.levels().retainNodes(nodes);
        persistence.retainNodes(nodes.stream().map(PoolNode::address).collect(Collectors.toSet()));
        Map<String, VirtualServer> servers = next.virtualServers(live, standings, cache, classes);
        cache.configure(config.global().cache(), config.virtualServers().values());
        kept.limit(config.global().explain().maxExchanges(), config.global().explain().maxMemory());
        persistence.enforce();
        rules.use(next.rules());
        snapshot =
                new Snapshot(revision, config, overlay, servers, live, persistence, next.guards());
        listeners.use(next.opened(), servers.values(), next.trusted(), standings);
        tls.use(next.tls(), loops.all());
        monitors.watch(config, overlay);
        services.accessLogs()
                .retain(
                        servers.values().stream()
                                .filter(vs -> vs.config().log().enabled())
                                .map(VirtualServer::name)
                                .collect(Collectors.toSet()));
        services.metrics().retainVirtualServers(servers.keySet());
        standings.retain(servers.keySet());
    }

    private static Set<PoolNode> nodes(Map<String, Pool> pools) {
        Set<PoolNode> nodes = new HashSet<>();
        pools.values().forEach(p -> p.view().entries().forEach(e -> nodes.add(e.node())));
        return nodes;
    }

    @Override
    public synchronized void apply(Overlay overlay) {
        Snapshot before = snapshot;
        pools.apply(overlay);
        snapshot = before.with(overlay);
        monitors.watch(before.config(), overlay);
    }

    // ---- looking

    @Override
    public Status status() {
        Snapshot now = snapshot;
        List<VirtualServerStatus> servers =
                now.virtualServers().values().stream().map(this::statusOf).toList();
        long nanos = services.ticker().nanos();
        FileHandles.Count open = handles.count();
        List<PoolStatus> poolStatus =
                now.pools().values().stream().map(pool -> PoolReport.of(pool, nanos)).toList();
        return new Status(
                now.revision(),
                servers,
                poolStatus,
                now.persistence().all().stream()
                        .map(each -> PersistenceReport.of(each, nanos))
                        .toList(),
                classes.levels().all().stream().map(each -> LevelReport.of(each, nanos)).toList(),
                ClassReport.of(now.protection(), classes),
                open.open(),
                open.max());
    }

    private VirtualServerStatus statusOf(VirtualServer vs) {
        VirtualServerMetrics metrics = vs.account().metrics();
        return new VirtualServerStatus(
                vs.name(),
                listeners.addresses(vs.config()),
                vs.pool().name(),
                (int) metrics.connections(),
                (int) metrics.exchanges(),
                metrics.requests(),
                metrics.faults(),
                metrics.recent().read());
    }

    @Override
    public KeptExchanges kept() {
        return kept;
    }

    @Override
    public ConnectionList connections(ConnectionQuery query) {
        return ConnectionSurvey.of(loops.all(), listeners.all(), query);
    }

    @Override
    public CacheContents cache() {
        return cache.contents();
    }

    @Override
    public List<Watched> expired() {
        return tls.expired();
    }

    @Override
    public NodeUse use(NodeAddress node, @Nullable Duration idle) {
        return UseReport.of(
                node, pools, snapshot.persistence(), services.ticker().nanos(), started, idle);
    }

    @Override
    public void cut(String pool, NodeAddress node) {
        pools.cut(pool, node);
    }

    /** The persistence classes in force. */
    public PersistenceClasses persistence() {
        return snapshot.persistence();
    }

    /** The service level classes in force. */
    public ServiceLevels serviceLevels() {
        return classes.levels();
    }

    @Override
    public List<RuleProblem> check(Collection<RuleConfig> wanted) {
        return rules.check(wanted);
    }

    /** What is counted about the rules in force, by name. */
    public Map<String, RuleCounts> ruleCounts() {
        return rules.counts();
    }

    /** What the functions of rules have come to. */
    public RuleFigures ruleFigures() {
        return rules.figures();
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
            listeners.close();
        }
        long end = services.ticker().nanos() + deadline.toNanos();
        boolean clean = loops.closeClients(false, end);
        if (!clean) {
            loops.closeClients(true, services.ticker().nanos() + TimeUnit.SECONDS.toNanos(1));
        }
        monitors.stop();
        loops.closeNodes();
        pools.close();
        cache.stop();
        loops.stop();
        rules.close();
        tls.stop();
        timers.stop();
        return clean;
    }
}
