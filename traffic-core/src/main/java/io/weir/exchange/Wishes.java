package io.weir.exchange;

import io.weir.bandwidth.BandwidthClass;
import io.weir.config.NodeAddress;
import io.weir.config.PoolConfig;
import io.weir.rule.RuleWishes;

import org.jspecify.annotations.Nullable;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;

/** What rules have wanted for one exchange. Confined to its event loop. */
final class Wishes implements RuleWishes {

    /** Nodes that one exchange may avoid. */
    private static final int MAX_AVOIDED = 100;

    private final Tunable client;
    private final ExchangeRecord record;
    private final Runnable idleLimitChanged;
    private final Way toClient = new Way();
    private final Way toNode = new Way();
    private @Nullable Set<String> avoided;
    private @Nullable Boolean idempotent;
    private int maxAttempts = -1;
    private int maxTimedOut = -1;
    private @Nullable Duration maxReplyTime;
    private @Nullable InetSocketAddress clientAddress;
    private @Nullable String serverName;
    private @Nullable Tunable node;

    /** One direction. */
    private static final class Way {
        private @Nullable BandwidthClass bandwidth;
        private int traffic;
        private boolean tuned;

        void tune(@Nullable Tunable connection) {
            tuned = true;
            if (connection != null) {
                connection.tune(bandwidth, traffic);
            }
        }

        void leave(Tunable connection) {
            if (tuned) {
                connection.tune(null, 0);
            }
        }
    }

    /**
     * @param idleLimitChanged runs when {@link ExchangeRecord#idleLimit} has changed
     */
    Wishes(Tunable client, ExchangeRecord record, Runnable idleLimitChanged) {
        this.client = client;
        this.record = record;
        this.idleLimitChanged = idleLimitChanged;
    }

    // ---- for the exchange

    int attempts(int configured) {
        return maxAttempts < 0 ? configured : maxAttempts;
    }

    int timedOutAttempts(int configured) {
        return maxTimedOut < 0 ? configured : maxTimedOut;
    }

    /** Whether the request may be sent again, by its method or by what a rule has said. */
    boolean repeats(boolean byMethod) {
        Boolean said = idempotent;
        return said == null ? byMethod : said;
    }

    Duration replyTime(PoolConfig config) {
        Duration wanted = maxReplyTime;
        return wanted == null ? config.maxReplyTime() : wanted;
    }

    InetSocketAddress clientOr(InetSocketAddress real) {
        InetSocketAddress other = clientAddress;
        return other == null ? real : other;
    }

    /** The address that a rule has put in the place of the client's; null for none. */
    @Nullable InetSocketAddress clientAddress() {
        return clientAddress;
    }

    /** The name that a rule wants the node to be asked for; null for none. */
    @Nullable String serverName() {
        return serverName;
    }

    /** Whether any node is to be left out. */
    boolean avoids() {
        return avoided != null;
    }

    /** Whether a node is to be left out. */
    boolean avoids(NodeAddress address) {
        Set<String> names = avoided;
        return names != null
                && (names.contains(address.toString()) || names.contains(address.host()));
    }

    /** All nodes may be chosen again; whether any was left out. */
    boolean avoidNobody() {
        Set<String> names = avoided;
        avoided = null;
        return names != null;
    }

    /** The exchange has a connection to a node. */
    void nodeReady(Tunable connection) {
        node = connection;
        if (toNode.tuned) {
            toNode.tune(connection);
        }
    }

    /** The exchange gives its connection to the node back. */
    void nodeLeft() {
        Tunable connection = node;
        node = null;
        if (connection != null) {
            toNode.leave(connection);
        }
    }

    /** The exchange is over. */
    void end() {
        toClient.leave(client);
    }

    // ---- for rules

    @Override
    public void avoid(String name) {
        Set<String> names = avoided;
        if (names == null) {
            names = new HashSet<>();
            avoided = names;
        }
        if (names.size() < MAX_AVOIDED) {
            names.add(name);
        }
    }

    @Override
    public void idempotent(boolean wanted) {
        idempotent = wanted;
    }

    @Override
    public void maxAttempts(int most) {
        maxAttempts = most;
    }

    @Override
    public void maxTimedOutAttempts(int most) {
        maxTimedOut = most;
    }

    @Override
    public void maxReplyTime(Duration time) {
        maxReplyTime = time;
    }

    @Override
    public void idleTime(Duration time) {
        record.idleLimit = time;
        idleLimitChanged.run();
    }

    @Override
    public void clientAddress(InetSocketAddress address) {
        clientAddress = address;
    }

    @Override
    public void serverName(String name) {
        serverName = name;
    }

    private Way way(boolean node) {
        return node ? toNode : toClient;
    }

    private void tune(boolean toTheNode) {
        way(toTheNode).tune(toTheNode ? node : client);
    }

    @Override
    public @Nullable String bandwidth(boolean toTheNode) {
        BandwidthClass chosen = way(toTheNode).bandwidth;
        return chosen == null ? null : chosen.config().name();
    }

    @Override
    public void bandwidth(boolean toTheNode, @Nullable BandwidthClass other) {
        way(toTheNode).bandwidth = other;
        tune(toTheNode);
    }

    @Override
    public int traffic(boolean toTheNode) {
        return way(toTheNode).traffic;
    }

    @Override
    public void traffic(boolean toTheNode, int octet) {
        way(toTheNode).traffic = octet;
        tune(toTheNode);
    }
}
