package io.weir.config;

/**
 * An address and port to listen on.
 *
 * @param host an IPv4 or IPv6 address without brackets, or {@code *} for every address
 * @param port 0 to 65535; 0 lets the system choose, which tests use
 */
public record ListenAddress(String host, int port) {

    /** The address as operators write it: {@code *:80}, {@code 127.0.0.1:80}, {@code [::1]:80}. */
    @Override
    public String toString() {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }
}
