package io.weir.wire;

import io.netty.channel.Channel;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.weir.tls.ClientTls;

import org.jspecify.annotations.Nullable;

import java.net.InetSocketAddress;

/**
 * The last handler of a client connection, whatever the protocol; its event loop keeps a list of
 * them. Confined to one event loop.
 */
public abstract class ClientConnection extends ChannelInboundHandlerAdapter {

    /** Bytes that wait here for a client behind all that the kernel has taken for it. */
    private static final int CROWDED = 16 * 1024;

    private final Channel line;
    private int allowed = BufferMemory.ANY;
    private boolean crowded;
    @Nullable ClientConnection previousClient;
    @Nullable ClientConnection nextClient;

    /**
     * @param line its channel
     */
    protected ClientConnection(Channel line) {
        this.line = line;
    }

    /** The listener that the connection came through. */
    protected abstract Listener listener();

    /** Has at most so many bytes wait for a client that reads slowly. */
    final void allow(int bytes) {
        if (bytes != allowed) {
            allowed = bytes;
            mark();
        }
    }

    /** Has less wait for a client for which the kernel takes nothing at the moment. */
    final void crowded(boolean now) {
        if (now != crowded) {
            crowded = now;
            mark();
        }
    }

    private void mark() {
        int most = Math.min(listener().server().config().maxServerBuffer(), allowed);
        line.config()
                .setWriteBufferWaterMark(
                        ClientPipeline.marks(crowded ? Math.min(most, CROWDED) : most));
    }

    /** What the PROXY header says about the connection; called before anything else is read. */
    protected abstract void proxied(InetSocketAddress client, InetSocketAddress server);

    /** The PROXY header has been read, whatever it said. */
    protected void proxyHeaderRead() {}

    /** The handshake has succeeded; called before anything that is under TLS is read. */
    protected void secured(ClientTls tls) {}

    /** Tells what the connection is doing. */
    protected abstract void describe(ConnectionListing out);

    /** No further request is taken; idle connections close now, all of them if {@code atOnce}. */
    protected abstract void retire(boolean atOnce);
}
