/**
 * HTTP/2 (RFC 9113): frames, flow control, streams, and the two ends of an exchange that speak it.
 * Start at {@link io.weir.wire.h2.H2Connection} and {@link io.weir.wire.h2.ClientConnection}. Field
 * compression is Netty's on the way in; everything else that a peer can influence is decided here.
 */
@NullMarked
package io.weir.wire.h2;

import org.jspecify.annotations.NullMarked;
