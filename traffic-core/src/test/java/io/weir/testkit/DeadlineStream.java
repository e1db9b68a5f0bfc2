package io.weir.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;

/** The bytes a socket receives, with a time limit for each wait. Used by one thread. */
final class DeadlineStream extends InputStream {

    private final Socket socket;
    private final InputStream in;
    private volatile Duration patience;

    DeadlineStream(Socket socket, Duration patience) throws IOException {
        this.socket = socket;
        this.in = socket.getInputStream();
        this.patience = patience;
    }

    void patience(Duration patience) {
        this.patience = patience;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        int n = read(one, 0, 1);
        return n < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        socket.setSoTimeout((int) Math.max(1, patience.toMillis()));
        try {
            return in.read(bytes, offset, length);
        } catch (SocketTimeoutException late) {
            throw new SocketTimeoutException("nothing came for " + patience);
        }
    }

    @Override
    public int available() throws IOException {
        return in.available();
    }
}
