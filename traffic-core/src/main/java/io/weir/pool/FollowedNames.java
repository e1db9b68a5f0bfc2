package io.weir.pool;

import io.weir.config.NodeConfig;
import io.weir.config.PoolConfig;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The node names of one pool and what is known of them. Confined to the pool's {@link Serial}. */
final class FollowedNames {

    private final NodeNames names;
    private final Serial serial;
    private final Runnable changed;
    private final Map<String, FollowedName> byHost = new HashMap<>();
    private boolean closed;

    /**
     * @param changed called after every finding and every failure
     */
    FollowedNames(NodeNames names, Serial serial, Runnable changed) {
        this.names = names;
        this.serial = serial;
        this.changed = changed;
    }

    /**
     * Follows the names of {@code pool} and no others.
     *
     * @param original whether the pool begins with them
     */
    void follow(PoolConfig pool, boolean original) {
        Set<String> hosts = new HashSet<>();
        for (NodeConfig node : pool.nodes()) {
            if (Wanted.literal(node.address().host()) == null) {
                hosts.add(node.address().host());
            }
        }
        for (String host : Set.copyOf(byHost.keySet())) {
            if (!hosts.contains(host)) {
                get(host).unfollow();
                byHost.remove(host);
            }
        }
        for (String host : hosts) {
            if (!byHost.containsKey(host)) {
                FollowedName name = new FollowedName(original);
                byHost.put(host, name);
                name.followedBy(names.follow(host, listener(host, name)));
            }
        }
    }

    /** What is known of {@code host}, which is followed. */
    FollowedName get(String host) {
        FollowedName name = byHost.get(host);
        if (name == null) {
            throw new IllegalStateException("name " + host + " is not followed");
        }
        return name;
    }

    /** Follows none any more; what is known of them stays. */
    void close() {
        closed = true;
        byHost.values().forEach(FollowedName::unfollow);
    }

    private NodeNames.Listener listener(String host, FollowedName name) {
        return new NodeNames.Listener() {
            @Override
            public void found(List<InetAddress> addresses) {
                List<InetAddress> copy = List.copyOf(addresses);
                serial.run(() -> settle(host, name, copy, null));
            }

            @Override
            public void notFound(String why) {
                serial.run(() -> settle(host, name, name.addresses, why));
            }
        };
    }

    private void settle(
            String host, FollowedName name, List<InetAddress> found, @Nullable String failure) {
        if (closed || byHost.get(host) != name) {
            return;
        }
        name.addresses = found;
        name.failure = failure;
        changed.run();
        name.original = false;
    }
}
