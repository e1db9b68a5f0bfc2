package io.weir.config;

/**
 * The identity of a node: the host as the operator wrote it (an address or a name) and its port.
 *
 * @param host an address without brackets, or a DNS name in lower case
 * @param port 1 to 65535
 */
public record NodeAddress(String host, int port) implements Comparable<NodeAddress> {

    /** The address as operators write it: {@code 10.0.0.1:80}, {@code [::1]:80}, {@code app:80}. */
    @Override
    public String toString() {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }

    @Override
    public int compareTo(NodeAddress other) {
        int byHost = host.compareTo(other.host);
        return byHost != 0 ? byHost : Integer.compare(port, other.port);
    }
}
