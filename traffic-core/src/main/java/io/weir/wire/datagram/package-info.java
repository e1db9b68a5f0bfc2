/**
 * UDP services: sockets that clients send to, and one socket towards a node for each session. Start
 * at {@link io.weir.wire.datagram.DatagramListener}.
 */
@NullMarked
package io.weir.wire.datagram;

import org.jspecify.annotations.NullMarked;
