/**
 * Bandwidth classes: how many bytes may be sent in a second, and whose turn it is. Start at {@link
 * io.weir.bandwidth.BandwidthClass}. No sockets belong here: what holds bytes back is in {@code
 * io.weir.wire}.
 */
@NullMarked
package io.weir.bandwidth;

import org.jspecify.annotations.NullMarked;
