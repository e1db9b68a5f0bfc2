package io.weir.control;

import io.weir.config.NodeAddress;

import org.jspecify.annotations.Nullable;

import java.util.Locale;

/** Node addresses as people write them. */
public final class NodeAddresses {

    private NodeAddresses() {}

    /**
     * The address in {@code text}, as in {@code app:80} or {@code [::1]:80}; null if it is none.
     */
    public static @Nullable NodeAddress parse(String text) {
        int colon = text.lastIndexOf(':');
        if (colon <= 0) {
            return null;
        }
        String host = text.substring(0, colon);
        String port = text.substring(colon + 1);
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        } else if (host.indexOf(':') >= 0) {
            return null; // an IPv6 address without brackets is ambiguous
        }
        if (host.isEmpty() || !port.matches("[0-9]{1,5}")) {
            return null;
        }
        int number = Integer.parseInt(port);
        return number < 1 || number > 65535
                ? null
                : new NodeAddress(host.toLowerCase(Locale.ROOT), number);
    }
}
