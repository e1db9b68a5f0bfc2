package io.weir.config;

import org.jspecify.annotations.Nullable;

/**
 * A value that is never shown: its text form is always {@code ***}.
 *
 * @param reveal the value itself; the only way to it
 * @param reference what stands in the configuration in place of the value, such as <code>
 *     ${file:probe-password}</code>; null when the value itself stands there
 */
public record Secret(String reveal, @Nullable String reference) {

    /** A secret without a reference. */
    public Secret(String reveal) {
        this(reveal, null);
    }

    @Override
    public String toString() {
        return "***";
    }
}
