package io.weir.admin.server;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.weir.admin.AdminHandler;
import io.weir.admin.AdminMounts;
import io.weir.admin.MountOptions;
import io.weir.admin.SignInCheck;
import io.weir.cert.BadCertificateException;
import io.weir.config.AdminConfig;
import io.weir.config.ListenAddress;
import io.weir.event.EventBus;
import io.weir.event.EventTag;
import io.weir.time.Ticker;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The one server through which Weir is administered over the network. Its sockets have an event
 * loop of their own, apart from that of the traffic; each request has a virtual thread. When the
 * address cannot be had, that is reported and tried again; traffic goes on. Safe for every thread
 * but an event loop.
 */
public final class AdminServer implements AdminMounts, AutoCloseable {

    private static final int BACKLOG = 64;

    private final Mounts mounts = new Mounts();
    private final SignInCheck signIn;
    private final OwnCertificate certificate;
    private final Set<String> machineNames;
    private final EventBus events;
    private final Ticker ticker;
    private final Consumer<@Nullable String> trouble;

    private @Nullable AdminConfig wanted;
    private @Nullable AdminConfig bound;
    private @Nullable EventLoopGroup loops;
    private @Nullable Channel listener;
    private @Nullable Connections connections;
    private boolean closed;

    /**
     * @param state directory in which a certificate that Weir makes is kept
     * @param machineNames names of this machine under which it may be asked, in lower case
     * @param trouble told why it does not listen, and null when all is well
     */
    public AdminServer(
            SignInCheck signIn,
            Path state,
            Set<String> machineNames,
            EventBus events,
            Ticker ticker,
            Consumer<@Nullable String> trouble) {
        this.signIn = signIn;
        this.certificate = new OwnCertificate(state, machineNames, new SecureRandom());
        this.machineNames = Set.copyOf(machineNames);
        this.events = events;
        this.ticker = ticker;
        this.trouble = trouble;
    }

    @Override
    public Mounted mount(String path, AdminHandler handler, MountOptions options) {
        return mounts.mount(path, handler, options);
    }

    /** Listens as {@code config} says from now on; null stops it. */
    public synchronized void follow(@Nullable AdminConfig config) {
        if (!Objects.equals(wanted, config)) {
            wanted = config;
            settle(true);
        }
    }

    /** Tries again if the address could not be had. To be called now and then. */
    public synchronized void retry() {
        if (!Objects.equals(wanted, bound)) {
            settle(false);
        }
    }

    /** Where it listens, with the real port; null when it does not. */
    public synchronized @Nullable InetSocketAddress address() {
        Channel present = listener;
        return present == null ? null : (InetSocketAddress) present.localAddress();
    }

    private void settle(boolean announce) {
        if (closed) {
            return;
        }
        AdminConfig config = wanted;
        AdminConfig before = bound;
        Connections present = connections;
        if (config != null && before != null && present != null && sameDoor(config, before)) {
            present.follow(config, machineNames);
            bound = config;
            return;
        }
        unbind();
        if (config == null) {
            trouble.accept(null);
            return;
        }
        try {
            bind(config);
            bound = config;
            trouble.accept(null);
        } catch (IOException | BadCertificateException | RuntimeException e) {
            unbind();
            String text = "cannot listen on " + config.listen() + ": " + e.getMessage();
            trouble.accept(text);
            if (announce) {
                events.emit(EventTag.LISTENFAIL, "the admin server " + text + "; traffic goes on");
            }
        }
    }

    /** Whether the socket and its certificate can stay. */
    private static boolean sameDoor(AdminConfig a, AdminConfig b) {
        return a.listen().equals(b.listen())
                && a.tls() == b.tls()
                && Objects.equals(a.certificate(), b.certificate())
                && Objects.equals(a.key(), b.key())
                && a.names().equals(b.names())
                && a.clientCertificates().equals(b.clientCertificates());
    }

    private void bind(AdminConfig config) throws IOException, BadCertificateException {
        AdminTls tls = config.tls() ? tls(config) : null;
        Connections made =
                new Connections(config, machineNames, tls, mounts, signIn, events, ticker);
        EventLoopGroup group =
                new MultiThreadIoEventLoopGroup(
                        1, new DefaultThreadFactory("weir-admin", true), NioIoHandler.newFactory());
        loops = group;
        connections = made;
        ListenAddress address = config.listen();
        InetSocketAddress socket =
                address.host().equals("*")
                        ? new InetSocketAddress(address.port())
                        : new InetSocketAddress(address.host(), address.port());
        var binding =
                new ServerBootstrap()
                        .group(group)
                        .channel(NioServerSocketChannel.class)
                        .option(ChannelOption.SO_BACKLOG, BACKLOG)
                        .option(ChannelOption.SO_REUSEADDR, true)
                        .childOption(ChannelOption.TCP_NODELAY, true)
                        .childOption(ChannelOption.AUTO_READ, false)
                        .childHandler(made)
                        .bind(socket)
                        .awaitUninterruptibly();
        Throwable cause = binding.cause();
        if (cause != null) {
            throw new IOException(cause.getMessage(), cause);
        }
        listener = binding.channel();
    }

    private AdminTls tls(AdminConfig config) throws IOException, BadCertificateException {
        return new AdminTls(certificate.get(config, ticker.now()), config.clientCertificates());
    }

    private void unbind() {
        Channel socket = listener;
        EventLoopGroup group = loops;
        Connections open = connections;
        listener = null;
        loops = null;
        connections = null;
        bound = null;
        if (socket != null) {
            socket.close().awaitUninterruptibly();
        }
        if (open != null) {
            open.close();
        }
        if (group != null) {
            group.shutdownGracefully(0, Duration.ofSeconds(2).toMillis(), TimeUnit.MILLISECONDS)
                    .awaitUninterruptibly(Duration.ofSeconds(3).toMillis());
        }
    }

    /** Stops listening for good; closing twice is harmless. */
    @Override
    public synchronized void close() {
        closed = true;
        unbind();
    }
}
