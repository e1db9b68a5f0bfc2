/**
 * Admission under overload: how many requests are let in at once, which ones are refused first, and
 * what the process may use up. Start at {@link io.weir.admit.Admission}. Limits that an operator
 * sets for clients belong to {@code io.weir.protect} and {@code io.weir.rate}.
 */
@NullMarked
package io.weir.admit;

import org.jspecify.annotations.NullMarked;
