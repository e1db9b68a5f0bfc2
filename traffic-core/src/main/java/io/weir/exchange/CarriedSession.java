package io.weir.exchange;

import io.weir.fault.TrafficFault;
import io.weir.persist.Session;
import io.weir.persist.SessionSource;
import io.weir.persist.Verdict;
import io.weir.pool.Choice;
import io.weir.pool.Lease;
import io.weir.pool.Pool;
import io.weir.pool.PoolNode;
import io.weir.pool.Selection;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.util.function.Consumer;

/**
 * The persistence of a connection or of datagrams, which knows no more of its client than the
 * address, the TLS session and what rules say. Confined to one event loop.
 */
final class CarriedSession implements SessionSource {

    /** Choices made anew because the session had got another node meanwhile. */
    private static final int MAX_CHANGES = 3;

    private final NodeSeeker client;
    private final Selection selection;
    private final LoopContext loop;
    private final Session session;
    private @Nullable String key;
    private @Nullable String node;
    private @Nullable String chosenClass;

    private CarriedSession(
            VirtualServer server, NodeSeeker client, Selection selection, LoopContext loop) {
        this.client = client;
        this.selection = selection;
        this.loop = loop;
        this.session = Session.begin(server.persistence(), this);
    }

    /** The session of a client of {@code server}; null when there are no persistence classes. */
    static <X extends NodeSeeker & Selection> @Nullable CarriedSession of(
            VirtualServer server, X client, LoopContext loop) {
        return server.persistence().isEmpty()
                ? null
                : new CarriedSession(server, client, client, loop);
    }

    /**
     * Chooses a node, that of the session first; null when that one cannot be used and the class
     * wants no other.
     */
    @Nullable Choice choose(Pool pool, Consumer<Choice> later) {
        for (int changes = 0; ; changes++) {
            if (session.seek(pool, selection, loop.nanos()) != Session.Ruling.CHOOSE) {
                return null;
            }
            Choice choice = pool.choose(selection, later);
            if (!(choice instanceof Lease lease) || took(lease) || changes == MAX_CHANGES) {
                return choice;
            }
            lease.close();
        }
    }

    /** See {@link Session#took}. */
    boolean took(Lease lease) {
        return session.took(lease, selection, loop.nanos());
    }

    /** Why {@link #choose} had none. */
    TrafficFault lost() {
        return new TrafficFault.SessionLost(
                "the node of the session cannot be used, in persistence class "
                        + session.className(),
                null);
    }

    @Nullable PoolNode pinned() {
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
