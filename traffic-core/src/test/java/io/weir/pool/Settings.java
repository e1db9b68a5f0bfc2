package io.weir.pool;

import io.weir.config.AdmissionConfig;
import io.weir.config.BreakerConfig;
import io.weir.config.NodeAddress;
import io.weir.config.NodeConfig;
import io.weir.config.NodeTlsConfig;
import io.weir.config.OutlierConfig;
import io.weir.config.PoolConfig;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Settings of a pool in the making; what a test does not set has the product's default. */
final class Settings {

    private OutlierConfig outliers = OutlierConfig.OFF;
    private BreakerConfig breaker = BreakerConfig.OFF;
    private final String name;
    private final List<NodeConfig> nodes = new ArrayList<>();
    private String algorithm = "round-robin";
    private PoolConfig.HashKey hash =
            new PoolConfig.HashKey(PoolConfig.HashKey.Kind.SOURCE_ADDRESS, null);
    private int priorityNodes;
    private @Nullable String failurePool;
    private List<String> monitors = List.of();
    private boolean passiveMonitoring = true;
    private Duration retryFailTime = Duration.ofSeconds(60);
    private boolean closeOnDeath;
    private int maxConnectionAttempts;
    private int maxTimedOutConnectionAttempts = 2;
    private int retryBudget = 20;
    private int maxConnectionsPerNode;
    private int maxTransactionsPerNode;
    private int maxQueueSize = 1024;
    private Duration queueTimeout = Duration.ofSeconds(10);
    private Duration slowStart = Duration.ofSeconds(30);
    private PoolConfig.NodeDelete nodeDelete = PoolConfig.NodeDelete.IMMEDIATE;
    private Duration drainToDeleteTimeout = Duration.ZERO;
    private PoolConfig.NodeNames nodeNames = PoolConfig.NodeNames.ONE_NODE;

    private Settings(String name) {
        this.name = name;
    }

    static Settings of(String name) {
        return new Settings(name);
    }

    /** A pool named web with {@code nodes}, each {@code host:port}. */
    static Settings web(String... nodes) {
        Settings settings = new Settings("web");
        for (String node : nodes) {
            settings.node(node);
        }
        return settings;
    }

    Settings node(String address) {
        return node(address, NodeConfig.State.ACTIVE, 1, 1);
    }

    Settings node(String address, NodeConfig.State state, int weight, int priority) {
        nodes.add(new NodeConfig(address(address), state, weight, priority));
        return this;
    }

    static NodeAddress address(String text) {
        int colon = text.lastIndexOf(':');
        return new NodeAddress(
                text.substring(0, colon).replace("[", "").replace("]", ""),
                Integer.parseInt(text.substring(colon + 1)));
    }

    Settings algorithm(String keyword) {
        algorithm = keyword;
        return this;
    }

    Settings priorityNodes(int count) {
        priorityNodes = count;
        return this;
    }

    Settings failurePool(String pool) {
        failurePool = pool;
        return this;
    }

    Settings monitors(String... names) {
        monitors = List.of(names);
        return this;
    }

    Settings passiveMonitoring(boolean on) {
        passiveMonitoring = on;
        return this;
    }

    Settings retryFailTime(Duration time) {
        retryFailTime = time;
        return this;
    }

    Settings closeOnDeath() {
        closeOnDeath = true;
        return this;
    }

    Settings maxConnectionAttempts(int attempts) {
        maxConnectionAttempts = attempts;
        return this;
    }

    Settings maxTimedOutConnectionAttempts(int attempts) {
        maxTimedOutConnectionAttempts = attempts;
        return this;
    }

    Settings retryBudget(int percent) {
        retryBudget = percent;
        return this;
    }

    Settings maxConnectionsPerNode(int limit) {
        maxConnectionsPerNode = limit;
        return this;
    }

    Settings maxTransactionsPerNode(int limit) {
        maxTransactionsPerNode = limit;
        return this;
    }

    Settings maxQueueSize(int size) {
        maxQueueSize = size;
        return this;
    }

    Settings queueTimeout(Duration time) {
        queueTimeout = time;
        return this;
    }

    Settings slowStart(Duration time) {
        slowStart = time;
        return this;
    }

    Settings drainRemoved(Duration atMost) {
        nodeDelete = PoolConfig.NodeDelete.DRAIN;
        drainToDeleteTimeout = atMost;
        return this;
    }

    Settings outliers(OutlierConfig config) {
        outliers = config;
        return this;
    }

    Settings breaker(BreakerConfig config) {
        breaker = config;
        return this;
    }

    Settings nodePerAddress() {
        nodeNames = PoolConfig.NodeNames.NODE_PER_ADDRESS;
        return this;
    }

    PoolConfig build() {
        return new PoolConfig(
                name,
                nodes,
                algorithm,
                hash,
                priorityNodes,
                failurePool,
                null,
                monitors,
                passiveMonitoring,
                3,
                retryFailTime,
                closeOnDeath,
                maxConnectionAttempts,
                maxTimedOutConnectionAttempts,
                retryBudget,
                Duration.ofSeconds(4),
                Duration.ofSeconds(30),
                maxConnectionsPerNode,
                maxTransactionsPerNode,
                maxQueueSize,
                queueTimeout,
                true,
                false,
                50,
                Duration.ofSeconds(10),
                slowStart,
                nodeDelete,
                drainToDeleteTimeout,
                1,
                PoolConfig.ProxyProtocol.OFF,
                nodeNames,
                false,
                false,
                NodeTlsConfig.OFF,
                PoolConfig.NodeHttp2.OFF,
                null,
                outliers,
                AdmissionConfig.OFF,
                breaker,
                null);
    }
}
