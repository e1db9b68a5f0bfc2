/**
 * TLS on both sides: engines, certificates in use, what a handshake asks for and what came of it.
 * Knows nothing of HTTP exchanges; {@code wire} puts it on connections.
 */
@org.jspecify.annotations.NullMarked
package io.weir.tls;
