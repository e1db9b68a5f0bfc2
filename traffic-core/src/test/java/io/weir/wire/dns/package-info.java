/**
 * Tests of name look-ups with real sockets on the loopback interface. Start at {@code
 * DnsNamesTest}; {@code TestNameServer} answers what a test tells it to. What pools make of names
 * is tested in {@code io.weir.pool}.
 */
@NullMarked
package io.weir.wire.dns;

import org.jspecify.annotations.NullMarked;
