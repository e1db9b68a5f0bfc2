package io.weir.wire;

import io.netty.buffer.ByteBuf;
import io.weir.http.FieldName;
import io.weir.http.Fields;
import io.weir.http.Framing;
import io.weir.http.Method;
import io.weir.http.RequestHead;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;

/**
 * Writes the requests of one HTTP/1 connection to a node one after the other: a head, and the body
 * in the framing that the head announces. Confined to one event loop.
 */
final class RequestWriter {

    private static final byte[] END = ascii("\r\n");
    private static final byte[] CLOSE = ascii("Connection: close\r\n\r\n");
    private static final byte[] CHUNKED = ascii("Transfer-Encoding: chunked\r\n\r\n");
    private static final byte[] CHUNKED_CLOSE =
            ascii("Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n");

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private @Nullable Output out;
    private Method method = Method.GET;
    private boolean chunked;
    private boolean done;
    private long writtenBefore;

    /** The handler has its place: from now on there is somewhere to write to. */
    void open(Output made) {
        out = made;
    }

    Output out() {
        Output o = out;
        if (o == null) {
            throw new IllegalStateException("nothing can be written before the handler is added");
        }
        return o;
    }

    /**
     * Writes the head.
     *
     * @param bodyLength as {@link Framing} decided
     * @param keep whether the node may expect another request afterwards
     */
    void head(RequestHead request, long bodyLength, boolean keep) {
        method = request.method();
        writtenBefore = out().total();
        chunked = bodyLength == Framing.CHUNKED;
        if (bodyLength > 0 && request.http2() && request.contains(FieldName.TRAILER)) {
            // HTTP/1.1 has trailers behind chunks only (RFC 9112 section 7.1.2).
            request.remove(FieldName.CONTENT_LENGTH);
            chunked = true;
        }
        done = false;
        boolean asksToClose = !keep && !request.contains(FieldName.UPGRADE);
        byte[] tail = chunked ? asksToClose ? CHUNKED_CLOSE : CHUNKED : asksToClose ? CLOSE : END;
        out().head(request, tail, (int) Math.min(Math.max(bodyLength, 0), Integer.MAX_VALUE));
    }

    /** Writes a piece of the body; becomes its owner. */
    void data(ByteBuf piece) {
        if (chunked) {
            out().chunk(piece);
        } else {
            out().data(piece);
        }
    }

    /** Ends the body. */
    void end(@Nullable Fields trailers) {
        if (chunked) {
            out().lastChunk(trailers);
        }
        done = true;
    }

    /** The node has switched protocols: what follows goes as it comes. */
    void switched() {
        chunked = false;
    }

    /** The method of the request. */
    Method method() {
        return method;
    }

    /** Whether the whole request has been written. */
    boolean done() {
        return done;
    }

    /** Whether something of the request may have left; before that, nothing can answer it. */
    boolean begun() {
        return out().flushed() > writtenBefore;
    }

    /** Bytes written since the request began, its head and framing included. */
    long written() {
        return out().total() - writtenBefore;
    }
}
