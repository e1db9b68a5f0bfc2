package io.weir.control;

import org.jspecify.annotations.Nullable;

import java.time.Instant;

/**
 * Something that is worse than it should be.
 *
 * @param text one clause that names it, and why it is
 * @param object the part of the configuration whose traffic suffers, such as {@code pools/web};
 *     null for what concerns Weir itself
 * @param since when it began; null for a figure of the moment
 */
public record Cause(String text, @Nullable String object, @Nullable Instant since) {}
