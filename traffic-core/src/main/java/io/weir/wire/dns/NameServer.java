package io.weir.wire.dns;

import io.netty.util.NetUtil;

import java.net.InetAddress;
import java.net.InetSocketAddress;

/** The address of a name server as operators write it. */
final class NameServer {

    private static final int PORT = 53;

    private NameServer() {}

    /**
     * Reads {@code 10.0.0.2}, {@code 10.0.0.2:53}, {@code ::1} or {@code [::1]:53}.
     *
     * @throws IllegalArgumentException if {@code text} is something else
     */
    static InetSocketAddress parse(String text) {
        int colon = text.lastIndexOf(':');
        boolean ported = colon > 0 && (text.indexOf(':') == colon || text.charAt(colon - 1) == ']');
        String host = ported ? text.substring(0, colon) : text;
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        }
        if (!NetUtil.isValidIpV4Address(host) && !NetUtil.isValidIpV6Address(host)) {
            throw new IllegalArgumentException(
                    "name server " + text + ": expected an address such as 10.0.0.2:53");
        }
        int port = ported ? Integer.parseInt(text.substring(colon + 1)) : PORT;
        return new InetSocketAddress(InetAddress.ofLiteral(host), port);
    }
}
