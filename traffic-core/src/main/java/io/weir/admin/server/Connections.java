package io.weir.admin.server;

import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.GlobalEventExecutor;
import io.weir.admin.SignInCheck;
import io.weir.config.AddressBlocks;
import io.weir.config.AdminConfig;
import io.weir.event.EventBus;
import io.weir.kernel.ThreadTurns;
import io.weir.time.Ticker;

import org.jspecify.annotations.Nullable;

import java.net.InetSocketAddress;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

/**
 * What the connections of the admin server have in common, and how each begins: an address that is
 * not trusted is closed before it sees a byte. The order of handlers is: TLS, decoder, encoder, one
 * message at a time, {@link AdminConnection}. Safe for every thread.
 */
final class Connections extends ChannelInitializer<Channel> implements AutoCloseable {

    private static final int MAX_CONNECTIONS = 256;
    private static final long HANDSHAKE_SECONDS = 10;

    /** What may change while connections are open. */
    record Settings(AddressBlocks trusted, HostCheck hosts) {
        static Settings of(AdminConfig config, Set<String> machineNames) {
            Set<String> names = new HashSet<>(machineNames);
            names.addAll(config.names());
            return new Settings(AddressBlocks.of(config.trusted()), new HostCheck(names));
        }
    }

    private final @Nullable AdminTls tls;
    private final Mounts mounts;
    private final SignInCheck signIn;
    private final EventBus events;
    private final Ticker ticker;
    private final ChannelGroup open = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE, true);
    private final ExecutorService threads = Executors.newThreadPerTaskExecutor(behindTraffic());

    private volatile Settings settings;

    Connections(
            AdminConfig config,
            Set<String> machineNames,
            @Nullable AdminTls tls,
            Mounts mounts,
            SignInCheck signIn,
            EventBus events,
            Ticker ticker) {
        this.settings = Settings.of(config, machineNames);
        this.tls = tls;
        this.mounts = mounts;
        this.signIn = signIn;
        this.events = events;
        this.ticker = ticker;
    }

    private static ThreadFactory behindTraffic() {
        ThreadFactory factory = Thread.ofVirtual().name("admin-", 0).factory();
        return work ->
                factory.newThread(
                        () -> {
                            var _ = ThreadTurns.stepBack();
                            work.run();
                        });
    }

    /** Takes up settings that need no new socket; connections that are not trusted now end. */
    void follow(AdminConfig config, Set<String> machineNames) {
        Settings next = Settings.of(config, machineNames);
        settings = next;
        open.close(channel -> !isTrusted(channel, next));
    }

    @Override
    protected void initChannel(Channel channel) {
        if (!isTrusted(channel, settings) || open.size() >= MAX_CONNECTIONS) {
            channel.close();
            return;
        }
        var _ = ThreadTurns.stepBack();
        open.add(channel);
        ChannelPipeline pipeline = channel.pipeline();
        if (tls != null) {
            SslHandler handler = new SslHandler(tls.engine(), threads);
            handler.setHandshakeTimeout(HANDSHAKE_SECONDS, TimeUnit.SECONDS);
            pipeline.addLast(handler);
        }
        pipeline.addLast(new RequestDecoder());
        pipeline.addLast(new HttpResponseEncoder());
        OneByOne messages = new OneByOne();
        pipeline.addLast(messages);
        pipeline.addLast(new AdminConnection(this, channel, messages));
    }

    private static boolean isTrusted(Channel channel, Settings settings) {
        return channel.remoteAddress() instanceof InetSocketAddress address
                && settings.trusted.contains(address.getAddress());
    }

    Settings settings() {
        return settings;
    }

    boolean secure() {
        return tls != null;
    }

    Mounts mounts() {
        return mounts;
    }

    SignInCheck signIn() {
        return signIn;
    }

    EventBus events() {
        return events;
    }

    Ticker ticker() {
        return ticker;
    }

    /** Runs what may block. */
    ExecutorService threads() {
        return threads;
    }

    /** Cuts all connections and interrupts what is being handled. */
    @Override
    public void close() {
        open.close().awaitUninterruptibly(TimeUnit.SECONDS.toMillis(2));
        threads.shutdownNow();
    }
}
