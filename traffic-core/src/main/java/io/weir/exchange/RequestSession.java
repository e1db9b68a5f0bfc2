package io.weir.exchange;

import io.weir.fault.TrafficFault;
import io.weir.http.RequestHead;
import io.weir.http.ResponseHead;
import io.weir.persist.PersistenceClasses;
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
 * The session that one exchange belongs to: what is told about it, by the request and by rules, and
 * what follows for the choice of a node. Confined to one event loop.
 */
final class RequestSession implements SessionSource, SessionChoice {

    private final Exchange x;
    private @Nullable Session session;
    private @Nullable String key;
    private @Nullable String node;
    private @Nullable String chosenClass;

    RequestSession(Exchange x) {
        this.x = x;
    }

    /** Takes the cookies of Weir out of the request. */
    void begin(PersistenceClasses classes) {
        session = Session.begin(classes, this);
    }

    @Override
    public @Nullable TrafficFault seek(Pool pool, Selection selection) {
        Session s = session;
        if (s == null) {
            return null;
        }
        Session.Ruling ruling = s.seek(pool, selection, x.context().nanos());
        if (ruling == Session.Ruling.CHOOSE) {
            return null;
        }
        return new TrafficFault.SessionLost(
                "the node of the session cannot be used, in persistence class " + s.className(),
                ruling == Session.Ruling.REDIRECT ? s.url() : null);
    }

    @Override
    public @Nullable PoolNode pinned() {
        Session s = session;
        return s == null ? null : s.pinned();
    }

    @Override
    public boolean took(Lease lease, Selection selection) {
        Session s = session;
        return s == null || s.took(lease, selection, x.context().nanos());
    }

    void keep(ResponseHead response) {
        Session s = session;
        if (s != null) {
            s.keep(response, x.client().secure(), x.context().nanos());
        }
    }

    /** See {@link Session#farewell}. */
    @Nullable String farewell() {
        Session s = session;
        return s == null ? null : s.farewell();
    }

    /** The exchange is over. */
    @Nullable Verdict ended() {
        Session s = session;
        if (s == null) {
            return null;
        }
        s.ended();
        return s.verdict();
    }

    void key(@Nullable String given) {
        key = given;
    }

    void node(@Nullable String given) {
        node = given;
    }

    void chosenClass(@Nullable String given) {
        chosenClass = given;
    }

    @Override
    public @Nullable InetAddress clientAddress() {
        return x.clientAddress().getAddress();
    }

    @Override
    public byte @Nullable [] tlsSessionId() {
        return x.client().tlsSessionId();
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
    public RequestHead request() {
        return x.request();
    }
}
