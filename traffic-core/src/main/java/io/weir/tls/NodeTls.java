package io.weir.tls;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.IdentityCipherSuiteFilter;
import io.netty.handler.ssl.OpenSslContextOption;
import io.netty.handler.ssl.OpenSslSessionContext;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.netty.util.ReferenceCountUtil;
import io.weir.cert.BadCertificateException;
import io.weir.cert.Identity;
import io.weir.cert.TrustAnchors;
import io.weir.cert.Watched;
import io.weir.config.NodeAddress;
import io.weir.config.NodeTlsConfig;
import io.weir.event.ObjectRef;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;

import javax.net.ssl.SSLException;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * TLS towards the nodes of a pool under one configuration. Sessions are kept per node and resumed
 * by every event loop. Safe for every thread.
 */
public final class NodeTls {

    private static final int BATCH = 64 * 1024;

    private final NodeTlsConfig config;
    private final @Nullable Identity identity;
    private final @Nullable TrustAnchors authorities;
    private final SslContext context;
    private final Executor tasks;
    private final AtomicInteger connections = new AtomicInteger();

    private NodeTls(
            NodeTlsConfig config,
            @Nullable Identity identity,
            @Nullable TrustAnchors authorities,
            SslContext context,
            Executor tasks) {
        this.config = config;
        this.identity = identity;
        this.authorities = authorities;
        this.context = context;
        this.tasks = tasks;
    }

    /**
     * Reads all files and makes everything ready; blocks.
     *
     * @param protocols to agree upon by ALPN, best first; empty for none
     * @throws SSLException when the settings cannot be used
     */
    static NodeTls of(
            NodeTlsConfig config, TlsEngine engine, List<String> protocols, Executor tasks)
            throws BadCertificateException, SSLException, GeneralSecurityException {
        SslContextBuilder builder =
                SslContextBuilder.forClient()
                        .sslProvider(engine.provider())
                        .protocols(Suites.versions(config.profile()))
                        .ciphers(
                                Suites.of(engine, config.ciphers()),
                                IdentityCipherSuiteFilter.INSTANCE)
                        .sessionCacheSize(config.resumption() ? 1024 : 1);
        if (engine.isNative()) {
            builder.option(OpenSslContextOption.USE_TASKS, false);
            builder.option(OpenSslContextOption.GROUPS, Suites.groups(engine, List.of()));
        }
        if (!protocols.isEmpty()) {
            builder.applicationProtocolConfig(
                    new ApplicationProtocolConfig(
                            ApplicationProtocolConfig.Protocol.ALPN,
                            ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
                            ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
                            protocols));
        }
        Path caFile = config.caFile();
        TrustAnchors authorities =
                config.verify() && caFile != null ? TrustAnchors.load(caFile) : null;
        trust(builder, config, authorities);
        Path certificate = config.certificate();
        Identity identity = null;
        if (certificate != null) {
            identity =
                    Identity.load(
                            certificate,
                            Objects.requireNonNullElse(config.key(), certificate),
                            config.keyPassphrase());
            builder.keyManager(identity.privateKey(), identity.chain());
        }
        SslContext context = builder.build();
        if (!config.resumption()
                && context.sessionContext() instanceof OpenSslSessionContext sessions) {
            sessions.setSessionCacheEnabled(false);
        }
        return new NodeTls(config, identity, authorities, context, tasks);
    }

    private static void trust(
            SslContextBuilder builder, NodeTlsConfig config, @Nullable TrustAnchors authorities)
            throws GeneralSecurityException {
        if (!config.verify()) {
            builder.trustManager(InsecureTrustManagerFactory.INSTANCE)
                    .endpointIdentificationAlgorithm(null);
            return;
        }
        X509ExtendedTrustManager trust =
                authorities == null ? TrustAnchors.trustOfSystem() : authorities.trust(null);
        if (config.commonNameMatch().isEmpty()) {
            builder.trustManager(trust).endpointIdentificationAlgorithm("HTTPS");
        } else {
            builder.trustManager(new NamedNodes(trust, config.commonNameMatch()))
                    .endpointIdentificationAlgorithm(null);
        }
    }

    /** What of it can expire, used by {@code users}. */
    List<Watched> watched(ObjectRef... users) {
        List<Watched> all = new ArrayList<>();
        if (identity != null) {
            all.addAll(Watched.identity(identity, users));
        }
        if (authorities != null) {
            all.addAll(Watched.anchors(authorities, users));
        }
        return all;
    }

    /**
     * A handler for one connection.
     *
     * @param serverName to ask the node for and to be proven by it; null for what the configuration
     *     says, which is the node's own name unless it has another one
     * @param patience how long the handshake may take
     */
    public SslHandler newHandler(
            ByteBufAllocator allocator,
            NodeAddress node,
            @Nullable String serverName,
            Duration patience) {
        String configured = Objects.requireNonNullElse(config.serverName(), node.host());
        String name = Objects.requireNonNullElse(serverName, configured);
        // Engines look for a session under name and port; nothing else is done with the latter.
        int sessionsOf = config.resumption() ? node.port() : connections.getAndIncrement() & 0xffff;
        SslHandler handler = context.newHandler(allocator, name, sessionsOf, tasks);
        handler.setHandshakeTimeoutMillis(patience.toMillis());
        handler.setWrapDataSize(BATCH);
        return handler;
    }

    /** No further handler will be asked for. */
    void release() {
        ReferenceCountUtil.release(context);
    }
}
