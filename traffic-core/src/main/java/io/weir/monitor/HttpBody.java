package io.weir.monitor;

import java.time.Duration;

/**
 * The body of a node's answer, with its framing taken off. Confined to one run of a check. Trailers
 * are left unread.
 */
final class HttpBody implements PatternSearch.Source {

    private enum State {
        /** Within a chunk-size, of which at least no digit has come. */
        SIZE,
        /** After the digits of a chunk-size, within the rest of its line. */
        EXTENSION,
        /** Within data. */
        DATA,
        /** Between the data of a chunk and the end of its line. */
        DATA_END,
        /** At the announced end. */
        ENDED,
        /** Within data that lasts until the connection closes. */
        UNTIL_CLOSE
    }

    // Bounds what a node can make us read without getting on with the body.
    private static final int MOST_LINE_BYTES = 256;

    private final CheckConnection connection;
    private final boolean chunked;
    private State state;
    private long left;
    private boolean cutOff;
    private final StringBuilder line = new StringBuilder();

    private HttpBody(CheckConnection connection, boolean chunked, State state, long left) {
        this.connection = connection;
        this.chunked = chunked;
        this.state = state;
        this.left = left;
    }

    static HttpBody ofLength(CheckConnection connection, long length) {
        return new HttpBody(connection, false, length == 0 ? State.ENDED : State.DATA, length);
    }

    static HttpBody chunked(CheckConnection connection) {
        return new HttpBody(connection, true, State.SIZE, 0);
    }

    static HttpBody untilClose(CheckConnection connection) {
        return new HttpBody(connection, false, State.UNTIL_CLOSE, 0);
    }

    /** Whether the connection closed before the announced end. */
    boolean cutOff() {
        return cutOff;
    }

    @Override
    public boolean announcesItsEnd() {
        // A close announces the end as well as a length does.
        return true;
    }

    @Override
    public int read(byte[] into, int offset, int length, Duration wait)
            throws CheckFailed, InterruptedException {
        while (state != State.ENDED) {
            if (state == State.UNTIL_CLOSE) {
                return connection.read(into, offset, length, wait);
            }
            if (state == State.DATA) {
                int count = connection.read(into, offset, (int) Math.min(length, left), wait);
                cutOff = count < 0;
                left -= Math.max(count, 0);
                if (left == 0) {
                    state = chunked ? State.DATA_END : State.ENDED;
                }
                return count;
            }
            int next = connection.next(wait);
            if (next < 0) {
                cutOff = next == CheckConnection.CLOSED;
                return cutOff ? -1 : 0;
            }
            frame((char) next);
        }
        return -1;
    }

    /** Takes one byte of what stands between chunks (RFC 9112 section 7.1). */
    private void frame(char next) throws CheckFailed {
        line.append(next);
        if (line.length() > MOST_LINE_BYTES) {
            throw malformed();
        }
        switch (state) {
            case SIZE -> {
                int digit = next < 0x80 ? Character.digit(next, 16) : -1;
                // Eight digits are far more than is ever read.
                if (digit >= 0 && line.length() <= 8) {
                    left = left * 16 + digit;
                } else if (line.length() > 1 && (next == ';' || next == '\r')) {
                    state = State.EXTENSION;
                } else {
                    throw malformed();
                }
            }
            case EXTENSION -> {
                boolean afterCr = line.charAt(line.length() - 2) == '\r';
                if (afterCr != (next == '\n')) {
                    throw malformed();
                }
                if (afterCr) {
                    state = left == 0 ? State.ENDED : State.DATA;
                    line.setLength(0);
                }
            }
            case DATA_END -> {
                if (next != "\r\n".charAt(line.length() - 1)) {
                    throw malformed();
                }
                if (next == '\n') {
                    state = State.SIZE;
                    line.setLength(0);
                }
            }
            case DATA, ENDED, UNTIL_CLOSE -> throw new IllegalStateException("not in framing");
        }
    }

    private CheckFailed malformed() {
        return new CheckFailed(
                "chunked body with "
                        + Words.quote(line.toString())
                        + ", expected "
                        + (state == State.DATA_END ? "the end of a chunk" : "a chunk size"));
    }
}
