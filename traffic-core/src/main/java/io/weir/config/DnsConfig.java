package io.weir.config;

import java.time.Duration;
import java.util.List;

/**
 * How node names are followed in the DNS.
 *
 * @param servers name servers as {@code host:port}; empty means those of the system
 * @param minRefresh shortest time between two look-ups of one name, whatever its TTL
 * @param maxRefresh longest time between two look-ups of one name, whatever its TTL
 * @param timeout of one look-up
 */
public record DnsConfig(
        List<String> servers, Duration minRefresh, Duration maxRefresh, Duration timeout) {

    public DnsConfig {
        servers = List.copyOf(servers);
    }
}
