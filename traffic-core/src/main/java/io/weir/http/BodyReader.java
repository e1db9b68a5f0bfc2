package io.weir.http;

import io.netty.buffer.ByteBuf;

import org.jspecify.annotations.Nullable;

/**
 * Takes the framing off one message body: counted, chunked or up to the end of the connection.
 * Chunk extensions are dropped, forbidden trailer fields too. Pieces are slices of what was read,
 * never copies. Reused by {@link #start}. Confined to one event loop.
 */
public final class BodyReader {

    /** How far a body has come. */
    public enum Progress {
        NEED_MORE,
        COMPLETE,
        BROKEN
    }

    /** Largest chunk, in hexadecimal digits, so that sums never overflow. */
    private static final int MAX_SIZE_DIGITS = 15;

    /** Bytes of chunk extensions accepted in one body, against floods of useless lines. */
    private static final int MAX_EXTENSION_BYTES = 16 * 1024;

    private static final int MAX_TRAILER_BYTES = 8 * 1024;
    private static final int MAX_TRAILER_FIELDS = 32;

    private enum At {
        COUNTED,
        UNTIL_CLOSE,
        SIZE,
        EXTENSION,
        SIZE_LF,
        DATA,
        DATA_CR,
        DATA_LF,
        TRAILERS,
        DONE
    }

    private At at = At.DONE;
    private long remaining;
    private int digits;
    private int extensionBytes;
    private long total;
    private long limit;
    private @Nullable Fields trailers;
    private @Nullable FieldParser trailerParser;
    private int trailerScanned;
    private Defect defect = Defect.CHUNK;

    /**
     * Makes ready for the next body.
     *
     * @param length as {@link Framing} decided
     * @param limit of the whole body in bytes; 0 for none
     */
    public void start(long length, long limit) {
        this.limit = limit;
        total = 0;
        digits = 0;
        extensionBytes = 0;
        remaining = 0;
        trailers = null;
        trailerParser = null;
        if (length == Framing.CHUNKED) {
            at = At.SIZE;
        } else if (length == Framing.UNTIL_CLOSE) {
            at = At.UNTIL_CLOSE;
        } else {
            remaining = length;
            at = length == 0 ? At.DONE : At.COUNTED;
        }
    }

    /** Whether the body is complete. */
    public boolean done() {
        return at == At.DONE;
    }

    /** Whether the body ends with the connection. */
    public boolean untilClose() {
        return at == At.UNTIL_CLOSE;
    }

    /** Bytes of body that have come. */
    public long total() {
        return total;
    }

    /** What is wrong, after {@link Progress#BROKEN}. */
    public Defect defect() {
        return defect;
    }

    /**
     * Reads on from {@code in}, which it borrows, and takes no byte behind the body. The sink's
     * {@code end} is called once, when the body is complete.
     */
    public Progress read(ByteBuf in, BodySink sink) {
        while (true) {
            switch (at) {
                case DONE -> {
                    return Progress.COMPLETE;
                }
                case COUNTED -> {
                    if (!in.isReadable()) {
                        return Progress.NEED_MORE;
                    }
                    if (!take(in, sink)) {
                        return broken(Defect.BODY_TOO_LARGE);
                    }
                    if (remaining == 0) {
                        at = At.DONE;
                        sink.end(null);
                    }
                }
                case UNTIL_CLOSE -> {
                    if (in.isReadable()) {
                        remaining = in.readableBytes();
                        if (!take(in, sink)) {
                            return broken(Defect.BODY_TOO_LARGE);
                        }
                    }
                    return Progress.NEED_MORE;
                }
                case SIZE -> {
                    while (in.isReadable()) {
                        byte b = in.getByte(in.readerIndex());
                        int digit = Octets.hex(b);
                        if (digit < 0) {
                            break;
                        }
                        if (++digits > MAX_SIZE_DIGITS) {
                            return broken(Defect.CHUNK);
                        }
                        remaining = remaining << 4 | digit;
                        in.skipBytes(1);
                    }
                    if (!in.isReadable()) {
                        return Progress.NEED_MORE;
                    }
                    byte b = in.readByte();
                    if (digits == 0 || b != Octets.CR && b != ';') {
                        return broken(Defect.CHUNK);
                    }
                    at = b == ';' ? At.EXTENSION : At.SIZE_LF;
                }
                case EXTENSION -> {
                    while (in.isReadable()) {
                        byte b = in.readByte();
                        if (b == Octets.CR) {
                            at = At.SIZE_LF;
                            break;
                        }
                        if (b >= 0 && b < 0x20 && b != Octets.HTAB
                                || b == 0x7f
                                || ++extensionBytes > MAX_EXTENSION_BYTES) {
                            return broken(Defect.CHUNK);
                        }
                    }
                    if (at == At.EXTENSION) {
                        return Progress.NEED_MORE;
                    }
                }
                case SIZE_LF -> {
                    if (!in.isReadable()) {
                        return Progress.NEED_MORE;
                    }
                    if (in.readByte() != Octets.LF) {
                        return broken(Defect.CHUNK);
                    }
                    digits = 0;
                    if (remaining == 0) {
                        at = At.TRAILERS;
                        trailerScanned = 0;
                    } else {
                        at = At.DATA;
                    }
                }
                case DATA -> {
                    if (!in.isReadable()) {
                        return Progress.NEED_MORE;
                    }
                    if (!take(in, sink)) {
                        return broken(Defect.BODY_TOO_LARGE);
                    }
                    if (remaining == 0) {
                        at = At.DATA_CR;
                    }
                }
                case DATA_CR -> {
                    if (!in.isReadable()) {
                        return Progress.NEED_MORE;
                    }
                    if (in.readByte() != Octets.CR) {
                        return broken(Defect.CHUNK);
                    }
                    at = At.DATA_LF;
                }
                case DATA_LF -> {
                    if (!in.isReadable()) {
                        return Progress.NEED_MORE;
                    }
                    if (in.readByte() != Octets.LF) {
                        return broken(Defect.CHUNK);
                    }
                    at = At.SIZE;
                }
                case TRAILERS -> {
                    if (!in.isReadable()) {
                        return Progress.NEED_MORE;
                    }
                    Progress progress = readTrailers(in);
                    if (progress != Progress.COMPLETE) {
                        return progress;
                    }
                    at = At.DONE;
                    Fields fields = trailers;
                    trailers = null;
                    trailerParser = null;
                    sink.end(fields);
                }
            }
        }
    }

    /** Bytes of a counted body that have not come yet; 0 for bodies that are not counted. */
    public long toCome() {
        return at == At.COUNTED ? remaining : 0;
    }

    /**
     * So many of the bytes {@link #toCome} have gone another way than through {@link #read}. The
     * sink's {@code end} is called when that completes the body.
     */
    public void passed(int bytes, BodySink sink) {
        total += bytes;
        remaining -= bytes;
        if (remaining == 0) {
            at = At.DONE;
            sink.end(null);
        }
    }

    private boolean take(ByteBuf in, BodySink sink) {
        int taken = (int) Math.min(in.readableBytes(), remaining);
        total += taken;
        if (limit > 0 && total > limit) {
            return false;
        }
        remaining -= taken;
        // Such a slice has no count of its own, and is made more cheaply than one of Netty's pool.
        sink.data(in.readSlice(taken).retain());
        return true;
    }

    private Progress readTrailers(ByteBuf in) {
        Fields fields = trailers;
        FieldParser parser = trailerParser;
        if (fields == null || parser == null) {
            // Nearly every chunked body ends with an empty trailer section that came in one piece.
            if (in.readableBytes() >= 2
                    && in.getByte(in.readerIndex()) == Octets.CR
                    && in.getByte(in.readerIndex() + 1) == Octets.LF) {
                in.skipBytes(2);
                return Progress.COMPLETE;
            }
            fields = new Fields();
            parser = new FieldParser(fields);
            trailers = fields;
            trailerParser = parser;
        }
        int taken = Math.min(in.readableBytes(), MAX_TRAILER_BYTES - fields.end);
        fields.reserve(taken);
        in.getBytes(in.readerIndex(), fields.bytes, fields.end, taken);
        fields.end += taken;
        int behind = parser.parse(trailerScanned, fields.end, MAX_TRAILER_FIELDS);
        if (behind == FieldParser.BROKEN) {
            return broken(Defect.TRAILER);
        }
        if (behind == FieldParser.NEED_MORE) {
            trailerScanned = parser.scanned();
            in.skipBytes(taken);
            return fields.end < MAX_TRAILER_BYTES ? Progress.NEED_MORE : broken(Defect.TRAILER);
        }
        in.skipBytes(taken - (fields.end - behind));
        fields.end = behind;
        for (int i = 0; i < fields.size(); i++) {
            FieldName name = fields.knownName(i);
            if (name != null && !name.allowedInTrailers()) {
                fields.removeAt(i);
            }
        }
        return Progress.COMPLETE;
    }

    private Progress broken(Defect why) {
        defect = why;
        return Progress.BROKEN;
    }
}
