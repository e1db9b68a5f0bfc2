package io.weir.config.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.config.AdminConfig;
import io.weir.config.AdmissionConfig;
import io.weir.config.BreakerConfig;
import io.weir.config.DnsConfig;
import io.weir.config.ExplainConfig;
import io.weir.config.GlobalConfig;
import io.weir.config.GlobalConfig.TlsEngine;
import io.weir.config.GlobalConfig.Transport;
import io.weir.config.Http2Config;
import io.weir.config.ListenAddress;
import io.weir.config.MonitorConfig;
import io.weir.config.MonitorConfig.Connect;
import io.weir.config.MonitorConfig.Http;
import io.weir.config.MonitorConfig.Ping;
import io.weir.config.MonitorConfig.Probe;
import io.weir.config.MonitorConfig.Program;
import io.weir.config.MonitorConfig.Scope;
import io.weir.config.MonitorConfig.TcpTransaction;
import io.weir.config.NodeAddress;
import io.weir.config.NodeConfig;
import io.weir.config.NodeConfig.State;
import io.weir.config.NodeTlsConfig;
import io.weir.config.OutlierConfig;
import io.weir.config.PoolConfig;
import io.weir.config.PoolConfig.HashKey;
import io.weir.config.PoolConfig.NodeDelete;
import io.weir.config.PoolConfig.NodeNames;
import io.weir.config.PoolConfig.ProxyProtocol;
import io.weir.config.Priority;
import io.weir.config.Protocol;
import io.weir.config.RateConfig;
import io.weir.config.RuleLimits;
import io.weir.config.VirtualServerConfig;
import io.weir.config.VirtualServerConfig.AcceptFrom;
import io.weir.config.VirtualServerConfig.AccessLogConfig;
import io.weir.config.VirtualServerConfig.CookieDomain;
import io.weir.config.VirtualServerConfig.CookieSecure;
import io.weir.config.VirtualServerConfig.Forwarding;
import io.weir.config.VirtualServerConfig.Limits;
import io.weir.config.VirtualServerConfig.LocationRewrite;
import io.weir.config.VirtualServerConfig.ResponseRewriting;
import io.weir.config.VirtualServerConfig.RuleFailure;
import io.weir.config.VirtualServerConfig.Tcp;
import io.weir.config.VirtualServerConfig.Udp;
import io.weir.config.WeirConfig;
import io.weir.testkit.CacheDefaults;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * The values that hold when the operator says nothing. They are ZXTM's unless a safer one is
 * needed; the safer ones are marked.
 */
class DefaultsTest {

    private static final String SMALLEST =
            """
            virtual-servers:
              web:
                listen: :8080
                pool: [10.0.0.11:80, 10.0.0.12:80]
            """;

    @Test
    void aVirtualServerHasTheDefaultsOfZxtmOrSaferOnes() {
        VirtualServerConfig expected =
                new VirtualServerConfig(
                        "web",
                        true, // safer: what is written down is meant
                        Protocol.HTTP,
                        List.of(new ListenAddress("*", 8080)),
                        "web",
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(300),
                        true,
                        Duration.ofSeconds(10),
                        65536,
                        65536,
                        Duration.ZERO,
                        0,
                        false,
                        // safer: limits are on
                        new Limits(8192, 32768, 100, 0, 240, Duration.ofSeconds(20)),
                        new Forwarding(true, true, true, true), // safer: nodes know their clients
                        new ResponseRewriting(
                                LocationRewrite.IF_HOST_MATCHES,
                                null,
                                null,
                                CookieDomain.NO_REWRITE,
                                null,
                                null,
                                null,
                                CookieSecure.NO_MODIFY,
                                List.of()),
                        true,
                        new Http2Config(
                                true, 200, 4096, 16384, 65535, Duration.ofSeconds(120), 200, 1000),
                        null,
                        new AccessLogConfig(false, "%v.log", "combined"),
                        new Tcp(false, false, 1024),
                        CacheDefaults.CACHE,
                        CacheDefaults.COMPRESSION,
                        List.of(),
                        new Udp(
                                Duration.ofSeconds(7),
                                1,
                                Duration.ZERO,
                                AcceptFrom.DEST_ONLY,
                                List.of(),
                                10000),
                        List.of(),
                        List.of(),
                        List.of(),
                        RuleFailure.ERROR, // safer: a filter that breaks lets nothing through
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
                        null);
        assertThat(smallest().virtualServers()).isEqualTo(Map.of("web", expected));
    }

    @Test
    void aPoolHasTheDefaultsOfZxtmOrSaferOnes() {
        PoolConfig expected =
                new PoolConfig(
                        "web",
                        List.of(
                                new NodeConfig(
                                        new NodeAddress("10.0.0.11", 80), State.ACTIVE, 1, 1),
                                new NodeConfig(
                                        new NodeAddress("10.0.0.12", 80), State.ACTIVE, 1, 1)),
                        "round-robin",
                        new HashKey(HashKey.Kind.SOURCE_ADDRESS, null),
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
                        1024, // safer: a queue has an end
                        Duration.ofSeconds(10),
                        true,
                        false,
                        50,
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(30), // safer: nodes come in gently
                        NodeDelete.IMMEDIATE,
                        Duration.ZERO,
                        1,
                        ProxyProtocol.OFF,
                        NodeNames.ONE_NODE,
                        false, // safer: no delays of small writes
                        false,
                        NodeTlsConfig.OFF,
                        PoolConfig.NodeHttp2.OFF,
                        null,
                        OutlierConfig.OFF,
                        AdmissionConfig.OFF,
                        BreakerConfig.OFF,
                        null);
        assertThat(smallest().pools()).isEqualTo(Map.of("web", expected));
    }

    @Test
    void theProcessListensForAdministratorsOnTheLoopbackOnly() {
        assertThat(smallest().global())
                .isEqualTo(
                        new GlobalConfig(
                                new AdminConfig(
                                        new ListenAddress("127.0.0.1", 9090),
                                        true,
                                        null,
                                        null,
                                        List.of("127.0.0.0/8", "::1/128"),
                                        List.of(),
                                        Duration.ofMinutes(30),
                                        5,
                                        Duration.ofMinutes(15)),
                                new ListenAddress("127.0.0.1", 9070),
                                List.of(),
                                0,
                                Transport.AUTO,
                                TlsEngine.AUTO,
                                "events.log",
                                new DnsConfig(
                                        List.of(),
                                        Duration.ofSeconds(1),
                                        Duration.ofSeconds(60),
                                        Duration.ofSeconds(3)),
                                null,
                                Duration.ofSeconds(30),
                                Duration.ofSeconds(2),
                                CacheDefaults.STORE,
                                new RuleLimits(
                                        Duration.ofMillis(40), // safer: time, not instructions
                                        Duration.ofMillis(20),
                                        64 << 20,
                                        1 << 20,
                                        16 << 20,
                                        List.of()))); // safer: rules connect to nobody
    }

    @Test
    void aMonitorHasTheDefaultsOfZxtmForItsType() {
        assertThat(monitor("{}")).isEqualTo(monitorWith(new Ping()));
        assertThat(monitor("{type: connect}")).isEqualTo(monitorWith(new Connect()));
        assertThat(monitor("{type: http}"))
                .isEqualTo(monitorWith(new Http("/", null, null, "^[234][0-9][0-9]$", null)));
        assertThat(monitor("{type: tcp-transaction}"))
                .isEqualTo(monitorWith(new TcpTransaction(null, ".+", null, 2048)));
        assertThat(monitor("{type: program, program: /bin/true}"))
                .isEqualTo(monitorWith(new Program("/bin/true", List.of())));
    }

    @Test
    void builtInMonitorsHaveTheTimesOfZxtm() {
        assertThat(times("Ping")).isEqualTo("2/5/3");
        assertThat(times("Connect")).isEqualTo("2/5/3");
        assertThat(times("Simple HTTP")).isEqualTo("5/10/3");
        assertThat(times("Full HTTP")).isEqualTo("10/10/3");
        assertThat(times("Client First")).isEqualTo("5/5/3");
        assertThat(times("Server First")).isEqualTo("5/5/3");
        assertThat(times("FTP")).isEqualTo("5/5/3");
        assertThat(times("SMTP")).isEqualTo("5/5/3");
        assertThat(times("POP")).isEqualTo("5/5/3");
    }

    @Test
    void aPoolWithoutMonitorsHasNone() {
        assertThat(smallest().monitors()).isEmpty();
    }

    @Test
    void aBuiltInMonitorIsThereOnceAPoolNamesIt() {
        WeirConfig config = config(withMonitor("[Ping]", ""));
        assertThat(config.monitors()).containsOnlyKeys("Ping");
    }

    @Test
    void aMonitorOfOnesOwnTakesThePlaceOfABuiltInOne() {
        WeirConfig config = config(withMonitor("[Ping]", "monitors: {Ping: {delay: 9s}}\n"));
        assertThat(config.monitors().get("Ping"))
                .isNotNull()
                .satisfies(m -> assertThat(m.delay()).isEqualTo(Duration.ofSeconds(9)));
    }

    private static WeirConfig smallest() {
        return config(SMALLEST);
    }

    private static MonitorConfig monitor(String text) {
        WeirConfig config = config(withMonitor("[m]", "monitors: {m: " + text + "}\n"));
        return config.monitors().values().iterator().next();
    }

    private static MonitorConfig monitorWith(Probe probe) {
        Duration three = Duration.ofSeconds(3);
        return new MonitorConfig(
                "m", Scope.PER_NODE, null, three, three, 3, true, false, probe, null);
    }

    private static String times(String name) {
        MonitorConfig m =
                config(withMonitor("[" + name + "]", "")).monitors().values().iterator().next();
        assertThat(m.backOff()).isTrue();
        return m.delay().toSeconds() + "/" + m.timeout().toSeconds() + "/" + m.failures();
    }

    private static String withMonitor(String names, String more) {
        return """
        virtual-servers: {web: {listen: ":8080", pool: p}}
        pools: {p: {nodes: [10.0.0.1:80], monitors: %s}}
        %s\
        """
                .formatted(names, more);
    }

    private static WeirConfig config(String text) {
        return Loading.config(text);
    }
}
