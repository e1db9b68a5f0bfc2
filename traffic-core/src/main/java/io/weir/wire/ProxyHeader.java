package io.weir.wire;

import io.weir.config.PoolConfig.ProxyProtocol;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Writes the PROXY header that tells a node who the client is (PROXY protocol, versions 1 and 2).
 */
final class ProxyHeader {

    private static final byte[] SIGNATURE = {
        0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a
    };

    private ProxyHeader() {}

    /** The twelve bytes that open a header of version 2. */
    static byte[] signature() {
        return SIGNATURE.clone();
    }

    static byte[] encode(
            ProxyProtocol version, InetSocketAddress client, InetSocketAddress server) {
        InetAddress from = client.getAddress();
        InetAddress to = server.getAddress();
        boolean known = from != null && to != null;
        boolean v4 = from instanceof Inet4Address && to instanceof Inet4Address;
        if (version == ProxyProtocol.V1) {
            String line =
                    !known
                            ? "PROXY UNKNOWN\r\n"
                            : (v4 ? "PROXY TCP4 " : "PROXY TCP6 ")
                                    + text(from, v4)
                                    + " "
                                    + text(to, v4)
                                    + " "
                                    + client.getPort()
                                    + " "
                                    + server.getPort()
                                    + "\r\n";
            return line.getBytes(StandardCharsets.US_ASCII);
        }
        ByteBuffer out = ByteBuffer.allocate(16 + 36);
        out.put(SIGNATURE).put((byte) 0x21);
        if (!known) {
            out.put((byte) 0).putShort((short) 0);
        } else {
            out.put((byte) (v4 ? 0x11 : 0x21)).putShort((short) (v4 ? 12 : 36));
            out.put(octets(from, v4)).put(octets(to, v4));
            out.putShort((short) client.getPort()).putShort((short) server.getPort());
        }
        return Arrays.copyOf(out.array(), out.position());
    }

    private static byte[] octets(InetAddress address, boolean v4) {
        byte[] octets = address.getAddress();
        if (v4 || octets.length == 16) {
            return octets;
        }
        // One side is IPv4, the other IPv6: RFC 4291 section 2.5.5.2.
        byte[] mapped = new byte[16];
        mapped[10] = (byte) 0xff;
        mapped[11] = (byte) 0xff;
        System.arraycopy(octets, 0, mapped, 12, 4);
        return mapped;
    }

    private static String text(InetAddress address, boolean v4) {
        if (!v4 && address instanceof Inet4Address) {
            return "::ffff:" + address.getHostAddress();
        }
        String text = address.getHostAddress();
        int scope = text.indexOf('%');
        return scope < 0 ? text : text.substring(0, scope);
    }
}
