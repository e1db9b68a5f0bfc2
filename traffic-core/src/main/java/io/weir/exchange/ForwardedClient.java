package io.weir.exchange;

/**
 * What nodes are told about a client connection.
 *
 * @param address of the client, as text
 * @param trusted whether the connection comes from a trusted proxy, whose own forwarding fields are
 *     believed
 */
public record ForwardedClient(String address, boolean trusted) {}
