/**
 * Attacks on both sides of a running Weir, judged by what arrives at the other side. Start at
 * {@link io.weir.hostile.AmbiguousRequestsTest}. Tests of ordinary traffic belong to {@code
 * io.weir.scenario}.
 */
@NullMarked
package io.weir.hostile;

import org.jspecify.annotations.NullMarked;
