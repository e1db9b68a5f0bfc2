package io.weir.control;

import org.jspecify.annotations.Nullable;

import java.time.Duration;

/**
 * A wish to work on a node.
 *
 * @param length of the lease
 * @param owner who works on it; null means the author of the call
 * @param reason why; may be empty
 */
public record LeaseRequest(
        SafetyQuestion question, Duration length, @Nullable String owner, String reason) {}
