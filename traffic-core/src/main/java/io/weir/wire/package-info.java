/**
 * Connections: what is read from and written to the sockets of clients and nodes. Start at {@link
 * io.weir.wire.Listener}, then {@link io.weir.wire.HttpClientConnection} and {@link
 * io.weir.wire.HttpNodeSide}. What is decided about an exchange belongs to {@code
 * io.weir.exchange}.
 */
@NullMarked
package io.weir.wire;

import org.jspecify.annotations.NullMarked;
