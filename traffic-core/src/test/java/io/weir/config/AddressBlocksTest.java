package io.weir.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Random;

/** Which addresses lie in which blocks. */
class AddressBlocksTest {

    private static boolean contains(String block, String address) {
        return AddressBlocks.of(List.of(block)).contains(InetAddress.ofLiteral(address));
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8, 10.0.0.0, true",
        "10.0.0.0/8, 10.255.255.255, true",
        "10.0.0.0/8, 9.255.255.255, false",
        "10.0.0.0/8, 11.0.0.0, false",
        "192.0.2.128/25, 192.0.2.128, true",
        "192.0.2.128/25, 192.0.2.127, false",
        "192.0.2.7/32, 192.0.2.7, true",
        "192.0.2.7/32, 192.0.2.6, false",
        "192.0.2.7, 192.0.2.7, true",
        "192.0.2.7, 192.0.2.8, false",
        "0.0.0.0/0, 0.0.0.0, true",
        "0.0.0.0/0, 255.255.255.255, true",
        "0.0.0.0/0, ::1, false",
        "0.0.0.0, 1.2.3.4, false",
        "127.0.0.1/32, 127.0.0.1, true"
    })
    void ipv4BlocksReachFromTheirFirstToTheirLastAddress(
            String block, String address, boolean inside) {
        assertThat(contains(block, address)).isEqualTo(inside);
    }

    @ParameterizedTest
    @CsvSource({
        "2001:db8::/32, 2001:db8::, true",
        "2001:db8::/32, 2001:db8:ffff:ffff:ffff:ffff:ffff:ffff, true",
        "2001:db8::/32, 2001:db7:ffff:ffff:ffff:ffff:ffff:ffff, false",
        "2001:db8::/32, 2001:db9::, false",
        "2001:db8::/33, 2001:db8:8000::, false",
        "::1, ::1, true",
        "::1, ::2, false",
        "::1/128, ::1, true",
        "::/0, 2001:db8::1, true",
        "::/0, ::1, true",
        "::, ::1, false",
        "fe80::/10, febf::1, true",
        "fe80::/10, fec0::1, false",
        "2001:DB8:0::1, 2001:db8::1, true"
    })
    void ipv6BlocksReachFromTheirFirstToTheirLastAddress(
            String block, String address, boolean inside) {
        assertThat(contains(block, address)).isEqualTo(inside);
    }

    /** A client that comes over IPv4 to a socket for both families has a mapped address. */
    @Test
    void mappedAddressIsTheIpv4AddressThatItStandsFor() throws UnknownHostException {
        byte[] octets = new byte[16];
        octets[10] = (byte) 0xff;
        octets[11] = (byte) 0xff;
        octets[12] = 10;
        octets[15] = 7;
        Inet6Address mapped = Inet6Address.getByAddress(null, octets, 0);
        assertThat(AddressBlocks.of(List.of("10.0.0.0/8")).contains(mapped)).isTrue();
        assertThat(AddressBlocks.of(List.of("10.0.0.7")).contains(mapped)).isTrue();
        assertThat(AddressBlocks.of(List.of("11.0.0.0/8")).contains(mapped)).isFalse();
        assertThat(AddressBlocks.of(List.of("::/0")).contains(mapped))
                .as("an IPv4 client is in no IPv6 block")
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "::ffff:10.0.0.0/104, 10.1.2.3, true",
        "::ffff:10.0.0.0/104, 11.0.0.0, false",
        "::ffff:192.0.2.7, 192.0.2.7, true",
        "::ffff:192.0.2.7, 192.0.2.8, false",
        "::ffff:0:0/96, 192.0.2.7, true",
        "::ffff:0:0/96, ::1, false"
    })
    void blockOfMappedAddressesHoldsIpv4Addresses(String block, String address, boolean inside) {
        assertThat(contains(block, address)).isEqualTo(inside);
    }

    @Test
    void linkLocalClientIsInItsBlockWhateverItsInterface() throws UnknownHostException {
        byte[] octets = InetAddress.ofLiteral("fe80::1").getAddress();
        Inet6Address scoped = Inet6Address.getByAddress(null, octets, 1);
        assertThat(scoped.getHostAddress()).contains("%");
        assertThat(AddressBlocks.of(List.of("fe80::/10")).contains(scoped)).isTrue();
        assertThat(AddressBlocks.of(List.of("fe80::1")).contains(scoped)).isTrue();
        assertThat(AddressBlocks.of(List.of("2001:db8::/32")).contains(scoped)).isFalse();
    }

    @Test
    void addressIsInsideWhenOneOfTheBlocksHoldsIt() {
        AddressBlocks blocks = AddressBlocks.of(List.of("10.0.0.0/8", "2001:db8::/32", "::1"));
        assertThat(blocks.contains(InetAddress.ofLiteral("10.1.1.1"))).isTrue();
        assertThat(blocks.contains(InetAddress.ofLiteral("2001:db8::7"))).isTrue();
        assertThat(blocks.contains(InetAddress.ofLiteral("::1"))).isTrue();
        assertThat(blocks.contains(InetAddress.ofLiteral("127.0.0.1"))).isFalse();
    }

    @Test
    void noBlocksHoldNothing() {
        assertThat(AddressBlocks.NONE.contains(InetAddress.ofLiteral("127.0.0.1"))).isFalse();
        assertThat(AddressBlocks.of(List.of())).isSameAs(AddressBlocks.NONE);
        assertThat(AddressBlocks.of(List.of("::/0")).contains(null)).isFalse();
    }

    @Test
    void bitsBehindThePrefixDoNotCount() {
        assertThat(contains("10.1.2.3/8", "10.9.9.9")).isTrue();
        assertThat(contains("2001:db8::7/32", "2001:db8:1::")).isTrue();
    }

    /** Against the definition: the first bits are the same. */
    @Test
    void everyPrefixLengthComparesThatManyBits() {
        Random dice = new Random(1);
        for (int size : new int[] {4, 16}) {
            for (int bits = 0; bits <= size * 8; bits++) {
                byte[] base = new byte[size];
                dice.nextBytes(base);
                base[0] = 0x20;
                AddressBlocks block = AddressBlocks.of(List.of(text(base) + "/" + bits));
                for (int flipped = 0; flipped < size * 8; flipped++) {
                    byte[] other = base.clone();
                    other[flipped / 8] ^= (byte) (0x80 >> flipped % 8);
                    assertThat(block.contains(InetAddress.ofLiteral(text(other))))
                            .as("%s in %s/%s", text(other), text(base), bits)
                            .isEqualTo(flipped >= bits);
                }
            }
        }
    }

    private static String text(byte[] octets) {
        try {
            return InetAddress.getByAddress(octets).getHostAddress();
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "*",
                "localhost",
                "example.com",
                "10",
                "10.0",
                "10.0.0",
                "10.0.0.0.0",
                "256.0.0.1",
                "10.0.0.1-5",
                "10.0.*.*",
                "010.0.0.1",
                "0x0a.0.0.1",
                "10.0.0.0/",
                "10.0.0.0/33",
                "10.0.0.0/-1",
                "10.0.0.0/255.0.0.0",
                "10.0.0.0/8/8",
                "/8",
                "::1/129",
                ":::",
                "2001:db8::1::2",
                "fe80::1%eth0",
                "[::1]",
                "10.0.0.1:80",
                "10.0.0.0/8,11.0.0.0/8",
                " 10.0.0.1"
            })
    void whatIsNoBlockIsRefusedByName(String text) {
        assertThatThrownBy(() -> AddressBlocks.of(List.of("10.0.0.0/8", text)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'" + text + "'");
    }
}
