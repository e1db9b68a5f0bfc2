/**
 * The way of one request and its response through Weir. Start at {@link
 * io.weir.exchange.ExchangePath}, the table of contents of the product, then {@link
 * io.weir.exchange.Exchange}, {@link io.weir.exchange.Attempts} (what becomes of it at nodes) and
 * {@code Answer} (what goes back to the client). Bytes on connections belong to {@code
 * io.weir.wire}; choosing a node belongs to {@code io.weir.pool}.
 */
@NullMarked
package io.weir.exchange;

import org.jspecify.annotations.NullMarked;
