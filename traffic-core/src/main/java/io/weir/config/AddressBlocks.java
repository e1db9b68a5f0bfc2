package io.weir.config;

import inet.ipaddr.IPAddress;
import inet.ipaddr.IPAddressString;
import inet.ipaddr.ipv4.IPv4Address;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;

/** A set of address blocks (CIDR, IPv4 and IPv6). Immutable, safe for every thread. */
public final class AddressBlocks {

    public static final AddressBlocks NONE = new AddressBlocks(List.of());

    private final List<IPAddress> blocks;

    private AddressBlocks(List<IPAddress> blocks) {
        this.blocks = List.copyOf(blocks);
    }

    /**
     * The blocks that {@code texts} name, such as {@code 10.0.0.0/8} or {@code ::1}.
     *
     * @throws IllegalArgumentException for a text that is neither address nor block, naming it
     */
    public static AddressBlocks of(List<String> texts) {
        if (texts.isEmpty()) {
            return NONE;
        }
        List<IPAddress> blocks = new ArrayList<>();
        for (String text : texts) {
            IPAddress block = new IPAddressString(text).getAddress();
            if (block == null || text.isBlank()) {
                throw new IllegalArgumentException(
                        "'" + text + "' is no address block; expected one like 10.0.0.0/8");
            }
            blocks.add(block.toPrefixBlock());
        }
        return new AddressBlocks(blocks);
    }

    /** Whether {@code address} lies in one of the blocks; null lies in none. */
    public boolean contains(@Nullable InetAddress address) {
        if (blocks.isEmpty() || address == null) {
            return false;
        }
        IPAddress ip = new inet.ipaddr.IPAddressNetwork.IPAddressGenerator().from(address);
        if (ip.isIPv6() && ip.toIPv6().isIPv4Mapped()) {
            IPv4Address mapped = ip.toIPv6().getEmbeddedIPv4Address();
            ip = mapped;
        }
        for (IPAddress block : blocks) {
            if (block.contains(ip)) {
                return true;
            }
        }
        return false;
    }
}
