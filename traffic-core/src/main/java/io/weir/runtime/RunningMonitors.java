package io.weir.runtime;

import io.weir.config.NodeAddress;
import io.weir.config.NodeConfig;
import io.weir.config.Overlay;
import io.weir.config.PoolConfig;
import io.weir.config.WeirConfig;
import io.weir.event.EventBus;
import io.weir.monitor.Assignment;
import io.weir.monitor.Check;
import io.weir.monitor.MonitorSink;
import io.weir.monitor.Monitors;
import io.weir.monitor.Network;
import io.weir.pool.NodeNames;
import io.weir.pool.Pool;
import io.weir.pool.Pools;
import io.weir.time.Ticker;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;

/** The monitors at work, whose verdicts the pools hear. Changes come one after the other. */
final class RunningMonitors implements MonitorSink {

    private final Ticker ticker;
    private final Pools pools;
    private final CheckNetwork network;
    private final Monitors monitors;

    /**
     * @param names those that pools ask
     * @param timer tells when checks are due
     */
    RunningMonitors(
            Pools pools,
            NodeNames names,
            Ticker ticker,
            EventBus events,
            ScheduledExecutorService timer) {
        this.ticker = ticker;
        this.pools = pools;
        this.network =
                new CheckNetwork(
                        names,
                        Network.system(
                                Executors.newCachedThreadPool(
                                        Thread.ofPlatform()
                                                .daemon()
                                                .name("weir-lookup-", 0)
                                                .factory())));
        this.monitors =
                new Monitors(
                        probe -> Check.of(probe, network, ticker),
                        this,
                        events,
                        ticker,
                        new SplittableRandom(),
                        Executors.newThreadPerTaskExecutor(
                                Thread.ofVirtual().name("weir-check-", 0).factory()),
                        timer);
    }

    @Override
    public void result(
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

    @Override
    public void retracted(String pool, @Nullable NodeAddress node, String monitor) {
        Pool live = pools.live().get(pool);
        if (live != null) {
            live.monitorRetracts(node, monitor);
        }
    }

    /** Checks the nodes of {@code config} from now on, but for disabled ones. */
    void watch(WeirConfig config, Overlay overlay) {
        Overlay inForce = overlay.unexpired(ticker.now());
        Set<String> hosts = new HashSet<>();
        List<Assignment> assignments = new ArrayList<>();
        for (PoolConfig pool : config.pools().values()) {
            List<NodeAddress> nodes = new ArrayList<>();
            for (NodeConfig node : pool.nodes()) {
                hosts.add(node.address().host());
                if (inForce.stateOf(pool.name(), node) != NodeConfig.State.DISABLED) {
                    nodes.add(node.address());
                }
            }
            for (String monitor : pool.monitors()) {
                assignments.add(new Assignment(pool.name(), monitor, nodes));
            }
        }
        network.nodes(hosts);
        monitors.apply(config.monitors(), assignments);
    }

    void stop() {
        monitors.stop();
    }
}
