package io.weir.exchange;

import io.netty.buffer.ByteBuf;
import io.weir.http.Fields;
import io.weir.http.ResponseHead;
import io.weir.tls.ClientTls;

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

    private final ClientIdentity identity;
    private final long written;
    private final LoopContext loop;
    private @Nullable Exchange attended;

    /**
     * A client with the addresses of {@code other}.
     *
     * @param loop of the exchange
     */
    AbsentClient(ClientSide other, LoopContext loop) {
        this.loop = loop;
        identity =
                new Left(
                        other.remote(),
                        other.local(),
                        other.forwarded(),
                        other.secure(),
                        new HashMap<>());
        written = other.bytesWritten();
    }

    /** What is still known of a client whose connection may be gone. */
    private record Left(
            InetSocketAddress remote,
            InetSocketAddress local,
            ForwardedClient forwarded,
            boolean secure,
            Map<String, Object> data)
            implements ClientIdentity {

        @Override
        public @Nullable ClientTls tls() {
            return null;
        }
    }

    @Override
    public ClientIdentity identity() {
        return identity;
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
