package io.weir.exchange;

import io.weir.fault.TrafficFault;
import io.weir.persist.Session;
import io.weir.persist.SessionSource;
import io.weir.persist.Verdict;
import io.weir.pool.Lease;
import io.weir.pool.Pool;
import io.weir.pool.PoolNode;
import io.weir.pool.Selection;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;

/**
 * The persistence of a connection or of datagrams, which knows no more of its client than the
 * address, the TLS session and what rules say. Confined to one event loop.
 */
final class CarriedSession implements SessionSource, SessionChoice {

    private final NodeSeeker client;
    private final LoopContext loop;
    private final Session session;
    private @Nullable String key;
    private @Nullable String node;
    private @Nullable String chosenClass;

    private CarriedSession(VirtualServer server, NodeSeeker client, LoopContext loop) {
        this.client = client;
        this.loop = loop;
        this.session = Session.begin(server.persistence(), this);
    }

    /** The session of a client of {@code server}; null when there are no persistence classes. */
    static @Nullable CarriedSession of(VirtualServer server, NodeSeeker client, LoopContext loop) {
        return server.persistence().isEmpty() ? null : new CarriedSession(server, client, loop);
    }

    @Override
    public @Nullable TrafficFault seek(Pool pool, Selection selection) {
        return session.seek(pool, selection, loop.nanos()) == Session.Ruling.CHOOSE
                ? null
                : new TrafficFault.SessionLost(
                        "the node of the session cannot be used, in persistence class "
                                + session.className(),
                        null);
    }

    @Override
    public boolean took(Lease lease, Selection selection) {
        return session.took(lease, selection, loop.nanos());
    }

    @Override
    public @Nullable PoolNode pinned() {
        return session.pinned();
    }

    /** All is over. */
    @Nullable Verdict ended() {
        session.ended();
        return session.verdict();
    }

    void key(String given) {
        key = given;
    }

    void node(String given) {
        node = given;
    }

    void chosenClass(String given) {
        chosenClass = given;
    }

    @Override
    public @Nullable String persistenceKey() {
        return key;
    }

    @Override
    public @Nullable String persistenceNode() {
        return node;
    }

    @Override
    public @Nullable String persistenceClass() {
        return chosenClass;
    }

    @Override
    public @Nullable InetAddress clientAddress() {
        return client.clientAddress().getAddress();
    }

    @Override
    public byte @Nullable [] tlsSessionId() {
        return client.tlsSessionId();
    }
}
