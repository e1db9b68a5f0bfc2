package io.weir.wire;

import io.netty.buffer.ByteBuf;
import io.weir.exchange.Attempts;
import io.weir.http.BodySink;
import io.weir.http.Fields;
import io.weir.pool.NodeFailure;

import org.jspecify.annotations.Nullable;

/**
 * Who is told what comes on an HTTP/1 connection to a node: the exchange that it serves at the
 * moment, or nobody, and then it is thrown away. Takes the bodies of responses. Confined to one
 * event loop.
 */
final class Asker implements BodySink {

    private final HttpNodeSide side;
    private @Nullable Attempts exchange;

    Asker(HttpNodeSide side) {
        this.side = side;
    }

    /** From now on {@code x} is told; null for nobody. */
    void is(@Nullable Attempts x) {
        exchange = x;
    }

    /** The exchange; null for nobody. */
    @Nullable Attempts exchange() {
        return exchange;
    }

    boolean isThere() {
        return exchange != null;
    }

    /** Whether {@code x} is who is told. */
    boolean stillIs(@Nullable Attempts x) {
        return exchange == x;
    }

    /** How many of {@code wanted} bytes may be read for whoever is told. */
    int room(int wanted) {
        Attempts x = exchange;
        return x == null ? wanted : x.room(wanted);
    }

    /** Whether a response has ended, and it must be seen that nothing is behind it. */
    boolean mustLookBehind() {
        return side.mustLookBehind();
    }

    /** Whether the next bytes of a body may go on unread. */
    boolean passesUnread() {
        Attempts x = exchange;
        return x != null && x.passesUnread();
    }

    /** The next {@code bytes} of a body lie unread in the pipe of the event loop. */
    void unread(int bytes) {
        Attempts x = exchange;
        if (x != null) {
            x.nodeUnread(bytes);
        }
    }

    @Override
    public void data(ByteBuf piece) {
        Attempts x = exchange;
        if (x != null) {
            x.nodeData(piece);
        } else {
            piece.release();
        }
    }

    @Override
    public void end(@Nullable Fields trailers) {
        side.responseEnds(trailers);
    }

    /** The response is complete, or the node's direction of a tunnel. */
    void ended(@Nullable Fields trailers) {
        Attempts x = exchange;
        if (x != null) {
            x.nodeEnd(trailers);
        }
    }

    void failed(NodeFailure why, String text) {
        Attempts x = exchange;
        if (x != null) {
            x.nodeFailed(why, text);
        }
    }

    void readComplete() {
        Attempts x = exchange;
        if (x != null) {
            x.nodeReadComplete();
        }
    }

    void writable() {
        Attempts x = exchange;
        if (x != null) {
            x.nodeWritable();
        }
    }
}
