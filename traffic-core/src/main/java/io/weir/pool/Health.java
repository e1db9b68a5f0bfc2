package io.weir.pool;

import java.time.Instant;

/** What monitors, live traffic and name look-ups have seen of a node. */
public sealed interface Health {

    /** Whether the node can be used as far as anybody knows. */
    boolean usable();

    /** Every monitor passes, or, where there is none, the node has answered. */
    record Up() implements Health {
        @Override
        public boolean usable() {
            return true;
        }
    }

    /**
     * Not every monitor has spoken yet, or nobody has asked.
     *
     * @param trusted whether the node is used meanwhile: yes for those that were there when the
     *     pool started and for pools without monitors, no for those that came later
     */
    record Unchecked(boolean trusted) implements Health {
        @Override
        public boolean usable() {
            return trusted;
        }
    }

    /**
     * The node has failed.
     *
     * @param cause in words, such as {@code monitor Connect: connection refused}
     * @param since when the outage began
     */
    record Down(String cause, Instant since) implements Health {
        @Override
        public boolean usable() {
            return false;
        }
    }
}
