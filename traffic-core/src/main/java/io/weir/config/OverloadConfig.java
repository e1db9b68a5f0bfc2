package io.weir.config;

import java.time.Duration;

/**
 * What the whole process may use up before it refuses work.
 *
 * @param maxConnections client connections of all virtual servers; 0 for as many as there are file
 *     handles for
 * @param maxMemory per cent of the heap, and of the memory for buffers, beyond which new requests
 *     are refused and new connections wait
 * @param maxLoopLag that event loops may be late, again and again, before requests are refused;
 *     zero for any time
 */
public record OverloadConfig(int maxConnections, int maxMemory, Duration maxLoopLag) {

    /** The budgets that hold unless others are set. */
    public static final OverloadConfig DEFAULT = new OverloadConfig(0, 85, Duration.ofMillis(500));
}
