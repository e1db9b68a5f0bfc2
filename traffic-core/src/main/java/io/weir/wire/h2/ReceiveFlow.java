package io.weir.wire.h2;

import io.netty.buffer.ByteBuf;

import org.jspecify.annotations.Nullable;

/**
 * Takes bodies in, and gives the peer room for more when they have been taken: on a stream by its
 * exchange, on the connection for all of them. Confined to one event loop.
 */
final class ReceiveFlow {

    private final H2Connection connection;
    private final H2Settings settings;
    private int window;
    private int taken;

    ReceiveFlow(H2Connection connection) {
        this.connection = connection;
        this.settings = connection.settings;
        this.window = settings.connectionWindow();
    }

    /**
     * DATA has come.
     *
     * @param stream null when there is none any more
     * @param length padding included
     */
    void data(@Nullable H2Stream stream, int length, @Nullable ByteBuf piece, boolean end)
            throws ConnectionError {
        if (length > window) {
            release(piece);
            throw new ConnectionError(ErrorCode.FLOW_CONTROL_ERROR, "more DATA than room");
        }
        window -= length;
        if (stream == null || stream.remoteClosed || length > stream.receiveWindow) {
            release(piece);
            took(length);
            if (stream != null) {
                boolean late = stream.remoteClosed;
                connection.failStream(
                        stream, late ? ErrorCode.STREAM_CLOSED : ErrorCode.FLOW_CONTROL_ERROR);
            }
            return;
        }
        stream.receiveWindow -= length;
        stream.untaken += length;
        if (end) {
            stream.remoteClosed = true;
        }
        connection.touch(stream);
        stream.received(piece, end);
        if (!stream.paused) {
            takenAll(stream);
        }
        connection.closeIfDone(stream);
    }

    private static void release(@Nullable ByteBuf piece) {
        if (piece != null) {
            piece.release();
        }
    }

    /** Everything that came on {@code stream} has been taken: the peer may send as much again. */
    void takenAll(H2Stream stream) {
        int bytes = stream.untaken;
        stream.untaken = 0;
        took(bytes);
        stream.taken += bytes;
        if (stream.taken > settings.streamWindow() / 2
                && !stream.remoteClosed
                && !connection.ending()) {
            connection.out().windowUpdate(stream.id, stream.taken);
            stream.receiveWindow += stream.taken;
            stream.taken = 0;
            connection.flush();
        }
    }

    /** The stream has gone; what came on it does not hold up the others. */
    void forget(H2Stream stream) {
        int bytes = stream.untaken;
        stream.untaken = 0;
        took(bytes);
    }

    /** Whether the peer has room on the connection for a frame of full size. */
    boolean hasRoom() {
        return window >= settings.maxFrame();
    }

    private void took(int bytes) {
        taken += bytes;
        // Streams that are stuck may hold so much that less than half is left for all others.
        boolean due = taken > settings.connectionWindow() / 2 || taken > 0 && taken >= window;
        if (due && !connection.ending()) {
            connection.out().windowUpdate(0, taken);
            window += taken;
            taken = 0;
            connection.flush();
        }
    }
}
