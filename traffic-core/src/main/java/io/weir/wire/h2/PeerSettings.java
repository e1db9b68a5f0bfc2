package io.weir.wire.h2;

/** What a peer says about itself, checked and put in force. Confined to one event loop. */
final class PeerSettings {

    private final H2Connection connection;
    private boolean widened;

    PeerSettings(H2Connection connection) {
        this.connection = connection;
    }

    /** One setting of the peer (RFC 9113 section 6.5.2). */
    void setting(int key, long value) throws ConnectionError {
        switch (key) {
            case Frames.INITIAL_WINDOW_SIZE -> {
                if (value > Integer.MAX_VALUE) {
                    throw new ConnectionError(
                            ErrorCode.FLOW_CONTROL_ERROR, "SETTINGS_INITIAL_WINDOW_SIZE too large");
                }
                initialWindow((int) value);
            }
            case Frames.MAX_FRAME_SIZE -> {
                if (value < Frames.SMALLEST_MAX_FRAME || value > Frames.LARGEST_MAX_FRAME) {
                    throw new ConnectionError(
                            ErrorCode.PROTOCOL_ERROR, "SETTINGS_MAX_FRAME_SIZE out of range");
                }
                // Larger frames would make other streams wait.
                connection.out().maxFrame(Frames.SMALLEST_MAX_FRAME);
            }
            case Frames.ENABLE_PUSH, Frames.ENABLE_CONNECT_PROTOCOL -> {
                if (value > 1) {
                    throw new ConnectionError(ErrorCode.PROTOCOL_ERROR, "a setting not 0 or 1");
                }
                connection.peerSetting(key, value);
            }
            default -> connection.peerSetting(key, value);
        }
    }

    private void initialWindow(int bytes) throws ConnectionError {
        long change = (long) bytes - connection.sending().initialWindow();
        connection.sending().initialWindow(bytes);
        if (change == 0) {
            return;
        }
        for (H2Stream stream : connection.streams.values().toArray(new H2Stream[0])) {
            stream.sendWindow += change;
            if (stream.sendWindow > Integer.MAX_VALUE) {
                throw new ConnectionError(ErrorCode.FLOW_CONTROL_ERROR, "a window is too large");
            }
        }
        widened |= change > 0;
    }

    /**
     * All settings of a frame are in force and have been acknowledged, which is to be done at once
     * (RFC 9113 section 6.5.3): what waited for larger windows follows.
     */
    void acknowledged() {
        if (!widened) {
            return;
        }
        widened = false;
        for (H2Stream stream : connection.streams.values().toArray(new H2Stream[0])) {
            connection.sending().streamOpened(stream);
        }
    }
}
