package io.weir.config;

import java.time.Duration;

/**
 * How many requests are let in at once, by how long their answers take.
 *
 * @param enabled whether requests are counted and refused at all
 * @param minLimit requests at once that are always let in
 * @param maxLimit requests at once that are never exceeded
 * @param tolerance per cent that answers may take longer than they do without any crowd
 * @param minLatency answers that begin within this are never late
 */
public record AdmissionConfig(
        boolean enabled, int minLimit, int maxLimit, int tolerance, Duration minLatency) {

    /** Everybody is let in. */
    public static final AdmissionConfig OFF =
            new AdmissionConfig(false, 8, 10_000, 50, Duration.ofMillis(10));
}
