/**
 * Rules in JavaScript: programs made once and run on the event loops, each in a context that
 * reaches nothing but the functions of {@code io.weir.function}. Start at {@link
 * io.weir.js.JsEngine}, then read {@code Guest} and {@code prelude.js}. Nothing here may be named
 * by traffic-core or do anything for a configuration without rules.
 */
@NullMarked
package io.weir.js;

import org.jspecify.annotations.NullMarked;
