/**
 * Service protection: who may connect, how often, and what requests may look like. Start at {@link
 * io.weir.protect.Protection}, which virtual servers ask. Nothing here knows connections or
 * exchanges, and no request waits here: that is {@code io.weir.rate}.
 */
@NullMarked
package io.weir.protect;

import org.jspecify.annotations.NullMarked;
