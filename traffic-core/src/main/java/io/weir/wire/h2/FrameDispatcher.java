package io.weir.wire.h2;

import io.netty.buffer.ByteBuf;

/**
 * Checks every frame against RFC 9113 section 6 and hands it to its connection. Confined to one
 * event loop.
 */
final class FrameDispatcher implements FrameReader.Sink {

    /** Streams that we have reset last, for which frames may still be under way. */
    private static final int REMEMBERED = 256;

    /** SETTINGS make more work than other frames. */
    private static final int SETTINGS_COST = 10;

    /** Control frames that a frame of body, or a request, pays for. */
    private static final int WORK = 4;

    private final H2Connection connection;
    private final FieldBlock block;
    private final PeerSettings peer;
    private int[] resets = new int[0];
    private int nextReset;

    /** Up to this one, streams may have been reset that are not remembered any more. */
    private int forgotten;

    private boolean greeted;
    private int unacknowledged = 1;
    private long units;

    FrameDispatcher(H2Connection connection) {
        this.connection = connection;
        this.peer = new PeerSettings(connection);
        this.block = new FieldBlock(connection.settings.maxHeaderList());
    }

    /** How many frames and field blocks have come as a whole. */
    long units() {
        return units;
    }

    /** Whether the peer has acknowledged our settings, and so keeps to them. */
    boolean settled() {
        return unacknowledged == 0;
    }

    boolean inBlock() {
        return block.stream() != 0;
    }

    /** Bytes that a field block holds which has begun. */
    int blockBytes() {
        return block.held();
    }

    void drop() {
        block.drop();
    }

    @Override
    public boolean reads() {
        return !connection.ending();
    }

    /** Remembers that we have reset {@code id}: what is still under way is not the peer's fault. */
    void weReset(int id) {
        if (resets.length == 0) {
            resets = new int[REMEMBERED];
        }
        forgotten = Math.max(forgotten, resets[nextReset]);
        resets[nextReset] = id;
        nextReset = (nextReset + 1) % REMEMBERED;
    }

    private boolean mayBeReset(int id) {
        if (id <= forgotten) {
            return true;
        }
        for (int reset : resets) {
            if (reset == id) {
                return true;
            }
        }
        return false;
    }

    private static ConnectionError broke(String text) {
        return new ConnectionError(ErrorCode.PROTOCOL_ERROR, text);
    }

    private static void length(boolean right, String kind) throws ConnectionError {
        if (!right) {
            throw new ConnectionError(ErrorCode.FRAME_SIZE_ERROR, kind + " of a wrong length");
        }
    }

    private static void onConnection(int id, String kind) throws ConnectionError {
        if (id != 0) {
            throw broke(kind + " on a stream");
        }
    }

    private static void onStream(int id, String kind) throws ConnectionError {
        if (id == 0) {
            throw broke(kind + " without a stream");
        }
    }

    private void useless(int cost, String kind) throws ConnectionError {
        connection.guard.useless(cost, kind, connection.loop.nanos());
    }

    @Override
    public void frame(int type, int flags, int id, ByteBuf in, int length) throws ConnectionError {
        if (!greeted) {
            if (type != Frames.SETTINGS || (flags & Frames.ACK) != 0) {
                throw broke("the first frame is not SETTINGS");
            }
            greeted = true;
        }
        if (block.stream() != 0 && (type != Frames.CONTINUATION || id != block.stream())) {
            throw broke("a frame inside a field block");
        }
        switch (type) {
            case Frames.DATA -> data(flags, id, in, length);
            case Frames.HEADERS -> headers(flags, id, in, length);
            case Frames.CONTINUATION -> continuation(flags, id, in, length);
            case Frames.PRIORITY -> priority(id, in, length);
            case Frames.RST_STREAM -> reset(id, in, length);
            case Frames.SETTINGS -> settings(flags, id, in, length);
            case Frames.PING -> ping(flags, id, in, length);
            case Frames.GOAWAY -> {
                onConnection(id, "GOAWAY");
                length(length >= 8, "GOAWAY");
                useless(SETTINGS_COST, "GOAWAY");
                int last = in.readInt() & Integer.MAX_VALUE;
                connection.goneAway(last, in.readUnsignedInt());
            }
            case Frames.WINDOW_UPDATE -> windowUpdate(id, in, length);
            case Frames.PUSH_PROMISE -> throw broke("PUSH_PROMISE");
            default -> useless(1, "of unknown type " + type);
        }
        if (!inBlock()) {
            units++;
        }
    }

    /** The number of padding bytes, whose count is read. */
    private static int padding(int flags, ByteBuf in, int length) throws ConnectionError {
        if ((flags & Frames.PADDED) == 0) {
            return 0;
        }
        length(length >= 1, "a padded frame");
        int padding = in.readUnsignedByte();
        if (padding >= length) {
            throw broke("more padding than frame");
        }
        return padding;
    }

    private void data(int flags, int id, ByteBuf in, int length) throws ConnectionError {
        onStream(id, "DATA");
        int padding = padding(flags, in, length);
        int bytes = length - padding - ((flags & Frames.PADDED) == 0 ? 0 : 1);
        boolean end = (flags & Frames.END_STREAM) != 0;
        H2Stream stream = connection.streams.get(id);
        if (stream == null) {
            missing(id, "DATA");
        }
        if (bytes > 0) {
            connection.guard.work(WORK);
        } else if (!end) {
            useless(SETTINGS_COST, "DATA without data");
        }
        connection.receiving.data(
                stream, length, bytes == 0 ? null : in.readRetainedSlice(bytes), end);
    }

    /** A frame for a stream that is not there: harmless only when we may have reset it. */
    private void missing(int id, String kind) throws ConnectionError {
        if (connection.idle(id)) {
            throw broke(kind + " on a stream that was never opened");
        }
        useless(1, kind + " on a closed stream");
        if (!mayBeReset(id)) {
            throw new ConnectionError(ErrorCode.STREAM_CLOSED, kind + " on a closed stream");
        }
    }

    private void headers(int flags, int id, ByteBuf in, int length) throws ConnectionError {
        onStream(id, "HEADERS");
        int padding = padding(flags, in, length);
        int bytes = length - padding - ((flags & Frames.PADDED) == 0 ? 0 : 1);
        if ((flags & Frames.WITH_PRIORITY) != 0) {
            length(bytes >= 5, "HEADERS");
            if ((in.readInt() & Integer.MAX_VALUE) == id) {
                throw broke("a stream that depends on itself");
            }
            in.skipBytes(1);
            bytes -= 5;
        }
        connection.guard.work(WORK);
        boolean end = (flags & Frames.END_STREAM) != 0;
        if ((flags & Frames.END_HEADERS) == 0) {
            block.begin(in.alloc(), id, end, in, bytes);
            return;
        }
        // Decoding stops at the end of what it is given.
        int until = in.readerIndex() + bytes;
        int writer = in.writerIndex();
        in.writerIndex(until);
        try {
            whole(id, end, in);
        } finally {
            in.writerIndex(writer);
        }
    }

    private void continuation(int flags, int id, ByteBuf in, int length) throws ConnectionError {
        if (block.stream() == 0 || id == 0) {
            throw broke("CONTINUATION without HEADERS");
        }
        block.add(in, length);
        if ((flags & Frames.END_HEADERS) != 0) {
            boolean end = block.endStream();
            ByteBuf bytes = block.take();
            try {
                whole(id, end, bytes);
            } finally {
                bytes.release();
            }
        }
    }

    private void whole(int id, boolean end, ByteBuf bytes) throws ConnectionError {
        H2Stream stream = connection.streams.get(id);
        if (stream == null && !connection.idle(id)) {
            // The tables must not miss a block, even when nobody wants its fields.
            connection.decoder.decode(id, bytes, (name, value) -> {});
            missing(id, "HEADERS");
            return;
        }
        connection.headers(id, end, bytes);
    }

    private void priority(int id, ByteBuf in, int length) throws ConnectionError {
        onStream(id, "PRIORITY");
        useless(1, "PRIORITY");
        if (length != 5) {
            streamError(id, ErrorCode.FRAME_SIZE_ERROR);
        } else if ((in.readInt() & Integer.MAX_VALUE) == id) {
            streamError(id, ErrorCode.PROTOCOL_ERROR);
        }
    }

    private void streamError(int id, ErrorCode code) throws ConnectionError {
        H2Stream stream = connection.streams.get(id);
        if (stream != null) {
            connection.failStream(stream, code);
        } else if (connection.idle(id)) {
            throw new ConnectionError(code, "a bad frame on a stream that was never opened");
        } else {
            connection.refuseStream(id, code);
        }
    }

    private void reset(int id, ByteBuf in, int length) throws ConnectionError {
        onStream(id, "RST_STREAM");
        length(length == 4, "RST_STREAM");
        if (connection.idle(id)) {
            throw broke("RST_STREAM on a stream that was never opened");
        }
        long code = in.readUnsignedInt();
        H2Stream stream = connection.streams.get(id);
        if (stream == null) {
            useless(1, "RST_STREAM");
            return;
        }
        connection.peerReset(stream, code);
    }

    private void settings(int flags, int id, ByteBuf in, int length) throws ConnectionError {
        onConnection(id, "SETTINGS");
        if ((flags & Frames.ACK) != 0) {
            length(length == 0, "SETTINGS");
            if (unacknowledged == 0) {
                useless(SETTINGS_COST, "SETTINGS acknowledged twice");
            } else {
                unacknowledged--;
                connection.acknowledged();
            }
            return;
        }
        length(length % 6 == 0, "SETTINGS");
        useless(SETTINGS_COST + length / 6, "SETTINGS");
        for (int i = 0; i < length; i += 6) {
            int key = in.readUnsignedShort();
            peer.setting(key, in.readUnsignedInt());
        }
        connection.out().settingsAck();
        peer.acknowledged();
        connection.settingsInForce();
        connection.replied();
    }

    private void ping(int flags, int id, ByteBuf in, int length) throws ConnectionError {
        onConnection(id, "PING");
        length(length == 8, "PING");
        long payload = in.readLong();
        useless(1, "PING");
        if ((flags & Frames.ACK) != 0) {
            connection.pong(payload);
        } else {
            connection.out().ping(true, payload);
            connection.replied();
        }
    }

    private void windowUpdate(int id, ByteBuf in, int length) throws ConnectionError {
        length(length == 4, "WINDOW_UPDATE");
        int increment = in.readInt() & Integer.MAX_VALUE;
        useless(1, "WINDOW_UPDATE");
        if (id == 0) {
            if (increment == 0) {
                throw broke("WINDOW_UPDATE of 0");
            }
            if (!connection.sending().widen(increment)) {
                throw new ConnectionError(ErrorCode.FLOW_CONTROL_ERROR, "the window is too large");
            }
            return;
        }
        H2Stream stream = connection.streams.get(id);
        if (stream == null) {
            if (connection.idle(id)) {
                throw broke("WINDOW_UPDATE on a stream that was never opened");
            }
            return;
        }
        if (increment == 0) {
            connection.failStream(stream, ErrorCode.PROTOCOL_ERROR);
            return;
        }
        stream.sendWindow += increment;
        if (stream.sendWindow > Integer.MAX_VALUE) {
            connection.failStream(stream, ErrorCode.FLOW_CONTROL_ERROR);
            return;
        }
        connection.sending().streamOpened(stream);
    }
}
