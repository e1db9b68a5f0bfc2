package io.weir.function;

import org.jspecify.annotations.Nullable;

/**
 * A value of a rule, of whatever type.
 *
 * @param value null, a Boolean, a Number, a String, a List or a Map with text keys, and such inside
 */
public record Any(@Nullable Object value) {}
