package io.weir.config;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.List;

/**
 * Settings of the whole process.
 *
 * @param admin the admin server; null for none
 * @param metrics where metrics and health are served; null for nowhere
 * @param trustedProxies address blocks (CIDR) whose PROXY headers and forwarding fields are
 *     believed
 * @param eventLoops number of event-loop threads; 0 means one per available processor
 * @param transport which kernel interface carries the traffic
 * @param tlsEngine which library does TLS
 * @param eventLog file of the event log, relative to the log directory
 * @param dns how node names are looked up
 * @param clusterKey secret that every Weir of a cluster shares; null for one that this Weir makes
 * @param rules what rules may use up
 * @param stallLimit that an event loop may take for one thing before that is reported; zero for any
 *     time
 * @param stopTimeout how long a graceful stop waits for exchanges in flight
 * @param cache the memory of the HTTP cache
 * @param locationDatabase file in MaxMind's format that says where addresses are; null for none
 * @param backup the copy of the managed store elsewhere
 * @param overload what the process may use up
 * @param explain how many finished exchanges are kept
 * @param history the figures of the last 90 days
 */
public record GlobalConfig(
        @Nullable AdminConfig admin,
        @Nullable ListenAddress metrics,
        List<String> trustedProxies,
        int eventLoops,
        Transport transport,
        TlsEngine tlsEngine,
        String eventLog,
        DnsConfig dns,
        @Nullable Secret clusterKey,
        java.time.Duration stopTimeout,
        java.time.Duration stallLimit,
        CacheConfig.Store cache,
        RuleLimits rules,
        @Nullable Path locationDatabase,
        BackupConfig backup,
        OverloadConfig overload,
        ExplainConfig.Store explain,
        HistoryConfig history) {

    public GlobalConfig {
        trustedProxies = List.copyOf(trustedProxies);
    }

    /**
     * Settings without a database of places and a copy of the store, all else as it is by default.
     */
    public GlobalConfig(
            @Nullable AdminConfig admin,
            @Nullable ListenAddress metrics,
            List<String> trustedProxies,
            int eventLoops,
            Transport transport,
            TlsEngine tlsEngine,
            String eventLog,
            DnsConfig dns,
            @Nullable Secret clusterKey,
            java.time.Duration stopTimeout,
            java.time.Duration stallLimit,
            CacheConfig.Store cache,
            RuleLimits rules) {
        this(
                admin,
                metrics,
                trustedProxies,
                eventLoops,
                transport,
                tlsEngine,
                eventLog,
                dns,
                clusterKey,
                stopTimeout,
                stallLimit,
                cache,
                rules,
                null,
                BackupConfig.OFF,
                OverloadConfig.DEFAULT,
                ExplainConfig.Store.STANDARD,
                HistoryConfig.STANDARD);
    }

    /** The kernel interface that carries the traffic. */
    public enum Transport {
        /** epoll where the platform has it, else NIO. */
        AUTO,
        EPOLL,
        IO_URING,
        NIO
    }

    /** The library that does TLS. */
    public enum TlsEngine {
        /** BoringSSL where the platform has it, else the JDK. */
        AUTO,
        OPENSSL,
        JDK
    }
}
