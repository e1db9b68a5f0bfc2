package io.weir.explain;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;
import java.util.Locale;

/**
 * A finished exchange, written down: what was decided about it, why, and how long each part took.
 * Immutable. Holds names of query parameters but not their values, and no fields of either head but
 * Host.
 *
 * @param id as in the access log; unique while the process lives
 * @param time when it began
 * @param micros from the complete head of the request to the end of the response
 * @param request null for TCP and UDP
 * @param status that the client got; 0 for none
 * @param fault the word for what went wrong, as in the counters; null when nothing did
 * @param cause the same in a sentence; null when nothing went wrong
 * @param pool that served it, which may be a failure pool; null for none
 * @param node the last one that it was sent to; null for none
 * @param persistence what the session had to say; null when no class was in force
 * @param cache null where there is no cache
 * @param compression what it did, or why it did nothing; null where it had no say
 * @param candidates the nodes of the pools that were asked
 * @param tries every attempt on a node, in order
 * @param phases one behind the other, without gaps
 */
public record KeptExchange(
        String id,
        Instant time,
        Reason kept,
        long micros,
        String virtualServer,
        Client client,
        @Nullable Tls tls,
        @Nullable Request request,
        int status,
        @Nullable String fault,
        @Nullable String cause,
        @Nullable String pool,
        @Nullable String node,
        @Nullable String persistence,
        @Nullable Cache cache,
        @Nullable String compression,
        List<RuleResult> rules,
        List<Candidate> candidates,
        List<Try> tries,
        List<Phase> phases,
        Bytes bytes) {

    /** What a record costs without its texts and parts. */
    private static final int BASE = 400;

    /** What one part of a list costs without its texts. */
    private static final int PART = 64;

    public KeptExchange {
        rules = List.copyOf(rules);
        candidates = List.copyOf(candidates);
        tries = List.copyOf(tries);
        phases = List.copyOf(phases);
    }

    /** Why an exchange is kept. */
    public enum Reason {
        /** It ended badly, or with a status of 500 or above. */
        ERROR,
        /** Its answer took longer to begin than the virtual server's {@code slow-after}. */
        SLOW,
        /** It was one in so many. */
        SAMPLED;

        /** The word for documents and arguments. */
        public String keyword() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** The reason for a word; null when there is none. */
        public static @Nullable Reason of(String keyword) {
            for (Reason each : values()) {
                if (each.keyword().equals(keyword)) {
                    return each;
                }
            }
            return null;
        }
    }

    /**
     * Who asked.
     *
     * @param address as nodes are told
     * @param listener address and port that the client connected to
     * @param protocol {@code HTTP/1.0}, {@code HTTP/1.1}, {@code HTTP/2.0}, or the word of the
     *     configuration for another one
     */
    public record Client(String address, int port, String listener, String protocol) {}

    /**
     * What came of the client's handshake.
     *
     * @param serverName that the client asked for; null when it did not say
     * @param resumed whether an earlier session was taken up
     */
    public record Tls(
            @Nullable String version,
            @Nullable String cipher,
            @Nullable String serverName,
            boolean resumed) {}

    /**
     * What was asked, as it came.
     *
     * @param host empty when there was none
     * @param path without values of the query: {@code /search?q=&lang=}
     */
    public record Request(String method, String host, String path) {}

    /**
     * What the cache was to the exchange.
     *
     * @param verdict such as {@code hit} or {@code miss}
     * @param why it could not serve or store, in a word; null when there is no reason
     */
    public record Cache(String verdict, @Nullable String why, boolean stored) {}

    /**
     * A rule that has run.
     *
     * @param state request, response or completion
     * @param result such as {@code continue}, {@code stop}, {@code answer} or {@code failed}
     * @param micros that it took, waiting included
     * @param text why it failed; null when it did not
     */
    public record RuleResult(
            String rule, String state, String result, long micros, @Nullable String text) {}

    /**
     * A node that could have served the exchange.
     *
     * @param state active, draining or disabled
     * @param health up, unchecked or down
     * @param chosen whether the last attempt went there
     * @param why it was chosen, or was not
     */
    public record Candidate(
            String pool,
            String node,
            String state,
            String health,
            int weight,
            int priority,
            boolean chosen,
            String why) {}

    /**
     * An attempt on a node.
     *
     * @param startMicros since the first phase began
     * @param reused whether it went over a kept connection
     * @param result {@code answered}, {@code passed on}, or why it failed
     */
    public record Try(
            String pool,
            String node,
            long startMicros,
            long micros,
            boolean reused,
            String result) {}

    /**
     * A stretch of the exchange.
     *
     * @param startMicros since the first phase began
     */
    public record Phase(String name, long startMicros, long micros) {}

    /** Bytes of bodies, heads and framing by direction. */
    public record Bytes(long fromClient, long toClient, long fromNode, long toNode) {}

    /** What went wrong, as a sentence; what the node said counts too. Null when all is well. */
    public @Nullable String trouble() {
        String text = cause;
        if (text == null && status >= 500) {
            return "node " + node + " answered " + status;
        }
        return text;
    }

    /** About how many bytes of memory the record takes. */
    int size() {
        int size = BASE + PART * (rules.size() + candidates.size() + tries.size() + phases.size());
        Request asked = request;
        if (asked != null) {
            size += asked.host().length() + asked.path().length();
        }
        size += length(cause) + length(pool) + length(node) + client.address().length();
        for (RuleResult each : rules) {
            size += each.rule().length() + length(each.text());
        }
        for (Candidate each : candidates) {
            size += each.why().length();
        }
        for (Try each : tries) {
            size += each.result().length();
        }
        return size;
    }

    private static int length(@Nullable String text) {
        return text == null ? 0 : text.length();
    }
}
