package io.weir.tls;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.IdentityCipherSuiteFilter;
import io.netty.handler.ssl.OpenSslContextOption;
import io.netty.handler.ssl.OpenSslSessionContext;
import io.netty.handler.ssl.ReferenceCountedOpenSslEngine;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.internal.tcnative.SSL;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.ImmediateExecutor;
import io.weir.cert.BadCertificateException;
import io.weir.cert.Crls;
import io.weir.cert.Identity;
import io.weir.cert.TrustAnchors;
import io.weir.cert.Watched;
import io.weir.config.CertificateFiles;
import io.weir.config.TlsConfig;
import io.weir.config.TlsConfig.ClientCertificate;
import io.weir.event.ObjectRef;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;

import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;

/**
 * TLS of one virtual server under one configuration: certificates, sessions, and the handlers of
 * its connections. Immutable but for tickets and stapled responses; safe for every thread.
 */
public final class ServerTls {

    /** Bytes that are encrypted in one go: what a flush brings together leaves together. */
    private static final int BATCH = 64 * 1024;

    private final TlsConfig config;
    private final List<Identity> identities;
    private final ServerKeys keys;
    private final SslContext context;
    private final Executor tasks;
    private final String @Nullable [] groups;

    private ServerTls(
            TlsConfig config,
            List<Identity> identities,
            ServerKeys keys,
            SslContext context,
            Executor tasks,
            String @Nullable [] groups) {
        this.config = config;
        this.identities = identities;
        this.keys = keys;
        this.context = context;
        this.tasks = tasks;
        this.groups = groups;
    }

    /**
     * Reads all files and makes everything ready; blocks.
     *
     * @param protocols to agree upon by ALPN, best first
     * @param tasks runs the handshakes of an engine that cannot be interrupted
     * @throws SSLException when the settings cannot be used
     */
    static ServerTls of(TlsConfig config, TlsEngine engine, List<String> protocols, Executor tasks)
            throws BadCertificateException, SSLException, GeneralSecurityException {
        List<Identity> identities = new ArrayList<>();
        List<List<String>> names = new ArrayList<>();
        for (CertificateFiles files : config.all()) {
            Identity identity =
                    Identity.load(files.certificate(), files.key(), files.keyPassphrase());
            identities.add(identity);
            names.add(files.names().isEmpty() ? identity.hostNames() : files.names());
        }
        RsaSigner signer = engine.isNative() ? RsaSigner.of(identities) : null;
        ServerKeys keys = new ServerKeys(identities, names, signer != null);
        String[] groups = Suites.groups(engine, config.curves());
        SslContextBuilder builder =
                SslContextBuilder.forServer(KeyManagers.factory(keys))
                        .sslProvider(engine.provider())
                        .protocols(Suites.versions(config.profile()))
                        .ciphers(
                                Suites.of(engine, config.ciphers()),
                                IdentityCipherSuiteFilter.INSTANCE)
                        .sessionCacheSize(Math.max(config.sessionCache(), 1))
                        .sessionTimeout(Math.max(config.sessionTimeout().toSeconds(), 1));
        if (!protocols.isEmpty()) {
            builder.applicationProtocolConfig(
                    new ApplicationProtocolConfig(
                            ApplicationProtocolConfig.Protocol.ALPN,
                            ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
                            ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
                            protocols));
        }
        clients(builder, config);
        if (engine.isNative()) {
            // Netty calls a signer in tasks only; all tasks of native engines are run at once.
            builder.option(OpenSslContextOption.USE_TASKS, signer != null);
            builder.option(OpenSslContextOption.GROUPS, groups);
            builder.enableOcsp(config.ocspStapling());
            if (signer != null) {
                builder.option(OpenSslContextOption.PRIVATE_KEY_METHOD, signer);
            }
        }
        SslContext context = builder.build();
        if (config.sessionCache() == 0
                && context.sessionContext() instanceof OpenSslSessionContext sessions) {
            sessions.setSessionCacheEnabled(false);
        }
        return new ServerTls(
                config,
                List.copyOf(identities),
                keys,
                context,
                engine.isNative() ? ImmediateExecutor.INSTANCE : tasks,
                engine.isNative() ? null : groups);
    }

    private static void clients(SslContextBuilder builder, TlsConfig config)
            throws BadCertificateException, GeneralSecurityException {
        Path authorities = config.clientCaFile();
        if (config.clientCertificate() == ClientCertificate.NONE || authorities == null) {
            builder.clientAuth(ClientAuth.NONE).trustManager(new TrustNobody());
            return;
        }
        Path revoked = config.clientCrlFile();
        builder.trustManager(
                        TrustAnchors.load(authorities)
                                .trust(revoked == null ? null : Crls.load(revoked)))
                .clientAuth(
                        config.clientCertificate() == ClientCertificate.REQUIRE
                                ? ClientAuth.REQUIRE
                                : ClientAuth.OPTIONAL);
    }

    /** The configuration it was made from. */
    public TlsConfig config() {
        return config;
    }

    /** The certificates in use, the default one first. */
    public List<Identity> identities() {
        return identities;
    }

    /** What of it can expire, used by {@code user}; blocks. */
    List<Watched> watched(ObjectRef user) {
        List<Watched> all = new ArrayList<>();
        identities.forEach(identity -> all.addAll(Watched.identity(identity, user)));
        Path authorities = config.clientCaFile();
        Path revoked = config.clientCrlFile();
        try {
            if (config.clientCertificate() != ClientCertificate.NONE && authorities != null) {
                all.addAll(Watched.anchors(TrustAnchors.load(authorities), user));
                if (revoked != null) {
                    all.addAll(Watched.crls(Crls.load(revoked), user));
                }
            }
        } catch (BadCertificateException e) {
            // The files have changed and are of no use: the reload that failed has said so.
        }
        return all;
    }

    /** Whether a client that says this first is let in at all. */
    public boolean welcomes(@Nullable ClientHello hello) {
        return !config.strictSni() || hello != null && keys.knows(hello.serverName());
    }

    /** A handler for one connection. */
    public SslHandler newHandler(ByteBufAllocator allocator) {
        SslHandler handler = context.newHandler(allocator, tasks);
        String[] own = groups;
        if (own != null) {
            SSLParameters parameters = handler.engine().getSSLParameters();
            parameters.setNamedGroups(own);
            handler.engine().setSSLParameters(parameters);
        }
        if (!config.tickets()
                && handler.engine() instanceof ReferenceCountedOpenSslEngine nativeEngine) {
            // Netty switches them on where TLS 1.3 is.
            SSL.setOptions(nativeEngine.sslPointer(), SSL.SSL_OP_NO_TICKET);
        }
        // The door in front of it watches the time for less.
        handler.setHandshakeTimeoutMillis(0);
        handler.setWrapDataSize(BATCH);
        return handler;
    }

    /**
     * Tells what the client says that is about to be handed to a handler on this thread; null when
     * that is over.
     */
    public void arriving(@Nullable ClientHello hello) {
        keys.arriving(hello);
    }

    /** Sends {@code response} along with the certificate at {@code position} from now on. */
    void staple(int position, byte @Nullable [] response) {
        keys.staple(position, response);
    }

    /** Encrypts tickets with these keys from now on. */
    void use(TicketKeys tickets) {
        if (config.tickets()
                && context.sessionContext() instanceof OpenSslSessionContext sessions) {
            sessions.setTicketKeys(tickets.all());
        }
    }

    /** No further handler will be asked for. */
    void release() {
        ReferenceCountUtil.release(context);
    }
}
