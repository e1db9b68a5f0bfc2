package io.weir.config;

import inet.ipaddr.AddressStringParameters.RangeParameters;
import inet.ipaddr.IPAddress;
import inet.ipaddr.IPAddressNetwork.IPAddressGenerator;
import inet.ipaddr.IPAddressString;
import inet.ipaddr.IPAddressStringParameters;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;

/** A set of address blocks (CIDR, IPv4 and IPv6). Immutable, safe for every thread. */
public final class AddressBlocks {

    public static final AddressBlocks NONE = new AddressBlocks(List.of());

    /** No ranges, wildcards, masks, zones, nor forms of IPv4 with other than four decimals. */
    private static final IPAddressStringParameters STRICT = strict();

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
            IPAddress block = new IPAddressString(text, STRICT).getAddress();
            if (block == null || !text.equals(text.strip())) {
                throw new IllegalArgumentException(
                        "'" + text + "' is no address block; expected one like 10.0.0.0/8");
            }
            blocks.add(unmapped(block.toPrefixBlock()));
        }
        return new AddressBlocks(blocks);
    }

    private static IPAddressStringParameters strict() {
        IPAddressStringParameters.Builder builder =
                new IPAddressStringParameters.Builder()
                        .allowEmpty(false)
                        .allowAll(false)
                        .allowSingleSegment(false)
                        .allowMask(false)
                        .allowPrefixOnly(false)
                        .allowWildcardedSeparator(false)
                        .setRangeOptions(RangeParameters.NO_RANGE)
                        .allow_inet_aton(false);
        builder.getIPv4AddressParametersBuilder().allowLeadingZeros(false).allowBinary(false);
        builder.getIPv6AddressParametersBuilder()
                .allowZone(false)
                .allowBase85(false)
                .allowBinary(false);
        return builder.toParams();
    }

    /** IPv4 addresses in place of the IPv6 addresses that stand for them, of a block too. */
    private static IPAddress unmapped(IPAddress ip) {
        return ip.isIPv6() && ip.toIPv6().isIPv4Mapped()
                ? ip.toIPv6().getEmbeddedIPv4Address()
                : ip;
    }

    /** Whether {@code address} lies in one of the blocks; null lies in none. */
    public boolean contains(@Nullable InetAddress address) {
        if (blocks.isEmpty() || address == null) {
            return false;
        }
        IPAddress ip = unmapped(new IPAddressGenerator().from(address));
        for (IPAddress block : blocks) {
            if (block.contains(ip)) {
                return true;
            }
        }
        return false;
    }
}
