/**
 * What rules can do: TrafficScript's functions, family by family, in plain Java. Start at {@link
 * io.weir.function.CurrentRun}, then read any family. No script language is named here, so that
 * another one can be put in front of the same functions.
 */
@NullMarked
package io.weir.function;

import org.jspecify.annotations.NullMarked;
