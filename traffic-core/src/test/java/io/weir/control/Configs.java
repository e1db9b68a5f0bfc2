package io.weir.control;

import io.weir.config.AdmissionConfig;
import io.weir.config.BreakerConfig;
import io.weir.config.DnsConfig;
import io.weir.config.ExplainConfig;
import io.weir.config.GlobalConfig;
import io.weir.config.Http2Config;
import io.weir.config.ListenAddress;
import io.weir.config.NodeAddress;
import io.weir.config.NodeConfig;
import io.weir.config.NodeTlsConfig;
import io.weir.config.OutlierConfig;
import io.weir.config.PoolConfig;
import io.weir.config.Priority;
import io.weir.config.Protocol;
import io.weir.config.RateConfig;
import io.weir.config.RuleLimits;
import io.weir.config.VirtualServerConfig;
import io.weir.config.WeirConfig;
import io.weir.testkit.CacheDefaults;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Small configurations: {@code new Configs().pool("web", "a:80").server("web", 8080).build()}. */
public final class Configs {

    private final Map<String, VirtualServerConfig> servers = new LinkedHashMap<>();
    private final Map<String, PoolConfig> pools = new LinkedHashMap<>();
    private @Nullable ListenAddress metrics;

    /** A virtual server {@code web} on port 8080 with a pool {@code web} of {@code nodes}. */
    public static WeirConfig web(String... nodes) {
        return new Configs().pool("web", nodes).server("web", "web", 8080).build();
    }

    /** The nodes of a pool that is there. */
    public static List<NodeConfig> nodes(WeirConfig config, String pool) {
        return Objects.requireNonNull(config.pools().get(pool)).nodes();
    }

    public Configs metrics(int port) {
        metrics = new ListenAddress("127.0.0.1", port);
        return this;
    }

    /** A pool; a node may be followed by its state, as in {@code a:80 draining}. */
    public Configs pool(String name, String... nodes) {
        List<NodeConfig> configs = new ArrayList<>();
        for (String node : nodes) {
            String[] parts = node.split(" ", 2);
            NodeAddress address = Objects.requireNonNull(NodeAddresses.parse(parts[0]));
            NodeConfig.State state =
                    parts.length == 1
                            ? NodeConfig.State.ACTIVE
                            : NodeConfig.State.valueOf(parts[1].toUpperCase(java.util.Locale.ROOT));
            configs.add(new NodeConfig(address, state, 1, 1));
        }
        pools.put(
                name,
                new PoolConfig(
                        name,
                        configs,
                        "round-robin",
                        new PoolConfig.HashKey(PoolConfig.HashKey.Kind.SOURCE_ADDRESS, null),
                        0,
                        null,
                        null,
                        List.of(),
                        true,
                        3,
                        Duration.ofSeconds(60),
                        false,
                        0,
                        2,
                        20,
                        Duration.ofSeconds(4),
                        Duration.ofSeconds(30),
                        0,
                        0,
                        0,
                        Duration.ofSeconds(10),
                        true,
                        false,
                        50,
                        Duration.ofSeconds(10),
                        Duration.ZERO,
                        PoolConfig.NodeDelete.IMMEDIATE,
                        Duration.ZERO,
                        1,
                        PoolConfig.ProxyProtocol.OFF,
                        PoolConfig.NodeNames.ONE_NODE,
                        false,
                        false,
                        NodeTlsConfig.OFF,
                        PoolConfig.NodeHttp2.OFF,
                        null,
                        OutlierConfig.OFF,
                        AdmissionConfig.OFF,
                        BreakerConfig.OFF,
                        null));
        return this;
    }

    public Configs server(String name, String pool, int... ports) {
        List<ListenAddress> listen = new ArrayList<>();
        for (int port : ports) {
            listen.add(new ListenAddress("127.0.0.1", port));
        }
        servers.put(
                name,
                new VirtualServerConfig(
                        name,
                        true,
                        Protocol.HTTP,
                        listen,
                        pool,
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(40),
                        true,
                        Duration.ofSeconds(10),
                        65536,
                        65536,
                        Duration.ZERO,
                        0,
                        false,
                        new VirtualServerConfig.Limits(
                                8192, 65536, 100, 0, 0, Duration.ofSeconds(5)),
                        new VirtualServerConfig.Forwarding(true, true, true, true),
                        new VirtualServerConfig.ResponseRewriting(
                                VirtualServerConfig.LocationRewrite.NEVER,
                                null,
                                null,
                                VirtualServerConfig.CookieDomain.NO_REWRITE,
                                null,
                                null,
                                null,
                                VirtualServerConfig.CookieSecure.NO_MODIFY,
                                List.of()),
                        true,
                        new Http2Config(
                                true, 200, 4096, 16384, 65535, Duration.ofSeconds(120), 200, 1000),
                        null,
                        new VirtualServerConfig.AccessLogConfig(false, "%v.log", "combined"),
                        new VirtualServerConfig.Tcp(false, false, 128),
                        CacheDefaults.CACHE,
                        CacheDefaults.COMPRESSION,
                        List.of(),
                        new VirtualServerConfig.Udp(
                                Duration.ofSeconds(7),
                                1,
                                Duration.ZERO,
                                VirtualServerConfig.AcceptFrom.DEST_ONLY,
                                List.of(),
                                1000),
                        List.of(),
                        List.of(),
                        List.of(),
                        VirtualServerConfig.RuleFailure.ERROR,
                        null,
                        null,
                        null,
                        null,
                        RateConfig.Context.NONE,
                        null,
                        AdmissionConfig.OFF,
                        Priority.NORMAL,
                        null,
                        Duration.ofSeconds(5),
                        ExplainConfig.STANDARD,
                        null));
        return this;
    }

    public WeirConfig build() {
        GlobalConfig global =
                new GlobalConfig(
                        null,
                        metrics,
                        List.of(),
                        0,
                        GlobalConfig.Transport.AUTO,
                        GlobalConfig.TlsEngine.AUTO,
                        "event.log",
                        new DnsConfig(
                                List.of(),
                                Duration.ofSeconds(1),
                                Duration.ofSeconds(60),
                                Duration.ofSeconds(5)),
                        null,
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(2),
                        CacheDefaults.STORE,
                        new RuleLimits(
                                Duration.ofMillis(40),
                                Duration.ofMillis(20),
                                1 << 26,
                                1 << 20,
                                1 << 24,
                                List.of()));
        return new WeirConfig(global, servers, pools, Map.of(), Map.of());
    }
}
