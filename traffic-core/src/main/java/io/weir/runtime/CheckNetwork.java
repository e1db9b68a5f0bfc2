package io.weir.runtime;

import io.weir.event.EventBus;
import io.weir.monitor.Network;
import io.weir.pool.NodeNames;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The network as checks see it: the names of nodes have the addresses that pools know them by, so
 * that a node is checked where its traffic goes. All else the operating system knows.
 */
final class CheckNetwork implements Network {

    private final NodeNames names;
    private final Network system;
    private volatile Set<String> nodes = Set.of();

    /**
     * @param system is asked about all but the names of nodes
     */
    CheckNetwork(NodeNames names, Network system) {
        this.names = names;
        this.system = system;
    }

    /** Says which names are those of nodes; pools follow them. */
    void nodes(Set<String> hosts) {
        nodes = Set.copyOf(hosts);
    }

    @Override
    public List<InetAddress> addresses(String name, Duration within)
            throws UnknownHostException, TimeoutException, InterruptedException {
        if (!nodes.contains(name)) {
            return system.addresses(name, within);
        }
        // A pool follows the name already, so this is told at once what was found last.
        FirstFinding finding = new FirstFinding();
        EventBus.Subscription following = names.follow(name, finding);
        try {
            return finding.addresses.get(within.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            UnknownHostException unknown = new UnknownHostException(name);
            unknown.initCause(e.getCause());
            throw unknown;
        } finally {
            following.close();
        }
    }

    @Override
    public boolean mayEcho() {
        return system.mayEcho();
    }

    @Override
    public boolean echo(InetAddress address, Duration within) throws InterruptedException {
        return system.echo(address, within);
    }

    private static final class FirstFinding implements NodeNames.Listener {

        final CompletableFuture<List<InetAddress>> addresses = new CompletableFuture<>();

        @Override
        public void found(List<InetAddress> found) {
            addresses.complete(found);
        }

        @Override
        public void notFound(String why) {
            addresses.completeExceptionally(new UnknownHostException(why));
        }
    }
}
