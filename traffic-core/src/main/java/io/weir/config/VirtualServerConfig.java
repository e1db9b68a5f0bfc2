package io.weir.config;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * A virtual server: one protocol on a set of addresses, with a default pool. Keys and defaults
 * follow ZXTM's virtual server keys where no safer default is needed; {@link Duration#ZERO} and 0
 * mean "no limit" or "off".
 *
 * @param enabled a virtual server that is not enabled has no listeners
 * @param connectTimeout until the whole head of the first request has come
 * @param timeout idle time of a connection in an exchange
 * @param keepaliveTimeout idle time of a client connection between two exchanges
 * @param maxClientBuffer bytes held of what a client sent and a node has not taken
 * @param maxServerBuffer bytes held of what a node sent and a client has not taken
 * @param maxTransactionDuration absolute limit of one exchange
 * @param maxConcurrentConnections client connections at once
 * @param routes of a TLS pass-through service, the first that fits decides; empty for none
 * @param requestRules run in order before a node is chosen
 * @param responseRules run in order on the answer of a node, or of a rule
 * @param completionRules run in order when the exchange is over
 * @param ruleFailure what happens to an exchange whose request or response rule is aborted
 * @param serviceLevel name of the service level class of its requests; null for none
 * @param proxyProtocol whether connections from trusted proxies must open with a PROXY header
 * @param tls how TLS is ended; null when clients come in the clear
 * @param protection name of the protection class that guards it; null for none
 * @param rate name of the rate class that its requests pass; null for none
 * @param bandwidth name of the bandwidth class that limits what clients are sent; null for none
 * @param admission how many requests are let in at once
 * @param priority of its requests, unless a rule gives them another one
 * @param busyFile sent to clients whose request was refused under overload; null for the built-in
 *     page
 * @param busyRetryAfter what they are told to wait
 * @param explain which of its exchanges are kept
 * @param note for people; null for none
 */
public record VirtualServerConfig(
        String name,
        boolean enabled,
        Protocol protocol,
        List<ListenAddress> listen,
        String pool,
        Duration connectTimeout,
        Duration timeout,
        boolean keepalive,
        Duration keepaliveTimeout,
        int maxClientBuffer,
        int maxServerBuffer,
        Duration maxTransactionDuration,
        int maxConcurrentConnections,
        boolean proxyProtocol,
        Limits limits,
        Forwarding forwarding,
        ResponseRewriting rewriting,
        boolean upgrade,
        Http2Config http2,
        @Nullable Path errorFile,
        AccessLogConfig log,
        Tcp tcp,
        CacheConfig cache,
        CompressionConfig compression,
        List<Route> routes,
        Udp udp,
        List<RuleUse> requestRules,
        List<RuleUse> responseRules,
        List<RuleUse> completionRules,
        RuleFailure ruleFailure,
        @Nullable String serviceLevel,
        @Nullable TlsConfig tls,
        @Nullable String protection,
        @Nullable String rate,
        RateConfig.Context rateContext,
        @Nullable String bandwidth,
        AdmissionConfig admission,
        Priority priority,
        @Nullable Path busyFile,
        Duration busyRetryAfter,
        ExplainConfig explain,
        @Nullable String note) {

    public VirtualServerConfig {
        listen = List.copyOf(listen);
        routes = List.copyOf(routes);
        requestRules = List.copyOf(requestRules);
        responseRules = List.copyOf(responseRules);
        completionRules = List.copyOf(completionRules);
    }

    /** What happens to an exchange whose request or response rule is aborted. */
    public enum RuleFailure {
        /** The client gets an error page. */
        ERROR,
        /** The exchange goes on as if the rule had ended at that point. */
        CONTINUE
    }

    /**
     * Size and time limits of requests, on by default.
     *
     * @param maxUrlLength of the request target; longer ones get 414
     * @param maxHeaderLength of the whole head; longer ones get 431
     * @param maxHeaders number of fields; more get 431
     * @param maxBodyLength of the request body; longer ones get 413; 0 for no limit
     * @param minBodyRate bytes per second that a client must send, or take, once {@code bodyGrace}
     *     is over; 0 for no limit
     * @param bodyGrace before the rate is judged
     */
    public record Limits(
            int maxUrlLength,
            int maxHeaderLength,
            int maxHeaders,
            long maxBodyLength,
            int minBodyRate,
            Duration bodyGrace) {}

    /**
     * Fields that tell the node about the client. Fields of the same names that come from an
     * address outside the trusted proxies are removed, whether or not Weir adds its own.
     *
     * @param clusterIp adds X-Cluster-Client-Ip
     * @param forwardedFor adds X-Forwarded-For
     * @param forwardedProto adds X-Forwarded-Proto
     * @param via adds Via to requests (RFC 9110 section 7.6.3)
     */
    public record Forwarding(
            boolean clusterIp, boolean forwardedFor, boolean forwardedProto, boolean via) {}

    /**
     * What is changed in responses of nodes.
     *
     * @param locationRegex with {@code locationReplace} ({@code $1} to {@code $9}); null for none
     * @param newCookieDomain used when {@code cookieDomain} is SET_TO_NAMED
     * @param cookiePathRegex with {@code cookiePathReplace}; null for none
     * @param removeHeaders fields never shown to clients
     */
    public record ResponseRewriting(
            LocationRewrite location,
            @Nullable String locationRegex,
            @Nullable String locationReplace,
            CookieDomain cookieDomain,
            @Nullable String newCookieDomain,
            @Nullable String cookiePathRegex,
            @Nullable String cookiePathReplace,
            CookieSecure cookieSecure,
            List<String> removeHeaders) {
        public ResponseRewriting {
            removeHeaders = List.copyOf(removeHeaders);
        }
    }

    /** When redirects of nodes are rewritten to the address the client used. */
    public enum LocationRewrite {
        NEVER,
        ALWAYS,
        IF_HOST_MATCHES
    }

    /** What happens to the Domain attribute of cookies. */
    public enum CookieDomain {
        NO_REWRITE,
        SET_TO_NAMED,
        SET_TO_REQUEST
    }

    /** What happens to the Secure attribute of cookies. */
    public enum CookieSecure {
        NO_MODIFY,
        SET_SECURE,
        UNSET_SECURE
    }

    /**
     * The access log of a virtual server.
     *
     * @param file name with macros {@code %v} and {@code %{strftime}t}, relative to the log
     *     directory
     * @param format {@code combined}, {@code json}, or a macro string
     */
    public record AccessLogConfig(boolean enabled, String file, String format) {}

    /**
     * Socket behaviour towards clients.
     *
     * @param nagle whether Nagle's algorithm stays on
     * @param closeWithReset whether client connections are closed with RST
     * @param backlog length of the accept queue
     */
    public record Tcp(boolean nagle, boolean closeWithReset, int backlog) {}

    /**
     * Where a connection of a TLS pass-through service goes, by what its ClientHello says.
     *
     * @param sni the server name asked for, in lower case; {@code *.} in front stands for one or
     *     more labels; null for every name and for none
     * @param alpn a protocol that the client must offer; null for any
     * @param tls false for the connections that do not open with TLS, which else are closed
     * @param pool the pool's name
     */
    public record Route(@Nullable String sni, @Nullable String alpn, boolean tls, String pool) {}

    /**
     * Datagram sessions: what one client port sends, and what comes back for it.
     *
     * @param timeout silence after which a session is forgotten
     * @param responsesExpected datagrams that answer one of the client's; when all have come the
     *     session is over; -1 for any number
     * @param responseTimeout for the first answer, beyond which the node has failed; 0: silence
     *     says nothing about it
     * @param acceptFrom who may answer
     * @param acceptFromMask address blocks (CIDR) whose datagrams count as answers, where those do
     * @param maxSessions at once
     */
    public record Udp(
            Duration timeout,
            int responsesExpected,
            Duration responseTimeout,
            AcceptFrom acceptFrom,
            List<String> acceptFromMask,
            int maxSessions) {

        public Udp {
            acceptFromMask = List.copyOf(acceptFromMask);
        }
    }

    /** Which datagrams count as answers of a node. */
    public enum AcceptFrom {
        /** Those from the address and port that was asked. */
        DEST_ONLY,
        /** Those from the address that was asked, whatever the port. */
        DEST_IP_ONLY,
        /** Those from certain address blocks. */
        IP_MASK,
        /** Everybody's. */
        ALL
    }
}
