package io.weir.config;

import inet.ipaddr.AddressStringParameters.RangeParameters;
import inet.ipaddr.IPAddress;
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

    private final Ranges v4;
    private final Ranges v6;

    private AddressBlocks(List<IPAddress> blocks) {
        v4 = Ranges.of(blocks.stream().filter(IPAddress::isIPv4).toList());
        v6 = Ranges.of(blocks.stream().filter(IPAddress::isIPv6).toList());
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

    /** Whether there is no block. */
    public boolean isEmpty() {
        return v4.first.length == 0 && v6.first.length == 0;
    }

    /** Whether {@code address} lies in one of the blocks; null lies in none. */
    public boolean contains(@Nullable InetAddress address) {
        if (address == null || isEmpty()) {
            return false;
        }
        byte[] octets = address.getAddress();
        return octets.length == 4 ? v4.contains(0, whole(octets, 0, 4)) : containsV6(octets);
    }

    private boolean containsV6(byte[] octets) {
        long upper = whole(octets, 0, 8);
        long lower = whole(octets, 8, 8);
        return upper == 0 && lower >>> 32 == 0xffff
                ? v4.contains(0, lower & 0xffff_ffffL)
                : v6.contains(upper, lower);
    }

    private static long whole(byte[] octets, int from, int count) {
        long number = 0;
        for (int i = from; i < from + count; i++) {
            number = number << 8 | octets[i] & 0xff;
        }
        return number;
    }

    /**
     * Addresses of one family as ranges that are in order and do not touch, so that a look-up among
     * thousands takes a dozen comparisons. Numbers of 128 bits in halves; unsigned.
     */
    private record Ranges(long[] firstUpper, long[] first, long[] lastUpper, long[] last) {

        /** A range, both ends included. */
        private record Range(long firstUpper, long first, long lastUpper, long last) {}

        static Ranges of(List<IPAddress> blocks) {
            List<Range> sorted =
                    blocks.stream()
                            .map(Ranges::range)
                            .sorted((a, b) -> compare(a.firstUpper, a.first, b.firstUpper, b.first))
                            .toList();
            List<Range> merged = new ArrayList<>();
            for (Range next : sorted) {
                Range before = merged.isEmpty() ? null : merged.getLast();
                if (before == null
                        || compare(before.lastUpper, before.last, next.firstUpper, next.first)
                                < 0) {
                    merged.add(next);
                } else if (compare(before.lastUpper, before.last, next.lastUpper, next.last) < 0) {
                    // Blocks only nest; this is for the reader who does not know that.
                    merged.set(
                            merged.size() - 1,
                            new Range(before.firstUpper, before.first, next.lastUpper, next.last));
                }
            }
            return new Ranges(
                    merged.stream().mapToLong(Range::firstUpper).toArray(),
                    merged.stream().mapToLong(Range::first).toArray(),
                    merged.stream().mapToLong(Range::lastUpper).toArray(),
                    merged.stream().mapToLong(Range::last).toArray());
        }

        private static Range range(IPAddress block) {
            byte[] lower = block.getLower().getBytes();
            byte[] upper = block.getUpper().getBytes();
            return lower.length == 4
                    ? new Range(0, whole(lower, 0, 4), 0, whole(upper, 0, 4))
                    : new Range(
                            whole(lower, 0, 8),
                            whole(lower, 8, 8),
                            whole(upper, 0, 8),
                            whole(upper, 8, 8));
        }

        boolean contains(long upper, long lower) {
            int low = 0;
            int high = first.length - 1;
            while (low <= high) {
                int middle = (low + high) >>> 1;
                if (compare(firstUpper[middle], first[middle], upper, lower) > 0) {
                    high = middle - 1;
                } else {
                    low = middle + 1;
                }
            }
            return high >= 0 && compare(upper, lower, lastUpper[high], last[high]) <= 0;
        }

        private static int compare(long aUpper, long a, long bUpper, long b) {
            int order = Long.compareUnsigned(aUpper, bUpper);
            return order != 0 ? order : Long.compareUnsigned(a, b);
        }
    }
}
