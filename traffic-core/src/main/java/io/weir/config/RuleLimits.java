package io.weir.config;

import java.time.Duration;
import java.util.List;

/**
 * What rules may use up, each run for itself unless said otherwise.
 *
 * @param timeLimit processor time of one run without a pause; a run that takes longer is ended
 * @param timeWarning a run that takes longer than this is reported; zero for never
 * @param memoryLimit bytes that one run may allocate
 * @param bodyLimit bytes of one body that a rule may hold
 * @param dataSize bytes that all rules together may keep with {@code data.set}
 * @param egress address blocks that rules may connect to; loopback and link-local ones only when
 *     they are named here
 */
public record RuleLimits(
        Duration timeLimit,
        Duration timeWarning,
        long memoryLimit,
        long bodyLimit,
        long dataSize,
        List<String> egress) {

    public RuleLimits {
        egress = List.copyOf(egress);
    }
}
