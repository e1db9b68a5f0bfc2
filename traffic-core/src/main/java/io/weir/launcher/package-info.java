/**
 * Where the process begins. Start at {@link io.weir.launcher.Main}; the commands are in {@code
 * io.weir.launcher.command}, the life of a serving process in {@code io.weir.launcher.process}.
 * Anything that another package could want to use does not belong here.
 */
@NullMarked
package io.weir.launcher;

import org.jspecify.annotations.NullMarked;
