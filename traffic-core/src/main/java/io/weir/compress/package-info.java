/**
 * Content codings: which one a client likes best, and streaming encoders for each. Start at {@link
 * io.weir.compress.Encoders}. What is compressed at all is decided in {@code io.weir.exchange}; no
 * sockets here.
 */
@NullMarked
package io.weir.compress;

import org.jspecify.annotations.NullMarked;
