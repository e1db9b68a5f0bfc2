package io.weir.protect;

/**
 * An address as two numbers. IPv4 stands in the lower one behind the prefix of mapped addresses
 * (RFC 4291 section 2.5.5.2); of IPv6 as many bits count as the class says.
 */
final class AddressKey {

    private static final long MAPPED = 0xffff_0000_0000L;

    private AddressKey() {}

    static long upper(byte[] octets, int prefix) {
        return octets.length == 4 || mapped(octets) ? 0 : masked(whole(octets, 0, 8), prefix);
    }

    static long lower(byte[] octets, int prefix) {
        if (octets.length == 4) {
            return MAPPED | whole(octets, 0, 4);
        }
        long lower = whole(octets, 8, 8);
        return mapped(octets) ? lower : masked(lower, prefix - 64);
    }

    private static boolean mapped(byte[] octets) {
        return whole(octets, 0, 8) == 0 && whole(octets, 8, 8) >>> 32 == 0xffff;
    }

    private static long masked(long number, int bits) {
        return bits <= 0 ? 0 : bits >= 64 ? number : number & -1L << 64 - bits;
    }

    private static long whole(byte[] octets, int from, int count) {
        long number = 0;
        for (int i = from; i < from + count; i++) {
            number = number << 8 | octets[i] & 0xff;
        }
        return number;
    }
}
