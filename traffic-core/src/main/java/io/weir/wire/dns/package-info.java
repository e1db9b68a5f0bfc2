/**
 * Node names followed through hosts file and DNS. Start at {@link io.weir.wire.dns.DnsNames}. What
 * a change of addresses means for a pool belongs to {@code io.weir.pool}.
 */
@NullMarked
package io.weir.wire.dns;

import org.jspecify.annotations.NullMarked;
