package io.weir.function;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** Where rules learn the addresses of names, and the names of addresses. Safe for every thread. */
public interface Names {

    /** The names that this machine knows or asks for. May block. */
    Names OF_THE_MACHINE =
            new Names() {
                @Override
                public InetAddress[] addresses(String host) throws UnknownHostException {
                    return InetAddress.getAllByName(host);
                }

                @Override
                public String name(InetAddress address) {
                    String name = address.getCanonicalHostName();
                    return name.equals(address.getHostAddress()) ? "" : name;
                }
            };

    /**
     * All addresses of {@code host}, at least one.
     *
     * @throws UnknownHostException when there is none
     */
    InetAddress[] addresses(String host) throws UnknownHostException;

    /** The name of an address; empty when it has none. */
    String name(InetAddress address);
}
