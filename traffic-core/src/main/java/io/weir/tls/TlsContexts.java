package io.weir.tls;

import io.weir.cert.BadCertificateException;
import io.weir.cert.Watched;
import io.weir.config.CertificateFiles;
import io.weir.config.GlobalConfig;
import io.weir.config.NodeTlsConfig;
import io.weir.config.PoolConfig;
import io.weir.config.TlsConfig;
import io.weir.config.VirtualServerConfig;
import io.weir.event.ObjectRef;
import io.weir.persist.ClusterKey;
import io.weir.time.Ticker;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Executor;

import javax.net.ssl.SSLException;

/**
 * All TLS of a running Weir: what virtual servers and pools use now. A configuration is prepared
 * whole, then put in force; what did not change, files included, goes on with its sessions. Changes
 * come one after the other; {@link #node} is safe for every thread.
 */
public final class TlsContexts {

    private static final Logger LOG = LoggerFactory.getLogger(TlsContexts.class);

    private final GlobalConfig.TlsEngine wanted;
    private final Executor tasks;
    private final Ticker ticker;
    private final SecureRandom random = new SecureRandom();
    private final Map<String, Serving> servers = new HashMap<>();
    private Map<Nodes, Speaking> inForce = Map.of();
    private volatile Map<Nodes, Speaking> nodes = Map.of();

    /**
     * What a virtual server uses.
     *
     * @param policy of whom sessions may be resumed
     */
    private record Serving(ServerTls tls, String files, String policy, TicketKeys tickets) {}

    /**
     * Pools that speak alike.
     *
     * @param http2 whether they ask over HTTP/2
     */
    private record Nodes(NodeTlsConfig tls, boolean http2) {
        static Nodes of(PoolConfig pool) {
            return new Nodes(pool.tls(), pool.http2() != PoolConfig.NodeHttp2.OFF);
        }
    }

    /**
     * What pools use.
     *
     * @param pools their names
     */
    private record Speaking(NodeTls tls, String files, Set<String> pools) {
        Speaking by(String pool) {
            Set<String> all = new TreeSet<>(pools);
            all.add(pool);
            return new Speaking(tls, files, all);
        }
    }

    /** Everything that a configuration needs, ready to be put in force. */
    public static final class Prepared {
        private final Map<String, Serving> servers = new HashMap<>();
        private final Map<Nodes, Speaking> nodes = new HashMap<>();
        private final List<Runnable> fresh = new ArrayList<>();

        private final Runnable withdraw;

        private Prepared(Runnable withdraw) {
            this.withdraw = withdraw;
        }

        /** TLS of a virtual server; null when it has none. */
        public @Nullable ServerTls server(String name) {
            Serving serving = servers.get(name);
            return serving == null ? null : serving.tls;
        }

        /** Gives up what was made for it. */
        public void discard() {
            withdraw.run();
            fresh.forEach(Runnable::run);
            fresh.clear();
        }
    }

    /**
     * @param wanted the engine, which is loaded when it is needed first
     * @param tasks runs the handshakes of an engine that cannot be interrupted
     */
    public TlsContexts(GlobalConfig.TlsEngine wanted, Executor tasks, Ticker ticker) {
        this.wanted = wanted;
        this.tasks = tasks;
        this.ticker = ticker;
    }

    /** What is prepared before anything is added to it. */
    public Prepared prepare() {
        return new Prepared(() -> nodes = inForce);
    }

    /**
     * Prepares a virtual server that ends TLS; blocks.
     *
     * @param protocols to agree upon by ALPN, best first
     * @param cluster what keys of tickets are made from; null for keys of this process alone
     * @throws IOException when a file or a setting cannot be used, in words for the operator
     */
    public void prepare(
            Prepared to,
            VirtualServerConfig vs,
            TlsConfig tls,
            List<String> protocols,
            @Nullable ClusterKey cluster)
            throws IOException {
        String files = protocols + hash(files(tls)) + sameKey(cluster);
        String policy =
                tls.clientCertificate() + hash(some(tls.clientCaFile(), tls.clientCrlFile()));
        Serving now = servers.get(vs.name());
        if (now != null && now.files.equals(files) && now.tls.config().equals(tls)) {
            to.servers.put(vs.name(), now);
            return;
        }
        ServerTls made = make(() -> ServerTls.of(tls, TlsEngine.of(wanted), protocols, tasks));
        to.fresh.add(made::release);
        if (!TlsEngine.of(wanted).isNative()) {
            for (String key : tls.onlyWithBoringSsl()) {
                LOG.warn(
                        "virtual-servers.{}.tls.{} has no effect: TLS is done by the JDK's engine",
                        vs.name(),
                        key);
            }
        }
        TicketKeys tickets;
        if (cluster != null) {
            tickets = new ClusterTicketKeys(cluster, vs.name(), policy);
            boolean _ = tickets.turn(ticker, tls);
        } else if (now != null
                && now.policy.equals(policy)
                && now.tickets instanceof OwnTicketKeys own) {
            tickets = own;
        } else {
            tickets = new OwnTicketKeys(random, ticker);
        }
        made.use(tickets);
        to.servers.put(vs.name(), new Serving(made, files, policy, tickets));
    }

    /**
     * Prepares TLS to nodes; blocks.
     *
     * @throws IOException when a file or a setting cannot be used, in words for the operator
     */
    public void prepare(Prepared to, PoolConfig pool) throws IOException {
        NodeTlsConfig tls = pool.tls();
        Nodes key = Nodes.of(pool);
        if (!tls.enabled()) {
            return;
        }
        Speaking alike = to.nodes.get(key);
        if (alike != null) {
            to.nodes.put(key, alike.by(pool.name()));
            return;
        }
        String files = hash(some(tls.caFile(), tls.certificate(), tls.key()));
        Speaking now = inForce.get(key);
        if (now != null && now.files.equals(files)) {
            to.nodes.put(key, new Speaking(now.tls, files, Set.of(pool.name())));
            return;
        }
        List<String> protocols = key.http2 ? List.of("h2") : List.of();
        NodeTls made = make(() -> NodeTls.of(tls, TlsEngine.of(wanted), protocols, tasks));
        to.fresh.add(made::release);
        to.nodes.put(key, new Speaking(made, files, Set.of(pool.name())));
    }

    private interface Making<T> {
        T make() throws BadCertificateException, SSLException, GeneralSecurityException;
    }

    private static <T> T make(Making<T> making) throws IOException {
        try {
            return making.make();
        } catch (SSLException e) {
            throw new IOException("TLS cannot be set up: " + root(e).getMessage(), e);
        } catch (BadCertificateException
                | GeneralSecurityException
                | IllegalArgumentException
                | UnsupportedOperationException e) {
            throw new IOException(String.valueOf(e.getMessage()), e);
        }
    }

    private static Throwable root(Throwable e) {
        Throwable root = e;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root;
    }

    /** Pools may begin to use what was prepared, beside what is in force. */
    public void announce(Prepared prepared) {
        Map<Nodes, Speaking> both = new HashMap<>(inForce);
        both.putAll(prepared.nodes);
        nodes = Map.copyOf(both);
    }

    /**
     * Puts in force what was prepared.
     *
     * @return releases what is not in force any more; to be run when nobody makes connections from
     *     it any more
     */
    public Runnable use(Prepared prepared) {
        List<Runnable> old = new ArrayList<>();
        Set<Object> kept = new HashSet<>();
        prepared.servers.values().forEach(serving -> kept.add(serving.tls));
        prepared.nodes.values().forEach(speaking -> kept.add(speaking.tls));
        for (Serving serving : servers.values()) {
            if (!kept.contains(serving.tls)) {
                old.add(serving.tls::release);
            }
        }
        for (Speaking speaking : inForce.values()) {
            if (!kept.contains(speaking.tls)) {
                old.add(speaking.tls::release);
            }
        }
        servers.clear();
        servers.putAll(prepared.servers);
        inForce = Map.copyOf(prepared.nodes);
        nodes = inForce;
        prepared.fresh.clear();
        return () -> old.forEach(Runnable::run);
    }

    /** TLS to the nodes of a pool that has it and is in force. */
    public @Nullable NodeTls node(PoolConfig pool) {
        Speaking speaking = nodes.get(Nodes.of(pool));
        return speaking == null ? null : speaking.tls;
    }

    /** The virtual servers that end TLS now. */
    public Collection<ServerTls> serving() {
        return servers.values().stream().map(Serving::tls).toList();
    }

    /** Everything that virtual servers and pools use and that can expire; blocks. */
    public List<Watched> watched() {
        List<Watched> all = new ArrayList<>();
        servers.forEach(
                (name, serving) -> all.addAll(serving.tls.watched(ObjectRef.virtualServer(name))));
        for (Speaking speaking : inForce.values()) {
            ObjectRef[] users =
                    speaking.pools.stream().map(ObjectRef::pool).toArray(ObjectRef[]::new);
            all.addAll(speaking.tls.watched(users));
        }
        return all;
    }

    /** Tells one cluster key from another, and tells nothing about it. */
    private static String sameKey(@Nullable ClusterKey cluster) {
        return cluster == null
                ? ""
                : HexFormat.of().formatHex(cluster.derived("weir cluster key, which one"));
    }

    /** Replaces keys of tickets that are due; to be called about once a minute. */
    public void turnTicketKeys() {
        for (Serving serving : servers.values()) {
            TlsConfig config = serving.tls.config();
            if (serving.tickets.turn(ticker, config)) {
                serving.tls.use(serving.tickets);
            }
        }
    }

    /** The files that connections depend on; OCSP responses come and go without them. */
    private static List<Path> files(TlsConfig tls) {
        List<Path> files = new ArrayList<>();
        for (CertificateFiles each : tls.all()) {
            files.add(each.certificate());
            files.add(each.key());
        }
        files.addAll(some(tls.clientCaFile(), tls.clientCrlFile()));
        return files;
    }

    private static List<Path> some(@Nullable Path... files) {
        List<Path> some = new ArrayList<>();
        for (Path file : files) {
            if (file != null) {
                some.add(file);
            }
        }
        return some;
    }

    private static String hash(List<Path> files) throws IOException {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (Path file : files) {
                digest.update(
                        MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (java.nio.file.FileSystemException e) {
            throw new IOException("the file " + e.getFile() + " cannot be read", e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    @Override
    public String toString() {
        return "TlsContexts[" + Objects.toString(servers.keySet()) + "]";
    }
}
