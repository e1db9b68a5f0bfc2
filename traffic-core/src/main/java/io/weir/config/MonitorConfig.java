package io.weir.config;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.List;

/**
 * A monitor class: how to find out whether a node, or a whole pool, is well. Keys and defaults
 * follow ZXTM's monitor keys.
 *
 * @param machine what a pool-wide monitor looks at; null for per-node monitors
 * @param delay between two checks
 * @param timeout of one check
 * @param failures checks in a row that must fail before the node counts as failed
 * @param backOff whether the delay grows while the node stays failed
 * @param verbose whether every result goes to the system log
 * @param note for people; null for none
 */
public record MonitorConfig(
        String name,
        Scope scope,
        @Nullable NodeAddress machine,
        Duration delay,
        Duration timeout,
        int failures,
        boolean backOff,
        boolean verbose,
        Probe probe,
        @Nullable String note) {

    /** What one run of the monitor speaks for. */
    public enum Scope {
        /** Each node is checked on its own. */
        PER_NODE,
        /** One machine is checked for the whole pool. */
        POOL_WIDE
    }

    /** The kind of check, with its own settings. */
    public sealed interface Probe {}

    /** ICMP echo where the process may send it, else a TCP connect to the node's port. */
    public record Ping() implements Probe {}

    /** A TCP connection is made and closed. */
    public record Connect() implements Probe {}

    /**
     * An HTTP GET.
     *
     * @param hostHeader the Host field; null means the node's own address
     * @param authentication {@code user:password} for Basic authentication, or null
     * @param statusRegex must match the three digits
     * @param bodyRegex must be found in the body; null accepts every body
     * @param useSsl whether to ask over TLS, without looking at who answers
     */
    public record Http(
            String path,
            @Nullable String hostHeader,
            @Nullable Secret authentication,
            String statusRegex,
            @Nullable String bodyRegex,
            boolean useSsl)
            implements Probe {

        /** A GET in the clear. */
        public Http(
                String path,
                @Nullable String hostHeader,
                @Nullable Secret authentication,
                String statusRegex,
                @Nullable String bodyRegex) {
            this(path, hostHeader, authentication, statusRegex, bodyRegex, false);
        }
    }

    /**
     * A TCP dialogue.
     *
     * @param writeString bytes to send first (Latin-1), or null to listen at once
     * @param responseRegex must be found in what comes back
     * @param closeString bytes to send before closing, or null
     * @param maxResponseLength bytes to read at most; 0 for no limit but the time-out
     * @param useSsl whether to speak over TLS, without looking at who answers
     */
    public record TcpTransaction(
            @Nullable String writeString,
            String responseRegex,
            @Nullable String closeString,
            int maxResponseLength,
            boolean useSsl)
            implements Probe {

        /** A dialogue in the clear. */
        public TcpTransaction(
                @Nullable String writeString,
                String responseRegex,
                @Nullable String closeString,
                int maxResponseLength) {
            this(writeString, responseRegex, closeString, maxResponseLength, false);
        }
    }

    /**
     * A question to a name server, by UDP.
     *
     * @param queryName the name asked for
     * @param queryType of the records asked for
     * @param expect the least that must come back
     */
    public record Dns(String queryName, QueryType queryType, Expect expect) implements Probe {
        /** Types of records. */
        public enum QueryType {
            A(1),
            NS(2),
            SOA(6),
            MX(15),
            TXT(16),
            AAAA(28);

            private final int number;

            QueryType(int number) {
                this.number = number;
            }

            /** The number on the wire (RFC 1035 section 3.2.2, RFC 3596). */
            public int number() {
                return number;
            }
        }

        /** What a reply must be. */
        public enum Expect {
            /** Any reply to the question but "server failure". */
            REPLY,
            /** A reply that tells of no error. */
            NO_ERROR,
            /** A reply with at least one record of the type. */
            ANSWER
        }
    }

    /**
     * An external program; exit status 0 means well.
     *
     * @param arguments passed before {@code --ipaddr}, {@code --port}, {@code --node}
     */
    public record Program(String program, List<String> arguments) implements Probe {
        public Program {
            arguments = List.copyOf(arguments);
        }
    }
}
