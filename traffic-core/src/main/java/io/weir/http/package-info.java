/**
 * The one message model and the strict HTTP/1.1 grammar: heads, fields, framing, chunks, without
 * sockets. Start at {@link io.weir.http.Head} and {@link io.weir.http.Framing}. Nothing here knows
 * about connections, pools or configuration.
 */
@NullMarked
package io.weir.http;

import org.jspecify.annotations.NullMarked;
