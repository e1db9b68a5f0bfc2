package io.weir.fault;

import org.jspecify.annotations.Nullable;

/**
 * Why an exchange did not end well. The client learns the status; the log learns the cause; the
 * counters learn the metric.
 */
public sealed interface TrafficFault {

    /** Whose doing it was. */
    enum Side {
        CLIENT,
        NODE,
        WEIR
    }

    Side side();

    /** The status code that answers the request, when it can still be answered. */
    int status();

    /** A short stable word for counters and logs. */
    String metric();

    /** The cause in one sentence, for logs; never shown to clients. */
    String text();

    /** When the client may come again; 0 where nothing is known about that. */
    default int retryAfterSeconds() {
        return status() == 503 ? 5 : 0;
    }

    /** Whether the client's connection is cut without an answer. */
    default boolean cuts() {
        return false;
    }

    /**
     * The client sent what no strict reader accepts.
     *
     * @param status 400, or the more exact code that the defect has
     */
    record ClientBroke(int status, String text) implements TrafficFault {
        @Override
        public Side side() {
            return Side.CLIENT;
        }

        @Override
        public String metric() {
            return "client_broke";
        }
    }

    /** The client went away before its answer was complete. */
    record ClientGone(String text) implements TrafficFault {
        @Override
        public Side side() {
            return Side.CLIENT;
        }

        @Override
        public boolean cuts() {
            return true;
        }

        /** The code that access logs commonly show for a client that closed early. */
        @Override
        public int status() {
            return 499;
        }

        @Override
        public String metric() {
            return "client_gone";
        }
    }

    /** The client was too slow to send its request or to read its answer. */
    record ClientTimedOut(String text) implements TrafficFault {
        @Override
        public Side side() {
            return Side.CLIENT;
        }

        @Override
        public int status() {
            return 408;
        }

        @Override
        public String metric() {
            return "client_timeout";
        }
    }

    /** No node of the pool, nor of its failure pools, may take the request. */
    record NoOpenNode(String text) implements TrafficFault {
        @Override
        public Side side() {
            return Side.NODE;
        }

        @Override
        public int status() {
            return 503;
        }

        @Override
        public String metric() {
            return "no_open_node";
        }
    }

    /**
     * The node of the session cannot be used, and the persistence class wants no other one.
     *
     * @param url where the client is sent; null when its connection is closed
     */
    record SessionLost(String text, @Nullable String url) implements TrafficFault {
        @Override
        public Side side() {
            return Side.NODE;
        }

        @Override
        public int status() {
            return url == null ? 503 : 302;
        }

        @Override
        public String metric() {
            return "session_persistence_failure";
        }
    }

    /** The last node tried could not be connected to. */
    record NodeUnreachable(String text) implements TrafficFault {
        @Override
        public Side side() {
            return Side.NODE;
        }

        @Override
        public int status() {
            return 503;
        }

        @Override
        public String metric() {
            return "node_unreachable";
        }
    }

    /** The node sent what no strict reader accepts, or closed too early. */
    record NodeBroke(String text) implements TrafficFault {
        @Override
        public Side side() {
            return Side.NODE;
        }

        @Override
        public int status() {
            return 502;
        }

        @Override
        public String metric() {
            return "node_broke";
        }
    }

    /** The node did not answer in time. */
    record NodeTimedOut(String text) implements TrafficFault {
        @Override
        public Side side() {
            return Side.NODE;
        }

        @Override
        public int status() {
            return 504;
        }

        @Override
        public String metric() {
            return "node_timeout";
        }
    }

    /** The exchange took longer than {@code max-transaction-duration}. */
    record TookTooLong(String text) implements TrafficFault {
        @Override
        public Side side() {
            return Side.WEIR;
        }

        @Override
        public int status() {
            return 504;
        }

        @Override
        public String metric() {
            return "too_long";
        }
    }

    /** This machine has run out of file handles, buffers or ports. */
    record NoResources(String text) implements TrafficFault {
        @Override
        public Side side() {
            return Side.WEIR;
        }

        @Override
        public int status() {
            return 503;
        }

        @Override
        public String metric() {
            return "no_resources";
        }
    }

    /** A rule was aborted. */
    record RuleFailed(String text) implements TrafficFault {
        @Override
        public Side side() {
            return Side.WEIR;
        }

        @Override
        public int status() {
            return 500;
        }

        @Override
        public String metric() {
            return "rule_failed";
        }
    }

    /** A rule cut the connection. */
    record Discarded(String text) implements TrafficFault {
        @Override
        public Side side() {
            return Side.CLIENT;
        }

        @Override
        public boolean cuts() {
            return true;
        }

        /** The code that access logs commonly show for a connection closed without an answer. */
        @Override
        public int status() {
            return 444;
        }

        @Override
        public String metric() {
            return "discarded";
        }
    }

    /**
     * A protection class refused the request.
     *
     * @param status of the answer, if there is one
     * @param answered whether the client gets an answer; else its connection is cut
     * @param retryAfterSeconds when the client may come again; 0 where waiting does not help
     */
    record Protected(int status, boolean answered, int retryAfterSeconds, String text)
            implements TrafficFault {
        @Override
        public Side side() {
            return Side.CLIENT;
        }

        @Override
        public String metric() {
            return "protection";
        }

        @Override
        public boolean cuts() {
            return !answered;
        }
    }

    /**
     * More requests came than a rate class lets pass, and the queue had no room for this one.
     *
     * @param status 503 when all clients share the rate, 429 when the client has one of its own
     */
    record RateLimited(int status, String text) implements TrafficFault {
        @Override
        public Side side() {
            return Side.WEIR;
        }

        @Override
        public String metric() {
            return "rate_limited";
        }

        @Override
        public int retryAfterSeconds() {
            return 1;
        }
    }

    /**
     * More requests were there than can be answered in good time, so this one was refused at once.
     *
     * @param retryAfterSeconds when the client may come again
     */
    record Shed(String text, int retryAfterSeconds) implements TrafficFault {
        @Override
        public Side side() {
            return Side.WEIR;
        }

        @Override
        public int status() {
            return 503;
        }

        @Override
        public String metric() {
            return "shed";
        }
    }

    /** A defect of Weir itself. */
    record Internal(String text) implements TrafficFault {
        @Override
        public Side side() {
            return Side.WEIR;
        }

        @Override
        public int status() {
            return 500;
        }

        @Override
        public String metric() {
            return "internal";
        }
    }
}
