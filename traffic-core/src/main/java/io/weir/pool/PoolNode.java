package io.weir.pool;

import io.weir.balance.Candidate;
import io.weir.config.NodeAddress;
import io.weir.event.EventBus.Subscription;
import io.weir.metrics.CoarseLatency;
import io.weir.metrics.RecentLatency;

import org.jspecify.annotations.Nullable;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.LongAdder;

/**
 * The live identity of a node in one pool: its counts, which survive every reload, and its status.
 * Safe for every thread; counts are exact once the exchanges they speak of have ended.
 */
public final class PoolNode implements Candidate {

    private static final int CLASSES = 5;
    private static final VarHandle LAST_USED;
    private static final VarHandle PROGRESS;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            LAST_USED = lookup.findVarHandle(PoolNode.class, "lastUsed", long.class);
            PROGRESS = lookup.findVarHandle(PoolNode.class, "progress", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Pool pool;
    private final NodeAddress address;
    private final boolean outsider;

    private final AtomicInteger inFlight = new AtomicInteger();

    /** Exchanges whose answer has not begun: a tunnel or a long answer owes nothing any more. */
    private final AtomicInteger owed = new AtomicInteger();

    private final AtomicIntegerArray special = new AtomicIntegerArray(Use.values().length);
    private final AtomicInteger connections = new AtomicInteger();
    private final LongAdder opened = new LongAdder();
    private final AtomicInteger idle = new AtomicInteger();
    private final LongAdder requests = new LongAdder();
    private final LongAdder failures = new LongAdder();
    private final LongAdder retries = new LongAdder();
    private final LongAdder errors = new LongAdder();
    private final LongAdder[] responses = new LongAdder[CLASSES];
    private final LongAdder bytesIn = new LongAdder();
    private final LongAdder bytesOut = new LongAdder();
    private final ResponseTime responseTime = new ResponseTime();
    private final CoarseLatency latency = new CoarseLatency();
    private final RecentLatency recent = RecentLatency.of(latency);

    /** As many as there are sessions of UDP clients: both ends of one must cost the same always. */
    private final Set<Runnable> deathListeners = ConcurrentHashMap.newKeySet();

    private final List<IdleListener> idleListeners = new CopyOnWriteArrayList<>();

    /** Failures since the last success; reaching the pool's limit condemns the node. */
    final AtomicInteger failuresInRow = new AtomicInteger();

    /** Whether an exchange is trying the condemned node out. */
    final AtomicBoolean onTrial = new AtomicBoolean();

    /** Whether a ramping node has had its first exchange. */
    final AtomicBoolean fed = new AtomicBoolean(true);

    // Written by the pool's roster only.
    private volatile NodeAddress configured;
    private volatile NodeStatus status = new NodeStatus(Admin.ACTIVE, new Health.Unchecked(false));
    private volatile Addresses addresses = Addresses.NONE;
    private volatile boolean proven;
    private volatile boolean retired;

    /** Counts recoveries: what exchanges report that began before the last one is old news. */
    private volatile int epoch;

    @SuppressWarnings("unused") // through LAST_USED
    private long lastUsed;

    @SuppressWarnings("unused") // through PROGRESS
    private long progress;

    private volatile boolean used;

    PoolNode(Pool pool, NodeAddress address) {
        this(pool, address, false);
    }

    private PoolNode(Pool pool, NodeAddress address, boolean outsider) {
        this.pool = pool;
        this.address = address;
        this.configured = address;
        this.outsider = outsider;
        for (int i = 0; i < CLASSES; i++) {
            responses[i] = new LongAdder();
        }
    }

    /**
     * A node that no pool has, for one exchange: it counts as usable, and nobody watches it or
     * keeps connections to it.
     */
    static PoolNode outsider(Pool pool, InetSocketAddress at) {
        String host = at.getAddress().getHostAddress();
        PoolNode node = new PoolNode(pool, new NodeAddress(host, at.getPort()), true);
        node.addresses(new Addresses(List.of(at)));
        node.status(new NodeStatus(Admin.ACTIVE, new Health.Unchecked(true)));
        node.proven(true);
        node.retired(true);
        return node;
    }

    public String poolName() {
        return pool.name();
    }

    /** The node as configured, or, for a pool with a node per address, the address found. */
    public NodeAddress address() {
        return address;
    }

    /** Whether operators mean this node, perhaps with others, when they speak of {@code name}. */
    public boolean isCalled(NodeAddress name) {
        return address.equals(name) || configured.equals(name);
    }

    public NodeStatus status() {
        return status;
    }

    /** Exchanges on the node now. */
    @Override
    public int inFlight() {
        return inFlight.get();
    }

    /** Exchanges on the node now of one kind other than requests. */
    public int inFlight(Use use) {
        return special.get(use.ordinal());
    }

    /** An exchange turns from one kind into another. */
    void uses(Use before, Use now) {
        if (before != Use.REQUEST) {
            special.decrementAndGet(before.ordinal());
        }
        if (now != Use.REQUEST) {
            special.incrementAndGet(now.ordinal());
        }
    }

    /** Open connections, idle ones included. */
    public int connections() {
        return connections.get();
    }

    /** Connections that were opened, or could not be, since the start. */
    public long connectionsOpened() {
        return opened.sum();
    }

    /** Connections kept for further requests. */
    public int idleConnections() {
        return idle.get();
    }

    /** Attempts made on the node since the start. */
    public long requests() {
        return requests.sum();
    }

    /** Attempts that failed, since the start. */
    public long failures() {
        return failures.sum();
    }

    /** Attempts that were made because another one had failed, since the start. */
    public long retries() {
        return retries.sum();
    }

    /**
     * Answers of one status class since the start.
     *
     * @param statusClass 1 for 1xx to 5 for 5xx
     */
    public long responses(int statusClass) {
        return responses[statusClass - 1].sum();
    }

    /** Bytes that came from the node since the start. */
    public long bytesIn() {
        return bytesIn.sum();
    }

    /** Bytes that went to the node since the start. */
    public long bytesOut() {
        return bytesOut.sum();
    }

    /** Counts bytes that came from and went to the node. */
    public void countBytes(long in, long out) {
        if (in != 0) {
            bytesIn.add(in);
        }
        if (out != 0) {
            bytesOut.add(out);
        }
    }

    /** Whether an exchange has ever been on the node. */
    public boolean used() {
        return used;
    }

    /**
     * When an exchange last began or ended on the node, as reading of the pool's ticker; means
     * nothing unless {@link #used}.
     */
    public long lastUsedNanos() {
        return (long) LAST_USED.getOpaque(this);
    }

    /** Smoothed time to the beginning of an answer in nanoseconds; 0 before the first answer. */
    public long responseNanos() {
        return responseTime.nanos();
    }

    /** Times to the beginning of its answers in the last minute, errors not counted. */
    public RecentLatency recent() {
        return recent;
    }

    @Override
    public long expectedNanos(long now) {
        if (owed.get() == 0) {
            return responseTime.fadedNanos(now);
        }
        long average = responseTime.nanos();
        return average == 0 ? 0 : Math.max(average, now - (long) PROGRESS.getOpaque(this));
    }

    /** The socket addresses of the node; empty while its name does not resolve. */
    public List<InetSocketAddress> socketAddresses() {
        return addresses.list();
    }

    /**
     * Whether {@code address} still is one of the node's. Kept connections to others are not to be
     * used again.
     */
    public boolean hasAddress(InetSocketAddress address) {
        return addresses.contains(address);
    }

    // ---- connections

    /**
     * Counts a connection that is about to be opened. At max-connections-per-node it is not to be
     * opened yet: idle connections, perhaps of other event loops, are asked to close, and the
     * caller tries again a little later.
     */
    public boolean tryOpen() {
        int max = pool.view().config().maxConnectionsPerNode();
        for (int open = connections.get(); max <= 0 || open < max; open = connections.get()) {
            if (connections.compareAndSet(open, open + 1)) {
                opened.increment();
                return true;
            }
        }
        if (idle.get() > 0) {
            closeIdle(1);
        }
        return false;
    }

    /**
     * A connection that was counted was closed, or not opened; if it was idle, {@link #idleTaken}
     * came first.
     */
    public void connectionClosed() {
        connections.decrementAndGet();
    }

    /**
     * Counts an open connection as idle if one more may be kept; if not, it is to be closed.
     *
     * @param max idle connections of the node, on all event loops together; 0 for no limit
     */
    public boolean tryKeepIdle(int max) {
        int limit = pool.view().config().maxConnectionsPerNode();
        if (retired || !status.accepts(true) || limit > 0 && connections.get() > limit) {
            return false;
        }
        for (int kept = idle.get(); max <= 0 || kept < max; kept = idle.get()) {
            if (idle.compareAndSet(kept, kept + 1)) {
                return true;
            }
        }
        return false;
    }

    /** A connection is idle no longer: it was taken for an exchange, or is about to be closed. */
    public void idleTaken() {
        idle.decrementAndGet();
    }

    /**
     * Calls {@code listener} whenever the node's connections are to be cut: it has failed in a pool
     * with close-on-death, or it was taken out of the pool and its time to drain is over. Called on
     * any thread, perhaps an event loop; it must not block.
     */
    public Subscription onDeath(Runnable listener) {
        deathListeners.add(listener);
        return () -> deathListeners.remove(listener);
    }

    /** Calls {@code listener} whenever idle connections to the node are to be closed. */
    public Subscription onIdleUnwanted(IdleListener listener) {
        idleListeners.add(listener);
        return () -> idleListeners.remove(listener);
    }

    /** Closes idle connections; called on any thread, perhaps an event loop, and must not block. */
    @FunctionalInterface
    public interface IdleListener {
        /**
         * Idle connections are to be closed.
         *
         * @param atMost as many as are too many; {@link Integer#MAX_VALUE} for all of them
         */
        void closeIdle(int atMost);
    }

    void cutConnections() {
        deathListeners.forEach(Runnable::run);
    }

    void closeIdle(int atMost) {
        idleListeners.forEach(listener -> listener.closeIdle(atMost));
    }

    // ---- exchanges

    /** Begins an exchange; it counts as a request only by {@link #begun}. */
    void enter() {
        inFlight.getAndIncrement();
    }

    /** Begins an exchange unless {@code limit} exchanges are on the node; 0 for no limit. */
    boolean tryEnter(int limit) {
        if (limit <= 0) {
            enter();
            return true;
        }
        for (int now = inFlight.get(); now < limit; now = inFlight.get()) {
            if (inFlight.compareAndSet(now, now + 1)) {
                return true;
            }
        }
        return false;
    }

    void begun(long now, boolean retry) {
        requests.increment();
        if (retry) {
            retries.increment();
        }
        LAST_USED.setOpaque(this, now);
        if (owed.getAndIncrement() == 0) {
            PROGRESS.setOpaque(this, now);
        }
        if (!used) {
            used = true;
        }
    }

    /**
     * The answer to an exchange has begun, or will not come; said once of each that has {@link
     * #begun}.
     */
    void owesNoMore() {
        owed.decrementAndGet();
    }

    /** Ends an exchange; returns whether that was the last one of a node that drains. */
    boolean leave() {
        return inFlight.decrementAndGet() == 0 && status.admin() == Admin.DRAINING;
    }

    void ended(long now) {
        LAST_USED.setOpaque(this, now);
    }

    /** Requests that failed or were answered with 5xx, each once. */
    long errors() {
        return errors.sum();
    }

    void countError() {
        errors.increment();
    }

    void countFailure() {
        failures.increment();
    }

    void countResponse(int statusCode) {
        int at = statusCode / 100 - 1;
        if (at >= 0 && at < CLASSES) {
            responses[at].increment();
        }
    }

    /**
     * Notes that the node has begun an answer.
     *
     * @param nanos it took; negative when the time says nothing about the node
     */
    void answered(long nanos, long now) {
        PROGRESS.setOpaque(this, now);
        if (nanos >= 0) {
            responseTime.sample(nanos, now);
            latency.recordNanos(nanos);
        }
    }

    /** Whether the pool does not have the node: what it answers says nothing about the pool. */
    boolean outsider() {
        return outsider;
    }

    // ---- for the roster

    Pool pool() {
        return pool;
    }

    /** What operators may call it: by its address, or by the name that it comes of. */
    public Set<NodeAddress> names() {
        NodeAddress also = configured;
        return also.equals(address) ? Set.of(address) : Set.of(address, also);
    }

    /**
     * As the configuration has it: a name, while {@link #address} may be one that it stands for.
     */
    NodeAddress configured() {
        return configured;
    }

    void configured(NodeAddress as) {
        configured = as;
    }

    @Nullable InetSocketAddress nextTarget(long now) {
        return addresses.next(now);
    }

    Addresses addresses() {
        return addresses;
    }

    void addresses(Addresses next) {
        addresses = next;
    }

    void status(NodeStatus next) {
        status = next;
    }

    int epoch() {
        return epoch;
    }

    void recovered() {
        failuresInRow.set(0);
        // One writer: the roster.
        int next = epoch + 1;
        epoch = next;
    }

    boolean proven() {
        return proven;
    }

    void proven(boolean now) {
        proven = now;
    }

    /** A node that is being removed keeps no idle connections. */
    void retired(boolean now) {
        retired = now;
    }

    @Override
    public String toString() {
        return address + " of pool " + pool.name();
    }
}
