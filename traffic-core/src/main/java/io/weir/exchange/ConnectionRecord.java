package io.weir.exchange;

/**
 * What is noted of a client connection while it is open. Times are monotonic nanoseconds, 0 where
 * nothing has happened yet. Confined to one event loop.
 */
public final class ConnectionRecord {

    private long openedNanos;
    private long securedNanos;
    private long headNanos;
    private long movedNanos;
    private long bytesIn;
    private long requests;

    /** The connection is there. */
    public void opened(long now) {
        openedNanos = now;
        movedNanos = now;
    }

    /** The TLS handshake has succeeded. */
    public void secured(long now) {
        securedNanos = now;
    }

    /** Bytes have come. */
    public void came(long now, int bytes) {
        movedNanos = now;
        bytesIn += bytes;
    }

    /** Something goes on that shows that the connection is in use. */
    public void moved(long now) {
        movedNanos = now;
    }

    /** The first byte of a request head has come. */
    public void headBegins(long now) {
        headNanos = now;
    }

    /** A request has begun. */
    public void requestBegins() {
        requests++;
    }

    public long openedNanos() {
        return openedNanos;
    }

    /** When the handshake was over; 0 without TLS. */
    public long securedNanos() {
        return securedNanos;
    }

    /** When the head of the latest request began. */
    public long headNanos() {
        return headNanos;
    }

    /** When something last came or began. */
    public long movedNanos() {
        return movedNanos;
    }

    /** Bytes that came, below TLS not counted. */
    public long bytesIn() {
        return bytesIn;
    }

    /** Requests begun. */
    public long requests() {
        return requests;
    }
}
