package io.weir.wire;

import io.weir.config.VirtualServerConfig;
import io.weir.exchange.Account;
import io.weir.exchange.LoopContext;
import io.weir.exchange.NodeConnections;
import io.weir.exchange.VirtualServer;

import org.jspecify.annotations.Nullable;

/**
 * Where a client connection comes from, what it serves, and where it is counted, whatever protocol
 * it comes to speak. Confined to one event loop.
 */
public final class ClientHome {

    private final HttpClientConnection connection;
    private final ConnectedClient client;
    private final Listener listener;
    private final Gate gate;
    private final WireLoop loop;
    private @Nullable Account account;
    private boolean listed;

    ClientHome(
            HttpClientConnection connection,
            ConnectedClient client,
            Listener listener,
            Gate gate,
            WireLoop loop) {
        this.connection = connection;
        this.client = client;
        this.listener = listener;
        this.gate = gate;
        this.loop = loop;
    }

    /** The virtual server as it is served now. */
    public VirtualServer server() {
        return listener.server();
    }

    VirtualServerConfig config() {
        return listener.server().config();
    }

    Listener listener() {
        return listener;
    }

    public LoopContext context() {
        return loop.context();
    }

    public NodeConnections nodes() {
        return loop.nodes();
    }

    /** How many bytes may wait for a client, or a stream, that takes none, as memory is now. */
    public int allowance() {
        return loop.allowance();
    }

    /** Whether memory is so short that each client should have only few requests on their way. */
    public boolean scarce() {
        return loop.scarce();
    }

    /** So many more requests over HTTP/2 may turn out to hold memory. */
    public void claimed(int more) {
        loop.claimed(more);
    }

    /** A part of a head or frame has come, which holds {@code held} bytes until the rest comes. */
    public void unfinished(int held) {
        listed = true;
        loop.unfinishedHeads().came(connection, held);
    }

    /** Nothing waits for its rest any more. */
    public void finished() {
        if (listed) {
            listed = false;
            loop.unfinishedHeads().forget(connection);
        }
    }

    /** Who the client is. */
    public ConnectedClient client() {
        return client;
    }

    /** The connection is there. */
    void opened() {
        loop.opened(connection);
        client.record().opened(loop.context().nanos());
        Account opened = server().account();
        account = opened;
        opened.connectionOpened(loop.context());
    }

    /** The connection has gone. */
    public void closed() {
        finished();
        loop.closed(connection);
        listener.connectionClosed(gate);
        Account opened = account;
        if (opened != null) {
            opened.connectionClosed(loop.context());
        }
    }
}
