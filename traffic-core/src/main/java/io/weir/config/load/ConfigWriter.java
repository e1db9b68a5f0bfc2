package io.weir.config.load;

import io.weir.config.BackupConfig;
import io.weir.config.DnsConfig;
import io.weir.config.GlobalConfig;
import io.weir.config.Http2Config;
import io.weir.config.MonitorConfig;
import io.weir.config.MonitorConfig.Connect;
import io.weir.config.MonitorConfig.Dns;
import io.weir.config.MonitorConfig.Http;
import io.weir.config.MonitorConfig.Ping;
import io.weir.config.MonitorConfig.Program;
import io.weir.config.MonitorConfig.TcpTransaction;
import io.weir.config.NodeConfig;
import io.weir.config.PersistenceConfig;
import io.weir.config.PoolConfig;
import io.weir.config.ProtectionConfig;
import io.weir.config.RuleLimits;
import io.weir.config.RuleUse;
import io.weir.config.Secret;
import io.weir.config.ServiceLevelConfig;
import io.weir.config.VirtualServerConfig;
import io.weir.config.WeirConfig;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Writes a configuration in its one canonical form: every key with its value, in the order of the
 * schema, short forms unfolded, nothing included. Reading it back yields the same configuration,
 * and so does writing that again the same text. The text opens with {@code %YAML} and closes with
 * {@code ...}, so that no part of it can be taken for the whole.
 */
public final class ConfigWriter {

    private final YamlWriter out;

    private ConfigWriter(YamlWriter out) {
        this.out = out;
    }

    /**
     * The canonical text of {@code config}, for people. Secrets that are references stay
     * references; others become {@code ***}, and the monitor that has one cannot be read back.
     */
    public static String canonical(WeirConfig config) {
        return written(config, false);
    }

    /** All that {@link ConfigLoader#restore} makes {@code config} of again; never to be shown. */
    public static KeptConfig kept(WeirConfig config) {
        Map<String, String> files = new HashMap<>();
        for (ProtectionConfig each : config.protectionClasses().values()) {
            each.allowedFiles().forEach(list -> files.put(list.file().toString(), lines(list)));
            each.bannedFiles().forEach(list -> files.put(list.file().toString(), lines(list)));
        }
        config.rules().values().forEach(rule -> files.put(rule.file().toString(), rule.source()));
        return new KeptConfig(written(config, true), files);
    }

    private static String lines(ProtectionConfig.AddressFile list) {
        return String.join("\n", list.blocks());
    }

    private static String written(WeirConfig config, boolean revealing) {
        ConfigWriter writer = new ConfigWriter(new YamlWriter(revealing));
        writer.config(config);
        return writer.out.toString();
    }

    private void config(WeirConfig config) {
        out.open("virtual-servers");
        config.virtualServers().values().forEach(this::virtualServer);
        out.close();
        out.open("pools");
        config.pools().values().forEach(this::pool);
        out.close();
        out.open("monitors");
        Set<String> named = new HashSet<>();
        config.pools().values().forEach(pool -> named.addAll(pool.monitors()));
        Map<String, MonitorConfig> builtIn = BuiltInMonitors.all();
        for (MonitorConfig monitor : config.monitors().values()) {
            // A built-in monitor comes back by being named.
            if (!named.contains(monitor.name()) || !monitor.equals(builtIn.get(monitor.name()))) {
                monitor(monitor);
            }
        }
        out.close();
        out.open("rules");
        config.rules().values().forEach(rule -> out.string(rule.name(), rule.file().toString()));
        out.close();
        out.open("persistence-classes");
        config.persistenceClasses().values().forEach(this::persistence);
        out.close();
        out.open("service-level-classes");
        config.serviceLevelClasses().values().forEach(this::serviceLevel);
        out.close();
        ClassWriter.all(out, config);
        AlertWriter.eventTypes(out, config.eventTypes().values());
        AlertWriter.actions(out, config.actions().values());
        AlertWriter.thresholds(out, config.thresholds().values());
        AuthenticatorBinder.write(out, config.authenticators().values());
        global(config.global());
        out.strings("include", List.of());
    }

    private void virtualServer(VirtualServerConfig s) {
        out.open(s.name());
        out.bare("enabled", s.enabled());
        out.word("protocol", s.protocol());
        out.strings("listen", s.listen().stream().map(Object::toString).toList());
        out.string("pool", s.pool());
        out.time("connect-timeout", s.connectTimeout());
        out.time("timeout", s.timeout());
        out.bare("keepalive", s.keepalive());
        out.time("keepalive-timeout", s.keepaliveTimeout());
        out.size("max-client-buffer", s.maxClientBuffer());
        out.size("max-server-buffer", s.maxServerBuffer());
        out.time("max-transaction-duration", s.maxTransactionDuration());
        out.bare("max-concurrent-connections", s.maxConcurrentConnections());
        out.bare("proxy-protocol", s.proxyProtocol());
        limits(s.limits());
        forwarding(s.forwarding());
        rewriting(s.rewriting());
        out.bare("upgrade", s.upgrade());
        http2(s.http2());
        if (s.errorFile() != null) {
            out.string("error-file", s.errorFile().toString());
        }
        out.open("log");
        out.bare("enabled", s.log().enabled());
        out.string("file", s.log().file());
        out.string("format", s.log().format());
        out.close();
        out.open("tcp");
        out.bare("nagle", s.tcp().nagle());
        out.bare("close-with-reset", s.tcp().closeWithReset());
        out.bare("backlog", s.tcp().backlog());
        out.close();
        TlsWriter.server(out, s.tls());
        CacheWriter.cache(out, s.cache());
        CacheWriter.compression(out, s.compression());
        routes(s.routes());
        udp(s.udp());
        rules("request-rules", s.requestRules());
        rules("response-rules", s.responseRules());
        rules("completion-rules", s.completionRules());
        out.word("rule-failure", s.ruleFailure());
        out.string("service-level", s.serviceLevel());
        out.string("protection", s.protection());
        out.string("rate", s.rate());
        out.word("rate-context", s.rateContext());
        out.string("bandwidth", s.bandwidth());
        ClassWriter.admission(out, s.admission());
        out.word("priority", s.priority());
        if (s.busyFile() != null) {
            out.string("busy-file", s.busyFile().toString());
        }
        out.time("busy-retry-after", s.busyRetryAfter());
        ExplainWriter.explain(out, s.explain());
        out.string("note", s.note());
        out.close();
    }

    private void routes(List<VirtualServerConfig.Route> routes) {
        if (routes.isEmpty()) {
            out.strings("routes", List.of());
            return;
        }
        out.open("routes");
        for (VirtualServerConfig.Route route : routes) {
            out.item();
            out.string("sni", route.sni());
            out.string("alpn", route.alpn());
            out.bare("tls", route.tls());
            out.string("pool", route.pool());
            out.close();
        }
        out.close();
    }

    private void udp(VirtualServerConfig.Udp udp) {
        out.open("udp");
        out.time("timeout", udp.timeout());
        out.bare("responses-expected", udp.responsesExpected());
        out.time("response-timeout", udp.responseTimeout());
        out.word("accept-from", udp.acceptFrom());
        out.strings("accept-from-mask", udp.acceptFromMask());
        out.bare("max-sessions", udp.maxSessions());
        out.close();
    }

    private void rules(String key, List<RuleUse> uses) {
        if (uses.isEmpty()) {
            out.strings(key, List.of());
            return;
        }
        out.open(key);
        for (RuleUse use : uses) {
            out.item();
            out.string("rule", use.rule());
            out.bare("enabled", use.enabled());
            out.word("run", use.run());
            out.close();
        }
        out.close();
    }

    private void limits(VirtualServerConfig.Limits limits) {
        out.open("limits");
        out.size("max-url-length", limits.maxUrlLength());
        out.size("max-header-length", limits.maxHeaderLength());
        out.bare("max-headers", limits.maxHeaders());
        out.size("max-body-length", limits.maxBodyLength());
        out.size("min-body-rate", limits.minBodyRate());
        out.time("body-grace", limits.bodyGrace());
        out.close();
    }

    private void http2(Http2Config h2) {
        out.open("http2");
        out.bare("enabled", h2.enabled());
        out.bare("max-concurrent-streams", h2.maxConcurrentStreams());
        out.size("header-table-size", h2.headerTableSize());
        out.size("max-frame-size", h2.maxFrameSize());
        out.size("stream-window", h2.streamWindow());
        out.time("idle-timeout", h2.idleTimeout());
        out.bare("max-resets", h2.maxResets());
        out.bare("max-control-frames", h2.maxControlFrames());
        out.close();
    }

    private void forwarding(VirtualServerConfig.Forwarding forwarding) {
        out.open("forwarding");
        out.bare("cluster-ip", forwarding.clusterIp());
        out.bare("forwarded-for", forwarding.forwardedFor());
        out.bare("forwarded-proto", forwarding.forwardedProto());
        out.bare("via", forwarding.via());
        out.close();
    }

    private void rewriting(VirtualServerConfig.ResponseRewriting rewriting) {
        out.open("rewriting");
        out.word("location", rewriting.location());
        out.string("location-regex", rewriting.locationRegex());
        out.string("location-replace", rewriting.locationReplace());
        out.word("cookie-domain", rewriting.cookieDomain());
        out.string("new-cookie-domain", rewriting.newCookieDomain());
        out.string("cookie-path-regex", rewriting.cookiePathRegex());
        out.string("cookie-path-replace", rewriting.cookiePathReplace());
        out.word("cookie-secure", rewriting.cookieSecure());
        out.strings("remove-headers", rewriting.removeHeaders());
        out.close();
    }

    private void pool(PoolConfig p) {
        out.open(p.name());
        nodes(p.nodes());
        out.string("algorithm", p.algorithm());
        out.string("hash", hash(p.hash()));
        out.bare("priority-nodes", p.priorityNodes());
        out.string("failure-pool", p.failurePool());
        out.string("persistence", p.persistence());
        out.strings("monitors", p.monitors());
        out.bare("passive-monitoring", p.passiveMonitoring());
        out.bare("node-connection-attempts", p.nodeConnectionAttempts());
        out.time("retry-fail-time", p.retryFailTime());
        out.bare("close-on-death", p.closeOnDeath());
        out.bare("max-connection-attempts", p.maxConnectionAttempts());
        out.bare("max-timed-out-connection-attempts", p.maxTimedOutConnectionAttempts());
        out.bare("retry-budget", p.retryBudget());
        out.time("max-connect-time", p.maxConnectTime());
        out.time("max-reply-time", p.maxReplyTime());
        out.bare("max-connections-per-node", p.maxConnectionsPerNode());
        out.bare("max-transactions-per-node", p.maxTransactionsPerNode());
        out.bare("max-queue-size", p.maxQueueSize());
        out.time("queue-timeout", p.queueTimeout());
        out.bare("keepalive", p.keepalive());
        out.bare("keepalive-non-idempotent", p.keepaliveNonIdempotent());
        out.bare("max-idle-connections-per-node", p.maxIdleConnectionsPerNode());
        out.time("idle-timeout", p.idleTimeout());
        out.time("slow-start", p.slowStart());
        out.word("node-delete", p.nodeDelete());
        out.time("drain-to-delete-timeout", p.drainToDeleteTimeout());
        out.bare("min-nodes", p.minNodes());
        out.word("proxy-protocol", p.proxyProtocol());
        out.word("node-names", p.nodeNames());
        out.bare("nagle", p.nagle());
        out.bare("close-with-reset", p.closeWithReset());
        TlsWriter.nodes(out, p.tls());
        out.word("http2", p.http2());
        out.string("bandwidth", p.bandwidth());
        ClassWriter.outliers(out, p.outliers());
        ClassWriter.admission(out, p.admission());
        ClassWriter.breaker(out, p.breaker());
        out.string("note", p.note());
        out.close();
    }

    private void nodes(List<NodeConfig> nodes) {
        if (nodes.isEmpty()) {
            out.strings("nodes", List.of());
            return;
        }
        out.open("nodes");
        for (NodeConfig node : nodes) {
            out.item();
            out.string("address", node.address().toString());
            out.word("state", node.state());
            out.bare("weight", node.weight());
            out.bare("priority", node.priority());
            out.close();
        }
        out.close();
    }

    private static String hash(PoolConfig.HashKey hash) {
        return switch (hash.kind()) {
            case SOURCE_ADDRESS -> "source-address";
            case PATH -> "path";
            case HEADER -> "header:" + hash.header();
        };
    }

    private void monitor(MonitorConfig m) {
        out.open(m.name());
        String type =
                switch (m.probe()) {
                    case Ping ping -> "ping";
                    case Connect connect -> "connect";
                    case Http http -> "http";
                    case TcpTransaction tcp -> "tcp-transaction";
                    case Program program -> "program";
                    case Dns dns -> "dns";
                };
        out.string("type", type);
        out.word("scope", m.scope());
        if (m.machine() != null) {
            out.string("machine", m.machine().toString());
        }
        out.time("delay", m.delay());
        out.time("timeout", m.timeout());
        out.bare("failures", m.failures());
        out.bare("back-off", m.backOff());
        out.bare("verbose", m.verbose());
        switch (m.probe()) {
            case Ping ping -> {}
            case Connect connect -> {}
            case Http http -> {
                out.string("path", http.path());
                out.string("host-header", http.hostHeader());
                Secret authentication = http.authentication();
                if (authentication != null) {
                    out.secret("authentication", authentication);
                }
                out.string("status-regex", http.statusRegex());
                out.string("body-regex", http.bodyRegex());
                out.bare("use-ssl", http.useSsl());
            }
            case TcpTransaction tcp -> {
                out.string("write-string", tcp.writeString());
                out.string("response-regex", tcp.responseRegex());
                out.string("close-string", tcp.closeString());
                out.size("max-response-length", tcp.maxResponseLength());
                out.bare("use-ssl", tcp.useSsl());
            }
            case Dns dns -> {
                out.string("query-name", dns.queryName());
                out.word("query-type", dns.queryType());
                out.word("expect", dns.expect());
            }
            case Program program -> {
                out.string("program", program.program());
                out.strings("arguments", program.arguments());
            }
        }
        out.string("note", m.note());
        out.close();
    }

    private void persistence(PersistenceConfig p) {
        out.open(p.name());
        out.word("type", p.type());
        out.string("cookie", p.cookie());
        out.word("failure-mode", p.failureMode());
        out.string("url", p.url());
        out.bare("delete", p.delete());
        out.bare("subnet-prefix-v4", p.subnetPrefixV4());
        out.bare("subnet-prefix-v6", p.subnetPrefixV6());
        out.bare("always-set-cookie", p.alwaysSetCookie());
        out.string("directives", p.directives());
        out.bare("max-entries", p.maxEntries());
        out.time("session-timeout", p.sessionTimeout());
        out.string("note", p.note());
        out.close();
    }

    private void serviceLevel(ServiceLevelConfig s) {
        out.open(s.name());
        out.time("response-time", s.responseTime());
        out.bare("warning-threshold", s.warningThreshold());
        out.bare("serious-threshold", s.seriousThreshold());
        out.string("note", s.note());
        out.close();
    }

    private void global(GlobalConfig g) {
        out.open("global");
        AdminWriter.admin(out, g.admin());
        out.string("metrics", g.metrics() == null ? "off" : g.metrics().toString());
        out.strings("trusted-proxies", g.trustedProxies());
        out.bare("event-loops", g.eventLoops());
        out.word("transport", g.transport());
        out.word("tls-engine", g.tlsEngine());
        out.string("event-log", g.eventLog());
        DnsConfig dns = g.dns();
        out.open("dns");
        out.strings("servers", dns.servers());
        out.time("min-refresh", dns.minRefresh());
        out.time("max-refresh", dns.maxRefresh());
        out.time("timeout", dns.timeout());
        out.close();
        Secret clusterKey = g.clusterKey();
        if (clusterKey != null) {
            out.secret("cluster-key", clusterKey);
        }
        out.time("stop-timeout", g.stopTimeout());
        out.time("stall-limit", g.stallLimit());
        CacheWriter.store(out, g.cache());
        RuleLimits rules = g.rules();
        out.open("rules");
        out.time("time-limit", rules.timeLimit());
        out.time("time-warning", rules.timeWarning());
        out.size("memory-limit", rules.memoryLimit());
        out.size("body-limit", rules.bodyLimit());
        out.size("data-size", rules.dataSize());
        out.strings("egress", rules.egress());
        out.close();
        if (g.locationDatabase() != null) {
            out.string("location-database", g.locationDatabase().toString());
        }
        backup(g.backup());
        ClassWriter.overload(out, g.overload());
        ExplainWriter.store(out, g.explain());
        ExplainWriter.history(out, g.history());
        out.close();
    }

    private void backup(BackupConfig backup) {
        out.open("backup");
        out.string("remote", backup.remote());
        out.string("user", backup.user());
        if (backup.password() != null) {
            out.secret("password", backup.password());
        }
        if (backup.passphrase() != null) {
            out.secret("passphrase", backup.passphrase());
        }
        out.close();
    }
}
