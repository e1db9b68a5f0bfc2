package io.weir.pool;

import io.netty.util.NetUtil;
import io.weir.config.NodeAddress;
import io.weir.config.NodeConfig;
import io.weir.config.PoolConfig;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A node that a pool is to have, as configuration and names say.
 *
 * @param config with the address that identifies the node in the pool
 * @param configured the address in the configuration, which differs for a node per address
 * @param addresses to connect to; empty while the name does not resolve
 * @param name what is known of the name; null when the node is given by address
 */
record Wanted(
        NodeConfig config,
        NodeAddress configured,
        List<InetSocketAddress> addresses,
        @Nullable FollowedName name) {

    /** The address that {@code host} spells; null when it is a name. */
    static @Nullable InetAddress literal(String host) {
        return NetUtil.isValidIpV4Address(host) || NetUtil.isValidIpV6Address(host)
                ? InetAddress.ofLiteral(host)
                : null;
    }

    /** The nodes of {@code pool} by identity, in order. */
    static Map<NodeAddress, Wanted> all(PoolConfig pool, FollowedNames names) {
        Map<NodeAddress, Wanted> all = new LinkedHashMap<>();
        for (NodeConfig node : pool.nodes()) {
            NodeAddress address = node.address();
            InetAddress literal = literal(address.host());
            if (literal != null) {
                put(all, new Wanted(node, address, sockets(List.of(literal), address), null));
                continue;
            }
            FollowedName name = names.get(address.host());
            if (pool.nodeNames() == PoolConfig.NodeNames.ONE_NODE || name.addresses.isEmpty()) {
                put(all, new Wanted(node, address, sockets(name.addresses, address), name));
            } else {
                for (InetAddress each : name.addresses) {
                    NodeAddress own =
                            new NodeAddress(NetUtil.toAddressString(each), address.port());
                    NodeConfig config =
                            new NodeConfig(own, node.state(), node.weight(), node.priority());
                    put(all, new Wanted(config, address, sockets(List.of(each), address), name));
                }
            }
        }
        return all;
    }

    private static void put(Map<NodeAddress, Wanted> all, Wanted wanted) {
        all.putIfAbsent(wanted.config.address(), wanted);
    }

    private static List<InetSocketAddress> sockets(List<InetAddress> addresses, NodeAddress node) {
        return addresses.stream().map(a -> new InetSocketAddress(a, node.port())).toList();
    }
}
