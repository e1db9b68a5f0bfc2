package io.weir.control;

import org.jspecify.annotations.Nullable;

import java.time.Duration;

/**
 * What came of a test.
 *
 * @param trouble why nothing was delivered; null when the receiver has the event
 * @param took how long it took
 */
public record ActionTest(@Nullable String trouble, Duration took) {}
