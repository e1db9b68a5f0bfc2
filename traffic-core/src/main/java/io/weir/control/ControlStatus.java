package io.weir.control;

import io.weir.config.Overlay;
import io.weir.runtime.DataPlane;

import org.jspecify.annotations.Nullable;

import java.time.Instant;

/**
 * All there is to know about a running Weir at one moment.
 *
 * @param plane the data plane as observed
 * @param configuration what is in force, and since when
 * @param overlay the operational decisions in force
 * @param overlayRevision counts the changes of the overlay over all restarts
 * @param started when this process began to serve
 * @param now when this was taken
 */
public record ControlStatus(
        DataPlane.Status plane,
        Configuration configuration,
        Overlay overlay,
        long overlayRevision,
        Health health,
        Instant started,
        Instant now) {

    /**
     * The configuration in force.
     *
     * @param source where configurations come from
     * @param hash of what was read
     * @param lastGood whether it is the one kept from an earlier run, because the source was
     *     refused
     * @param author who put it in force
     * @param since when it was put in force
     * @param refusal why the latest attempt to replace it was refused; null when it was not
     * @param refusedSince when the first attempt was, of those that have been refused since one was
     *     not; null when the latest was not
     */
    public record Configuration(
            String source,
            long revision,
            String hash,
            boolean lastGood,
            Author author,
            Instant since,
            @Nullable ControlProblem refusal,
            @Nullable Instant refusedSince) {

        Configuration refused(ControlProblem problem, Instant now) {
            return new Configuration(
                    source,
                    revision,
                    hash,
                    lastGood,
                    author,
                    since,
                    problem,
                    refusedSince == null ? now : refusedSince);
        }
    }
}
