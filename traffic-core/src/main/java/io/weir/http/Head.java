package io.weir.http;

import io.netty.buffer.ByteBuf;

import org.jspecify.annotations.Nullable;

/**
 * The start line and fields of one message, read strictly and in place, and written again with the
 * edits made meanwhile. Heads are reused: {@link #clear} makes one ready for the next message.
 * Confined to one event loop.
 */
public abstract sealed class Head extends Fields permits RequestHead, ResponseHead {

    /** How far reading a head has come. */
    public enum Progress {
        NEED_MORE,
        COMPLETE,
        BROKEN
    }

    /** Bytes taken from the wire in one step; most heads fit in one. */
    private static final int STEP = 1024;

    /** Empty lines accepted before a request line (RFC 9112 section 2.2). */
    static final int MAX_EMPTY_LINES = 4;

    /** Null in a head that came over HTTP/2, which may wait among many. */
    private @Nullable FieldParser parser;

    private boolean startLineRead;
    private int length;
    private @Nullable Defect defect;
    int scanned;

    /** The minor version of HTTP/1: 0 or 1. */
    int minorVersion = 1;

    Head() {
        super(1024, 24);
    }

    /** The same complete head with no room for further fields. */
    Head(Head other) {
        super(other);
        length = other.length;
        minorVersion = other.minorVersion;
    }

    @Override
    public void clear() {
        super.clear();
        if (parser != null) {
            parser.reset();
        }
        startLineRead = false;
        length = 0;
        scanned = 0;
        defect = null;
        minorVersion = 1;
    }

    /** Whether bytes of this head, empty lines before it apart, have been read. */
    public boolean begun() {
        for (int i = 0; i < end; i++) {
            if (bytes[i] != Octets.CR && bytes[i] != Octets.LF) {
                return true;
            }
        }
        return false;
    }

    /** Whether the message is in HTTP/1.0. */
    public boolean http10() {
        return minorVersion == 0;
    }

    /** What is wrong, after {@link Progress#BROKEN}. */
    public Defect defect() {
        Defect d = defect;
        return d == null ? Defect.REQUEST_LINE : d;
    }

    /**
     * Reads on from {@code in}, which it borrows, and takes no byte behind the head.
     *
     * @param maxBytes of the whole head
     * @param maxStartLine of the part of the start line that may be long
     */
    public Progress read(ByteBuf in, int maxBytes, int maxStartLine, int maxFields) {
        while (true) {
            int taken = Math.min(in.readableBytes(), Math.min(STEP, maxBytes - end));
            if (taken > 0) {
                reserve(taken);
                in.getBytes(in.readerIndex(), bytes, end, taken);
                end += taken;
            }
            int behind = parse(maxStartLine, maxFields);
            if (behind >= 0) {
                in.skipBytes(taken - (end - behind));
                end = behind;
                length = behind;
                return Progress.COMPLETE;
            }
            in.skipBytes(taken);
            if (behind == FieldParser.BROKEN) {
                return Progress.BROKEN;
            }
            if (end >= maxBytes) {
                return broken(startLineRead ? Defect.HEAD_TOO_LARGE : tooLongStartLine());
            }
            if (!in.isReadable()) {
                return Progress.NEED_MORE;
            }
        }
    }

    private int parse(int maxStartLine, int maxFields) {
        if (!startLineRead) {
            int behind = parseStartLine(maxStartLine);
            if (behind < 0) {
                return behind;
            }
            startLineRead = true;
            scanned = behind;
        }
        FieldParser fields = parser;
        if (fields == null) {
            fields = new FieldParser(this);
            parser = fields;
        }
        int behind = fields.parse(scanned, end, maxFields);
        if (behind == FieldParser.NEED_MORE) {
            scanned = fields.scanned();
        } else if (behind == FieldParser.BROKEN) {
            defect = fields.defect();
        }
        return behind;
    }

    /** The index behind the start line, or {@link FieldParser#NEED_MORE} or BROKEN. */
    abstract int parseStartLine(int maxLength);

    abstract Defect tooLongStartLine();

    int fail(Defect why) {
        defect = why;
        return FieldParser.BROKEN;
    }

    private Progress broken(Defect why) {
        defect = why;
        return Progress.BROKEN;
    }

    /** The head is complete without having been read from a line. */
    void built() {
        length = end;
    }

    /** Bytes that the head took on the wire. */
    public int headLength() {
        return length;
    }
}
