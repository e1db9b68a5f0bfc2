package io.weir.runtime;

import io.weir.cert.ExpiryWatch;
import io.weir.cert.Watched;
import io.weir.config.GlobalConfig;
import io.weir.config.PoolConfig;
import io.weir.config.Protocol;
import io.weir.config.TlsConfig;
import io.weir.config.TlsConfig.TicketKeys;
import io.weir.config.VirtualServerConfig;
import io.weir.config.WeirConfig;
import io.weir.event.EventBus;
import io.weir.persist.ClusterKey;
import io.weir.runtime.DataPlane.Change;
import io.weir.runtime.DataPlane.ObjectResult;
import io.weir.time.Ticker;
import io.weir.tls.Stapling;
import io.weir.tls.TlsContexts;
import io.weir.tls.TlsContexts.Prepared;
import io.weir.wire.WireLoop;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** All that a running data plane needs for TLS. Changes come one after the other. */
final class RunningTls {

    private static final String H2 = "h2";
    private static final String HTTP_1_1 = "http/1.1";

    private final TlsContexts contexts;
    private final Stapling stapling;
    private final ExpiryWatch expiry;
    private final ThreadPoolExecutor tasks;
    private final ExecutorService fetches;

    /**
     * @param loops number of event loops, and so of threads for handshakes of the JDK's engine
     */
    RunningTls(
            GlobalConfig global,
            int loops,
            Ticker ticker,
            EventBus events,
            ScheduledExecutorService timer) {
        // Waiting handshakes are bounded by the connections that are let in.
        this.tasks =
                new ThreadPoolExecutor(
                        loops,
                        loops,
                        10,
                        TimeUnit.SECONDS,
                        new LinkedBlockingQueue<>(),
                        Thread.ofPlatform().daemon().name("weir-tls-", 0).factory());
        tasks.allowCoreThreadTimeOut(true);
        this.fetches =
                Executors.newThreadPerTaskExecutor(
                        Thread.ofVirtual().name("weir-ocsp-", 0).factory());
        this.contexts = new TlsContexts(global.tlsEngine(), tasks, ticker);
        this.stapling = new Stapling(fetches, ticker);
        this.expiry = new ExpiryWatch(events, ticker, this::watched);
        var _ = expiry.start(timer);
        var _ = timer.scheduleWithFixedDelay(this::minute, 1, 1, TimeUnit.MINUTES);
    }

    /** What had expired at the last look. */
    List<Watched> expired() {
        return expiry.expired();
    }

    private synchronized List<Watched> watched() {
        return contexts.watched();
    }

    private synchronized void minute() {
        contexts.turnTicketKeys();
        stapling.look(contexts.serving());
    }

    /** The contexts, for whoever makes connections to nodes. */
    TlsContexts contexts() {
        return contexts;
    }

    /**
     * Reads all certificates and makes everything ready, before anything is changed.
     *
     * @param clusterKeys where a cluster key comes from, if one is needed
     * @param results gets what cannot be used
     * @return null when something cannot be used
     */
    synchronized @Nullable Prepared prepare(
            WeirConfig config, ClusterKeyFile clusterKeys, List<ObjectResult> results) {
        Prepared prepared = contexts.prepare();
        boolean refused = false;
        for (VirtualServerConfig vs : config.virtualServers().values()) {
            TlsConfig tls = vs.tls();
            try {
                if (tls != null && vs.enabled()) {
                    boolean shared = tls.tickets() && tls.ticketKeys() == TicketKeys.CLUSTER;
                    ClusterKey key = shared ? clusterKeys.key(config.global().clusterKey()) : null;
                    contexts.prepare(prepared, vs, tls, protocols(vs), key);
                }
            } catch (IOException e) {
                refused = true;
                results.add(failed("virtual-servers/" + vs.name(), e));
            }
        }
        for (PoolConfig pool : config.pools().values()) {
            try {
                contexts.prepare(prepared, pool);
            } catch (IOException e) {
                refused = true;
                results.add(failed("pools/" + pool.name(), e));
            }
        }
        if (refused) {
            prepared.discard();
            return null;
        }
        contexts.announce(prepared);
        return prepared;
    }

    /** What clients are offered by ALPN; those who take HTTP/2 open with its preface. */
    private static List<String> protocols(VirtualServerConfig vs) {
        if (vs.protocol().kind() != Protocol.Kind.HTTP) {
            return List.of();
        }
        return vs.http2().enabled() ? List.of(H2, HTTP_1_1) : List.of(HTTP_1_1);
    }

    private static ObjectResult failed(String object, IOException e) {
        return new ObjectResult(object, Change.FAILED, "tls: " + e.getMessage());
    }

    /** Puts in force what was prepared; listeners must use it before this ends. */
    synchronized void use(Prepared prepared, List<WireLoop> loops) {
        Runnable release = contexts.use(prepared);
        stapling.look(contexts.serving());
        onceAllHavePassed(loops, release);
        fetches.execute(expiry::look);
    }

    /** A connection that an event loop is just making may still use what was in force. */
    private static void onceAllHavePassed(List<WireLoop> loops, Runnable release) {
        AtomicInteger left = new AtomicInteger(loops.size());
        for (WireLoop loop : loops) {
            loop.execute(
                    () -> {
                        if (left.decrementAndGet() == 0) {
                            release.run();
                        }
                    });
        }
    }

    /** Gives everything up, once the event loops have ended. */
    synchronized void stop() {
        contexts.use(contexts.prepare()).run();
        tasks.shutdownNow();
        fetches.shutdownNow();
    }
}
