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
        ByteBuf message = joined(fragments);
        try {
            return parse(message.slice(MESSAGE_HEADER, wanted - MESSAGE_HEADER));
        } catch (IndexOutOfBoundsException | Ambiguous e) {
            return new Broken("the ClientHello is malformed");
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

    /** Something that the node may read otherwise, which would get round the routes. */
    final class Ambiguous extends Exception {
        private static final long serialVersionUID = 1;

        Ambiguous(String what) {
            super(what, null, false, false);
        }
    }

    private static void end(ByteBuf in) throws Ambiguous {
        if (in.isReadable()) {
            throw new Ambiguous("something follows where nothing may");
        }
    }

    private static Asks parse(ByteBuf in) throws Ambiguous {
        in.skipBytes(2 + 32); // version, random
        in.skipBytes(in.readUnsignedByte()); // session id
        in.skipBytes(in.readUnsignedShort()); // cipher suites
        in.skipBytes(in.readUnsignedByte()); // compression methods
        String name = null;
        List<String> protocols = List.of();
        if (in.isReadable()) {
            ByteBuf extensions = in.readSlice(in.readUnsignedShort());
            end(in);
            BitSet seen = new BitSet();
            while (extensions.isReadable()) {
                int type = extensions.readUnsignedShort();
                ByteBuf extension = extensions.readSlice(extensions.readUnsignedShort());
                if (seen.get(type)) {
                    // RFC 8446 section 4.2; which of the two a node takes is anybody's guess.
                    throw new Ambiguous("an extension comes twice");
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

    private static @Nullable String hostName(ByteBuf extension) throws Ambiguous {
        ByteBuf names = extension.readSlice(extension.readUnsignedShort());
        end(extension);
        String host = null;
        while (names.isReadable()) {
            int type = names.readUnsignedByte();
            String name = text(names, names.readUnsignedShort());
            if (type == 0 && (host != null || name.indexOf(0) >= 0)) {
                // RFC 6066 section 3 wants one name of a kind; a NUL ends it for nodes written in
                // C.
                throw new Ambiguous("more than one name");
            }
            if (type == 0) {
                String lower = name.toLowerCase(Locale.ROOT);
                host = lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
            }
        }
        return host;
    }

    private static List<String> protocols(ByteBuf extension) throws Ambiguous {
        ByteBuf offered = extension.readSlice(extension.readUnsignedShort());
        end(extension);
        List<String> protocols = new ArrayList<>();
        while (offered.isReadable()) {
            protocols.add(text(offered, offered.readUnsignedByte()));
        }
        return protocols;
    }

    private static String text(ByteBuf in, int length) {
        return in.readCharSequence(length, StandardCharsets.ISO_8859_1).toString();
    }
}
