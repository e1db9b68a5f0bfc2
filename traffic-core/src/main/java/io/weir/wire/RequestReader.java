package io.weir.wire;

import io.netty.buffer.ByteBuf;
import io.weir.config.VirtualServerConfig.Limits;
import io.weir.http.BodyReader;
import io.weir.http.BodySink;
import io.weir.http.Defect;
import io.weir.http.FieldName;
import io.weir.http.Framing;
import io.weir.http.Head;
import io.weir.http.RequestHead;

import org.jspecify.annotations.Nullable;

/**
 * Reads the requests of one HTTP/1 connection one after the other: a head, and the body that it
 * announces. Confined to one event loop.
 */
final class RequestReader {

    private final ClientHome home;

    private @Nullable RequestHead head;
    private @Nullable BodyReader body;
    private @Nullable Defect defect;
    private long length;
    private boolean bodyComing;
    private boolean awaitsContinue;
    private boolean whole;

    RequestReader(ClientHome home) {
        this.home = home;
    }

    /** Whether nothing of a request has come, and none is on its way. */
    boolean idle() {
        return head == null;
    }

    /** Whether a part of a head, or more, has come. */
    boolean begun() {
        RequestHead h = head;
        return h != null && h.begun();
    }

    /** Reads on in the head; where {@code BROKEN}, {@link #defect} tells what is wrong. */
    Head.Progress readHead(ByteBuf in, Limits limits) {
        RequestHead h = head;
        if (h == null) {
            h = home.context().requestHead();
            head = h;
            whole = false;
        }
        Head.Progress progress =
                h.read(in, limits.maxHeaderLength(), limits.maxUrlLength(), limits.maxHeaders());
        switch (progress) {
            case NEED_MORE -> home.unfinished(h.footprint());
            case BROKEN -> defect = h.defect();
            case COMPLETE -> {
                home.finished();
                whole = true;
                defect = check(h, limits);
                return defect == null ? progress : Head.Progress.BROKEN;
            }
        }
        return progress;
    }

    /** What is wrong with a whole head; null when its body may come. */
    private @Nullable Defect check(RequestHead h, Limits limits) {
        Defect wrong = Framing.check(h);
        if (wrong != null) {
            return wrong;
        }
        length = Framing.requestLength(h);
        long most = limits.maxBodyLength();
        if (most > 0 && length > most) {
            return Defect.BODY_TOO_LARGE;
        }
        bodyComing = length != 0;
        awaitsContinue = bodyComing && !h.http10() && h.contains(FieldName.EXPECT);
        if (bodyComing) {
            BodyReader reader = body;
            if (reader == null) {
                reader = new BodyReader();
                body = reader;
            }
            reader.start(length, most);
        }
        return null;
    }

    /** What is wrong with the request. */
    Defect defect() {
        Defect wrong = defect;
        return wrong == null ? Defect.TRUNCATED : wrong;
    }

    /** The head that was refused; null when not all of it has come. */
    @Nullable RequestHead refusedHead() {
        return whole ? head : null;
    }

    /** The whole head. */
    RequestHead head() {
        RequestHead h = head;
        if (h == null) {
            throw new IllegalStateException("no request head has been read");
        }
        return h;
    }

    /** The length of the body as {@link Framing} decided. */
    long length() {
        return length;
    }

    /** Nobody reads the head any more. */
    void giveBackHead() {
        RequestHead h = head;
        if (h != null) {
            head = null;
            home.finished();
            home.context().giveBack(h);
        }
    }

    /** Reads on in the body; where {@code BROKEN}, {@link #defect} tells what is wrong. */
    BodyReader.Progress readBody(ByteBuf in, BodySink sink) {
        BodyReader reader = body;
        if (reader == null || !bodyComing) {
            return BodyReader.Progress.NEED_MORE;
        }
        awaitsContinue = false;
        BodyReader.Progress progress = reader.read(in, sink);
        if (progress == BodyReader.Progress.BROKEN) {
            defect = reader.defect();
        } else if (reader.done()) {
            bodyComing = false;
        }
        return progress;
    }

    /** Whether a part of the body is still to come. */
    boolean bodyComing() {
        return bodyComing;
    }

    /** Whether the client waits to be told to send the body. */
    boolean awaitsContinue() {
        return awaitsContinue;
    }

    /** The client has been told to send the body. */
    void continues() {
        awaitsContinue = false;
    }

    /** What still comes is no body: the request was a switch of protocols. */
    void forgetBody() {
        bodyComing = false;
    }
}
