package io.weir.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.config.PoolConfig.ProxyProtocol;

import org.junit.jupiter.api.Test;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** The PROXY headers that nodes get, byte by byte (PROXY protocol, sections 2.1 and 2.2). */
class ProxyHeaderTest {

    private static final String SIGNATURE = "0d0a0d0a000d0a515549540a";

    private static final InetSocketAddress CLIENT_4 = address("192.0.2.7", 54321);
    private static final InetSocketAddress SERVER_4 = address("198.51.100.1", 80);
    private static final InetSocketAddress CLIENT_6 = address("2001:db8::7", 65535);
    private static final InetSocketAddress SERVER_6 = address("2001:db8:1::", 443);
    private static final InetSocketAddress UNKNOWN =
            InetSocketAddress.createUnresolved("unknown", 0);

    private static InetSocketAddress address(String literal, int port) {
        return new InetSocketAddress(InetAddress.ofLiteral(literal), port);
    }

    private static String v1(InetSocketAddress client, InetSocketAddress server) {
        return new String(
                ProxyHeader.encode(ProxyProtocol.V1, client, server), StandardCharsets.US_ASCII);
    }

    private static String v2(InetSocketAddress client, InetSocketAddress server) {
        return HexFormat.of().formatHex(ProxyHeader.encode(ProxyProtocol.V2, client, server));
    }

    @Test
    void version1NamesFamilyAddressesAndPorts() {
        assertThat(v1(CLIENT_4, SERVER_4))
                .isEqualTo("PROXY TCP4 192.0.2.7 198.51.100.1 54321 80\r\n");
        assertThat(v1(CLIENT_6, SERVER_6))
                .isEqualTo("PROXY TCP6 2001:db8:0:0:0:0:0:7 2001:db8:1:0:0:0:0:0 65535 443\r\n");
    }

    @Test
    void version2NamesFamilyAddressesAndPorts() {
        assertThat(v2(CLIENT_4, SERVER_4))
                .isEqualTo(SIGNATURE + "2111000c" + "c0000207" + "c6336401" + "d431" + "0050");
        assertThat(v2(CLIENT_6, SERVER_6))
                .isEqualTo(
                        SIGNATURE
                                + "21210024"
                                + "20010db8000000000000000000000007"
                                + "20010db8000100000000000000000000"
                                + "ffff01bb");
    }

    @Test
    void familiesThatDifferMeetInIpv6() {
        assertThat(v1(CLIENT_4, SERVER_6))
                .isEqualTo("PROXY TCP6 ::ffff:192.0.2.7 2001:db8:1:0:0:0:0:0 54321 443\r\n");
        assertThat(v1(CLIENT_6, SERVER_4))
                .isEqualTo("PROXY TCP6 2001:db8:0:0:0:0:0:7 ::ffff:198.51.100.1 65535 80\r\n");
        assertThat(v2(CLIENT_4, SERVER_6))
                .isEqualTo(
                        SIGNATURE
                                + "21210024"
                                + "00000000000000000000ffffc0000207"
                                + "20010db8000100000000000000000000"
                                + "d43101bb");
    }

    @Test
    void scopesStayAtHome() throws UnknownHostException {
        byte[] octets = InetAddress.ofLiteral("fe80::1").getAddress();
        InetSocketAddress scoped =
                new InetSocketAddress(Inet6Address.getByAddress(null, octets, 1), 1);
        assertThat(v1(scoped, SERVER_6)).startsWith("PROXY TCP6 fe80:0:0:0:0:0:0:1 ");
        assertThat(v2(scoped, SERVER_6)).contains("fe800000000000000000000000000001");
    }

    @Test
    void addressThatIsNotKnownIsNotMadeUp() {
        assertThat(v1(UNKNOWN, SERVER_4)).isEqualTo("PROXY UNKNOWN\r\n");
        assertThat(v1(CLIENT_4, UNKNOWN)).isEqualTo("PROXY UNKNOWN\r\n");
        assertThat(v2(UNKNOWN, SERVER_4)).isEqualTo(SIGNATURE + "21000000");
        assertThat(v2(CLIENT_4, UNKNOWN)).isEqualTo(SIGNATURE + "21000000");
    }

    /** Section 2.1: 107 characters suffice for the longest line of version 1. */
    @Test
    void longestLineOfVersion1FitsItsLimit() {
        InetSocketAddress longest = address("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", 65535);
        assertThat(v1(longest, longest)).hasSizeLessThanOrEqualTo(107);
    }
}
