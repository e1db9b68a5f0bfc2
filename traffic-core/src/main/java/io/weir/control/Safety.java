package io.weir.control;

import io.weir.config.NodeAddress;
import io.weir.config.NodeLease;
import io.weir.runtime.NodeUse;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * Whether it is safe to take a node, at one moment. A lease makes a yes last.
 *
 * @param reasons what speaks against it, what will end by itself, and what else is worth knowing
 * @param estimate until it is safe, for {@link Verdict#AFTER}; zero for yes; null when nobody can
 *     tell
 * @param lease the lease of the node that is in force; null for none
 * @param use what the answer was made of
 */
public record Safety(
        NodeAddress node,
        Verdict verdict,
        List<Reason> reasons,
        @Nullable Duration estimate,
        @Nullable NodeLease lease,
        NodeUse use) {

    public Safety {
        reasons = List.copyOf(reasons);
    }

    /** The answer. */
    public enum Verdict {
        /** Nothing is on the node and nothing new comes. */
        YES,
        /** Nothing new comes, and what is there ends by itself. */
        AFTER,
        /** Somebody has to do something first. */
        NO;

        /** The word in documents. */
        public String keyword() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** What a reason is about. */
    public enum Kind {
        /** New requests go to the node. */
        IN_USE,
        /** A pool would have too few nodes left. */
        TOO_FEW_NODES,
        /** Somebody else has a lease of the node. */
        LEASED,
        REQUESTS,
        TUNNELS,
        H2_STREAMS,
        TCP_STREAMS,
        UDP_SESSIONS,
        /** Sessions of a persistence class. */
        SESSIONS,
        /** Monitors will report the node as failed; never in the way. */
        MONITORS;

        /** The word in documents. */
        public String keyword() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /**
     * One thing to be said.
     *
     * @param weight the verdict that this reason alone would lead to
     * @param object the pool or persistence class; empty for none
     * @param count of what the kind says; 0 where there is nothing to count
     * @param ends how long it will last at most, or usually; null when nobody can tell
     * @param text one sentence
     */
    public record Reason(
            Kind kind,
            Verdict weight,
            String object,
            long count,
            @Nullable Duration ends,
            String text) {}
}
