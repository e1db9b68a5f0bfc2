package io.weir.wire.dns;

import io.netty.channel.EventLoop;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.resolver.ResolvedAddressTypes;
import io.netty.resolver.dns.DnsNameResolver;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.resolver.dns.SequentialDnsServerAddressStreamProvider;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.ScheduledFuture;
import io.weir.config.DnsConfig;
import io.weir.pool.NodeNames;

import org.jspecify.annotations.Nullable;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** One name, looked up again and again. Confined to one event loop. */
final class FollowedHost {

    /** How soon a name from the hosts file is looked at again; nobody says when that changes. */
    private static final Duration HOSTS_REFRESH = Duration.ofSeconds(5);

    /** Longest time between two tries to find a name that is not found. */
    private static final Duration MOST_BACK_OFF = Duration.ofSeconds(5);

    /** IPv4 first, then by number: name servers shuffle, and a new order is no change. */
    private static final Comparator<InetAddress> ORDER =
            Comparator.comparing((InetAddress a) -> !(a instanceof Inet4Address))
                    .thenComparing(InetAddress::getAddress, Arrays::compareUnsigned);

    private final String host;
    private final EventLoop loop;
    private final HostsFile hosts;
    private final Supplier<DnsConfig> config;
    private final List<NodeNames.Listener> listeners = new ArrayList<>();
    private final List<Runnable> settled = new ArrayList<>();

    /** What was found last; empty before the first success. */
    private List<InetAddress> addresses = List.of();

    /** Why the last look-up failed; null if it did not. */
    private @Nullable String failure;

    private boolean looked;
    private int failures;
    private boolean stopped;
    private @Nullable ScheduledFuture<?> next;

    /**
     * @param config asked at every look-up
     * @param settled called once after the first look-up
     */
    FollowedHost(
            String host,
            EventLoop loop,
            HostsFile hosts,
            Supplier<DnsConfig> config,
            Runnable settled) {
        this.host = host;
        this.loop = loop;
        this.hosts = hosts;
        this.config = config;
        this.settled.add(settled);
    }

    void start() {
        lookUp();
    }

    void stop() {
        stopped = true;
        if (next != null) {
            next.cancel(false);
        }
        settle();
    }

    /** Adds a listener, which is told at once what is known. */
    void add(NodeNames.Listener listener) {
        listeners.add(listener);
        if (!addresses.isEmpty()) {
            listener.found(addresses);
        }
        String why = failure;
        if (why != null) {
            listener.notFound(why);
        }
    }

    /** Removes a listener; returns whether that was the last. */
    boolean remove(NodeNames.Listener listener) {
        listeners.remove(listener);
        return listeners.isEmpty();
    }

    /** Runs {@code task} after the first look-up, which may be now. */
    void whenSettled(Runnable task) {
        settled.add(task);
        if (looked) {
            settle();
        }
    }

    private void settle() {
        looked = true;
        settled.forEach(Runnable::run);
        settled.clear();
    }

    private void lookUp() {
        DnsConfig now = config.get();
        List<InetAddress> local = hosts.find(host);
        if (!local.isEmpty()) {
            failures = 0;
            found(local, bounded(HOSTS_REFRESH, now));
            return;
        }
        ShortestTtl ttl = new ShortestTtl();
        Unanswered unanswered = new Unanswered();
        DnsNameResolver resolver;
        try {
            resolver = resolver(now, ttl, unanswered);
        } catch (RuntimeException e) {
            // No socket, or no usable name server: not worse than a server that does not answer.
            notFound("the look-up cannot be made: " + e.getMessage());
            return;
        }
        resolver.resolveAll(host)
                .addListener(
                        (Future<List<InetAddress>> answer) -> {
                            resolver.close();
                            if (stopped) {
                                return;
                            }
                            if (answer.isSuccess() && !answer.getNow().isEmpty()) {
                                answered(answer.getNow(), unanswered, bounded(ttl.shortest(), now));
                            } else {
                                notFound(text(answer.cause(), now));
                            }
                        });
    }

    /**
     * A resolver for one look-up, without any cache: what is known is kept here, and name servers,
     * search list and settings are those of this moment.
     */
    private DnsNameResolver resolver(DnsConfig now, ShortestTtl ttl, Unanswered unanswered) {
        DnsNameResolverBuilder builder =
                new DnsNameResolverBuilder(loop)
                        .datagramChannelFactory(() -> ArrayBuffers.in(new NioDatagramChannel()))
                        .socketChannelFactory(() -> ArrayBuffers.in(new NioSocketChannel()))
                        .resolvedAddressTypes(ResolvedAddressTypes.IPV4_PREFERRED)
                        .hostsFileEntriesResolver((name, types) -> null)
                        .queryTimeoutMillis(Math.max(1, now.timeout().toMillis()))
                        .dnsQueryLifecycleObserverFactory(unanswered)
                        .resolveCache(ttl.addresses())
                        .cnameCache(ttl.aliases());
        if (!now.servers().isEmpty()) {
            List<InetSocketAddress> servers = new ArrayList<>();
            for (String server : now.servers()) {
                servers.add(NameServer.parse(server));
            }
            builder.nameServerProvider(new SequentialDnsServerAddressStreamProvider(servers));
        }
        return builder.build();
    }

    /** A family that no server has spoken of keeps its addresses, and is soon asked for again. */
    private void answered(List<InetAddress> answer, Unanswered unanswered, Duration refresh) {
        if (!unanswered.any()) {
            failures = 0;
            found(answer, refresh);
            return;
        }
        List<InetAddress> all = new ArrayList<>(answer);
        addresses.stream().filter(unanswered::familyOf).forEach(all::add);
        Duration pause = backOff();
        found(all, pause.compareTo(refresh) < 0 ? pause : refresh);
    }

    private void found(List<InetAddress> found, Duration refresh) {
        List<InetAddress> sorted = found.stream().distinct().sorted(ORDER).toList();
        boolean news = failure != null || !sorted.equals(addresses);
        addresses = sorted;
        failure = null;
        if (news) {
            listeners.forEach(listener -> listener.found(sorted));
        }
        settle();
        again(refresh);
    }

    private void notFound(String why) {
        boolean news = failure == null;
        failure = why;
        if (news) {
            listeners.forEach(listener -> listener.notFound(why));
        }
        settle();
        again(backOff());
    }

    /** How long to wait after one more failure. */
    private Duration backOff() {
        failures++;
        Duration first = config.get().minRefresh();
        Duration pause = first.multipliedBy(1L << Math.min(failures - 1, 10));
        return pause.compareTo(MOST_BACK_OFF) < 0 ? pause : max(first, MOST_BACK_OFF);
    }

    private void again(Duration pause) {
        if (!stopped) {
            next = loop.schedule(this::lookUp, pause.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private static Duration bounded(Duration wish, DnsConfig now) {
        Duration atMost = wish.compareTo(now.maxRefresh()) < 0 ? wish : now.maxRefresh();
        return max(atMost, now.minRefresh());
    }

    private static Duration max(Duration a, Duration b) {
        return a.compareTo(b) > 0 ? a : b;
    }

    private static String text(@Nullable Throwable cause, DnsConfig now) {
        for (Throwable at = cause; at != null; at = at.getCause()) {
            if (DnsNameResolver.isTimeoutError(at)) {
                return "no answer within " + now.timeout().toMillis() + " ms";
            }
        }
        return cause == null || cause.getMessage() == null
                ? "the answer has no address"
                : cause.getMessage();
    }
}
