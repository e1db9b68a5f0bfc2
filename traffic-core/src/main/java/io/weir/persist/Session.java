package io.weir.persist;

import io.weir.config.NodeAddress;
import io.weir.config.PersistenceConfig.FailureMode;
import io.weir.config.PersistenceConfig.Type;
import io.weir.http.Cookies;
import io.weir.http.FieldName;
import io.weir.http.RequestHead;
import io.weir.http.ResponseHead;
import io.weir.pool.Lease;
import io.weir.pool.Pool;
import io.weir.pool.PoolNode;
import io.weir.pool.PoolView;
import io.weir.pool.Selection;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/**
 * The session of one request or connection, on its way from what the client tells to the node that
 * serves. Confined to an event loop.
 *
 * <p>Before every choice of a node {@link #seek} says whether the choice may go on, and {@link
 * #pinned} which node is to be chosen; afterwards {@link #took} is told the node. For HTTP {@link
 * #keep} then has a look at the answer. {@link #ended} closes the account.
 */
public final class Session {

    /** The cookie in which a node says its own name. */
    private static final String BACKEND_COOKIE = "X-Zeus-Backend";

    /** Of Weir's cookies one request may carry so many; more are taken out and not looked at. */
    private static final int MAX_CARRIED = 16;

    private final PersistenceClasses classes;
    private final SessionSource source;
    private final @Nullable List<String> carried;

    private @Nullable PersistenceClass inForce;
    private @Nullable Pool pool;
    private @Nullable String key;
    private @Nullable NodeAddress recorded;
    private @Nullable PoolNode pinned;
    private @Nullable PoolNode served;
    private @Nullable String farewell;
    private boolean known;

    /**
     * Whether the session has a node that it goes back to, and is served elsewhere for this once.
     */
    private boolean away;

    private @Nullable Verdict verdict;
    private boolean counted;

    /** What is to happen with a request or connection. */
    public enum Ruling {
        /** A node may be chosen. */
        CHOOSE,
        /** The node of the session cannot be used: the client is to be sent elsewhere. */
        REDIRECT,
        /** The node of the session cannot be used: the client's connection is to be closed. */
        CLOSE
    }

    private Session(
            PersistenceClasses classes, SessionSource source, @Nullable List<String> carried) {
        this.classes = classes;
        this.source = source;
        this.carried = carried;
    }

    /**
     * Takes out of the request of {@code source} the cookies that are Weir's: no node sees them.
     */
    public static Session begin(PersistenceClasses classes, SessionSource source) {
        RequestHead head = source.request();
        if (head == null || !classes.setCookies() || !head.contains(FieldName.COOKIE)) {
            return new Session(classes, source, null);
        }
        List<String> carried = new ArrayList<>(2);
        Cookies.take(
                head,
                classes::ownCookie,
                (name, value) -> {
                    if (carried.size() < 2 * MAX_CARRIED) {
                        carried.add(name);
                        carried.add(value);
                    }
                });
        return new Session(classes, source, carried);
    }

    // ---- before a choice

    /**
     * Finds the node that the session belongs to in {@code asked} or, when nothing there is usable
     * or its circuit breaker is open, in its failure pools.
     *
     * @param now as reading of the ticker
     */
    public Ruling seek(Pool asked, Selection selection, long now) {
        Pool at = asked;
        away = false;
        while (true) {
            PoolView view = at.view();
            boolean usable = look(at, view, selection, now);
            Pool next = view.failurePool();
            if (next == null || (usable || view.alive()) && !at.breakerRefuses(now)) {
                break;
            }
            away |= usable;
            at = next;
        }
        PersistenceClass c = inForce;
        if (c == null || away || !known || pinned != null || verdict == Verdict.NEW) {
            // A session that began with this very request, on a node that failed it, has no past.
            return Ruling.CHOOSE;
        }
        verdict = Verdict.FAILED;
        if (c.config().failureMode() == FailureMode.NEW_NODE) {
            return Ruling.CHOOSE;
        }
        if (c.config().delete()) {
            forget(c);
        }
        return c.config().failureMode() == FailureMode.URL ? Ruling.REDIRECT : Ruling.CLOSE;
    }

    /** Looks into one pool; returns whether the node of the session is there and usable. */
    private boolean look(Pool at, PoolView view, Selection selection, long now) {
        pool = at;
        key = null;
        recorded = null;
        pinned = null;
        known = false;
        String chosen = source.persistenceClass();
        PersistenceClass c = classes.named(chosen != null ? chosen : view.config().persistence());
        inForce = c;
        if (c == null) {
            return false;
        }
        PoolNode node = find(c, at, view, now);
        if (node != null && node.status().accepts(true) && !selection.tried(node)) {
            pinned = node;
        }
        return pinned != null;
    }

    private @Nullable PoolNode find(PersistenceClass c, Pool at, PoolView view, long now) {
        NodeDirectory nodes = c.nodes(at, view);
        return switch (c.config().type()) {
            case IP, UNIVERSAL, J2EE, ASP, SSL_SESSION_ID -> remembered(c, nodes, now);
            case NAMED -> named(nodes);
            case TRANSPARENT -> carried(c, nodes);
            case COOKIE -> applicationCookie(c) == null ? null : carried(c, nodes);
            case X_ZEUS_BACKEND -> {
                RequestHead head = source.request();
                String name = head == null ? null : Cookies.get(head, BACKEND_COOKIE);
                PoolNode node = name == null ? null : nodes.byName(unquoted(name));
                known = node != null;
                yield node;
            }
        };
    }

    private @Nullable PoolNode remembered(PersistenceClass c, NodeDirectory nodes, long now) {
        for (String candidate : c.keys().of(source)) {
            NodeAddress owner = c.table().find(candidate, now);
            if (owner != null || key == null) {
                key = candidate;
                recorded = owner;
            }
            if (owner != null) {
                known = true;
                break;
            }
        }
        NodeAddress owner = recorded;
        return owner == null ? null : nodes.byAddress(owner);
    }

    private @Nullable PoolNode named(NodeDirectory nodes) {
        String name = source.persistenceNode();
        if (name == null || name.isEmpty()) {
            name = source.persistenceKey();
        }
        known = name != null && !name.isEmpty();
        return name == null || !known ? null : nodes.byName(name);
    }

    /** The first token of the client that Weir has made; others count as absent. */
    private @Nullable PoolNode carried(PersistenceClass c, NodeDirectory nodes) {
        MappingCookie cookie = c.cookie();
        List<String> pairs = carried;
        if (cookie == null || pairs == null) {
            return null;
        }
        for (int i = 0; i < pairs.size(); i += 2) {
            PoolNode node =
                    pairs.get(i).equals(cookie.name()) ? nodes.byToken(pairs.get(i + 1)) : null;
            if (node != null) {
                known = true;
                return node;
            }
        }
        return null;
    }

    private @Nullable String applicationCookie(PersistenceClass c) {
        RequestHead head = source.request();
        String name = c.config().cookie();
        return head == null || name == null ? null : Cookies.get(head, name);
    }

    private static String unquoted(String value) {
        return value.length() > 1 && value.startsWith("\"") && value.endsWith("\"")
                ? value.substring(1, value.length() - 1)
                : value;
    }

    private void forget(PersistenceClass c) {
        String session = key;
        NodeAddress owner = recorded;
        if (session != null && owner != null) {
            c.table().remove(session, owner);
        }
        MappingCookie cookie = c.cookie();
        if (cookie != null) {
            farewell = cookie.delete();
        } else if (c.config().type() == Type.X_ZEUS_BACKEND) {
            farewell = MappingCookie.delete(BACKEND_COOKIE);
        }
    }

    /** The node to be chosen; null when any may be. */
    public @Nullable PoolNode pinned() {
        return pinned;
    }

    /** The name of the class in force, for people. */
    public String className() {
        PersistenceClass c = inForce;
        return c == null ? "none" : c.name();
    }

    /** Where a client goes whose session is lost; null when the class has no such place. */
    public @Nullable String url() {
        PersistenceClass c = inForce;
        return c == null ? null : c.config().url();
    }

    /** The value of the {@code Set-Cookie} field that ends a lost session; null when none does. */
    public @Nullable String farewell() {
        return farewell;
    }

    // ---- after a choice

    /**
     * A node was chosen.
     *
     * @param now as reading of the ticker
     * @return whether that is right; if not, because another exchange has given the session away or
     *     its node has failed meanwhile, the lease is to be closed and sought and chosen anew
     */
    public boolean took(Lease lease, Selection selection, long now) {
        if (lease.pool() != pool) {
            away |= pinned != null;
            look(lease.pool(), lease.pool().view(), selection, now);
        }
        served = lease.node();
        PersistenceClass c = inForce;
        if (c == null) {
            return true;
        }
        if (lease.node() == pinned) {
            if (!c.config().type().remembered()) {
                c.carried(lease.node().address(), now);
            }
            verdict = verdict == null ? Verdict.HIT : verdict;
            return true;
        }
        if (pinned != null) {
            return false;
        }
        if (away) {
            verdict = verdict == null ? Verdict.FAILED : verdict;
            return true;
        }
        String session = key;
        if (session == null) {
            verdict = verdict == null && !onlyRulesKnow(c) ? Verdict.MISS : verdict;
            return true;
        }
        NodeAddress mine = lease.node().address();
        if (!c.table().claim(session, recorded, mine, now).equals(mine)) {
            return false;
        }
        recorded = mine;
        verdict = verdict == null ? Verdict.NEW : verdict;
        return true;
    }

    /** A class whose sessions only rules name has nothing to say about requests without one. */
    private static boolean onlyRulesKnow(PersistenceClass c) {
        return c.config().type() == Type.NAMED || c.config().type() == Type.UNIVERSAL;
    }

    // ---- after the answer

    /**
     * The chosen node answers: notes the sessions that it begins, and adds Weir's cookie.
     *
     * @param overTls whether the client came over TLS
     */
    public void keep(ResponseHead response, boolean overTls, long now) {
        PersistenceClass c = inForce;
        PoolNode node = served;
        Pool at = pool;
        if (c == null || node == null || at == null) {
            return;
        }
        switch (c.config().type()) {
            case J2EE, ASP -> {
                for (String given : c.keys().given(response)) {
                    c.table().put(given, node.address(), now);
                    began();
                }
            }
            case TRANSPARENT -> {
                if (!away && (node != pinned || c.config().alwaysSetCookie())) {
                    set(c, at, node, response, overTls, now);
                }
            }
            case COOKIE -> companion(c, at, node, response, overTls, now);
            case X_ZEUS_BACKEND -> {
                if (setting(response, BACKEND_COOKIE) != null) {
                    c.carried(node.address(), now);
                    began();
                }
            }
            case IP, UNIVERSAL, NAMED, SSL_SESSION_ID -> {}
        }
    }

    /** Weir's cookie comes and goes with that of the application. */
    private void companion(
            PersistenceClass c,
            Pool at,
            PoolNode node,
            ResponseHead response,
            boolean overTls,
            long now) {
        String name = c.config().cookie();
        MappingCookie cookie = c.cookie();
        if (name == null || cookie == null) {
            return;
        }
        String setting = setting(response, name);
        if (setting != null && Cookies.deletes(setting)) {
            if (carried != null) {
                response.add(FieldName.SET_COOKIE, cookie.delete());
            }
        } else if ((setting != null || applicationCookie(c) != null && !away)
                && (node != pinned || c.config().alwaysSetCookie())) {
            set(c, at, node, response, overTls, now);
        }
    }

    /** The last {@code Set-Cookie} value for a cookie, which is the one that counts. */
    private static @Nullable String setting(ResponseHead response, String cookie) {
        String last = null;
        for (int i = response.find(FieldName.SET_COOKIE, 0);
                i >= 0;
                i = response.find(FieldName.SET_COOKIE, i + 1)) {
            String value = response.value(i);
            if (Cookies.nameOfSet(value).equals(cookie)) {
                last = value;
            }
        }
        return last;
    }

    private void set(
            PersistenceClass c,
            Pool at,
            PoolNode node,
            ResponseHead response,
            boolean overTls,
            long now) {
        MappingCookie cookie = c.cookie();
        String token = c.token(at, node);
        if (cookie == null || token == null) {
            return;
        }
        response.add(FieldName.SET_COOKIE, cookie.set(token, overTls));
        if (!response.listContains(FieldName.CACHE_CONTROL, "private")
                && !response.listContains(FieldName.CACHE_CONTROL, "no-store")) {
            // Or a shared cache on the way would send all its clients to this node.
            response.add(FieldName.CACHE_CONTROL, "no-cache=\"Set-Cookie\"");
        }
        c.carried(node.address(), now);
        began();
    }

    private void began() {
        if (verdict == Verdict.MISS) {
            verdict = Verdict.NEW;
        }
    }

    // ---- at the end

    /** What persistence had to say; null when no class was in force, or there was no session. */
    public @Nullable Verdict verdict() {
        return verdict;
    }

    /** The request or connection is over: it is counted, once. */
    public void ended() {
        PersistenceClass c = inForce;
        if (!counted && c != null) {
            counted = true;
            c.add(verdict);
        }
    }
}
