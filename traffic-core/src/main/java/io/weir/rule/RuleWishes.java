package io.weir.rule;

import io.weir.bandwidth.BandwidthClass;

import org.jspecify.annotations.Nullable;

import java.net.InetSocketAddress;
import java.time.Duration;

/**
 * What a rule wants for its exchange alone, in the place of what the configuration says. Confined
 * to the event loop of the exchange.
 */
public interface RuleWishes {

    /** Leaves out a node, {@code host} or {@code host:port}, as long as there is another one. */
    void avoid(String node);

    /** Says whether the request may be sent to a node again. */
    void idempotent(boolean wanted);

    /** How many different nodes the request may try; 0 for all. */
    void maxAttempts(int most);

    /** The same, counting nodes that ran into the reply time. */
    void maxTimedOutAttempts(int most);

    /** How long a node may take to the start of its answer; zero for any time. */
    void maxReplyTime(Duration time);

    /** How long the client's connection may be still; zero for any time. */
    void idleTime(Duration time);

    /** Takes another address for the client's, from now on. */
    void clientAddress(InetSocketAddress address);

    // ---- the two connections; without effect where they are shared with other exchanges (HTTP/2)

    /** Asks the node for {@code name} in the handshake of TLS; its certificate has to be for it. */
    void serverName(String name);

    /** The bandwidth class that a rule has chosen; null when none has. */
    @Nullable String bandwidth(boolean toNode);

    /**
     * Lets what is sent share another bandwidth class until the exchange is over.
     *
     * @param other null for that of the configuration
     */
    void bandwidth(boolean toNode, @Nullable BandwidthClass other);

    /** The octet that says how packets are to be treated (RFC 2474), from 0 to 255. */
    int traffic(boolean toNode);

    /** Marks the packets that are sent from now on until the exchange is over. */
    void traffic(boolean toNode, int octet);
}
