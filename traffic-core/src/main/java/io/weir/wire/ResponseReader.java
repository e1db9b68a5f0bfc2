package io.weir.wire;

import io.netty.buffer.ByteBuf;
import io.weir.exchange.LoopContext;
import io.weir.http.BodyReader;
import io.weir.http.BodySink;
import io.weir.http.Defect;
import io.weir.http.FieldName;
import io.weir.http.Framing;
import io.weir.http.Head;
import io.weir.http.Method;
import io.weir.http.ResponseHead;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.TimeUnit;

/**
 * Reads the responses of one HTTP/1 connection to a node one after the other, as strictly as
 * requests are read. Confined to one event loop.
 */
final class ResponseReader {

    /** Longest response head; nodes are not trusted to be reasonable. */
    private static final int MAX_HEAD_BYTES = 64 * 1024;

    private static final int MAX_FIELDS = 200;

    private final LoopContext context;
    private final BodyReader body = new BodyReader();

    private @Nullable ResponseHead head;
    private @Nullable Defect defect;
    private long length;
    private boolean persistent;

    ResponseReader(LoopContext context) {
        this.context = context;
    }

    /**
     * Reads on in the head; where {@code BROKEN}, {@link #defect} tells what is wrong.
     *
     * @param mayUpgrade whether the node was asked to switch protocols
     */
    Head.Progress readHead(ByteBuf in, boolean mayUpgrade) {
        ResponseHead h = head;
        if (h == null) {
            h = context.responseHead();
            head = h;
        }
        Head.Progress progress = h.read(in, MAX_HEAD_BYTES, MAX_HEAD_BYTES, MAX_FIELDS);
        switch (progress) {
            case NEED_MORE -> {}
            case BROKEN -> defect = h.defect();
            case COMPLETE -> {
                Defect wrong = Framing.check(h);
                if (wrong == null && h.status() == 101 && !(mayUpgrade && isWebSocket(h))) {
                    wrong = Defect.UPGRADE;
                }
                defect = wrong;
                return wrong == null ? progress : Head.Progress.BROKEN;
            }
        }
        return progress;
    }

    private static boolean isWebSocket(ResponseHead h) {
        String protocol = h.get(FieldName.UPGRADE);
        return protocol != null
                && protocol.equalsIgnoreCase("websocket")
                && h.listContains(FieldName.CONNECTION, "upgrade");
    }

    /** The whole head. */
    ResponseHead head() {
        ResponseHead h = head;
        if (h == null) {
            throw new IllegalStateException("no response head has been read");
        }
        return h;
    }

    /** What is wrong with the response. */
    Defect defect() {
        Defect wrong = defect;
        return wrong == null ? Defect.TRUNCATED : wrong;
    }

    /** The head was not the last one: another one follows, unless nobody reads it any more. */
    void skipInterim(ResponseHead interim) {
        if (head == interim) {
            interim.clear();
        }
    }

    /**
     * The head is the last one: makes it fit to be passed on and gets ready for the body.
     *
     * @param asked the method of the request
     */
    void begin(ResponseHead h, Method asked) {
        persistent = Framing.persistent(h);
        length = Framing.responseLength(h, asked);
        if (h.status() == 204) {
            // RFC 9110 section 8.6: no Content-Length here, and some readers would wait for it.
            h.remove(FieldName.CONTENT_LENGTH);
        }
        body.start(length, 0);
        if (length == Framing.UNTIL_CLOSE) {
            persistent = false;
        } else if (length >= 0) {
            Framing.canonicalLength(h);
        }
    }

    /** The length of the body as {@link Framing} decided. */
    long length() {
        return length;
    }

    /** Whether the node will take another request on the connection. */
    boolean persistent() {
        return persistent;
    }

    /** Whether only the end of the connection tells where the body ends. */
    boolean untilClose() {
        return body.untilClose();
    }

    /** Reads on in the body; where {@code BROKEN}, {@link #defect} tells what is wrong. */
    BodyReader.Progress readBody(ByteBuf in, BodySink sink) {
        BodyReader.Progress progress = body.read(in, sink);
        if (progress == BodyReader.Progress.BROKEN) {
            defect = body.defect();
        }
        return progress;
    }

    /** Bytes of a counted body that have not come yet; 0 for bodies that are not counted. */
    long toCome() {
        return body.toCome();
    }

    /** So many bytes of the body have gone on unread. */
    void passed(int bytes, BodySink sink) {
        body.passed(bytes, sink);
    }

    /** Nobody reads the head any more. */
    void giveBackHead() {
        ResponseHead h = head;
        if (h != null) {
            head = null;
            context.giveBack(h);
        }
    }

    /**
     * How long the connection may stay idle: {@code nanos}, or less when the node says that it will
     * close earlier.
     */
    static long idleTime(ResponseHead h, long nanos) {
        String hint = h.get(FieldName.KEEP_ALIVE);
        if (hint == null) {
            return nanos;
        }
        for (String part : hint.split(",", -1)) {
            String[] pair = part.strip().split("=", 2);
            if (pair.length == 2 && pair[0].strip().equalsIgnoreCase("timeout")) {
                String seconds = pair[1].strip();
                if (!seconds.isEmpty()
                        && seconds.length() < 9
                        && seconds.chars().allMatch(c -> c >= '0' && c <= '9')) {
                    long said = TimeUnit.SECONDS.toNanos(Integer.parseInt(seconds) - 1L);
                    return Math.min(nanos, Math.max(said, 0));
                }
            }
        }
        return nanos;
    }
}
