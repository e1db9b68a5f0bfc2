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

    private final ClientConnection connection;
    private final ConnectedClient client;
    private final Listener listener;
    private final Gate gate;
    private final WireLoop loop;
    private @Nullable Account account;

    ClientHome(
            ClientConnection connection,
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

    /** Whether memory is so short that less should be begun at once. */
    public boolean memoryScarce() {
        return loop.allowance() == BufferMemory.LEAST;
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
        loop.closed(connection);
        listener.connectionClosed(gate);
        Account opened = account;
        if (opened != null) {
            opened.connectionClosed(loop.context());
        }
    }
}
