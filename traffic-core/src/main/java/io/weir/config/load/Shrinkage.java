package io.weir.config.load;

import io.weir.config.ListenAddress;
import io.weir.config.NodeAddress;
import io.weir.config.NodeConfig;
import io.weir.config.PoolConfig;
import io.weir.config.VirtualServerConfig;
import io.weir.config.WeirConfig;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What a new configuration takes away from the one in force. A file that was cut at the end of a
 * line can be a valid one; the loss of a listener, or of more than a quarter of the virtual
 * servers, pools or nodes, is how that shows.
 */
public final class Shrinkage {

    private final List<String> losses = new ArrayList<>();

    private Shrinkage() {}

    /**
     * The losses that nobody should take without being asked, one sentence each; empty when there
     * are none.
     */
    public static List<String> between(WeirConfig before, WeirConfig after) {
        Shrinkage shrinkage = new Shrinkage();
        Set<ListenAddress> listeners = listeners(before);
        listeners.removeAll(listeners(after));
        for (ListenAddress listener : listeners) {
            shrinkage.losses.add("the listener " + listener + " goes away");
        }
        shrinkage.compare(
                "virtual servers",
                before.virtualServers().keySet(),
                after.virtualServers().keySet());
        shrinkage.compare("pools", before.pools().keySet(), after.pools().keySet());
        shrinkage.compare("nodes", nodes(before), nodes(after));
        return List.copyOf(shrinkage.losses);
    }

    private void compare(String what, Collection<?> before, Collection<?> after) {
        Set<Object> gone = new LinkedHashSet<>(before);
        gone.removeAll(after);
        if (gone.size() * 4 > before.size()) {
            losses.add(gone.size() + " of " + before.size() + " " + what + " go away: " + gone);
        }
    }

    private static Set<ListenAddress> listeners(WeirConfig config) {
        Set<ListenAddress> all = new LinkedHashSet<>();
        for (VirtualServerConfig server : config.virtualServers().values()) {
            if (server.enabled()) {
                all.addAll(server.listen());
            }
        }
        return all;
    }

    private static Set<NodeAddress> nodes(WeirConfig config) {
        Set<NodeAddress> all = new LinkedHashSet<>();
        for (PoolConfig pool : config.pools().values()) {
            for (NodeConfig node : pool.nodes()) {
                all.add(node.address());
            }
        }
        return all;
    }
}
