package io.weir.control;

import io.weir.cache.CacheContents;
import io.weir.cache.CacheStore;
import io.weir.cert.Watched;
import io.weir.config.CacheConfig;
import io.weir.config.NodeAddress;
import io.weir.config.NodeConfig;
import io.weir.config.Overlay;
import io.weir.config.PoolConfig;
import io.weir.config.RuleConfig;
import io.weir.config.VirtualServerConfig;
import io.weir.config.WeirConfig;
import io.weir.explain.ConnectionList;
import io.weir.explain.ConnectionQuery;
import io.weir.explain.KeptExchanges;
import io.weir.rule.RuleProblem;
import io.weir.runtime.DataPlane;
import io.weir.runtime.NodeUse;
import io.weir.time.Ticker;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;

/** A data plane without traffic: it remembers what was put in force and answers from that. */
public final class RecordingPlane implements DataPlane {

    /** When its pools died that are dead. */
    public static final Instant DIED = Instant.parse("2026-01-01T10:00:00Z");

    private WeirConfig config;
    private Overlay overlay;
    private long revision = 1;
    private final List<String> cuts = new ArrayList<>();
    private @Nullable NodeUse use;
    private @Nullable String unsound;
    private int overlayChanges;
    private @Nullable String refusal;
    private @Nullable String failedObject;
    private @Nullable RuntimeException failure;
    private @Nullable Duration stopDeadline;
    private final List<String> downNodes = new ArrayList<>();
    private List<Watched> expired = List.of();
    private final CountDownLatch mayStop;
    private final KeptExchanges kept = new KeptExchanges(100, 1 << 20);
    private final CacheStore cache =
            new CacheStore(new CacheConfig.Store(1 << 20, 0, 2048), Ticker.system());

    public RecordingPlane(WeirConfig config, Overlay overlay) {
        this(config, overlay, new CountDownLatch(0));
    }

    /**
     * @param mayStop what {@link #stop} waits for
     */
    public RecordingPlane(WeirConfig config, Overlay overlay, CountDownLatch mayStop) {
        this.config = config;
        this.overlay = overlay;
        this.mayStop = mayStop;
    }

    /** From now on no configuration is applied, for this reason; null lets them pass again. */
    public synchronized void refuse(@Nullable String reason) {
        refusal = reason;
    }

    /** From now on this object cannot be put in force while the rest can. */
    public synchronized void failObject(String object) {
        failedObject = object;
    }

    /** From now on applying a configuration throws. */
    public synchronized void failWith(RuntimeException e) {
        failure = e;
    }

    public synchronized void down(String node) {
        downNodes.add(node);
    }

    public synchronized WeirConfig config() {
        return config;
    }

    public synchronized Overlay overlay() {
        return overlay;
    }

    public synchronized int overlayChanges() {
        return overlayChanges;
    }

    public synchronized @Nullable Duration stopDeadline() {
        return stopDeadline;
    }

    @Override
    public synchronized ApplyResult apply(WeirConfig next, Overlay nextOverlay) {
        if (failure != null) {
            throw failure;
        }
        if (refusal != null) {
            return new ApplyResult(
                    false,
                    revision,
                    List.of(new ObjectResult("virtual-servers/web", Change.FAILED, refusal)));
        }
        List<ObjectResult> objects = new ArrayList<>();
        for (PoolConfig pool : next.pools().values()) {
            PoolConfig before = config.pools().get(pool.name());
            Change change =
                    before == null
                            ? Change.ADDED
                            : before.equals(pool) ? Change.UNCHANGED : Change.CHANGED;
            objects.add(new ObjectResult("pools/" + pool.name(), change, null));
        }
        if (failedObject != null) {
            objects.add(new ObjectResult(failedObject, Change.FAILED, "address in use"));
        }
        config = next;
        overlay = nextOverlay;
        return new ApplyResult(true, ++revision, objects);
    }

    /** From now on this is wrong with the rules that have it in their text. */
    public synchronized void unsound(String text) {
        unsound = text;
    }

    @Override
    public synchronized List<RuleProblem> check(Collection<RuleConfig> rules) {
        List<RuleProblem> problems = new ArrayList<>();
        for (RuleConfig rule : rules) {
            int at = unsound == null ? -1 : rule.source().indexOf(unsound);
            if (at >= 0) {
                problems.add(new RuleProblem(rule.name(), 1, at + 1, "unexpected " + unsound));
            }
        }
        return problems;
    }

    @Override
    public synchronized void apply(Overlay next) {
        overlay = next;
        overlayChanges++;
    }

    @Override
    public synchronized Status status() {
        List<VirtualServerStatus> servers = new ArrayList<>();
        for (VirtualServerConfig server : config.virtualServers().values()) {
            servers.add(
                    new VirtualServerStatus(
                            server.name(),
                            server.listen().stream().map(Object::toString).toList(),
                            server.pool(),
                            3,
                            2,
                            1000,
                            1,
                            null));
        }
        List<PoolStatus> pools = new ArrayList<>();
        for (PoolConfig pool : config.pools().values()) {
            List<NodeView> nodes = new ArrayList<>();
            for (NodeConfig node : pool.nodes()) {
                boolean down = downNodes.contains(node.address().toString());
                nodes.add(
                        new NodeView(
                                node.address().toString(),
                                overlay.stateOf(pool.name(), node).name().toLowerCase(Locale.ROOT),
                                down ? "down" : "up",
                                down ? "connection refused" : null,
                                false,
                                overlay.weightOf(pool.name(), node),
                                node.priority(),
                                1,
                                2,
                                1,
                                3,
                                500,
                                0,
                                0,
                                0,
                                4,
                                null,
                                null,
                                null));
            }
            boolean alive = nodes.stream().anyMatch(n -> n.health().equals("up"));
            pools.add(
                    new PoolStatus(
                            pool.name(),
                            pool.algorithm(),
                            alive,
                            0,
                            pool.failurePool(),
                            null,
                            alive ? null : DIED,
                            nodes));
        }
        return new Status(revision, servers, pools, 50, 1024);
    }

    @Override
    public synchronized List<Watched> expired() {
        return expired;
    }

    /** From now on these are over. */
    public synchronized void expire(Watched... over) {
        expired = List.of(over);
    }

    @Override
    public KeptExchanges kept() {
        return kept;
    }

    @Override
    public ConnectionList connections(ConnectionQuery query) {
        return new ConnectionList(List.of(), 0, 0);
    }

    /** From now on this is on the node, whatever is asked about it. */
    public synchronized void use(NodeUse next) {
        use = next;
    }

    @Override
    public synchronized NodeUse use(NodeAddress node, @Nullable Duration idle) {
        NodeUse given = use;
        return given != null && given.node().equals(node)
                ? given
                : new NodeUse(node, Set.of(node), List.of(), Map.of(), -1, List.of());
    }

    /** The nodes whose connections were cut, with their pools. */
    public synchronized List<String> cuts() {
        return List.copyOf(cuts);
    }

    @Override
    public synchronized void cut(String pool, NodeAddress node) {
        cuts.add(node + " in " + pool);
    }

    @Override
    public CacheContents cache() {
        return cache.contents();
    }

    @Override
    public boolean stop(Duration deadline) {
        synchronized (this) {
            stopDeadline = deadline;
        }
        try {
            mayStop.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
        return true;
    }
}
