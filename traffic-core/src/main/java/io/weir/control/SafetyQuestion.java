package io.weir.control;

import io.weir.config.NodeAddress;

import org.jspecify.annotations.Nullable;

import java.time.Duration;

/**
 * Is it safe to take this node now?
 *
 * @param idle unused for so long, sessions count as over; null for what their classes say
 */
public record SafetyQuestion(NodeAddress node, @Nullable Duration idle) {

    /** The question without a wish about sessions. */
    public SafetyQuestion(NodeAddress node) {
        this(node, null);
    }
}
