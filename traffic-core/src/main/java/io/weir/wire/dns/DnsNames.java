package io.weir.wire.dns;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.weir.config.DnsConfig;
import io.weir.event.EventBus;
import io.weir.pool.NodeNames;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Node names as hosts file and DNS know them. A name is looked up again when its TTL is over,
 * within the bounds of {@link DnsConfig}; one that cannot be found is tried again every few
 * seconds. All look-ups run on one event loop of their own, so that a dead name server delays no
 * traffic.
 */
public final class DnsNames implements NodeNames, AutoCloseable {

    private final EventLoopGroup group;
    private final EventLoop loop;
    private final HostsFile hosts;
    private volatile DnsConfig config;

    /** Names that are followed; confined to the loop. */
    private final Map<String, FollowedHost> followed = new HashMap<>();

    /** First look-ups that have not ended yet. */
    private final Map<FollowedHost, CompletableFuture<Void>> unsettled = new ConcurrentHashMap<>();

    /** Starts the thread {@code weir-dns}, which {@link #close} ends. */
    public DnsNames(DnsConfig config) {
        this(config, HostsFile.ofSystem());
    }

    DnsNames(DnsConfig config, HostsFile hosts) {
        this.config = config;
        this.hosts = hosts;
        group =
                new MultiThreadIoEventLoopGroup(
                        1, new DefaultThreadFactory("weir-dns", true), NioIoHandler.newFactory());
        loop = group.next();
    }

    /** Puts {@code next} in force from each name's next look-up on. */
    public void apply(DnsConfig next) {
        config = next;
    }

    @Override
    public EventBus.Subscription follow(String host, Listener listener) {
        // Whoever waits for names to settle must wait for this one too, so it is noted here.
        CompletableFuture<Void> first = new CompletableFuture<>();
        FollowedHost fresh =
                new FollowedHost(host, loop, hosts, () -> config, () -> first.complete(null));
        unsettled.put(fresh, first);
        first.whenComplete((done, failure) -> unsettled.remove(fresh));
        loop.execute(
                () -> {
                    FollowedHost known = followed.putIfAbsent(host, fresh);
                    if (known == null) {
                        fresh.add(listener);
                        fresh.start();
                    } else {
                        known.add(listener);
                        known.whenSettled(() -> first.complete(null));
                    }
                });
        return () -> loop.execute(() -> unfollow(host, listener));
    }

    private void unfollow(String host, Listener listener) {
        FollowedHost known = followed.get(host);
        if (known != null && known.remove(listener)) {
            followed.remove(host);
            known.stop();
        }
    }

    @Override
    public boolean settle(Duration atMost) throws InterruptedException {
        try {
            CompletableFuture.allOf(unsettled.values().toArray(CompletableFuture<?>[]::new))
                    .get(atMost.toNanos(), TimeUnit.NANOSECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }

    /** Ends all look-ups and the thread. */
    @Override
    public void close() {
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }
}
