package io.weir.wire;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.weir.config.AddressBlocks;
import io.weir.exchange.VirtualServer;
import io.weir.protect.Passage;
import io.weir.protect.Protection;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Takes the PROXY header, version 1 or 2, that opens a connection from a trusted proxy. A
 * connection without a valid one, or from anybody else, is closed without an answer. Confined to
 * one event loop.
 *
 * <p>As strict as the specification: addresses of the family that was announced, ports in range,
 * and in version 2 type-length-values that fill the header exactly.
 */
final class ProxyHeaderReader extends ByteToMessageDecoder {

    private static final Logger LOG = LoggerFactory.getLogger(ProxyHeaderReader.class);

    /** Longest version 1 line, its end included. */
    private static final int MAX_LINE = 107;

    /** Longest version 2 header behind its first 16 bytes: addresses and some kilobytes of TLVs. */
    private static final int MAX_BODY = 4096;

    private static final int FIXED = 16;

    private final ClientConnection client;
    private final AddressBlocks trusted;
    private final VirtualServer server;
    private @Nullable InetAddress announced;

    /**
     * @param server whose protection class judges the client that the header names
     */
    ProxyHeaderReader(ClientConnection client, AddressBlocks trusted, VirtualServer server) {
        this.client = client;
        this.trusted = trusted;
        this.server = server;
    }

    /** The header is not what the specification allows. */
    private static final class Malformed extends Exception {
        private static final long serialVersionUID = 1;

        Malformed(String what) {
            super(what, null, false, false);
        }
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) throws Exception {
        super.channelActive(ctx);
        InetSocketAddress peer = (InetSocketAddress) ctx.channel().remoteAddress();
        if (peer == null || !trusted.contains(peer.getAddress())) {
            LOG.debug("PROXY header refused from {}: not in global.trusted-proxies", peer);
            ctx.close();
        }
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
        if (!ctx.channel().isOpen()) {
            in.skipBytes(in.readableBytes());
            return;
        }
        try {
            boolean done = in.getByte(in.readerIndex()) == 'P' ? readLine(in) : readBinary(in);
            if (done && !letIn(ctx.channel())) {
                in.skipBytes(in.readableBytes());
                ctx.close();
            } else if (done) {
                client.proxyHeaderRead();
                ctx.pipeline().remove(this);
            }
        } catch (Malformed | UnknownHostException e) {
            LOG.debug(
                    "bad PROXY header from {}: {}", ctx.channel().remoteAddress(), e.getMessage());
            in.skipBytes(in.readableBytes());
            ctx.close();
        }
    }

    /** Asks the protection class about the client that was announced; a proxy's own is let in. */
    private boolean letIn(Channel channel) {
        Protection guard = server.classes().protection();
        if (guard == null || announced == null) {
            return true;
        }
        Passage passage = guard.connect(announced);
        if (passage != null && passage.counted()) {
            channel.closeFuture().addListener(f -> passage.leave());
        }
        return passage != null;
    }

    private void announce(InetSocketAddress source, InetSocketAddress destination) {
        announced = source.getAddress();
        client.proxied(source, destination);
    }

    // ---- version 1

    private boolean readLine(ByteBuf in) throws Malformed, UnknownHostException {
        int end = in.indexOf(in.readerIndex(), in.writerIndex(), (byte) '\n');
        int length = end < 0 ? in.readableBytes() : end + 1 - in.readerIndex();
        if (length > MAX_LINE) {
            throw new Malformed("line longer than " + MAX_LINE + " bytes");
        }
        if (end < 0) {
            return false;
        }
        String line = in.readCharSequence(length, StandardCharsets.ISO_8859_1).toString();
        if (!line.endsWith("\r\n")) {
            throw new Malformed("line not ended by CR LF");
        }
        String[] words = line.substring(0, line.length() - 2).split(" ", -1);
        if (!words[0].equals("PROXY") || words.length < 2) {
            throw new Malformed("no PROXY line");
        }
        if (words[1].equals("UNKNOWN")) {
            return true;
        }
        boolean v4 = words[1].equals("TCP4");
        if (words.length != 6 || !v4 && !words[1].equals("TCP6")) {
            throw new Malformed("line is not: PROXY TCP4|TCP6 source destination port port");
        }
        announce(
                new InetSocketAddress(literal(words[2], v4), port(words[4])),
                new InetSocketAddress(literal(words[3], v4), port(words[5])));
        return true;
    }

    private static InetAddress literal(String text, boolean v4)
            throws Malformed, UnknownHostException {
        String allowed = v4 ? "[0-9]{1,3}(\\.[0-9]{1,3}){3}" : "[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*";
        if (!text.matches(allowed)) {
            throw new Malformed("'" + text + "' is no address of the announced family");
        }
        if (v4) {
            for (String part : text.split("\\.", -1)) {
                if (Integer.parseInt(part) > 255 || part.length() > 1 && part.startsWith("0")) {
                    throw new Malformed("'" + text + "' is no IPv4 address");
                }
            }
        }
        return InetAddress.getByName(text);
    }

    private static int port(String text) throws Malformed {
        if (!text.matches("0|[1-9][0-9]{0,4}") || Integer.parseInt(text) > 65535) {
            throw new Malformed("'" + text + "' is no port");
        }
        return Integer.parseInt(text);
    }

    // ---- version 2

    private boolean readBinary(ByteBuf in) throws Malformed, UnknownHostException {
        byte[] signature = ProxyHeader.signature();
        int have = Math.min(in.readableBytes(), signature.length);
        for (int i = 0; i < have; i++) {
            if (in.getByte(in.readerIndex() + i) != signature[i]) {
                throw new Malformed("no PROXY header");
            }
        }
        if (in.readableBytes() < FIXED) {
            return false;
        }
        int at = in.readerIndex();
        int command = in.getByte(at + 12) & 0xff;
        int family = in.getByte(at + 13) & 0xff;
        int length = in.getUnsignedShort(at + 14);
        if (command != 0x20 && command != 0x21 || length > MAX_BODY) {
            throw new Malformed("version, command or length " + length + " not understood");
        }
        if (in.readableBytes() < FIXED + length) {
            return false;
        }
        ByteBuf body = in.skipBytes(FIXED).readSlice(length);
        if (command == 0x20 || family == 0x00) {
            // A proxy's own connection, or one it knows nothing about: what follows is not looked
            // at.
            return true;
        }
        int size = addressLength(family);
        if (length < size) {
            throw new Malformed("header too short for its addresses");
        }
        if (family == 0x11 || family == 0x21) {
            byte[] source = new byte[size == 12 ? 4 : 16];
            byte[] destination = new byte[source.length];
            body.readBytes(source).readBytes(destination);
            int sourcePort = body.readUnsignedShort();
            int destinationPort = body.readUnsignedShort();
            announce(
                    new InetSocketAddress(InetAddress.getByAddress(source), sourcePort),
                    new InetSocketAddress(InetAddress.getByAddress(destination), destinationPort));
        } else {
            body.skipBytes(size);
        }
        while (body.isReadable()) {
            if (body.readableBytes() < 3
                    || body.readableBytes() < 3 + body.getUnsignedShort(body.readerIndex() + 1)) {
                throw new Malformed("a value is cut short");
            }
            body.skipBytes(1);
            body.skipBytes(body.readUnsignedShort());
        }
        return true;
    }

    /** Bytes of addresses and ports; datagram and local families are skipped like unknown ones. */
    private static int addressLength(int family) throws Malformed {
        return switch (family) {
            case 0x11, 0x12 -> 12;
            case 0x21, 0x22 -> 36;
            case 0x31, 0x32 -> 216;
            default -> throw new Malformed("address family " + family + " not understood");
        };
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        LOG.debug("PROXY header from {}: {}", ctx.channel().remoteAddress(), cause.toString());
        ctx.close();
    }
}
