package io.weir.exchange;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;

/**
 * What came of reading the opening message of a TLS connection (RFC 8446 section 4.1.2) without
 * taking part in the handshake.
 */
sealed interface ClientHello {

    /** Longest message that is read; longer ones are nobody's. */
    int LONGEST = 32 * 1024;

    /** Records that it may be cut into: each is looked at again whenever more has come. */
    int MOST_RECORDS = 256;

    int RECORD_HEADER = 5;
    int MESSAGE_HEADER = 4;
    int HANDSHAKE = 22;
    int CLIENT_HELLO = 1;
    int LONGEST_RECORD = 1 << 14;
    int SERVER_NAME = 0;
    int ALPN = 16;

    /**
     * The message is there.
     *
     * @param serverName in lower case, without a final dot; null when none is asked for
     * @param protocols offered by ALPN, in the client's order
     */
    record Asks(@Nullable String serverName, List<String> protocols) implements ClientHello {}

    /** The message is not there as a whole yet. */
    record More() implements ClientHello {}

    /** The connection does not open as TLS does. */
    record NoTls() implements ClientHello {}

    /** It opens as TLS does, and goes on otherwise. */
    record Broken(String why) implements ClientHello {}

    /** Reads the bytes that have come so far and leaves them as they are. */
    static ClientHello read(ByteBuf bytes) {
        ByteBuf in = bytes.duplicate();
        if (!in.isReadable()) {
            return new More();
        }
        if (in.getUnsignedByte(in.readerIndex()) != HANDSHAKE) {
            return new NoTls();
        }
        if (in.readableBytes() > 1 && in.getByte(in.readerIndex() + 1) != 3) {
            return new NoTls();
        }
        // The message may be cut into several records.
        List<ByteBuf> fragments = new ArrayList<>(1);
        int gathered = 0;
        int wanted = MESSAGE_HEADER;
        while (gathered < wanted) {
            if (in.readableBytes() < RECORD_HEADER) {
                return new More();
            }
            int type = in.readUnsignedByte();
            int version = in.readUnsignedShort();
            int length = in.readUnsignedShort();
            if (type != HANDSHAKE || version >> 8 != 3 || length == 0 || length > LONGEST_RECORD) {
                return new Broken("a TLS record of the ClientHello is malformed");
            }
            if (fragments.size() == MOST_RECORDS) {
                return new Broken("the ClientHello is cut into too many records");
            }
            int here = Math.min(length, in.readableBytes());
            fragments.add(in.readSlice(here));
            gathered += here;
            if (wanted == MESSAGE_HEADER && gathered >= MESSAGE_HEADER) {
                ByteBuf head = joined(fragments);
                if (head.getUnsignedByte(0) != CLIENT_HELLO) {
                    return new Broken("the first TLS message is no ClientHello");
                }
                wanted += head.getUnsignedMedium(1);
                if (wanted > LONGEST) {
                    return new Broken("the ClientHello is too long");
                }
            }
            if (here < length && gathered < wanted) {
                return new More();
            }
        }
        byte[] body = new byte[wanted - MESSAGE_HEADER];
        joined(fragments).getBytes(MESSAGE_HEADER, body);
        try {
            return parse(new Part(body, 0, body.length));
        } catch (Malformed e) {
            return new Broken("the ClientHello is malformed: " + e.getMessage());
        }
    }

    /** The fragments as one buffer, which lives no longer than they do. */
    private static ByteBuf joined(List<ByteBuf> fragments) {
        if (fragments.size() == 1) {
            return fragments.getFirst().slice();
        }
        int length = 0;
        for (ByteBuf fragment : fragments) {
            length += fragment.readableBytes();
        }
        ByteBuf copy = Unpooled.buffer(length);
        for (ByteBuf fragment : fragments) {
            copy.writeBytes(fragment, fragment.readerIndex(), fragment.readableBytes());
        }
        return copy;
    }

    /** Also what the node may read otherwise, which would get round the routes. */
    final class Malformed extends Exception {
        private static final long serialVersionUID = 1;

        Malformed(String what) {
            super(what, null, false, false);
        }
    }

    /**
     * A part of the message, read from its beginning to its end and never behind it. It looks at
     * every length itself: the buffers of a running Weir do not.
     */
    final class Part {
        private final byte[] bytes;
        private final int end;
        private int at;

        Part(byte[] bytes, int from, int to) {
            this.bytes = bytes;
            this.at = from;
            this.end = to;
        }

        boolean hasMore() {
            return at < end;
        }

        /** The next {@code octets}, as a number. */
        int number(int octets) throws Malformed {
            Part digits = next(octets);
            int number = 0;
            for (int i = digits.at; i < digits.end; i++) {
                number = number << 8 | bytes[i] & 0xff;
            }
            return number;
        }

        /** What follows behind its length, which takes {@code octets}. */
        Part counted(int octets) throws Malformed {
            return next(number(octets));
        }

        /** The next {@code length} bytes. */
        Part next(int length) throws Malformed {
            if (length > end - at) {
                throw new Malformed("a length runs past the end");
            }
            at += length;
            return new Part(bytes, at - length, at);
        }

        /** Nothing may follow. */
        void end() throws Malformed {
            if (hasMore()) {
                throw new Malformed("something follows where nothing may");
            }
        }

        @Override
        public String toString() {
            return new String(bytes, at, end - at, StandardCharsets.ISO_8859_1);
        }
    }

    private static Asks parse(Part in) throws Malformed {
        var _ = in.next(2 + 32); // version, random
        var _ = in.counted(1); // session id
        var _ = in.counted(2); // cipher suites
        var _ = in.counted(1); // compression methods
        String name = null;
        List<String> protocols = List.of();
        if (in.hasMore()) {
            Part extensions = in.counted(2);
            in.end();
            BitSet seen = new BitSet();
            while (extensions.hasMore()) {
                int type = extensions.number(2);
                Part extension = extensions.counted(2);
                if (seen.get(type)) {
                    // RFC 8446 section 4.2; which of the two a node takes is anybody's guess.
                    throw new Malformed("an extension comes twice");
                }
                seen.set(type);
                if (type == SERVER_NAME) {
                    name = hostName(extension);
                } else if (type == ALPN) {
                    protocols = protocols(extension);
                }
            }
        }
        return new Asks(name, protocols);
    }

    private static @Nullable String hostName(Part extension) throws Malformed {
        Part names = extension.counted(2);
        extension.end();
        String host = null;
        while (names.hasMore()) {
            int type = names.number(1);
            String name = names.counted(2).toString();
            if (type == 0 && (host != null || name.indexOf(0) >= 0)) {
                // RFC 6066 section 3 wants one name of a kind; a NUL ends it for nodes written in
                // C.
                throw new Malformed("more than one name");
            }
            if (type == 0) {
                String lower = name.toLowerCase(Locale.ROOT);
                host = lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
            }
        }
        return host;
    }

    private static List<String> protocols(Part extension) throws Malformed {
        Part offered = extension.counted(2);
        extension.end();
        List<String> protocols = new ArrayList<>();
        while (offered.hasMore()) {
            protocols.add(offered.counted(1).toString());
        }
        return protocols;
    }
}
