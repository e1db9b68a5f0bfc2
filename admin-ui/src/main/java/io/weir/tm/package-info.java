/**
 * The part of the model product's REST tree, {@code /api/tm/8.3}, that its clients need to report,
 * drain and change: another view of the configuration and status that {@code io.weir.control} has.
 * Start at {@link io.weir.tm.TmHandler}; the file {@code tm.table} says which key stands for what.
 * Nothing here decides anything by itself.
 */
@NullMarked
package io.weir.tm;

import org.jspecify.annotations.NullMarked;
