package io.weir.wire.h2;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;

import java.nio.charset.StandardCharsets;

/** What every client of HTTP/2 sends first (RFC 9113 section 3.4). */
public final class Preface {

    private static final byte[] OCTETS =
            "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private static final ByteBuf WHOLE =
            Unpooled.unreleasableBuffer(Unpooled.wrappedBuffer(OCTETS));

    private Preface() {}

    /** What the first bytes of a connection are. */
    public enum Seen {
        /** Something else. */
        NO,
        /** It could still become the preface. */
        BEGINNING,
        /** All of it is there. */
        WHOLE
    }

    /** Compares what there is to read in {@code in}, at least one byte, which stays unread. */
    public static Seen in(ByteBuf in) {
        int length = Math.min(in.readableBytes(), OCTETS.length);
        // The one byte tells it for nearly all connections.
        if (in.getByte(in.readerIndex()) != OCTETS[0]
                || !ByteBufUtil.equals(in, in.readerIndex(), WHOLE, 0, length)) {
            return Seen.NO;
        }
        return length < OCTETS.length ? Seen.BEGINNING : Seen.WHOLE;
    }

    /** Takes it out of {@code in}, where it was {@link Seen#WHOLE}. */
    public static ByteBuf skip(ByteBuf in) {
        return in.skipBytes(OCTETS.length);
    }

    /** The octets, to be sent. */
    static byte[] octets() {
        return OCTETS.clone();
    }
}
