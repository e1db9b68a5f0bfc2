package io.weir.exchange;

import io.netty.buffer.ByteBuf;
import io.weir.http.Fields;
import io.weir.http.ResponseHead;

import org.jspecify.annotations.Nullable;

import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;

/**
 * Stands for a client that is not there any more, or never was: takes everything and throws it
 * away. Confined to one event loop, which knows its exchange until it ends, because no connection
 * to a client does.
 */
final class AbsentClient implements ClientSide {

    private final InetSocketAddress remote;
    private final InetSocketAddress local;
    private final ForwardedClient forwarded;
    private final boolean secure;
    private final long written;
    private final Map<String, Object> data = new HashMap<>();

    private final LoopContext loop;
    private @Nullable Exchange attended;

    /**
     * A client with the addresses of {@code other}.
     *
     * @param loop of the exchange
     */
    AbsentClient(ClientSide other, LoopContext loop) {
        this.loop = loop;
        remote = other.remote();
        local = other.local();
        forwarded = other.forwarded();
        secure = other.secure();
        written = other.bytesWritten();
    }

    @Override
    public InetSocketAddress remote() {
        return remote;
    }

    @Override
    public InetSocketAddress local() {
        return local;
    }

    @Override
    public ForwardedClient forwarded() {
        return forwarded;
    }

    @Override
    public boolean secure() {
        return secure;
    }

    @Override
    public Map<String, Object> connectionData() {
        return data;
    }

    @Override
    public void interim(ResponseHead head) {}

    @Override
    public void respond(ResponseHead head, long bodyLength) {}

    @Override
    public void data(ByteBuf piece) {
        piece.release();
    }

    @Override
    public void end(@Nullable Fields trailers) {}

    @Override
    public long bytesWritten() {
        return written;
    }

    @Override
    public void flush() {}

    @Override
    public void flushSoon() {}

    @Override
    public boolean writable() {
        return true;
    }

    @Override
    public void pauseRequest(boolean paused) {}

    @Override
    public void tunnel() {}

    @Override
    public void abort() {}

    /** Stands for the client of {@code x}, until it is finished. */
    void attend(Exchange x) {
        attended = x;
        loop.beginsAlone(x);
    }

    @Override
    public void finished() {
        Exchange x = attended;
        if (x != null) {
            loop.endsAlone(x);
        }
    }
}
