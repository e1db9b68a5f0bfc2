package io.weir.persist;

import io.weir.config.NodeAddress;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Which node each session of one class belongs to: a table of bounded size from which the session
 * that was not used for the longest time goes first. Shared by all event loops; it lives as long as
 * its class is configured, whatever else changes.
 */
public final class SessionTable {

    // One lock, held for the time of a few memory accesses. Striping or sampling would scale
    // further and would evict a session that merely is one of the oldest; operators count on the
    // limit meaning what it says. Nothing is called back and nothing is copied under the lock.

    /** Longer keys are kept as their digest, so that the table has a bound in bytes as well. */
    private static final int MAX_KEY_LENGTH = 64;

    private final LinkedHashMap<String, Used> sessions = new LinkedHashMap<>(16, 0.75f, true);
    private final Map<NodeAddress, Owner> owners = new HashMap<>();
    private int limit;
    private long timeout;
    private long evicted;

    /** A session: whose it is, and when it was last used. */
    private static final class Used {
        final Owner owner;
        long at;

        Used(Owner owner, long at) {
            this.owner = owner;
            this.at = at;
        }
    }

    /** A node with its share of the table; exists while it has sessions. */
    private static final class Owner {
        final NodeAddress node;
        int sessions;
        long lastUsed;

        Owner(NodeAddress node) {
            this.node = node;
        }
    }

    /**
     * What the table knows about a node.
     *
     * @param sessions that belong to the node
     * @param lastUsedNanos when one of them was last used, as reading of the ticker
     */
    public record NodeSessions(NodeAddress node, int sessions, long lastUsedNanos) {}

    /** A table for {@code limit} sessions. */
    public SessionTable(int limit) {
        this.limit = limit;
    }

    /** Changes the limit; when it shrinks, the sessions unused for the longest time go. */
    public synchronized void limit(int sessions) {
        limit = sessions;
        shrink();
    }

    /**
     * Changes how long after its latest use a session is over.
     *
     * @param nanos zero for never
     */
    public synchronized void timeout(long nanos) {
        timeout = nanos;
    }

    /** The node of the session, which is used at {@code now}; null when it is not known. */
    public @Nullable NodeAddress find(String key, long now) {
        String kept = bounded(key);
        synchronized (this) {
            Used session = sessions.get(kept);
            if (session == null) {
                return null;
            }
            if (over(session, now)) {
                sessions.remove(kept);
                leave(session.owner);
                return null;
            }
            session.at = now;
            session.owner.lastUsed = now;
            return session.owner.node;
        }
    }

    private boolean over(Used session, long now) {
        return timeout > 0 && now - session.at >= timeout;
    }

    /** Forgets the sessions that are over, which are those not used for the longest time. */
    private void expire(long now) {
        if (timeout <= 0) {
            return;
        }
        Iterator<Used> eldest = sessions.values().iterator();
        while (eldest.hasNext()) {
            Used session = eldest.next();
            if (!over(session, now)) {
                return;
            }
            eldest.remove();
            leave(session.owner);
        }
    }

    /**
     * Gives the session to {@code node} if it still belongs to {@code before}.
     *
     * @param before null for a session that is not known
     * @return whose it is now: {@code node}, or whom another exchange gave it to
     */
    public NodeAddress claim(String key, @Nullable NodeAddress before, NodeAddress node, long now) {
        String kept = bounded(key);
        synchronized (this) {
            Used session = sessions.get(kept);
            if (session != null && !session.owner.node.equals(before) && !over(session, now)) {
                return session.owner.node;
            }
            putKept(kept, node, now);
            return node;
        }
    }

    /** Gives the session to {@code node}, whoever had it. */
    public void put(String key, NodeAddress node, long now) {
        String kept = bounded(key);
        synchronized (this) {
            Used session = sessions.get(kept);
            if (session != null && session.owner.node.equals(node)) {
                session.at = now;
                session.owner.lastUsed = now;
                return;
            }
            putKept(kept, node, now);
        }
    }

    /** Forgets the session if it belongs to {@code node}. */
    public void remove(String key, NodeAddress node) {
        String kept = bounded(key);
        synchronized (this) {
            Used session = sessions.get(kept);
            if (session != null && session.owner.node.equals(node)) {
                sessions.remove(kept);
                leave(session.owner);
            }
        }
    }

    private void putKept(String kept, NodeAddress node, long now) {
        Owner owner = owners.computeIfAbsent(node, Owner::new);
        owner.sessions++;
        owner.lastUsed = now;
        Used before = sessions.put(kept, new Used(owner, now));
        if (before != null) {
            leave(before.owner);
        }
        expire(now);
        shrink();
    }

    private void shrink() {
        while (sessions.size() > limit) {
            Iterator<Used> eldest = sessions.values().iterator();
            Owner owner = eldest.next().owner;
            eldest.remove();
            leave(owner);
            evicted++;
        }
    }

    private void leave(Owner owner) {
        if (--owner.sessions == 0) {
            owners.remove(owner.node);
        }
    }

    /** Sessions in the table at {@code now}; none that is over comes back afterwards. */
    public synchronized int size(long now) {
        expire(now);
        return sessions.size();
    }

    /** Sessions that had to go because the table was full, since the start. */
    public synchronized long evicted() {
        return evicted;
    }

    /**
     * The sessions of {@code node} at {@code now}; null when it has none. What is over by then is
     * forgotten, so that no request that comes late finds it again.
     */
    public synchronized @Nullable NodeSessions sessions(NodeAddress node, long now) {
        expire(now);
        Owner owner = owners.get(node);
        return owner == null ? null : new NodeSessions(node, owner.sessions, owner.lastUsed);
    }

    /** Every node that has sessions at {@code now}. */
    public synchronized List<NodeSessions> byNode(long now) {
        expire(now);
        List<NodeSessions> list = new ArrayList<>(owners.size());
        for (Owner owner : owners.values()) {
            list.add(new NodeSessions(owner.node, owner.sessions, owner.lastUsed));
        }
        return list;
    }

    /** What stands in the table for {@code key}; one octet per character either way. */
    private static String bounded(String key) {
        int length = key.length();
        boolean small = length <= MAX_KEY_LENGTH;
        for (int i = 0; small && i < length; i++) {
            small = key.charAt(i) < 256;
        }
        if (small) {
            return key;
        }
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256")
                            .digest(key.getBytes(StandardCharsets.UTF_8));
            return new String(digest, StandardCharsets.ISO_8859_1);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
