package io.weir.runtime;

import io.weir.config.NodeAddress;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.LongStream;

/**
 * All that speaks for or against taking a node away, over all pools; for a name that stands for a
 * node per address, over all these nodes. Sessions were looked at first and exchanges last, so that
 * a request which comes in between is seen as one of the two.
 *
 * @param names all that operators may call the nodes of these pools, each of which may be leased
 * @param pools those that have the node, or let it drain before it is deleted
 * @param departed exchanges in pools which have the node no more, or are gone; by name of the pool
 * @param departedSeconds since one of those began or ended; -1 if nobody knows of any
 * @param sessions of each persistence class that has, or may have, sessions on the node
 */
public record NodeUse(
        NodeAddress node,
        Set<NodeAddress> names,
        List<InPool> pools,
        Map<String, Integer> departed,
        long departedSeconds,
        List<Sessions> sessions) {

    public NodeUse {
        names = Set.copyOf(names);
        pools = List.copyOf(pools);
        departed = Collections.unmodifiableMap(new TreeMap<>(departed));
        sessions = List.copyOf(sessions);
    }

    /** Open connections to the node, idle ones included. */
    public int connections() {
        return pools.stream().mapToInt(InPool::connections).sum();
    }

    /** Exchanges in pools which have the node no more, or are gone. */
    public int inFlightDeparted() {
        return departed.values().stream().mapToInt(Integer::intValue).sum();
    }

    /** Exchanges and connections on the node now, idle connections left out. */
    public int busy() {
        return inFlightDeparted() + pools.stream().mapToInt(InPool::busy).sum();
    }

    /** Exchanges on the node now. */
    public int inFlight() {
        return inFlightDeparted() + pools.stream().mapToInt(InPool::inFlight).sum();
    }

    /** Seconds since an exchange was last on the node; 0 while one is, and -1 if never. */
    public long lastUsedSeconds() {
        if (inFlight() > 0) {
            return 0;
        }
        LongStream each = pools.stream().mapToLong(InPool::lastUsedSeconds);
        return LongStream.concat(each, LongStream.of(departedSeconds))
                .filter(seconds -> seconds >= 0)
                .min()
                .orElse(-1);
    }

    /**
     * The node in one pool. Where a name stands for several nodes, counts are of all of them.
     *
     * @param state active, draining, held or disabled; of several nodes the first of these
     * @param usable whether its health lets requests go there
     * @param leaving whether it waits to be deleted; of several nodes, whether all do
     * @param inFlight exchanges, of which the four kinds behind it are a part
     * @param connections open ones, idle ones included
     * @param idleConnections those that are kept for further requests
     * @param lastUsedSeconds since an exchange began or ended; -1 if never
     * @param responseMillis smoothed time to the beginning of an answer; 0 before the first
     * @param others other nodes that new requests would go to
     * @param minNodes how many of those the pool must have
     * @param monitors that go on looking at the node
     */
    public record InPool(
            String pool,
            String state,
            boolean usable,
            boolean leaving,
            int inFlight,
            int tunnels,
            int h2Streams,
            int tcpStreams,
            int udpSessions,
            int connections,
            int idleConnections,
            long lastUsedSeconds,
            long responseMillis,
            int others,
            int minNodes,
            List<String> monitors) {
        public InPool {
            monitors = List.copyOf(monitors);
        }

        /** Whether a request of a session may go to the node. */
        public boolean takesSessions() {
            return !leaving && (state.equals("active") || state.equals("draining"));
        }

        /** Exchanges, and connections that are open without one and not idle. */
        public int busy() {
            return Math.max(inFlight, connections - idleConnections);
        }

        /** Requests over HTTP/1.1. */
        public int requests() {
            return Math.max(0, inFlight - tunnels - h2Streams - tcpStreams - udpSessions);
        }
    }

    /**
     * The sessions of one persistence class.
     *
     * @param count sessions that Weir remembers; -1 where clients carry them
     * @param idle since the latest use of any; null when there was none since the start
     * @param timeout after which they are over; null when they never are
     */
    public record Sessions(
            String persistenceClass,
            int count,
            @Nullable Duration idle,
            @Nullable Duration timeout) {}
}
