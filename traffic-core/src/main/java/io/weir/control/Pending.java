package io.weir.control;

import java.time.Instant;

/**
 * A revision that is undone unless somebody confirms it.
 *
 * @param revision the one in force
 * @param back the one that comes back
 * @param until when that happens
 */
public record Pending(long revision, long back, Instant until) {}
