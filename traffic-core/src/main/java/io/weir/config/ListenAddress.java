package io.weir.config;

/**
 * An address and port to listen on.
 *
 * @param host an IPv4 or IPv6 address without brackets, or {@code *} for every address
 * @param port 0 to 65535; 0 lets the system choose, which tests use
 */
public record ListenAddress(String host, int port) {

    /**
     * Whether one socket on each address, of the same protocol, would get in each other's way. A
     * port that the system chooses is in nobody's way.
     */
    public boolean overlaps(ListenAddress other) {
        if (port != other.port || port == 0) {
            return false;
        }
        // The IPv6 wildcard takes IPv4 connections as well, unless the system is told otherwise.
        if (host.equals(other.host) || isEverything() || other.isEverything()) {
            return true;
        }
        return (host.equals("0.0.0.0") && !other.isIpv6())
                || (other.host.equals("0.0.0.0") && !isIpv6());
    }

    private boolean isEverything() {
        return host.equals("*") || host.equals("::");
    }

    private boolean isIpv6() {
        return host.indexOf(':') >= 0;
    }

    /** The address as operators write it: {@code *:80}, {@code 127.0.0.1:80}, {@code [::1]:80}. */
    @Override
    public String toString() {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }
}
